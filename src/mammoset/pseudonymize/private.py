"""Integers of private elements that may stay, from private.csv: a closed list of creators, elements and ranges.

No text is ever taken over: the creator is written from the list, and a number that is not an integer within its range
counts as absent. Without the setting ``private_integers`` no private element passes at all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from mammoset.errors import ConfigError
from mammoset.pixels.header import number

PRIVATE = "Private"
"""First part of the path of a private element."""


@dataclass(frozen=True, slots=True)
class PrivateRule:
    """One private element whose integers may stay.

    Attributes
    ----------
    creator : str
        As the maker writes it, and as it is written.
    group, element : int
        The element is the offset within the creator's block (PS3.5 7.8.1).
    vr : str
        ``IS`` or ``US``.
    count : int
        Number of values.
    low, high : int
        Both included.
    """

    creator: str
    group: int
    element: int
    vr: str
    count: int
    low: int
    high: int
    name: str

    @property
    def allowed(self) -> str:
        """Number of values and range, as profile.csv writes them."""
        return f"{self.count}: {self.low}..{self.high}"

    @property
    def tag(self) -> str:
        """The tag as people write it, the creator's block open."""
        return f"({self.group:04X},xx{self.element:02X})"


@cache
def private_rules() -> tuple[PrivateRule, ...]:
    """Return the private elements that may stay, in the order of private.csv."""
    text = (files("mammoset.pseudonymize") / "private.csv").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in csv.DictReader(text.splitlines()))


def _rule(row: dict[str, str]) -> PrivateRule:
    low, high = row["range"].split("..")
    return PrivateRule(
        row["creator"], int(row["group"], 16), int(row["element"], 16), row["vr"], int(row["count"]),
        int(low), int(high), row["name"],
    )  # fmt: skip


def require_known(creators: tuple[str, ...]) -> None:
    """Refuse creators that private.csv does not name.

    Raises
    ------
    ConfigError
        Naming the first of them, and those that are known.
    """
    known = sorted({rule.creator for rule in private_rules()})
    unknown = [one for one in creators if one not in known]
    if unknown:
        listed = ", ".join(f'"{one}"' for one in known)
        raise ConfigError(f"'pseudonymize.private_integers' names \"{unknown[0]}\"; allowed are {listed}")


def kept_integers(dataset: Dataset, creators: tuple[str, ...]) -> Iterator[tuple[PrivateRule, list[int]]]:
    """Yield the private elements of a source that may stay, with their values.

    Parameters
    ----------
    creators : tuple of str
        Those that the settings name.
    """
    for rule in private_rules():
        found = _integers(dataset, rule) if rule.creator in creators else None
        if found is not None:
            yield rule, found


def add_private(dataset: Dataset, rule: PrivateRule, integers: list[int]) -> None:
    """Add a private element to a data set, under a creator written from the list."""
    block = dataset.private_block(rule.group, rule.creator, create=True)
    block.add_new(rule.element, rule.vr, integers if len(integers) > 1 else integers[0])


def private_name(tag: BaseTag, creator: str | None) -> str:
    """Return the path of a private element: ``Private.GEMS_SENO_02 (0045,xx59)``; of a creator ``Private.Creator``."""
    if tag.is_private_creator:
        return f"{PRIVATE}.Creator"
    return f"{PRIVATE}.{creator or 'unknown'} ({tag.group:04X},xx{tag.element & 0xFF:02X})"


def _integers(dataset: Dataset, rule: PrivateRule) -> list[int] | None:
    try:
        value: Any = dataset.private_block(rule.group, rule.creator)[rule.element].value
    except Exception:  # absent, or of bytes that cannot be converted, which fails in any way they suggest
        return None
    values = list(value) if hasattr(value, "__iter__") and not isinstance(value, str | bytes) else [value]
    found = [number(one) for one in values]
    integers = [int(one) for one in found if one is not None and one.is_integer() and rule.low <= one <= rule.high]
    return integers if len(integers) == len(values) == rule.count else None
