"""How each column of the published tables is written and read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mammoset.terms.birads import birads_label, density_label


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column's value is written, and read; reading raises ValueError with what would be allowed."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _read_name(cell: str) -> str:
    if not cell:
        raise ValueError("a name; it is empty")
    return cell


def _read_size(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and int(cell) > 0):
        raise ValueError("a whole number of pixels")
    return int(cell)


def _read_birads(cell: str) -> int | None:
    number = cell.removeprefix("BI-RADS ").strip()
    if cell and not (cell != number and number.isascii() and number.isdigit()):
        raise ValueError("an assessment such as BI-RADS 4, or empty")
    return int(number) if cell else None


def _read_density(cell: str) -> str | None:
    letter = cell.removeprefix("DENSITY ").strip()
    if cell and (cell == letter or not letter):
        raise ValueError("a density such as DENSITY C, or empty")
    return letter or None


def _write_categories(names: Sequence[str]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"


def _read_categories(cell: str) -> tuple[str, ...]:
    inside = cell[1:-1].strip()
    if cell[:1] != "[" or cell[-1:] != "]" or not _QUOTED_LIST.fullmatch(inside):
        raise ValueError("a list such as ['Mass', 'Skin Retraction']")
    return tuple(single or double for single, double in _QUOTED.findall(inside))


def _write_edge(edge: float | None) -> str:
    return "" if edge is None else np.format_float_positional(edge, unique=True, trim="0")


def _read_edge(cell: str) -> float | None:
    if not cell:
        return None
    try:
        edge = math.nan if "_" in cell else float(cell)
    except ValueError:
        edge = math.nan
    if not math.isfinite(edge):
        raise ValueError("a number, or empty")
    return edge


_QUOTED = re.compile(r"""'([^'"]+)'|"([^"]+)\"""")
_QUOTED_LIST = re.compile(rf"(?:{_QUOTED.pattern})(?:\s*,\s*(?:{_QUOTED.pattern}))*")

_NAME = Cell(str, _read_name)
_SIZE = Cell(str, _read_size)
_BIRADS = Cell(lambda value: "" if value is None else birads_label(value), _read_birads)
_DENSITY = Cell(lambda value: "" if value is None else density_label(value), _read_density)
_EDGE = Cell(_write_edge, _read_edge)
CELLS: Mapping[str, Cell] = {
    **dict.fromkeys(("study_id", "series_id", "image_id", "laterality", "view_position"), _NAME),
    **dict.fromkeys(("height", "width"), _SIZE),
    **dict.fromkeys(("breast_birads", "finding_birads"), _BIRADS),
    "breast_density": _DENSITY,
    "finding_categories": Cell(_write_categories, _read_categories),
    **dict.fromkeys(("xmin", "ymin", "xmax", "ymax"), _EDGE),
    "split": Cell(str, str),
}
"""Column name to its cell."""
