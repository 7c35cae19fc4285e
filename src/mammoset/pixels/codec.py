"""Decodes what an archive delivers, encodes what the store and releases hold; every encoding is lossless.

Clauses: PS3.5 section 8 and Annex A (transfer syntaxes), PS3.3 C.7.6.3 (image pixel).
"""

from __future__ import annotations

import copy
import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.uid import UID

from mammoset.errors import RefusedObject
from mammoset.pixels.code_stream import claimed_shape, decode_htj2k, is_whole, require_segments
from mammoset.pixels.encoders import encode_jpeg_2000, encode_jpeg_ls
from mammoset.pixels.header import integer, term, terms, values
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS,
    HTJ2K_LOSSLESS_RPCL,
    IMPLICIT_VR_LE,
    JPEG_2000_LOSSLESS,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
)

DEFLATED_EXPLICIT_VR_LE = "1.2.840.10008.1.2.1.99"
EXPLICIT_VR_BE = "1.2.840.10008.1.2.2"
RLE_LOSSLESS = "1.2.840.10008.1.2.5"
UNCOMPRESSED = frozenset({IMPLICIT_VR_LE, EXPLICIT_VR_LE, DEFLATED_EXPLICIT_VR_LE, EXPLICIT_VR_BE})
WRITTEN = (EXPLICIT_VR_LE, JPEG_LS_LOSSLESS, JPEG_2000_LOSSLESS, HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL)
"""Transfer syntaxes that mammoset writes; all of explicit VR and little endian."""
LOSSY = frozenset(f"1.2.840.10008.1.2.4.{one}" for one in (50, 51, 81))
"""Transfer syntaxes whose pixels have lost something by their nature; .91 and .203 may be either."""

MAX_PIXELS = 200_000_000
"""Ten times the largest mammogram detector; beyond it a header is wrong or hostile."""

MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
_SIZ_PRECISION = 42
"""Offset of Ssiz of the first component in a code stream that begins SOC, SIZ (ISO/IEC 15444-1 A.5.1)."""
_PIXEL_DATA = 0x7FE00010
_ITEM, _DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0\0\0\0\0"
"""Tag of an item; what ends the items of a frame (PS3.5 A.4)."""
_UNDEFINED = 0xFFFFFFFF
"""A length that is not said (PS3.5 7.1.1)."""


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How the stored values of a single-frame grayscale image are laid out (PS3.3 C.7.6.3.1)."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    photometric_interpretation: str

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy type of decoded pixels, native byte order."""
        return np.dtype(f"{'i' if self.is_signed else 'u'}{self.bits_allocated // 8}")


@dataclass(frozen=True, slots=True)
class HtJ2k:
    """A High-Throughput JPEG 2000 code stream with one tile-part per resolution level, lowest first.

    Attributes
    ----------
    tile_part_ends : tuple of int
        The prefix of this many bytes up to the n-th end decodes to the n-th resolution level.
    """

    code_stream: bytes
    tile_part_ends: tuple[int, ...]


def layout_of(dataset: Dataset) -> PixelLayout:
    """Read the layout of an image's pixels.

    Raises
    ------
    RefusedObject
        ``multi_frame``, ``not_grayscale``, ``pixel_size`` (no rows or columns, or far too many) or ``invalid_value``.
    """
    if values(dataset, "NumberOfFrames") and integer(dataset, "NumberOfFrames") != 1:
        raise RefusedObject("multi_frame", "NumberOfFrames is not 1")
    photometric = (*terms(dataset, "PhotometricInterpretation"), "")[0]
    if integer(dataset, "SamplesPerPixel") not in (1, None) or photometric not in MONOCHROME:
        raise RefusedObject("not_grayscale", "SamplesPerPixel or PhotometricInterpretation is not that of grayscale")
    rows, columns = integer(dataset, "Rows") or 0, integer(dataset, "Columns") or 0
    if rows < 1 or columns < 1 or rows * columns > MAX_PIXELS:
        raise RefusedObject("pixel_size", "Rows and Columns are absent, or say far more than a detector has")
    allocated, stored = integer(dataset, "BitsAllocated"), integer(dataset, "BitsStored")
    high, representation = integer(dataset, "HighBit"), integer(dataset, "PixelRepresentation")
    if allocated not in (8, 16) or stored is None or not 2 <= stored <= allocated:
        raise RefusedObject("invalid_value", "BitsAllocated is not 8 or 16, or BitsStored does not fit it")
    high = stored - 1 if high is None else high
    if not stored - 1 <= high < allocated or representation not in (0, 1, None):
        raise RefusedObject("invalid_value", "HighBit or PixelRepresentation")
    return PixelLayout(rows, columns, allocated, stored, high, representation == 1, photometric)


def decode(dataset: Dataset) -> NDArray[Any]:
    """Decode the pixels of a single-frame grayscale image.

    Parameters
    ----------
    dataset : Dataset
        As read from a file, with its file meta information.

    Returns
    -------
    array, shape (Rows, Columns)
        Stored values, of the smallest integer type that holds Bits Allocated; bits outside Bits Stored are
        cleared, and signed values (Pixel Representation 1) extended. Less than a row of bytes behind the last pixel is
        ignored.

    Raises
    ------
    RefusedObject
        ``not_decodable``, ``pixel_size``, ``not_grayscale``, ``multi_frame`` or ``invalid_value``.
    """
    layout = layout_of(dataset)
    syntax = _transfer_syntax(dataset)
    data = (*values(dataset, "PixelData"), b"")[0]
    if not isinstance(data, bytes) or not data:
        raise RefusedObject("not_decodable", "there are no pixel data")
    if syntax in UNCOMPRESSED:
        words = term(dataset["PixelData"].VR) == "OW"
        return _stored_values(_native(data, layout, big_endian=syntax == EXPLICIT_VR_BE, words=words), layout)
    decoder = DECODERS.get(syntax)
    if decoder is None:
        raise RefusedObject("not_decodable", "its transfer syntax is not one that mammoset decodes")
    try:
        array = np.asarray(decoder(get_frame(data, 0, number_of_frames=1), layout))
    except RefusedObject:
        raise
    except Exception:  # a decoder may fail in any way; its text may quote the file
        raise RefusedObject("not_decodable", "the compressed pixel data are damaged") from None
    return _stored_values(array, layout)


def _transfer_syntax(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None)
    syntax = "" if meta is None else str(meta.get("TransferSyntaxUID") or "")
    if syntax:
        return syntax
    is_implicit, is_little = dataset.original_encoding
    return EXPLICIT_VR_BE if is_little is False else IMPLICIT_VR_LE if is_implicit else EXPLICIT_VR_LE


def _native(data: bytes, layout: PixelLayout, *, big_endian: bool, words: bool) -> NDArray[Any]:
    count, width = layout.rows * layout.columns, layout.bits_allocated // 8
    if len(data) < count * width:
        raise RefusedObject("pixel_size", "fewer bytes of pixel data than Rows x Columns need")
    if len(data) >= (count + layout.columns) * width:
        # Rows or Columns are wrong, and a part of the breast would be taken for the whole
        raise RefusedObject("pixel_size", "so many bytes of pixel data that Rows x Columns leave rows over")
    if big_endian and width == 1 and words:
        # 8-bit pixels in big-endian 16-bit words: PS3.5 8.1.1 and Annex A.3
        even = data[: len(data) // 2 * 2]
        return np.frombuffer(even, "<u2").byteswap().view(np.uint8)[:count].reshape(layout.rows, layout.columns)
    kind = np.dtype(f"{'>' if big_endian else '<'}u{width}")
    return np.frombuffer(data, kind, count).reshape(layout.rows, layout.columns)


def _rle(frame: bytes, layout: PixelLayout) -> NDArray[Any]:
    width = layout.bits_allocated // 8
    require_segments(frame, width)
    decoded = bytes(imagecodecs.dicomrle_decode(frame, np.dtype(f"<u{width}")))
    return _native(decoded, layout, big_endian=False, words=False)


def _by(decoder: Callable[[bytes], NDArray[Any]]) -> Callable[[bytes, PixelLayout], NDArray[Any]]:
    def decode_frame(frame: bytes, layout: PixelLayout) -> NDArray[Any]:
        # asked before the decoder allocates: a code stream may claim any size
        shape = claimed_shape(frame)
        if shape is not None and shape != (layout.rows, layout.columns):
            raise RefusedObject("pixel_size", "the compressed image has another size than Rows x Columns")
        if not is_whole(frame):
            raise RefusedObject("not_decodable", "the compressed pixel data are cut short")
        return decoder(frame)

    return decode_frame


# not jpeg_decode, which hands what libjpeg-turbo refuses to decoders that a damaged stream can crash
_JPEG, _JPEG_LS = _by(imagecodecs.jpeg8_decode), _by(imagecodecs.jpegls_decode)
_JPEG_2000, _HTJ2K = _by(imagecodecs.jpeg2k_decode), _by(decode_htj2k)

DECODERS: dict[str, Callable[[bytes, PixelLayout], NDArray[Any]]] = {
    "1.2.840.10008.1.2.4.50": _JPEG,
    "1.2.840.10008.1.2.4.51": _JPEG,
    "1.2.840.10008.1.2.4.57": _JPEG,
    JPEG_LOSSLESS_SV1: _JPEG,
    JPEG_LS_LOSSLESS: _JPEG_LS,
    "1.2.840.10008.1.2.4.81": _JPEG_LS,
    JPEG_2000_LOSSLESS: _JPEG_2000,
    "1.2.840.10008.1.2.4.91": _JPEG_2000,
    HTJ2K_LOSSLESS: _HTJ2K,
    HTJ2K_LOSSLESS_RPCL: _HTJ2K,
    "1.2.840.10008.1.2.4.203": _HTJ2K,
    RLE_LOSSLESS: _rle,
}
"""Transfer syntax to decoder of one frame."""


def _stored_values(array: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    fits = array.dtype.kind in "iu" and 8 * array.dtype.itemsize <= layout.bits_allocated
    if array.shape != (layout.rows, layout.columns) or not fits:
        raise RefusedObject("pixel_size", "the decoded image does not have Rows x Columns samples of Bits Allocated")
    shift = layout.high_bit + 1 - layout.bits_stored
    bits = array.astype(np.dtype(f"u{layout.bits_allocated // 8}"), copy=False)
    greatest = np.array((1 << layout.bits_stored) - 1, bits.dtype)
    found = bits >> shift if shift else bits
    if found.max() > greatest:  # looking is half as dear as clearing what mostly is clear
        found = found & greatest
    if layout.is_signed:
        sign = 1 << (layout.bits_stored - 1)
        found = (found.astype(np.int32) ^ sign) - sign
    return np.ascontiguousarray(found.astype(layout.dtype, copy=False))


def encode_htj2k(pixels: NDArray[Any], bits_stored: int) -> HtJ2k:
    """Encode losslessly as HTJ2K, progression RPCL, one tile-part per resolution (1.2.840.10008.1.2.4.202).

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values.
    bits_stored : int
        Precision that the code stream states, at most 16; every pixel fits it.

    Raises
    ------
    ValueError
        If a pixel does not fit `bits_stored`.
    """
    is_signed = pixels.dtype.kind == "i"
    half = 1 << (bits_stored - 1)
    if pixels.max() > (half - 1 if is_signed else 2 * half - 1) or (is_signed and pixels.min() < -half):
        raise ValueError(f"pixels do not fit {bits_stored} bits")
    kind = np.dtype(np.int8 if bits_stored <= 8 else np.int16)
    unsigned = np.dtype(f"u{kind.itemsize}")
    # in unsigned arithmetic, which wraps around to the two's complement of a negative difference
    centred = (pixels.astype(unsigned, copy=False) - unsigned.type(0 if is_signed else half)).view(kind)
    stream = imagecodecs.htj2k_encode(centred, reversible=True, tlm=True, tilepart=1)
    # The encoder states 8 or 16 bits only. The level shift of unsigned samples (15444-1 G.1) is already done above,
    # so stating the true precision here makes the decoder undo exactly it.
    if stream[_SIZ_PRECISION] != 0x80 | (8 * kind.itemsize - 1):
        raise ValueError("the HTJ2K encoder wrote an unexpected SIZ segment")
    precision = bytes([(0x80 if is_signed else 0) | (bits_stored - 1)])
    stream = b"".join([stream[:_SIZ_PRECISION], precision, memoryview(stream)[_SIZ_PRECISION + 1 :]])
    return HtJ2k(stream, tile_part_ends(stream))


def tile_part_ends(code_stream: bytes | memoryview) -> tuple[int, ...]:
    """Return the end of each tile-part, in bytes from the code stream's begin (SOT segments, 15444-1 A.4.2)."""
    position = 2
    while code_stream[position : position + 2] != b"\xff\x90":
        position += 2 + struct.unpack(">H", code_stream[position + 2 : position + 4])[0]
    ends = []
    while code_stream[position : position + 2] == b"\xff\x90":
        position += struct.unpack(">I", code_stream[position + 6 : position + 10])[0]
        ends.append(position)
    return tuple(ends)


