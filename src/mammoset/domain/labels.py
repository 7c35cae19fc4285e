"""What readers are asked, as one table: labels.toml read into a `LabelSchema`.

The default, ``labels.toml`` beside this file, is the schema of VinDr-Mammo (categories and what they mean: the paper's
table of findings); it is written into new projects, where a person may change it.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from mammoset.errors import ConfigError
from mammoset.terms.birads import ASSESSMENTS, DENSITIES
from mammoset.terms.findings import NO_FINDING

FILE_NAME = "labels.toml"

DisagreementKind = Literal["recall", "birads", "density", "unmatched_finding", "category", "finding_birads"]
FieldRule = Literal["higher", "senior", "first"]
BoxRule = Literal["mean", "union", "senior", "first"]
CategoriesRule = Literal["union", "senior", "first"]
UnmatchedRule = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of findings.

    Attributes
    ----------
    name : str
        As in the published tables.
    definition : str
        One or two sentences for the reader.
    needs_birads : bool
        Whether a finding of this category must carry a BI-RADS of its own.
    group : str
        Heading under which several categories stand together; empty for none.
    once_per_breast : bool
        By definition visible in one view only.
    """

    name: str
    definition: str = ""
    needs_birads: bool = True
    group: str = ""
    once_per_breast: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """When two boxes on one image are one finding.

    Attributes
    ----------
    iou : float
        Intersection over union of at least this much, in (0, 1].
    center : bool
        Whether it is enough that the center of one box lies inside the other.
    """

    iou: float = 0.1
    center: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceRules:
    """How differences that open no arbitration are settled; the words are explained in labels.toml."""

    birads: FieldRule = "higher"
    density: FieldRule = "higher"
    finding_birads: FieldRule = "higher"
    box: BoxRule = "mean"
    categories: CategoriesRule = "union"
    unmatched_findings: UnmatchedRule = "keep"


