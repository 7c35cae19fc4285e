"""A reading as JSON values, the shape of ``readings.json`` and of ``mammoset read import``.

::

    {"study_id": "2.25.1", "reader_id": "r1",
     "breasts": [{"laterality": "L", "birads": 1, "density": "B"},
                 {"laterality": "R", "birads": 4, "density": "B"}],
     "findings": [{"image_id": "2.25.7", "box": [10.0, 20.0, 110.0, 95.5],
                   "categories": ["Mass"], "birads": 4}],
     "comment": ""}

``box`` is xmin, ymin, xmax, ymax in stored image pixels, half-open (`mammoset.model`). ``birads`` and ``density`` may
be null or absent: not answered, or, of a finding, not needed. ``findings`` and ``comment`` may be absent. Whether the
answers are allowed is not asked here: `mammoset.domain.rules`.

Messages name the place and never repeat text of the file: it may hold names, or identifiers of the hospital.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mammoset.errors import ConfigError
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.terms.dicom import Laterality

T = TypeVar("T")
LONGEST_NAME = 64
"""Characters of an id or a category; a column of the catalog holds no more."""
HIGHEST_NUMBER = 99


class Repeating(dict[str, Any]):
    """An object of a JSON text in which a key stands more than once; JSON leaves open which of them counts."""


def read_json(text: str, source: str = "readings") -> object:
    """Read a JSON text that may hold anything.

    Parameters
    ----------
    text : str
        With or without byte order mark. Objects with a repeated key become `Repeating`, for `require_unique`.
    source : str
        What messages call the text.

    Raises
    ------
    ConfigError
        Naming line and column; nothing of the text is quoted.
    """

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        return found if len(found) == len(pairs) else Repeating(found)

    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=record)
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"{source}: not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except ValueError:
        raise ConfigError(f"{source}: a number in it has thousands of digits") from None
    except RecursionError:
        raise ConfigError(f"{source}: lists and objects are nested too deeply; this is no file of readings") from None


def require_unique(value: object, where: str) -> None:
    """Refuse an object in which a key stands twice: `ConfigError`."""
    if isinstance(value, Repeating):
        raise ConfigError(f"{where}: a key is there twice; keep one")


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON values, in the shape of the module's docstring."""
    return {
        "study_id": reading.study_id,
        "reader_id": reading.reader_id,
        "breasts": [
            {"laterality": str(breast.laterality), "birads": breast.birads, "density": breast.density}
            for breast in reading.breasts
        ],
        "findings": [finding_to_json(finding) for finding in reading.findings],
        "comment": reading.comment,
    }


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON values."""
    box = finding.box
    return {
        "image_id": finding.image_id,
        "box": [float(edge) for edge in (box.xmin, box.ymin, box.xmax, box.ymax)],
        "categories": list(finding.categories),
        "birads": finding.birads,
    }


def reading_from_json(value: object, where: str = "reading") -> Reading:
    """Read a reading from JSON values.

    Parameters
    ----------
    value : object
        As `json.loads` gives it.
    where : str
        What messages call the place, say ``readings[3]``.

    Raises
    ------
    ConfigError
        Naming the place (``readings[3].findings[0].box``), the value, and what is allowed there.
    """
    record = _record(value, where, required=("study_id", "reader_id", "breasts"), optional=("findings", "comment"))
    return Reading(
        study_id=_identifier(record["study_id"], f"{where}.study_id"),
        reader_id=_identifier(record["reader_id"], f"{where}.reader_id"),
        breasts=_each(record["breasts"], f"{where}.breasts", _breast),
        findings=_each(record.get("findings", []), f"{where}.findings", _finding),
        comment=_text(record.get("comment", ""), f"{where}.comment"),
    )


def _breast(value: object, where: str) -> Breast:
    record = _record(value, where, required=("laterality",), optional=("birads", "density"))
    side, density = record["laterality"], record.get("density")
    if not isinstance(side, str) or side not in list(Laterality):
        raise _refused(side, f"{where}.laterality", "L or R")
    return Breast(
        laterality=Laterality(side),
        birads=_birads(record.get("birads"), f"{where}.birads"),
        density=None if density is None else _identifier(density, f"{where}.density"),
    )


def _finding(value: object, where: str) -> Finding:
    record = _record(value, where, required=("image_id", "box", "categories"), optional=("birads",))
    return Finding(
        image_id=_identifier(record["image_id"], f"{where}.image_id"),
        box=_box(record["box"], f"{where}.box"),
        categories=_each(record["categories"], f"{where}.categories", _identifier),
        birads=_birads(record.get("birads"), f"{where}.birads"),
    )


def _box(value: object, where: str) -> Box:
    def is_number(edge: object) -> bool:
        try:
            return isinstance(edge, int | float) and not isinstance(edge, bool) and math.isfinite(edge)
        except OverflowError:  # a whole number beyond every float
            return False

    if not isinstance(value, list) or len(value) != 4 or not all(map(is_number, value)):
        raise _refused(value, where, "four numbers, xmin, ymin, xmax, ymax")
    return Box(*map(float, value))


def _birads(value: object, where: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) <= HIGHEST_NUMBER):
        return value
    raise _refused(value, where, "a whole number or null")


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not _is_storable(value):
        raise _refused(value, where, "text")
    return value


def _is_storable(text: str) -> bool:
    r"""Whether a text is made of characters; half of a pair, as in ``"\ud800"``, is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text  # PostgreSQL stores none


def _identifier(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _refused(value, where, "text that is not empty")
    if len(value) > LONGEST_NAME or not _is_storable(value):
        raise _refused(value, where, f"at most {LONGEST_NAME} characters, all of them valid")
    return value


def _each(value: object, where: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise _refused(value, where, "a list")
    return tuple(read(one, f"{where}[{index}]") for index, one in enumerate(value))


def _record(value: object, where: str, *, required: tuple[str, ...], optional: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _refused(value, where, f"an object with {', '.join(required)}")
    require_unique(value, where)
    known = required + optional
    for number, key in enumerate(value, 1):
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1) if len(key) <= LONGEST_NAME else []
            which, hint = f"unknown key, the {number}. of {len(value)}", f"allowed here: {', '.join(known)}"
            if near:
                which, hint = f"unknown key '{key}'", f"did you mean '{near[0]}'?"
            raise ConfigError(f"{where}: {which}; {hint}")
    missing = [key for key in required if key not in value]
    if missing:
        raise ConfigError(f"{where}: '{missing[0]}' is missing; add it")
    return value


def _refused(value: object, where: str, allowed: str) -> ConfigError:
    shown = _without_text(value)
    return ConfigError(f"{where} = {shown if len(shown) <= 80 else shown[:77] + '...'} is not allowed: {allowed}")


def _without_text(value: object) -> str:
    """Describe a value by its kind, and repeat it only when it is a number or a list of numbers."""
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    if isinstance(value, dict):
        return f"an object of {len(value)} keys"
    if isinstance(value, list) and not all(isinstance(one, int | float | None) for one in value):
        return f"a list of {len(value)}"
    return repr(value)
