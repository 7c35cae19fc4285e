"""What labels of VinDr Lab mean: a category, a BI-RADS category, a density, or nothing that is asked here.

By default by name, see `DEFAULTS`. A project that named them otherwise says so in a file of its own::

    [category]
    "Mass (benign)" = "Mass"
    [birads]
    "suspicious" = 4
    [density]
    "very dense" = "D"
    [ignored]
    names = ["good quality"]
    [people]
    "reader3" = "r3"

Messages name places in the file and never repeat its text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from mammoset.domain.labels import LabelSchema
from mammoset.errors import ConfigError
from mammoset.terms.birads import ASSESSMENTS, DENSITIES
from mammoset.terms.findings import NO_FINDING

About = Literal["category", "birads", "density", "ignored"]


class Meaning(NamedTuple):
    """What a label says.

    Attributes
    ----------
    value : str or int or None
        A category of the schema, a BI-RADS category, a density; None of labels that are ignored.
    """

    about: About
    value: str | int | None = None


IGNORED = Meaning("ignored")


@dataclass(frozen=True, slots=True)
class LabelMap:
    """Names of labels and of people in VinDr Lab, to what they are here.

    Attributes
    ----------
    labels : mapping of name, in lower case, to Meaning
    people : mapping of name to name
    """

    labels: Mapping[str, Meaning] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


def parse_map(text: str, schema: LabelSchema, source: str = "the map") -> LabelMap:
    """Read a map.

    Raises
    ------
    ConfigError
        If it is no TOML, has an unknown table, or leads to something that labels.toml does not know.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from None
    unknown = sorted(set(raw) - {*_VALUES, "ignored", "people"})
    if unknown:
        raise ConfigError(f"{source}: unknown table '{unknown[0]}'; allowed: {', '.join(_VALUES)}, ignored, people")
    labels: dict[str, Meaning] = {}
    for about, (allowed_in, words) in _VALUES.items():
        allowed = allowed_in(schema)
        for name, value in _entries(raw.get(about, {}), about, source):
            if isinstance(value, bool) or value not in allowed:
                raise ConfigError(
                    f"{source}: [{about}] leads to something that is no {words}; allowed: {_list(allowed)}"
                )
            labels[name.strip().lower()] = Meaning(about, value)
    for name in _ignored(raw.get("ignored", {}), source):
        labels[name.strip().lower()] = IGNORED
    people = dict(_entries(raw.get("people", {}), "people", source))
    if not all(isinstance(one, str) for one in people.values()):
        raise ConfigError(f"{source}: [people] leads to something that is no name; write names in quotes")
    return LabelMap(labels, people)


_VALUES: Mapping[About, tuple[Callable[[LabelSchema], tuple[Any, ...]], str]] = {
    "category": (lambda schema: schema.category_names, "category of labels.toml"),
    "birads": (lambda _: tuple(ASSESSMENTS), "BI-RADS category"),
    "density": (lambda _: tuple(str(one) for one in DENSITIES), "density"),
}
"""Table of the map to what its names may lead to, and the word for it."""


def _entries(table: object, name: str, source: str) -> list[tuple[str, Any]]:
    if not isinstance(table, dict):
        raise ConfigError(f"{source}: '{name}' must be a table, [{name}]")
    return list(table.items())


def _ignored(table: object, source: str) -> list[str]:
    found = dict(_entries(table, "ignored", source)).get("names", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ConfigError(f"{source}: [ignored] needs names = [...], a list of names in quotes")
    return found


def _list(values: tuple[Any, ...]) -> str:
    return ", ".join(map(str, values))


class Pattern(NamedTuple):
    """Names that mean something, and how to read the value from one; group 1 holds it."""

    about: About
    names: re.Pattern[str]
    read: Callable[[str], str | int | None]


DEFAULTS = (
    Pattern("birads", re.compile(r"(?:bi[- _]?rads|b)[- _:]*([0-6])[abc]?(?:\W.*)?", re.IGNORECASE), int),
    Pattern(
        "density",
        re.compile(r"(?:(?:(?:acr|breast)[- _]*)*density|acr)[- _:]*([abcd])(?:\W.*)?", re.IGNORECASE),
        str.upper,
    ),
    Pattern("ignored", re.compile(f"({re.escape(NO_FINDING)})", re.IGNORECASE), lambda _: None),
)
"""What names mean by default, beside those of the categories of labels.toml: ``BI-RADS 4``, ``birads_4a``, ``B4``,
``DENSITY C``, ``ACR c``. ``No Finding`` says nothing that the absence of boxes does not say."""


def meaning_of(name: str, parent: str, schema: LabelSchema, given: LabelMap) -> Meaning | None:
    """Return what a label means, None when nobody can say.

    Parameters
    ----------
    parent : str
        Name of the label above it, empty for none: ``C`` below ``Density`` is a density.
    """
    plain = name.strip().lower()
    if plain in given.labels:
        return given.labels[plain]
    category = next((one for one in schema.category_names if one.lower() == plain), None)
    if category is not None:
        return Meaning("category", category)
    for words in (name.strip(), f"{parent.strip()} {name.strip()}"):
        for pattern in DEFAULTS:
            found = pattern.names.fullmatch(words)
            if found:
                return Meaning(pattern.about, pattern.read(found[1]))
    return None