@dataclass(frozen=True, slots=True)
class LabelSchema:
    """What readers are asked and what becomes of their answers.

    Attributes
    ----------
    categories : tuple of Category
        In the order of the reading form and of `Finding.categories`.
    breast_birads : tuple of int
        Allowed for a breast, ascending, of 0–6.
    densities : tuple of str
        Allowed for a breast, from A to D.
    finding_birads : tuple of int
        Allowed for a finding, ascending; a subset of ``breast_birads``.
    min_box_size : float
        Smallest width and height of a box in stored pixels.
    open_arbitration : tuple of str
        Kinds of disagreement that call for an arbiter.
    readers_per_study : int
        1 or 2.
    """

    categories: tuple[Category, ...]
    breast_birads: tuple[int, ...] = (1, 2, 3, 4, 5)
    densities: tuple[str, ...] = ("A", "B", "C", "D")
    finding_birads: tuple[int, ...] = (3, 4, 5)
    min_box_size: float = 10.0
    matching: Matching = field(default_factory=Matching)
    open_arbitration: tuple[DisagreementKind, ...] = ("recall", "birads", "density", "unmatched_finding")
    reference: ReferenceRules = field(default_factory=ReferenceRules)
    readers_per_study: int = 2

    @property
    def category_names(self) -> tuple[str, ...]:
        """Names of the categories, in order."""
        return tuple(category.name for category in self.categories)

    @property
    def min_finding_birads(self) -> int:
        """Lowest BI-RADS of a finding; a breast of this category or above is expected to have one."""
        return min(self.finding_birads)

    def category(self, name: str) -> Category | None:
        """Return the category of this name, None when the schema has none."""
        return next((category for category in self.categories if category.name == name), None)

    def needs_birads(self, names: Iterable[str]) -> bool:
        """Whether a finding of these categories must carry a BI-RADS of its own; unknown names need none."""
        return any(category.needs_birads for name in names if (category := self.category(name)))

    def in_order(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names once each, in the order of the schema, unknown ones last by name."""
        place = {name: index for index, name in enumerate(self.category_names)}
        return tuple(sorted(set(names), key=lambda name: (place.get(name, len(place)), name)))


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of labels.toml: what is allowed in words, and how its value is read (None: not allowed)."""

    allowed: str
    read: Callable[[object], object | None]


def _one_of(*options: str) -> _Key:
    return _Key(f"one of {', '.join(options)}", lambda value: value if value in options else None)


def _some_of(options: tuple[Any, ...], at_least: int) -> _Key:
    def read(value: object) -> tuple[Any, ...] | None:
        if not isinstance(value, list) or any(isinstance(one, bool) or one not in options for one in value):
            return None
        is_fit = len(set(value)) == len(value) >= at_least
        return tuple(sorted(value, key=options.index)) if is_fit else None

    few = "a list without repeats of" if at_least == 0 else "a list, not empty and without repeats, of"
    return _Key(f"{few} {', '.join(map(str, options))}", read)


def _number(allowed: str, is_fit: Callable[[float], bool]) -> _Key:
    def read(value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value) if is_fit(value) else None

    return _Key(allowed, read)


def _text(allowed: str, is_fit: Callable[[str], bool]) -> _Key:
    return _Key(allowed, lambda value: value if isinstance(value, str) and is_fit(value) else None)


def _is_name(value: str) -> bool:
    return 0 < len(value.strip()) == len(value) <= 64 and value.isprintable() and not set(value) & set("'\"[]\\")


_BOOLEAN = _Key("true or false", lambda value: value if isinstance(value, bool) else None)
_READERS = _Key(
    "1 or 2", lambda value: value if isinstance(value, int) and value in (1, 2) and value is not True else None
)
_KINDS = ("recall", "birads", "density", "unmatched_finding", "category", "finding_birads")

KEYS: Mapping[str, Mapping[str, _Key]] = {
    "breast": {
        "birads": _some_of((0, 1, 2, 3, 4, 5, 6), 1),
        "densities": _some_of(tuple(str(density) for density in DENSITIES), 1),
    },
    "finding": {
        "birads": _some_of((2, 3, 4, 5, 6), 1),
        "min_box_size": _number("a number of pixels, 1 or more", lambda value: value >= 1),
    },
    "matching": {"iou": _number("a number above 0, at most 1", lambda value: 0 < value <= 1), "center": _BOOLEAN},
    "discordance": {"open_arbitration": _some_of(_KINDS, 0)},
    "reference": {
        "birads": _one_of("higher", "senior", "first"),
        "density": _one_of("higher", "senior", "first"),
        "finding_birads": _one_of("higher", "senior", "first"),
        "box": _one_of("mean", "union", "senior", "first"),
        "categories": _one_of("union", "senior", "first"),
        "unmatched_findings": _one_of("keep", "drop"),
    },
    "readers": {"readers_per_study": _READERS},
    "category": {
        "name": _text("1 to 64 printable characters without quotes, brackets or backslashes", _is_name),
        "definition": _text("text", lambda _: True),
        "needs_birads": _BOOLEAN,
        "group": _text("text", lambda _: True),
        "once_per_breast": _BOOLEAN,
    },
}
"""Every key that labels.toml may hold, by table."""


def parse_labels(text: str, source: str = FILE_NAME) -> LabelSchema:
    """Read a label schema from TOML text.

    Parameters
    ----------
    text : str
        TOML; a key left out has its default, an absent ``[[category]]`` means the default categories,
        ``category = []`` none.
    source : str
        What messages call the text.

    Raises
    ------
    ConfigError
        Naming the key, the value and what is allowed; for an unknown key the nearest valid one.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{source}: lists are nested too deeply") from None
    _refuse_unknown(raw, KEYS, "", source)
    tables = {name: _read_table(name, raw.get(name, {}), name, source) for name in KEYS if name != "category"}
    categories = _read_categories(raw["category"], source) if "category" in raw else default_labels().categories
    values = {f"{table}.{key}": value for table, keys in tables.items() for key, value in keys.items()}
    given = {name: values[place] for place, name in _PLACES.items() if place in values}
    schema = LabelSchema(
        categories=categories,
        matching=Matching(**tables["matching"]),
        reference=ReferenceRules(**tables["reference"]),
        **given,
    )
    extra = sorted(set(schema.finding_birads) - set(schema.breast_birads))
    if extra:
        raise ConfigError(f"{source}: finding.birads holds {extra}, which breast.birads does not allow; add them there")
    return schema


_PLACES = {
    "breast.birads": "breast_birads",
    "breast.densities": "densities",
    "finding.birads": "finding_birads",
    "finding.min_box_size": "min_box_size",
    "discordance.open_arbitration": "open_arbitration",
    "readers.readers_per_study": "readers_per_study",
}
"""Key of labels.toml to attribute of `LabelSchema`."""


def _refuse_unknown(given: Mapping[str, object], known: Iterable[str], place: str, source: str) -> None:
    known = list(known)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"allowed here: {', '.join(known)}"
            raise ConfigError(f"{source}: unknown key '{f'{place}.{key}' if place else key}'; {hint}")


def _read_table(name: str, given: object, place: str, source: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ConfigError(f"{source}: '{place}' = {given!r} is not allowed: write it as a table, [{name}]")
    keys = KEYS[name]
    _refuse_unknown(given, keys, place, source)
    read = {key: keys[key].read(value) for key, value in given.items()}
    for key, value in read.items():
        if value is None:
            raise ConfigError(f"{source}: '{place}.{key}' = {given[key]!r} is not allowed: {keys[key].allowed}")
    return read


def _read_categories(given: object, source: str) -> tuple[Category, ...]:
    if not isinstance(given, list):
        raise ConfigError(f"{source}: 'category' is not allowed as one value: write each category as [[category]]")
    categories: list[Category] = []
    for index, one in enumerate(given):
        place = f"category[{index}]"
        values = _read_table("category", one, place, source)
        if "name" not in values:
            raise ConfigError(f"{source}: '{place}.name' is missing; add it")
        name = values["name"]
        if name == NO_FINDING:
            raise ConfigError(
                f"{source}: '{place}.name' = {name!r} is what the tables write for an image without finding"
            )
        if any(name == category.name for category in categories):
            raise ConfigError(f"{source}: '{place}.name' = {name!r} is there twice; names must differ")
        categories.append(Category(**values))
    return tuple(categories)


def default_labels_text() -> str:
    """Return the default labels.toml with its comments, as it is written into new projects."""
    return resources.files(__package__).joinpath(FILE_NAME).read_text(encoding="utf-8")


@cache
def default_labels() -> LabelSchema:
    """Return the schema of VinDr-Mammo."""
    return parse_labels(default_labels_text())


def to_json(schema: LabelSchema) -> dict[str, Any]:
    """Return the schema as JSON values: one declarative table from which a client can build its form.

    Returns
    -------
    dict
        ``breast.birads`` and ``breast.densities`` are lists of ``{"value", "meaning"}``; everything else has the
        shape of labels.toml, the categories under ``category``.
    """
    return {
        "breast": {
            "birads": [{"value": value, "meaning": ASSESSMENTS[value]} for value in schema.breast_birads],
            "densities": [
                {"value": str(density), "meaning": meaning}
                for density, meaning in DENSITIES.items()
                if density in schema.densities
            ],
        },
        "finding": {"birads": list(schema.finding_birads), "min_box_size": schema.min_box_size},
        "matching": asdict(schema.matching),
        "discordance": {"open_arbitration": list(cast("tuple[str, ...]", schema.open_arbitration))},
        "reference": asdict(schema.reference),
        "readers": {"readers_per_study": schema.readers_per_study},
        "category": [asdict(category) for category in schema.categories],
    }
