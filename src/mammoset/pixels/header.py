"""Reads single attributes of a header that may hold anything; what cannot be read counts as absent."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

_EMPTY = (None, "", b"")


@contextmanager
def quietly() -> Iterator[None]:
    """Have pydicom say nothing about odd values: its warnings quote them, and a quote may be an identifier.

    Blocks of several threads may overlap: pydicom speaks again when the last of them ends.
    """
    _QUIET.enter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _QUIET.leave()


class _Quiet:
    """How many blocks of `quietly` are open, and what pydicom was set to before the first of them."""

    def __init__(self) -> None:
        self.lock, self.depth = Lock(), 0
        self.before = config.settings.reading_validation_mode, config.logger.disabled

    def enter(self) -> None:
        with self.lock:
            if self.depth == 0:
                self.before = config.settings.reading_validation_mode, config.logger.disabled
                config.settings.reading_validation_mode, config.logger.disabled = config.IGNORE, True
            self.depth += 1

    def leave(self) -> None:
        with self.lock:
            self.depth -= 1
            if self.depth == 0:
                config.settings.reading_validation_mode, config.logger.disabled = self.before


_QUIET = _Quiet()


@cache
def tag_of(keyword: str) -> BaseTag:
    """Return the tag of a keyword; remembered, because pydicom looks it up anew each time.

    Raises
    ------
    ValueError
        If the dictionary has no such keyword.
    """
    return Tag(keyword)


def values(dataset: Dataset, keyword: str) -> tuple[Any, ...]:
    """Return all values of an attribute; empty when it is absent, empty, or cannot be converted."""
    try:
        value = dataset[tag_of(keyword)].value
    except Exception:  # conversion happens on access and fails in any way the bytes suggest
        return ()
    if isinstance(value, MultiValue | Sequence | list | tuple):
        return tuple(value)
    return () if value in _EMPTY else (value,)


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """Return the items of a sequence; empty when it is absent or no sequence."""
    return tuple(one for one in values(dataset, keyword) if isinstance(one, Dataset))


def number(value: Any) -> float | None:
    """Return one value as a finite number, None when it is none."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...] | None:
    """Return all values of an attribute as numbers; None when it is absent or one of them is no number."""
    found = [number(value) for value in values(dataset, keyword)]
    real = tuple(value for value in found if value is not None)
    return real if real and len(real) == len(found) else None


def integer(dataset: Dataset, keyword: str) -> int | None:
    """Return the single integer of an attribute, None when it is absent, several, or no integer."""
    found = numbers(dataset, keyword)
    return int(found[0]) if found is not None and len(found) == 1 and found[0].is_integer() else None


def term(value: Any) -> str:
    """Return one value as a code string: no surrounding spaces, upper case; empty when it is no text."""
    return value.strip(" \0").upper() if isinstance(value, str) else ""


def terms(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """Return all values of an attribute as code strings."""
    return tuple(term(value) for value in values(dataset, keyword))
