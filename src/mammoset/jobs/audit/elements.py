"""Reads a DICOM file element by element, whatever is wrong with it (PS3.5 section 7, PS3.10 section 7).

A library that reads for use skips what it does not need; an audit must see every byte, so it reads for itself:
what lies before, between and behind elements, elements that are there twice, fragments, items in unknown elements.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pydicom.datadict import dictionary_VR, keyword_for_tag

from mammoset.pixels.codec import DEFLATED_EXPLICIT_VR_LE, EXPLICIT_VR_BE
from mammoset.terms.dicom import EXPLICIT_VR_LE, IMPLICIT_VR_LE

LONG_VRS = frozenset(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"])
SHORT_VRS = frozenset(
    [
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "PN",
        "SH",
        "SL",
        "SS",
        "ST",
        "TM",
        "UI",
        "UL",
        "US",
    ]
)
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
UNDEFINED = 0xFFFFFFFF
PIXEL_DATA = 0x7FE00010
MAX_DEPTH = 24
MAX_ELEMENTS = 200_000
"""Far more than a mammogram has; a file with more is hostile."""
MAX_INFLATED = 1 << 29


@dataclass(slots=True)
class Element:
    """One data element.

    Attributes
    ----------
    vr : str
        As written, or the dictionary's in implicit files; ``UN`` when nothing says.
    value : bytes-like
        As written; empty for sequences with items and for fragments.
    path : str
        ``ViewCodeSequence[1].CodeMeaning``; elements without a keyword as ``(gggg,eeee)``.
    items : list of lists of Element, or None
        Of a sequence.
    fragments : list of bytes-like, or None
        Of encapsulated pixel data: the offset table and all fragments.
    """

    tag: int
    vr: str
    value: memoryview
    path: str
    items: list[list[Element]] | None = None
    fragments: list[memoryview] | None = None

    @property
    def keyword(self) -> str:
        """Keyword of the data dictionary, empty for private and unknown elements."""
        return keyword_of(self.tag)

    @property
    def is_private(self) -> bool:
        """Whether its group is odd."""
        return bool(self.tag >> 16 & 1)

    @property
    def is_empty(self) -> bool:
        """Whether it has neither value nor items nor fragments."""
        return not (len(self.value) or self.items or self.fragments)


@dataclass(slots=True)
class Parsed:
    """A file taken apart.

    Attributes
    ----------
    elements : list of Element
        Of the data set's top level, in the order of the file.
    body : memoryview
        The data set's bytes, inflated when it was deflated.
    trailing : memoryview
        What lies behind the last element that could be read.
    problems : list of (str, str)
        Place, and what is wrong with the structure there; holds no value.
    """

    data: bytes
    preamble: bytes = b""
    meta: list[Element] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    body: memoryview = field(default_factory=lambda: memoryview(b""))
    trailing: memoryview = field(default_factory=lambda: memoryview(b""))
    transfer_syntax: str = ""
    is_little: bool = True
    is_explicit: bool = True
    problems: list[tuple[str, str]] = field(default_factory=list)


class Broken(Exception):
    """Bytes that are no element; its position says where."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


@lru_cache(maxsize=4096)
def keyword_of(tag: int) -> str:
    """Return the keyword of a tag, empty when the dictionary has none."""
    return "" if tag >> 16 & 1 else keyword_for_tag(tag)


@lru_cache(maxsize=4096)
def dictionary_vrs(tag: int) -> tuple[str, ...]:
    """Return the representations that the dictionary allows for a tag; none for private and unknown ones."""
    if tag >> 16 & 1:
        return ("LO",) if 0x10 <= tag & 0xFFFF <= 0xFF else ()
    if tag & 0xFFFF == 0:
        return ("UL",)
    try:
        return tuple(dictionary_VR(tag).split(" or "))
    except KeyError:
        return ()


def parse(data: bytes) -> Parsed | None:
    """Take a file apart; None when it is no DICOM file."""
    found = Parsed(data)
    start = 0
    if data[128:132] == b"DICM":
        found.preamble, start = data[:128], 132
    elif not _could_be_data_set(data):
        return None
    else:
        found.problems.append(("preamble", "the file has no preamble and no DICM prefix"))
    start = _meta(found, start)
    found.transfer_syntax = _transfer_syntax(found)
    _data_set(found, start)
    return found


def walk(elements: list[Element]) -> Iterator[tuple[Element, list[Element]]]:
    """Yield every element at any depth with the item, or data set, that it belongs to."""
    for element in elements:
        yield element, elements
        for item in element.items or ():
            yield from walk(item)


