"""Look-up tables: as long as their descriptor says, and rising or falling as those of grey values do (PS3.3 C.11.2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mammoset.jobs.audit.elements import Element, Parsed, first, walk
from mammoset.jobs.audit.findings import Finding

BYTES_OF_DESCRIPTOR = 6
WHOLE = 1 << 16
"""Number of entries that a descriptor writes as 0."""


def table_findings(parsed: Parsed) -> Iterator[Finding]:
    """Yield tables that hold more than grey values."""
    for element, item in walk(parsed.elements):
        descriptor = first(item, "LUTDescriptor") if element.keyword == "LUTData" else None
        if descriptor is not None and len(descriptor.value) == BYTES_OF_DESCRIPTOR:
            yield from _table(element, descriptor, "<" if parsed.is_little else ">")


def _table(data: Element, descriptor: Element, order: str) -> Iterator[Finding]:
    count = int(np.frombuffer(descriptor.value, f"{order}u2")[0]) or WHOLE
    kind = "u1" if len(data.value) < 2 * count and data.vr == "OW" else "u2"
    width = np.dtype(kind).itemsize
    if len(data.value) > width * count + (width * count) % 2:
        yield Finding("opaque", data.path, note="longer than its descriptor says")
    whole = len(data.value) // width * width
    entries = np.frombuffer(data.value[:whole], f"{order}{kind}", min(count, whole // width)).astype(np.int64)
    steps = np.diff(entries)
    if (steps > 0).any() and (steps < 0).any():
        yield Finding("opaque", data.path, note="neither rises nor falls as grey values do")
