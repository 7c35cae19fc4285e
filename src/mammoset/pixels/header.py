"""Reads single attributes of a header that may hold anything; what cannot be read counts as absent."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

_EMPTY = (None, "", b"")


@contextmanager
def quietly() -> Iterator[None]:
    """Have pydicom say nothing about odd values: its warnings quote them, and a quote may be an identifier."""
    mode, was_disabled = config.settings.reading_validation_mode, config.logger.disabled
    config.settings.reading_validation_mode = config.IGNORE
    config.logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        config.settings.reading_validation_mode = mode
        config.logger.disabled = was_disabled


def values(dataset: Dataset, keyword: str) -> tuple[Any, ...]:
    """Return all values of an attribute; empty when it is absent, empty, or cannot be converted."""
    try:
        value = dataset[keyword].value
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