def first(elements: list[Element], keyword: str) -> Element | None:
    """Return the first element of a keyword in one item or data set."""
    return next((one for one in elements if one.keyword == keyword), None)


def _could_be_data_set(data: bytes) -> bool:
    """Whether bytes without a preamble begin like group 2 or 8, in either byte order and form."""
    if len(data) < 8 or data[:2] not in (b"\2\0", b"\10\0", b"\0\2", b"\0\10"):
        return False
    order = "<" if data[1] == 0 else ">"
    tag = (struct.unpack(order + "H", data[:2])[0] << 16) | struct.unpack(order + "H", data[2:4])[0]
    if not dictionary_vrs(tag):
        return False
    return data[4:6].decode("latin-1") in SHORT_VRS | LONG_VRS or struct.unpack(order + "I", data[4:8])[0] <= len(data)


def _meta(found: Parsed, start: int) -> int:
    """Read the file meta information, always explicit and little-endian; return where it ends."""
    data = found.data
    reader = _Reader(memoryview(data), is_little=True, is_explicit=True, problems=found.problems)
    position = start
    while data[position : position + 2] == b"\2\0":
        try:
            element, position = reader.element(position, len(data), "file meta: ", 0)
        except Broken:
            found.problems.append(("file meta", "the file meta information is damaged"))
            break
        found.meta.append(element)
    reader.check_order(found.meta)
    return position


def _transfer_syntax(found: Parsed) -> str:
    element = next((one for one in found.meta if one.tag == 0x00020010), None)
    return "" if element is None else bytes(element.value).decode("latin-1").strip("\0 ")


def _data_set(found: Parsed, start: int) -> None:
    body = memoryview(found.data)[start:]
    if found.transfer_syntax == DEFLATED_EXPLICIT_VR_LE:
        body = _inflated(found, body)
    found.body = body
    found.is_little = found.transfer_syntax != EXPLICIT_VR_BE
    found.is_explicit = found.transfer_syntax not in (IMPLICIT_VR_LE, "")
    _correct_encoding(found)
    reader = _Reader(body, found.is_little, found.is_explicit, found.problems)
    position = 0
    while position < len(body):
        try:
            element, position = reader.element(position, len(body), "", 0)
        except Broken:
            found.trailing = body[position:]
            break
        found.elements.append(element)
    reader.check_order(found.elements)


def _inflated(found: Parsed, body: memoryview) -> memoryview:
    engine = zlib.decompressobj(-15)
    try:
        data = engine.decompress(body, MAX_INFLATED)
    except zlib.error:
        found.problems.append(("data set", "the deflated data set is damaged"))
        return memoryview(b"")
    if len(engine.unused_data.strip(b"\0")):
        found.problems.append(("data set", "bytes follow the deflated data set"))
    if engine.unconsumed_tail:
        found.problems.append(("data set", "the deflated data set is too large to inflate"))
    return memoryview(data)


def _correct_encoding(found: Parsed) -> None:
    """Read a data set as it is, where its transfer syntax says otherwise or nothing."""
    head = bytes(found.body[:8])
    if len(head) < 8:
        return
    looks_explicit = head[4:6].decode("latin-1") in SHORT_VRS | LONG_VRS
    if not found.transfer_syntax:
        found.is_little = head[0] != 0 or head[1] == 0
        found.is_explicit = looks_explicit
        found.transfer_syntax = EXPLICIT_VR_LE if looks_explicit else IMPLICIT_VR_LE
        if not found.is_little:
            found.transfer_syntax = EXPLICIT_VR_BE
    elif looks_explicit != found.is_explicit:
        found.is_explicit = looks_explicit
        found.problems.append(("data set", "the data set is not encoded as its transfer syntax says"))


