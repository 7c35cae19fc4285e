"""Looks into the pixels: bits that no picture needs, and text burned in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.uid import UID

from mammoset.errors import RefusedObject
from mammoset.jobs.audit.elements import Parsed, first
from mammoset.jobs.audit.findings import Finding
from mammoset.jobs.audit.texts import readable
from mammoset.pixels.codec import DECODERS, EXPLICIT_VR_BE, UNCOMPRESSED, PixelLayout, decode, layout_of
from mammoset.pixels.header import numbers, quietly, values
from mammoset.pixels.window import Presentation

Effort = Literal["fast", "thorough", "off"]
EFFORTS: tuple[Effort, ...] = ("fast", "thorough", "off")
TEXT_MODULE = "mammoset.pixels.text"
"""Loaded when first needed: it brings a neural network."""
HALF_A_BYTE = 15
LETTERS_OF_TEXT = 5
"""Letters and digits from which marks in a picture count as text: markers like ``R MLO`` have fewer in a word."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The pixels of an image.

    Attributes
    ----------
    words : ndarray, shape (rows, columns)
        As they are in the file, with the bits outside Bits Stored.
    stored : ndarray, shape (rows, columns)
        Stored values.
    """

    dataset: Dataset
    layout: PixelLayout
    words: NDArray[Any]
    stored: NDArray[Any]


def picture_of(parsed: Parsed) -> tuple[Picture | None, list[Finding]]:
    """Decode the pixels of a file; without any, or when that fails, there is no picture."""
    if first(parsed.elements, "PixelData") is None:
        return None, []
    with quietly():
        try:
            dataset = dcmread(BytesIO(parsed.data), force=True)
            if "TransferSyntaxUID" not in getattr(dataset, "file_meta", {}):
                dataset.file_meta.TransferSyntaxUID = UID(parsed.transfer_syntax)
            layout = layout_of(dataset)
            stored = decode(dataset)
            words = _words(dataset, parsed, layout, stored)
        except RefusedObject as refusal:
            return None, [Finding("not_decodable", "PixelData", note=str(refusal))]
        except Exception as error:  # a damaged header fails in any way its bytes suggest
            return None, [Finding("not_decodable", "PixelData", note=type(error).__name__)]
    return Picture(dataset, layout, words, stored), []


def _words(dataset: Dataset, parsed: Parsed, layout: PixelLayout, stored: NDArray[Any]) -> NDArray[Any]:
    """Return the pixels with all their bits; where they cannot be had apart from the stored values, those."""
    data = values(dataset, "PixelData")[0]
    kind = np.dtype(f"u{layout.bits_allocated // 8}")
    if parsed.transfer_syntax in UNCOMPRESSED:
        if layout.bits_allocated == 8:
            return stored.view(kind)
        order = ">" if parsed.transfer_syntax == EXPLICIT_VR_BE else "<"
        flat = np.frombuffer(data, np.dtype(f"{order}u2"), layout.rows * layout.columns)
        return flat.reshape(layout.rows, layout.columns)
    if layout.bits_stored == layout.bits_allocated:
        return stored.view(kind)
    decoder = DECODERS[parsed.transfer_syntax]
    return np.asarray(decoder(get_frame(data, 0, number_of_frames=1), layout)).astype(kind, copy=False)


def unused_bits(picture: Picture) -> NDArray[Any]:
    """Return the bits outside Bits Stored of every pixel, moved to the right; zero where nothing hides."""
    layout = picture.layout
    shift = layout.high_bit + 1 - layout.bits_stored
    above = picture.words >> (layout.high_bit + 1) if layout.high_bit + 1 < layout.bits_allocated else 0
    below = picture.words & ((1 << shift) - 1)
    free = layout.bits_allocated - layout.high_bit - 1
    if layout.is_signed and free:
        negative = (picture.words >> layout.high_bit) & 1
        above = np.where(negative == 1, above ^ ((1 << free) - 1), above)
    return np.asarray((above << shift) | below).astype(picture.words.dtype, copy=False)


def bit_findings(picture: Picture) -> Iterator[Finding]:
    """Yield whether something lies in the bits outside Bits Stored."""
    unused = unused_bits(picture)
    count = int(np.count_nonzero(unused))
    if count:
        yield Finding("unused_bits", "PixelData", note=f"{count} pixels")
        text = next((found for one in packed(unused) if (found := readable(one))), "")
        if text:
            yield Finding("hidden_text", "PixelData: unused bits", text)


def packed(unused: NDArray[Any]) -> Iterator[bytes]:
    """Yield unused bits as bytes in the ways they can spell text: a letter in one, two or eight pixels."""
    flat = unused.reshape(-1)
    greatest = int(flat.max(initial=0))
    if greatest > HALF_A_BYTE:
        yield flat.astype(np.uint8).tobytes()
    else:
        pairs = np.pad(flat, (0, len(flat) % 2)).astype(np.uint8).reshape(-1, 2)
        yield (pairs[:, 0] << 4 | pairs[:, 1]).tobytes()
        yield (pairs[:, 1] << 4 | pairs[:, 0]).tobytes()
    for plane in range(greatest.bit_length()):
        bits = (flat >> plane & 1).astype(np.uint8)
        if bits.any():
            yield np.packbits(bits).tobytes()
            yield np.packbits(bits, bitorder="little").tobytes()


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """Text found in a picture.

    Attributes
    ----------
    read : tuple of str
        What could be read, line by line.
    """

    findings: tuple[Finding, ...]
    read: tuple[str, ...]


def burned_in(picture: Picture, effort: Effort) -> BurnedIn:
    """Look for text in the pixels, and read it where something is found."""
    text = import_module(TEXT_MODULE)
    presentation = Presentation.of(picture.dataset)
    spacing = (numbers(picture.dataset, "ImagerPixelSpacing") or (None,))[0]
    found = text.find_text(picture.stored, presentation, spacing_mm=spacing, effort=effort).found
    findings, read = [], []
    for one in found:
        lines = [line.text for line in text.read_text(picture.stored, presentation, _wider(one.rectangle, picture))]
        said = " ".join(lines).strip()
        read += lines
        where = "pixels: on tissue" if one.place == "tissue" else "pixels: outside the breast"
        is_text = any(len(word) >= LETTERS_OF_TEXT for word in re.findall(r"\w+", said))
        findings.append(Finding("burned_in_text" if is_text else "burned_in_mark", where, said))
    return BurnedIn(tuple(findings), tuple(read))


def _wider(rectangle: tuple[int, int, int, int], picture: Picture, margin: int = 16) -> tuple[int, int, int, int]:
    """Return a rectangle with a margin: readers want some background around the letters."""
    xmin, ymin, xmax, ymax = rectangle
    rows, columns = picture.stored.shape
    return max(0, xmin - margin), max(0, ymin - margin), min(columns, xmax + margin), min(rows, ymax + margin)
