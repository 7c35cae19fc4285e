"""A small mammogram of one of the phantom's vendors, as a draft in which threats are planted before it is written."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.uid import UID

from mammoset.phantom.acquisition import ObjectKind, ObjectPlan
from mammoset.phantom.headers import Picture, mammogram_header
from mammoset.phantom.identities import UID_ROOT, identity_of
from mammoset.phantom.plans import BreastPlan, ExamPlan, PatientPlan
from mammoset.phantom.threats.canaries import Canary
from mammoset.phantom.threats.elements import (
    EXPLICIT,
    ITEM,
    Element,
    Form,
    Item,
    Items,
    encoded,
    joined,
    named,
    parsed,
    tag,
    words,
)
from mammoset.phantom.threats.streams import DEFLATED, ENCODERS, EXPLICIT_VR_BE, FrameEdit
from mammoset.phantom.truth import SHORTEST_SEARCHED
from mammoset.phantom.vendors import VENDORS
from mammoset.terms.dicom import EXPLICIT_VR_LE, IMPLICIT_VR_LE, MG_FOR_PRESENTATION, STANDARD_VIEWS, Laterality

ROWS, COLUMNS = 96, 72
PIXEL_DATA = tag("PixelData")
_FORMS = {IMPLICIT_VR_LE: Form(is_implicit=True), EXPLICIT_VR_BE: Form(is_big=True)}
OWN_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
"""Every file is a study of its own."""
_MOMENT = datetime(2019, 5, 17, 9, 41, 23, tzinfo=UTC)


@dataclass(slots=True)
class Draft:
    """A file being made.

    Attributes
    ----------
    elements : list of Element
        The data set without pixel data; written in the order of their tags.
    first, last : list of Element
        Written before and behind everything else, whatever their tags.
    pixels : array of uint16, shape (rows, columns)
        As stored; what is above `bits` lies in bits that nobody shows.
    pixel_tail : bytes
        Behind the last pixel of native pixel data.
    frame_edits, fragments, offsets
        What is done to a compressed frame, further fragments behind it, and the body of the basic offset table.
    behind : bytes
        Behind the last element, or behind the deflated data.
    whole : bytes or None
        Written instead of everything, where the file is no DICOM file.
    """

    vendor: str
    syntax: str
    rng: Generator
    elements: list[Element]
    pixels: NDArray[np.uint16]
    bits: int
    at_left: bool
    header: tuple[Canary, ...]
    meta: list[Element] = field(default_factory=list)
    first: list[Element] = field(default_factory=list)
    last: list[Element] = field(default_factory=list)
    preamble: bytes = b""
    pixel_tail: bytes = b""
    frame_edits: list[FrameEdit] = field(default_factory=list)
    fragments: list[bytes] = field(default_factory=list)
    offsets: bytes = b"\0\0\0\0"
    behind: bytes = b""
    whole: bytes | None = None
    folder: str = ""
    file_name: str = ""
    modified: float | None = None

    @property
    def is_native(self) -> bool:
        """Whether the pixel data are not compressed."""
        return self.syntax not in ENCODERS

    def put(self, keyword: str, value: str | bytes | Items, vr: str = "") -> None:
        """Set an element of the data set by keyword."""
        self.put_element(named(keyword, value, vr))

    def put_element(self, element: Element) -> None:
        """Set an element of the data set in place of those with its tag."""
        self.drop(element.number)
        self.elements.append(element)

    def drop(self, number: int) -> None:
        """Take the elements with a tag away."""
        self.elements = [one for one in self.elements if one.number != number]

    def items(self, keyword: str) -> Items:
        """Return the items of a sequence; empty when the header has none."""
        found = next((one.value for one in self.elements if one.number == tag(keyword)), ())
        return found if isinstance(found, tuple) else ()

    def put_in_item(self, keyword: str, *inner: Element) -> None:
        """Set elements in the first item of a sequence, which is made when the header has none."""
        first, *others = self.items(keyword) or ((),)
        numbers = {one.number for one in inner}
        kept = [one for one in first if one.number not in numbers]
        self.put(keyword, (_sorted([*kept, *inner]), *others))

    def put_meta(self, element: Element) -> None:
        """Set an element of the file meta information."""
        self.meta = [one for one in self.meta if one.number != element.number] + [element]

    def written(self) -> bytes:
        """Return the file."""
        if self.whole is not None:
            return self.whole
        form = _FORMS.get(self.syntax, EXPLICIT)
        body = joined(self.first, form) + joined(_sorted([*self.elements, *self._pixel_data()]), form)
        body += joined(self.last, form)
        if self.syntax == DEFLATED:
            squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            body = squeezer.compress(body) + squeezer.flush()
        return self._head() + body + self.behind

    def _head(self) -> bytes:
        meta = joined(_sorted(self.meta))
        length = encoded(Element(0x00020000, "UL", struct.pack("<I", len(meta))))
        return self.preamble.ljust(128, b"\0")[:128] + b"DICM" + length + meta

    def _pixel_data(self) -> list[Element]:
        if not self.pixels.size:
            return []
        if self.is_native:
            return [Element(PIXEL_DATA, "OW", self.pixels.astype("<u2").tobytes() + self.pixel_tail)]
        frame = ENCODERS[self.syntax](self.pixels, self.bits)
        for edit in self.frame_edits:
            frame = edit(frame)
        parts = [self.offsets, frame, *self.fragments]
        return [Element(PIXEL_DATA, "OB", b"".join(map(_fragment, parts)), is_undefined=True)]


def _fragment(body: bytes) -> bytes:
    even = body + b"\0" * (len(body) % 2)
    return struct.pack("<HHI", ITEM >> 16, ITEM & 0xFFFF, len(even)) + even


def _sorted(elements: list[Element]) -> Item:
    return tuple(sorted(elements, key=lambda one: one.number))


def breast(bits: int, rng: Generator, *, at_left: bool) -> NDArray[np.uint16]:
    """Return a bright half disk at one side of dark air, `ROWS` by `COLUMNS`: enough for every cross-check."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    far = np.hypot((y - ROWS / 2) / (ROWS * 0.42), x / (COLUMNS * 0.55))
    top = (1 << bits) - 1
    noise = rng.integers(0, top // 8, (ROWS, COLUMNS))
    pixels = np.where(far < 1, (top * 0.5 * (1.2 - far * 0.5)).astype(int) + noise, top // 100).astype(np.uint16)
    return pixels if at_left else np.ascontiguousarray(pixels[:, ::-1])


@cache
def _header(vendor: str, view: int) -> tuple[Item, tuple[Canary, ...]]:
    """Return the phantom's header of one view, and the identifiers that it plants in every header."""
    patient = PatientPlan(7, 7, "VM19030447", "Đặng", "Thị Ngọc Trâm", date(1964, 11, 3))
    breasts = BreastPlan(Laterality.R, 1, "C"), BreastPlan(Laterality.L, 1, "C")
    exam = ExamPlan(7, 7, patient, _MOMENT.replace(tzinfo=None), 54, vendor, breasts)
    laterality, position = STANDARD_VIEWS[view]
    plan = ObjectPlan(ObjectKind.PRESENTATION, "standard", laterality, position, number=view + 1, delay=60)
    bits = VENDORS[vendor].bits_stored
    picture = Picture(np.zeros((ROWS, COLUMNS), np.uint16), bits, 0.085, (float(1 << (bits - 1)), float(1 << bits)))
    sheet = mammogram_header(exam, plan, identity_of(exam), picture)
    target = io.BytesIO()
    sheet.dataset.SpecificCharacterSet = "ISO_IR 192"
    dcmwrite(target, sheet.dataset, implicit_vr=False, little_endian=True)
    planted = {one.text: one.where for one in sheet.planted if one.kind == "text"}
    canaries = (
        Canary("header", f"header.{where}", text)
        for text, where in planted.items() if len(text) >= SHORTEST_SEARCHED
    )  # fmt: skip
    return parsed(target.getvalue()), tuple(canaries)


def draft(vendor: str, syntax: str, rng: Generator) -> Draft:
    """Return a clean file of a vendor: clean but for what the phantom writes into every header."""
    view = int(rng.integers(len(STANDARD_VIEWS)))
    elements, header = _header(vendor, view)
    at_left = STANDARD_VIEWS[view][0] is Laterality.L
    bits = VENDORS[vendor].bits_stored
    uids = {keyword: f"{UID_ROOT}.6.{rng.integers(10**8, 10**9)}.20190517.{n}" for n, keyword in enumerate(OWN_UIDS)}
    canaries = *header, *(Canary("header", f"header.{keyword}", uid) for keyword, uid in uids.items())
    made = Draft(vendor, syntax, rng, list(elements), breast(bits, rng, at_left=at_left), bits, at_left, canaries)
    for keyword, uid in uids.items():
        made.put(keyword, uid)
    made.meta = [
        Element(0x00020001, "OB", b"\0\1"),
        Element(0x00020002, "UI", MG_FOR_PRESENTATION.encode()),
        Element(0x00020003, "UI", uids["SOPInstanceUID"].encode()),
        Element(0x00020010, "UI", UID(syntax or EXPLICIT_VR_LE).encode()),
        Element(0x00020012, "UI", b"1.3.6.1.4.1.99999.9"),
    ]
    made.put("SmallestImagePixelValue", words(int(made.pixels.min())))
    made.put("LargestImagePixelValue", words(int(made.pixels.max())))
    return made
