"""Places of a file outside its ordinary elements where something may hide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mammoset.jobs.audit.elements import Element, Parsed, first
from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.streams import Stream, code_stream_findings
from mammoset.jobs.audit.subject import Subject
from mammoset.jobs.audit.texts import readable, text_of, values_of
from mammoset.jobs.audit.uids import uid_findings
from mammoset.pixels.codec import UNCOMPRESSED

NEEDED_META = frozenset({0x00020000, 0x00020001, 0x00020002, 0x00020003, 0x00020010, 0x00020012, 0x00020013})
SYSTEM_META = frozenset({0x00020016, 0x00020017, 0x00020018, 0x00020100, 0x00020102})
"""Application entities and private information (PS3.10 table 7.1-1)."""
INSTANCE_UID, IMPLEMENTATION_UID, VERSION_NAME = 0x00020003, 0x00020012, 0x00020013
KNOWN_VERSIONS = (
    "MAMMOSET",
    "PYDICOM",
    "OFFIS",
    "DCMTK",
    "DCM4CHE",
    "GDCM",
    "PYNETDICOM",
    "ORTHANC",
    "FO-DICOM",
    "MERGECOM",
)


def outside_findings(parsed: Parsed, subject: Subject) -> Iterator[Finding]:
    """Yield what is before, behind and around the data set."""
    if parsed.preamble.strip(b"\0"):
        yield from _bytes("preamble", "preamble", parsed.preamble)
    yield from _meta(parsed, subject)
    if len(parsed.trailing):
        yield from _bytes("trailing_bytes", "after the last element", bytes(parsed.trailing))
    for group in (0x50, 0x60):
        yield from _graphics(parsed.elements, group)


def _bytes(kind: str, where: str, data: bytes) -> Iterator[Finding]:
    yield Finding(kind, where, note=f"{len(data.rstrip(bytes(1)))} bytes")
    text = readable(data)
    if text:
        yield Finding("hidden_text", where, text)


def _meta(parsed: Parsed, subject: Subject) -> Iterator[Finding]:
    for element in parsed.meta:
        text = text_of(element)
        if element.is_empty or element.tag == 0x00020000:
            continue
        if element.tag in SYSTEM_META:
            yield Finding("meta_system", element.path, text)
        elif element.tag not in NEEDED_META or (
            element.tag == VERSION_NAME and not text.upper().startswith(KNOWN_VERSIONS)
        ):
            yield Finding("meta_extra", element.path, text)
        elif element.tag == INSTANCE_UID:
            yield from uid_findings(element.path, values_of(element), subject)
        elif element.tag == IMPLEMENTATION_UID:
            found = uid_findings(element.path, values_of(element), subject)
            yield from (one for one in found if one.kind != "uid_root")  # its maker's root is what it is for


def _graphics(elements: list[Element], high: int) -> Iterator[Finding]:
    """Yield one finding for each group of overlays (60xx) or curves (50xx) that holds anything."""
    chosen = [one for one in elements if one.tag >> 24 == high and not one.is_private and not one.is_empty]
    for group, members in groupby(chosen, key=lambda one: one.tag >> 16):
        found = list(members)
        texts = [text_of(one) for one in found if one.vr in ("LO", "LT", "ST", "SH")]
        yield Finding("overlay", f"({group:04x},xxxx)", "\\".join(texts), f"{len(found)} elements")


def pixel_data_findings(parsed: Parsed) -> Iterator[Finding]:
    """Yield what pixel data hold beside one image: bytes behind it, comments, further fragments, tables' slack."""
    element = first(parsed.elements, "PixelData")
    if element is None:
        return
    if element.fragments is not None:
        yield from _fragments(element, parsed.transfer_syntax)
    elif parsed.transfer_syntax in UNCOMPRESSED:
        yield from _tail(parsed, element)


def _tail(parsed: Parsed, element: Element) -> Iterator[Finding]:
    needed = pixel_bytes(parsed)
    data = element.value
    if needed is None or len(data) <= needed:
        return
    tail = bytes(data[needed:])
    if len(tail) > 1 or tail.strip(b"\0"):
        yield from _bytes("pixel_tail", "PixelData", tail)


def pixel_bytes(parsed: Parsed) -> int | None:
    """Return how many bytes uncompressed pixel data need; None when the attributes do not say."""
    found = [_number(parsed, keyword) for keyword in ("Rows", "Columns", "BitsAllocated", "SamplesPerPixel")]
    frames = first(parsed.elements, "NumberOfFrames")
    n_frames = text_of(frames).strip() if frames else "1"
    if any(one is None for one in found) or not n_frames.isdigit() or len(n_frames) > 6:
        return None
    rows, columns, bits, samples = (one or 0 for one in found)
    return (rows * columns * bits * samples * int(n_frames) + 7) // 8


def _number(parsed: Parsed, keyword: str) -> int | None:
    element = first(parsed.elements, keyword)
    if element is None or element.vr != "US" or len(element.value) != 2:
        return None
    return int.from_bytes(element.value, "little" if parsed.is_little else "big")


def _fragments(element: Element, transfer_syntax: str) -> Iterator[Finding]:
    table, *fragments = element.fragments or [memoryview(b"")]
    if len(table) not in (0, 4) or bytes(table).strip(b"\0"):
        yield from _bytes("offset_table", "PixelData: offset table", bytes(table))
    stream = Stream.of(b"".join(fragments), transfer_syntax)
    if stream is None:
        yield Finding("opaque", "PixelData", note="no bare code stream")
        return
    yield from code_stream_findings(stream)
    position = 0
    for number, fragment in enumerate(fragments, 1):
        if position >= stream.end:
            yield from _bytes("extra_fragment", f"PixelData: fragment {number}", bytes(fragment))
        elif position + len(fragment) > stream.end:
            slack = bytes(fragment)[stream.end - position :]
            if len(slack) > 1 or slack.strip(b"\0"):
                yield from _bytes("after_code_stream", f"PixelData: fragment {number}", slack)
        position += len(fragment)