class _Reader:
    """Reads elements out of one buffer."""

    def __init__(self, buffer: memoryview, is_little: bool, is_explicit: bool, problems: list[tuple[str, str]]) -> None:
        self.buffer = buffer
        self.order = "<" if is_little else ">"
        self.is_little, self.is_explicit = is_little, is_explicit
        self.problems = problems
        self.count = 0

    def element(self, position: int, end: int, prefix: str, depth: int) -> tuple[Element, int]:
        """Read one element and return it with the position behind it."""
        self.count += 1
        if self.count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise Broken(position)
        tag = self._tag(position, end)
        vr, length, start = self._head(tag, position, end)
        path = prefix + (keyword_of(tag) or f"({tag >> 16:04x},{tag & 0xFFFF:04x})")
        if length == UNDEFINED:
            return self._undefined(tag, vr, start, end, path, depth)
        stop = start + length
        if stop > end:
            self.problems.append((path, "the value is cut short"))
            stop = end
        elif length % 2:
            self.problems.append((path, "the value has an odd length"))
        element = Element(tag, vr, self.buffer[start:stop], path)
        if vr == "SQ" or (vr == "UN" and self._begins_with_item(start, stop)):
            self._with_items(element, start, stop, depth)
        return element, stop

    def check_order(self, elements: list[Element]) -> None:
        """Report elements that are there twice or out of order."""
        for before, after in itertools.pairwise(elements):
            if after.tag <= before.tag:
                what = "twice" if after.tag == before.tag else "out of order"
                self.problems.append((after.path, f"the element is there {what}"))

    def _tag(self, position: int, end: int) -> int:
        if position + 8 > end:
            raise Broken(position)
        group, element = struct.unpack_from(self.order + "HH", self.buffer, position)
        return int(group) << 16 | int(element)

    def _head(self, tag: int, position: int, end: int) -> tuple[str, int, int]:
        """Return representation, length and where the value starts."""
        if tag >> 16 == 0xFFFE:
            raise Broken(position)
        if not self.is_explicit:
            vrs = dictionary_vrs(tag)
            length = struct.unpack_from(self.order + "I", self.buffer, position + 4)[0]
            return vrs[0] if vrs else "UN", length, position + 8
        vr = bytes(self.buffer[position + 4 : position + 6]).decode("latin-1")
        if vr in SHORT_VRS:
            return vr, struct.unpack_from(self.order + "H", self.buffer, position + 6)[0], position + 8
        if vr not in LONG_VRS or position + 12 > end:
            raise Broken(position)
        return vr, struct.unpack_from(self.order + "I", self.buffer, position + 8)[0], position + 12

    def _undefined(self, tag: int, vr: str, start: int, end: int, path: str, depth: int) -> tuple[Element, int]:
        element = Element(tag, vr, self.buffer[start:start], path)
        if vr in ("OB", "OW") and tag == PIXEL_DATA:
            element.fragments, position = self._fragments(start, end, path)
            return element, position
        reader = self if vr != "UN" else _Reader(self.buffer, True, False, self.problems)
        element.items, position = reader.items(start, end, path, depth)
        return element, position

    def _begins_with_item(self, start: int, stop: int) -> bool:
        return stop - start >= 8 and bytes(self.buffer[start : start + 4]) == b"\xfe\xff\x00\xe0"

    def _with_items(self, element: Element, start: int, stop: int, depth: int) -> None:
        """Read the items of a sequence of known length; what cannot be read as items stays a value."""
        reader = self if element.vr == "SQ" else _Reader(self.buffer, True, False, [])
        try:
            items, position = reader.items(start, stop, element.path, depth)
        except (Broken, struct.error):
            self.problems.append((element.path, "the sequence cannot be read"))
            return
        if position < stop:
            self.problems.append((element.path, "bytes follow the last item"))
        element.items, element.value = items, self.buffer[position:stop]

    def items(self, start: int, end: int, path: str, depth: int) -> tuple[list[list[Element]], int]:
        """Read items up to the sequence's delimiter or `end`."""
        found: list[list[Element]] = []
        position = start
        while position + 8 <= end:
            tag = self._tag(position, end)
            length = struct.unpack_from(self.order + "I", self.buffer, position + 4)[0]
            position += 8
            if tag == SEQUENCE_END:
                return found, position
            if tag != ITEM:
                raise Broken(position)
            prefix = f"{path}[{len(found) + 1}]."
            stop = end if length == UNDEFINED else min(end, position + length)
            item, position = self._item(position, stop, prefix, depth + 1, is_open=length == UNDEFINED)
            found.append(item)
        return found, position

    def _item(self, position: int, end: int, prefix: str, depth: int, *, is_open: bool) -> tuple[list[Element], int]:
        item: list[Element] = []
        while position < end:
            if is_open and self._tag(position, end) == ITEM_END:
                position += 8
                break
            element, position = self.element(position, end, prefix, depth)
            item.append(element)
        self.check_order(item)
        return item, position

    def _fragments(self, start: int, end: int, path: str) -> tuple[list[memoryview], int]:
        found: list[memoryview] = []
        position = start
        while position + 8 <= end:
            tag = self._tag(position, end)
            length = struct.unpack_from(self.order + "I", self.buffer, position + 4)[0]
            position += 8
            if tag == SEQUENCE_END:
                return found, position
            if tag != ITEM or position + length > end:
                break
            found.append(self.buffer[position : position + length])
            position += length
        self.problems.append((path, "the fragments of pixel data do not end"))
        return found, end