def decode_level(code_stream: bytes, level: int) -> NDArray[Any]:
    """Decode a code stream of `encode_htj2k`, or a prefix of it, at 1/2**level of its size.

    Returns
    -------
    array
        Stored values; the ripple of the wavelet is clipped to the range of the stated precision.
    """
    stated = code_stream[_SIZ_PRECISION]
    bits, is_signed = (stated & 0x7F) + 1, bool(stated & 0x80)
    centred = bytearray(code_stream)
    # decoded as signed, because the decoder wraps values of the ripple that fall below zero
    centred[_SIZ_PRECISION] = 0x8F
    half = 1 << (bits - 1)
    found = imagecodecs.htj2k_decode(bytes(centred), skipres=level, resilient=True).astype(np.int32)
    kind = np.dtype(f"{'i' if is_signed else 'u'}{1 if bits <= 8 else 2}")
    return (np.clip(found, -half, half - 1) + (0 if is_signed else half)).astype(kind)


def with_pixels(dataset: Dataset, pixels: NDArray[Any], transfer_syntax_uid: str) -> Dataset:
    """Return a copy of a dataset that holds these pixels in this transfer syntax.

    Parameters
    ----------
    dataset : Dataset
        With the layout of `pixels` in its attributes, and its file meta information.
    pixels : array, shape (Rows, Columns)
    transfer_syntax_uid : str
        One of `WRITTEN`.
        Compressed frames lie in one fragment behind a basic offset table (PS3.5 A.4).

    Raises
    ------
    ValueError
        If the pixels have another shape than the dataset says, or the syntax is another one.
    """
    layout = layout_of(dataset)
    if pixels.shape != (layout.rows, layout.columns):
        raise ValueError("pixels do not have the dataset's Rows and Columns")
    twin = Dataset()
    twin.update(dataset)
    twin.file_meta = copy.deepcopy(dataset.file_meta)
    twin.file_meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    stored = pixels.astype(layout.dtype, copy=False)
    if transfer_syntax_uid == EXPLICIT_VR_LE:
        data = stored.astype(stored.dtype.newbyteorder("<"), copy=False).tobytes()
        twin.add_new("PixelData", "OW", data if len(data) % 2 == 0 else data + b"\0")
        return twin
    if transfer_syntax_uid == JPEG_LS_LOSSLESS:
        frame = encode_jpeg_ls(stored)
    elif transfer_syntax_uid == JPEG_2000_LOSSLESS:
        frame = encode_jpeg_2000(stored, layout.bits_stored)
    elif transfer_syntax_uid in (HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL):
        frame = encode_htj2k(stored, layout.bits_stored).code_stream
    else:
        raise ValueError("not a transfer syntax that mammoset writes")
    twin.add_new("PixelData", "OB", _encapsulated(frame))
    twin["PixelData"].is_undefined_length = True
    return twin


