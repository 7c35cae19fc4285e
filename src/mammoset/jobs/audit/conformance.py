"""Conformance of a presentation mammogram: its attributes by table, its values, and how they fit together."""

from __future__ import annotations

from collections.abc import Iterator

from mammoset.jobs.audit.elements import Element, Parsed, dictionary_vrs, first, walk
from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.hiding import pixel_bytes
from mammoset.jobs.audit.iod import Item, item_findings
from mammoset.jobs.audit.texts import encodings_of, text_of
from mammoset.jobs.audit.values import value_findings
from mammoset.pixels.codec import UNCOMPRESSED
from mammoset.pixels.header import number
from mammoset.terms.dicom import MG_FOR_PRESENTATION

SAME_QUANTITY = (
    ("Exposure", "ExposureInuAs"),
    ("ExposureTime", "ExposureTimeInuS"),
    ("XRayTubeCurrent", "XRayTubeCurrentInuA"),
)
"""Attributes of which the second is a thousand times the first."""
DIRECTIONS = frozenset("LRAPHF")
SHAPE_OF = {"MONOCHROME1": "INVERSE", "MONOCHROME2": "IDENTITY"}
META_TWINS = ((0x00020002, "SOPClassUID"), (0x00020003, "SOPInstanceUID"))
EXACT = ("LINEAR_EXACT", "SIGMOID")


def is_presentation_mammogram(parsed: Parsed) -> bool:
    """Whether a file says, in data set or file meta information, that it is one."""
    element = first(parsed.elements, "SOPClassUID") or next((one for one in parsed.meta if one.tag == 0x00020002), None)
    return element is not None and text_of(element) == MG_FOR_PRESENTATION


def conformance_findings(parsed: Parsed) -> Iterator[Finding]:
    """Yield what the Standard does not allow in a file.

    Structure and values are judged in every object, attributes and how they fit together in presentation mammograms.
    """
    for where, what in parsed.problems:
        yield Finding("structure", where, note=what)
    if len(parsed.trailing):
        yield Finding("structure", "after the last element", note="bytes that are no element")
    yield from _values(parsed)
    top = Item(parsed.elements, is_little=parsed.is_little)
    for tag, keyword in META_TWINS:
        twin = next((text_of(one) for one in parsed.meta if one.tag == tag), None)
        if twin is not None and twin not in top.texts(keyword):
            yield Finding("inconsistent", keyword, note="differs from the file meta information")
    if not is_presentation_mammogram(parsed):
        return
    yield from item_findings(top)
    yield from _overlays(parsed)
    yield from _pixels(parsed, top)
    yield from _display(top)
    yield from _quantities(top)


def _values(parsed: Parsed) -> Iterator[Finding]:
    top = encodings_of(parsed.elements)
    has_character_set = first(parsed.elements, "SpecificCharacterSet") is not None
    for element, item in walk(parsed.elements):
        encodings = encodings_of(item, top)
        has_one = has_character_set or first(item, "SpecificCharacterSet") is not None
        yield from value_findings(element, encodings, has_character_set=has_one)
        if not dictionary_vrs(element.tag) and not element.is_private:
            yield Finding("not_allowed", element.path, note="the data dictionary does not know it")


def _overlays(parsed: Parsed) -> Iterator[Finding]:
    groups = {one.tag >> 16 for one in parsed.elements if one.tag >> 24 == 0x60 and not one.is_private}
    for group in sorted(groups):
        members = [one for one in parsed.elements if one.tag >> 16 == group]
        yield from item_findings(Item(members, is_little=parsed.is_little), "overlay")


def _pixels(parsed: Parsed, top: Item) -> Iterator[Finding]:
    stored, high, allocated = (
        number("".join(top.texts(one)[:1])) for one in ("BitsStored", "HighBit", "BitsAllocated")
    )
    if stored is not None and high is not None and high != stored - 1:
        yield Finding("inconsistent", "HighBit", note="is not BitsStored - 1")
        yield Finding("inconsistent", "BitsStored", note="is not HighBit + 1")
    if stored is not None and allocated is not None and stored > allocated:
        yield Finding("inconsistent", "BitsStored", note="is more than BitsAllocated")
    expected = SHAPE_OF.get("".join(top.texts("PhotometricInterpretation")[:1]))
    if top.texts("PresentationLUTShape") and top.texts("PresentationLUTShape") != [expected]:
        yield Finding("inconsistent", "PresentationLUTShape", note="does not suit PhotometricInterpretation")
    element = first(parsed.elements, "PixelData")
    if element is not None:
        yield from _pixel_length(parsed, element)


def _pixel_length(parsed: Parsed, element: Element) -> Iterator[Finding]:
    is_native = parsed.transfer_syntax in UNCOMPRESSED
    if is_native != (element.fragments is None):
        yield Finding("structure", "PixelData", note="encapsulated though uncompressed, or the other way round")
        return
    if not is_native:
        return
    needed = pixel_bytes(parsed)
    if needed is None or len(element.value) != needed + needed % 2:
        yield Finding("inconsistent", "PixelData", note="its length is not what Rows × Columns need")


def _display(top: Item) -> Iterator[Finding]:
    widths, functions = top.texts("WindowWidth"), top.texts("VOILUTFunction")
    least = 0.0 if functions[:1] and functions[0] in EXACT else 1.0
    found = [number(one) for one in widths]
    if any(one is not None and (one < least or one <= 0) for one in found):
        yield Finding("wrong_value", "WindowWidth", note="zero, negative, or below 1 though the function is LINEAR")
    counts = {len(top.texts(one)) for one in ("WindowCenter", "WindowWidth")}
    if len(counts) > 1:
        yield Finding("inconsistent", "WindowWidth", note="not as many as WindowCenter")
    if widths and top.texts("PresentationIntentType") != ["FOR PRESENTATION"]:
        yield Finding("not_allowed", "WindowCenter", note="only in images for presentation")
    directions = top.texts("PatientOrientation")
    if any(set(one) - DIRECTIONS for one in directions):
        yield Finding("wrong_value", "PatientOrientation", note="other letters than L, R, A, P, H, F")
    if len(directions) == 2 and directions[0] == directions[1]:
        yield Finding("wrong_value", "PatientOrientation", note="rows and columns have one direction")


def _quantities(top: Item) -> Iterator[Finding]:
    for coarse, fine in SAME_QUANTITY:
        large, small = (number("".join(top.texts(one)[:1])) for one in (coarse, fine))
        if large is not None and small is not None and round(small / 1000) != round(large):
            for keyword in (coarse, fine):
                yield Finding("inconsistent", keyword, note=f"{coarse} and {fine} differ")
