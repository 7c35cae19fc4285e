"""Writes and reads data elements byte by byte, so that a file can hold what no library writes (PS3.5 section 7)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pydicom.datadict import dictionary_VR, tag_for_keyword

LONG = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"))
"""Value representations with a length of 32 bits in explicit syntaxes (PS3.5 7.1.2)."""
WIDTH = (
    {"US": 2, "SS": 2, "OW": 2, "AT": 2, "UL": 4, "SL": 4, "FL": 4, "OF": 4, "OL": 4}
    | {"FD": 8, "OD": 8, "OV": 8, "SV": 8, "UV": 8}
)  # fmt: skip
"""Bytes of one number of a value representation; others have no byte order."""
BLANK = {"UI": b"\0", "OB": b"\0", "UN": b"\0"}
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD


@dataclass(frozen=True, slots=True)
class Element:
    """One data element.

    Attributes
    ----------
    number : int
        Tag, group in the upper 16 bits.
    vr : str
        Value representation, as written in explicit syntaxes.
    value : bytes or Items
        Bytes are in little-endian order, without padding.
    is_undefined : bool
        Written with undefined length and a delimiter.
    """

    number: int
    vr: str
    value: bytes | Items
    is_undefined: bool = False


Item = tuple[Element, ...]
Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """How a data set is written: a transfer syntax without its compression."""

    is_implicit: bool = False
    is_big: bool = False

    @property
    def order(self) -> str:
        """The byte order, as `struct` writes it."""
        return ">" if self.is_big else "<"


EXPLICIT = Form()


def tag(keyword: str) -> int:
    """Return the tag of a keyword.

    Raises
    ------
    KeyError
        If the data dictionary does not know it.
    """
    number = tag_for_keyword(keyword)
    if number is None:
        raise KeyError(keyword)
    return number


def named(keyword: str, value: str | bytes | Items, vr: str = "") -> Element:
    """Return an element by keyword, with the value representation of the data dictionary unless another is given."""
    kind = vr or dictionary_VR(tag(keyword)).split(" or ")[0]
    return Element(tag(keyword), kind, value.encode() if isinstance(value, str) else value)


def words(*numbers: int) -> bytes:
    """Return numbers of 16 bits, as US and SS hold them."""
    return struct.pack(f"<{len(numbers)}H", *(number % 65536 for number in numbers))


def encoded(element: Element, form: Form = EXPLICIT) -> bytes:
    """Return an element as bytes."""
    body = _body(element, form)
    length = len(body)
    if element.is_undefined:
        body, length = body + _marker(SEQUENCE_END, 0, form), UNDEFINED
    return _head(element, length, form) + body


def _body(element: Element, form: Form) -> bytes:
    if isinstance(element.value, tuple):
        return b"".join(_item(item, form, is_undefined=element.is_undefined) for item in element.value)
    if element.is_undefined:
        return element.value
    value = element.value + BLANK.get(element.vr, b" ") * (len(element.value) % 2)
    width = WIDTH.get(element.vr, 1)
    if form.is_big and width > 1 and len(value) % width == 0:
        return np.frombuffer(value, f"<u{width}").byteswap().tobytes()
    return value


def _item(item: Item, form: Form, *, is_undefined: bool) -> bytes:
    body = joined(item, form)
    if is_undefined:
        return _marker(ITEM, UNDEFINED, form) + body + _marker(ITEM_END, 0, form)
    return _marker(ITEM, len(body), form) + body


def _marker(number: int, length: int, form: Form) -> bytes:
    return struct.pack(f"{form.order}HHI", number >> 16, number & 0xFFFF, length)


def _head(element: Element, length: int, form: Form) -> bytes:
    begin = struct.pack(f"{form.order}HH", element.number >> 16, element.number & 0xFFFF)
    if form.is_implicit:
        return begin + struct.pack(f"{form.order}I", length)
    if element.vr in LONG:
        return begin + element.vr.encode() + struct.pack(f"{form.order}HI", 0, length)
    return begin + element.vr.encode() + struct.pack(f"{form.order}H", length)


def joined(elements: Iterable[Element], form: Form = EXPLICIT) -> bytes:
    """Return elements in the order given, as bytes."""
    return b"".join(encoded(element, form) for element in elements)


def parsed(data: bytes) -> Item:
    """Read elements in Explicit VR Little Endian with defined lengths, as pydicom writes them."""
    found, position = [], 0
    while position < len(data):
        group, number = struct.unpack_from("<HH", data, position)
        vr = data[position + 4 : position + 6].decode("ascii")
        head, shape = (12, "<I") if vr in LONG else (8, "<H")
        (length,) = struct.unpack_from(shape, data, position + head - struct.calcsize(shape))
        body = data[position + head : position + head + length]
        found.append(Element(group << 16 | number, vr, _items(body) if vr == "SQ" else body))
        position += head + length
    return tuple(found)


def _items(data: bytes) -> Items:
    found, position = [], 0
    while position < len(data):
        (length,) = struct.unpack_from("<I", data, position + 4)
        found.append(parsed(data[position + 8 : position + 8 + length]))
        position += 8 + length
    return tuple(found)
