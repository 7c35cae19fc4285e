"""The keep-list, from profile.csv: what a file that leaves the gate may hold, and where its value comes from."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

REQUIRED_TYPES = ("1",)
MUST_BE_THERE = ("1", "2")
MAY_BE_EMPTY = ("2", "2C")
REFUSE = "refuse"
ALWAYS_GIVEN = ("constant", "empty", "uid", "patient", "pixels", "region", "claim")
"""Actions that need nothing of the source's header."""
EXPLAIN_HEADER = ("keyword", "type", "option", "action", "allowed", "otherwise", "source")

_ACRONYMS = (("VOILUT", "Voi_Lut_"), ("KVP", "Kvp"), ("InuAs", "In_Uas"), ("InmGy", "In_Mgy"))
"""Where capitals and small letters do not tell the words of a keyword."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One attribute that is kept.

    Attributes
    ----------
    keyword : str
        DICOM keyword.
    type : str
        As the Digital Mammography X-Ray Image For Presentation IOD has it: 1, 1C, 2, 2C or 3.
    option : str
        The switch of mammoset.toml without which the rule does not hold; empty for a rule that always does.
    action : str
        How its value is made: a key of `mammoset.pseudonymize.actions.ACTIONS`.
    allowed : str
        Terms (``A|B``), a range (``0..300``), a number of values and a range (``2: 0.01..1``), or what to take.
    otherwise : str
        What is written when the source has no valid value; ``refuse`` refuses the object. Empty leaves the
        attribute out, or empty where its type allows that.
    source : str
        Where the rule comes from.
    """

    keyword: str
    type: str
    option: str
    action: str
    allowed: str
    otherwise: str
    source: str

    @property
    def without_value(self) -> str:
        """What happens when the source has no valid value, in words; empty where that cannot be."""
        if self.otherwise or self.action in ALWAYS_GIVEN:
            return self.otherwise
        return "empty" if self.type in MAY_BE_EMPTY else REFUSE if self.type in REQUIRED_TYPES else "left out"

    def cells(self) -> tuple[str, ...]:
        """Return the rule as cells under `EXPLAIN_HEADER`."""
        return self.keyword, self.type, self.option, self.action, self.allowed, self.without_value, self.source

    def to_json(self) -> dict[str, str]:
        """Return the rule as JSON values, by the names of `EXPLAIN_HEADER`."""
        return dict(zip(EXPLAIN_HEADER, self.cells(), strict=True))


@dataclass(frozen=True, slots=True)
class Device:
    """A manufacturer (`model` empty) or one of its models, and how the normalized text of a header begins."""

    manufacturer: str
    model: str
    begins_with: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the keep-list in the order of profile.csv."""
    return tuple(Rule(**row) for row in csv.DictReader(_lines("profile.csv")))


@cache
def devices() -> tuple[Device, ...]:
    """Return the manufacturers and models that may be named."""
    found = csv.DictReader(_lines("devices.csv"))
    return tuple(Device(row["manufacturer"], row["model"], tuple(row["begins_with"].split("|"))) for row in found)


@cache
def snake_case(keyword: str) -> str:
    """Return a DICOM keyword in snake_case: ``VOILUTFunction`` as ``voi_lut_function``."""
    for acronym, words in _ACRONYMS:
        keyword = keyword.replace(acronym, words)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", keyword)
    return re.sub("_+", "_", spaced).lower()


def _lines(name: str) -> list[str]:
    return (files("mammoset.pseudonymize") / name).read_text(encoding="utf-8").splitlines()