def _encapsulated(frame: bytes) -> bytes:
    """Return a frame as one fragment of even length behind a basic offset table that points to it (PS3.5 A.4)."""
    padding = len(frame) % 2
    table = _ITEM + struct.pack("<II", 4, 0)
    return b"".join([table, _ITEM, struct.pack("<I", len(frame) + padding), frame, b"\0" * padding])


def file_bytes(dataset: Dataset) -> bytes:
    """Return a dataset as a file in the DICOM format (PS3.10): zero preamble, file meta information, data."""
    if not _ends_with_pixels(dataset):
        return _written(dataset)
    # pydicom copies what it writes several times, and the pixels are nearly all of it
    header = dataset[:_PIXEL_DATA]
    header.file_meta = dataset.file_meta
    return b"".join([_written(header), *_pixel_element(dataset)])


def _ends_with_pixels(dataset: Dataset) -> bool:
    """Whether Pixel Data is the last element, and of a form that `with_pixels` gives it."""
    if "PixelData" not in dataset or max(dataset.keys()) != _PIXEL_DATA or _transfer_syntax(dataset) not in WRITTEN:
        return False
    element = dataset["PixelData"]
    return element.VR in ("OB", "OW") and isinstance(element.value, bytes) and len(element.value) % 2 == 0


def _pixel_element(dataset: Dataset) -> tuple[bytes, ...]:
    """Return the parts of the Pixel Data element in Explicit VR Little Endian (PS3.5 7.1.2 and A.4)."""
    element, is_native = dataset["PixelData"], _transfer_syntax(dataset) in UNCOMPRESSED
    length = len(element.value) if is_native else _UNDEFINED
    start = struct.pack("<HH2s2xI", 0x7FE0, 0x0010, element.VR.encode(), length)
    return (start, element.value, b"" if is_native else _DELIMITER)


def _written(dataset: Dataset) -> bytes:
    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def transcode(data: bytes, transfer_syntax_uid: str) -> bytes:
    """Return a file of the store in another transfer syntax: the same attributes and pixels.

    A file that is in this syntax already is returned as it is.

    Raises
    ------
    RefusedObject
        If its pixels have to be decoded and cannot be.
    """
    dataset = dcmread(BytesIO(data))
    if _transfer_syntax(dataset) == transfer_syntax_uid:
        return data
    return file_bytes(with_pixels(dataset, decode(dataset), transfer_syntax_uid))
