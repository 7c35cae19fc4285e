"""The table of threats."""

from __future__ import annotations

from functools import cache

from mammoset.phantom.threats import in_files, in_pixels, in_structure, in_text
from mammoset.phantom.threats.threat import Threat


@cache
def threats() -> tuple[Threat, ...]:
    """Return every row: the hiding places that were measured on other tools, and those that were only named."""
    return (*in_text.ROWS, *in_structure.ROWS, *in_pixels.ROWS, *in_files.ROWS)
