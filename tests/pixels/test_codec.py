"""Stored values survive every encoding; what cannot be trusted is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from mammoset.errors import RefusedObject
from mammoset.pixels import codec
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS,
    HTJ2K_LOSSLESS_RPCL,
    IMPLICIT_VR_LE,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
)


def random_pixels(bits: int, *, signed: bool = False, shape: tuple[int, int] = (37, 51), seed: int = 0) -> NDArray[Any]:
    half = 1 << (bits - 1)
    low, high = (-half, half) if signed else (0, 2 * half)
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    pixels = np.random.default_rng(seed).integers(low, high, shape).astype(kind)
    pixels[0, 0], pixels[0, 1] = low, high - 1
    return pixels


def image(pixels: NDArray[Any], bits: int, syntax: str = EXPLICIT_VR_LE, data: bytes | None = None) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8 * pixels.itemsize, bits, bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.add_new("PixelData", "OW", pixels.tobytes() if data is None else data)
    return dataset


def compressed(pixels: NDArray[Any], bits: int, syntax: str, frame: bytes) -> Dataset:
    return image(pixels, bits, syntax, encapsulate([frame]))


def reason(dataset: Dataset) -> str:
    with pytest.raises(RefusedObject) as refused:
        codec.decode(dataset)
    return refused.value.reason


Encoder = Callable[[NDArray[Any]], Any]
FRAMES: dict[str, Encoder] = {
    JPEG_LOSSLESS_SV1: partial(imagecodecs.jpeg8_encode, lossless=True, predictor=1, bitspersample=12),
    "1.2.840.10008.1.2.4.57": partial(imagecodecs.jpeg8_encode, lossless=True, predictor=6, bitspersample=12),
    JPEG_LS_LOSSLESS: imagecodecs.jpegls_encode,
    "1.2.840.10008.1.2.4.90": partial(imagecodecs.jpeg2k_encode, codecformat="j2k", reversible=True),
    HTJ2K_LOSSLESS: partial(imagecodecs.htj2k_encode, reversible=True),
    HTJ2K_LOSSLESS_RPCL: lambda pixels: codec.encode_htj2k(pixels, 12).code_stream,
}


@pytest.mark.parametrize("syntax", FRAMES)
def test_every_lossless_encoding_gives_the_stored_values_back(syntax: str) -> None:
    pixels = random_pixels(12)
    assert np.array_equal(codec.decode(compressed(pixels, 12, syntax, FRAMES[syntax](pixels))), pixels)


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_run_length_encoding_gives_the_stored_values_back(bits: int) -> None:
    pixels = random_pixels(bits, shape=(36, 50))
    dataset = image(pixels, bits)
    dataset.compress(codec.RLE_LOSSLESS, generate_instance_uid=False)
    assert np.array_equal(codec.decode(dataset), pixels)


@pytest.mark.parametrize("syntax", [EXPLICIT_VR_LE, IMPLICIT_VR_LE, codec.DEFLATED_EXPLICIT_VR_LE])
def test_uncompressed_values_are_little_endian(syntax: str) -> None:
    pixels = np.array([[1, 256], [4095, 0]], "<u2")
    decoded = codec.decode(image(pixels, 12, syntax))
    assert decoded.tolist() == [[1, 256], [4095, 0]]
    assert decoded.dtype == np.uint16


def test_big_endian_words_are_turned_round() -> None:
    pixels = np.array([[1, 256], [4095, 0]], np.uint16)
    assert np.array_equal(codec.decode(image(pixels, 12, codec.EXPLICIT_VR_BE, pixels.astype(">u2").tobytes())), pixels)


def test_eight_bit_pixels_in_big_endian_words_are_turned_round() -> None:
    pixels = np.arange(9, dtype=np.uint8).reshape(3, 3)
    swapped = np.frombuffer(pixels.tobytes() + b"\0", ">u2").astype("<u2").tobytes()
    assert np.array_equal(codec.decode(image(pixels, 8, codec.EXPLICIT_VR_BE, swapped)), pixels)


def test_a_header_without_transfer_syntax_is_taken_as_it_was_read() -> None:
    pixels = random_pixels(12)
    buffer = BytesIO(codec.file_bytes(_as_mammogram(image(pixels, 12))))
    dataset = dcmread(buffer)
    del dataset.file_meta
    assert np.array_equal(codec.decode(dataset), pixels)


def _as_mammogram(dataset: Dataset) -> Dataset:
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.1.2")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID("2.25.7")
    return dataset


def test_unused_high_bits_are_cleared() -> None:
    pixels = random_pixels(12)
    dirty = image(pixels | np.uint16(0xA000), 12)
    assert np.array_equal(codec.decode(dirty), pixels)


def test_signed_values_are_extended_from_their_own_sign_bit() -> None:
    pixels = random_pixels(12, signed=True)
    dirty = image((pixels.view(np.uint16) & np.uint16(0x0FFF)).view(np.int16), 12)
    assert np.array_equal(codec.decode(dirty), pixels)
    assert codec.decode(dirty).dtype == np.int16


def test_values_that_do_not_begin_at_the_lowest_bit_are_shifted() -> None:
    pixels = random_pixels(12)
    dataset = image(pixels << 4, 12)
    dataset.HighBit = 15
    assert np.array_equal(codec.decode(dataset), pixels)


def test_bytes_behind_the_last_pixel_are_ignored() -> None:
    pixels = random_pixels(12)
    assert np.array_equal(codec.decode(image(pixels, 12, data=pixels.tobytes() + b"NGUYEN")), pixels)


def test_too_few_bytes_are_refused() -> None:
    pixels = random_pixels(12)
    assert reason(image(pixels, 12, data=pixels.tobytes()[:-2])) == "pixel_size"


@pytest.mark.parametrize("syntax", FRAMES)
def test_a_compressed_image_of_another_size_is_refused(syntax: str) -> None:
    pixels = random_pixels(12)
    dataset = compressed(pixels, 12, syntax, FRAMES[syntax](pixels))
    dataset.Rows += 1
    assert reason(dataset) == "pixel_size"


@pytest.mark.parametrize("syntax", FRAMES)
def test_a_damaged_stream_is_refused(syntax: str) -> None:
    pixels = random_pixels(12)
    frame = bytes(FRAMES[syntax](pixels))
    assert reason(compressed(pixels, 12, syntax, frame[:20])) in ("not_decodable", "pixel_size")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"NumberOfFrames": 2}, "multi_frame"),
        ({"SamplesPerPixel": 3}, "not_grayscale"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "not_grayscale"),
        ({"PhotometricInterpretation": None}, "not_grayscale"),
        ({"Rows": 0}, "pixel_size"),
        ({"Rows": 65535, "Columns": 65535}, "pixel_size"),
        ({"BitsAllocated": 12}, "invalid_value"),
        ({"BitsStored": 17}, "invalid_value"),
        ({"HighBit": 3}, "invalid_value"),
        ({"PixelData": b""}, "not_decodable"),
    ],
)
def test_what_is_no_single_grayscale_image_is_refused(change: dict[str, Any], expected: str) -> None:
    dataset = image(random_pixels(12), 12)
    for keyword, value in change.items():
        setattr(dataset, keyword, value)
    assert reason(dataset) == expected


def test_an_unknown_transfer_syntax_is_refused() -> None:
    assert reason(image(random_pixels(12), 12, "1.2.840.10008.1.2.4.102")) == "not_decodable"


def test_a_stream_deeper_than_bits_allocated_is_refused() -> None:
    deep, flat = random_pixels(12), random_pixels(8)
    assert reason(compressed(flat, 8, HTJ2K_LOSSLESS_RPCL, codec.encode_htj2k(deep, 12).code_stream)) == "pixel_size"


@settings(max_examples=60, deadline=None)
@given(
    bits=st.integers(2, 16),
    signed=st.booleans(),
    shape=st.tuples(st.integers(1, 80), st.integers(2, 80)),
    seed=st.integers(0, 99),
)
def test_htj2k_is_lossless_and_states_the_true_precision(
    bits: int, signed: bool, shape: tuple[int, int], seed: int
) -> None:
    pixels = random_pixels(bits, signed=signed, shape=shape, seed=seed)
    encoded = codec.encode_htj2k(pixels, bits)
    assert encoded.code_stream[42] == (0x80 if signed else 0) | (bits - 1)
    assert np.array_equal(imagecodecs.htj2k_decode(encoded.code_stream), pixels)
    assert np.array_equal(codec.decode_level(encoded.code_stream, 0), pixels)


@pytest.mark.parametrize("bits", [8, 12, 14, 16])
def test_another_decoder_reads_the_htj2k_streams(bits: int) -> None:
    pixels = random_pixels(bits, shape=(300, 200))
    assert np.array_equal(imagecodecs.jpeg2k_decode(codec.encode_htj2k(pixels, bits).code_stream), pixels)


def test_a_prefix_up_to_a_tile_part_end_decodes_to_its_level() -> None:
    encoded = codec.encode_htj2k(random_pixels(12, shape=(256, 192)), 12)
    assert len(encoded.tile_part_ends) == 6
    assert list(encoded.tile_part_ends) == sorted(set(encoded.tile_part_ends))
    assert encoded.tile_part_ends[-1] == len(encoded.code_stream) - 2
    for level in range(6):
        prefix = encoded.code_stream[: encoded.tile_part_ends[5 - level]]
        expected = codec.decode_level(encoded.code_stream, level)
        assert expected.shape == (256 >> level, 192 >> level)
        assert np.array_equal(codec.decode_level(prefix, level), expected)


def test_reduced_levels_do_not_wrap_where_dark_meets_bright() -> None:
    pixels = np.zeros((128, 128), np.uint16)
    pixels[30:90, 30:90] = 4095
    reduced = codec.decode_level(codec.encode_htj2k(pixels, 12).code_stream, 1)
    assert reduced.max() == 4095
    assert reduced[:10, :10].max() < 100


def test_a_pixel_beyond_bits_stored_is_not_encoded() -> None:
    with pytest.raises(ValueError, match="do not fit 11 bits"):
        codec.encode_htj2k(random_pixels(12), 11)


@pytest.mark.parametrize("syntax", codec.WRITTEN)
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (12, True)])
def test_a_file_in_each_written_syntax_has_the_same_pixels(syntax: str, bits: int, signed: bool) -> None:
    pixels = random_pixels(bits, signed=signed)
    dataset = _as_mammogram(image(pixels, bits))
    data = codec.file_bytes(codec.with_pixels(dataset, pixels, syntax))
    found = dcmread(BytesIO(data))
    assert found.file_meta.TransferSyntaxUID == syntax
    assert data[:132] == bytes(128) + b"DICM"
    assert np.array_equal(codec.decode(found), pixels)
    assert np.array_equal(codec.decode(dcmread(BytesIO(codec.transcode(data, EXPLICIT_VR_LE)))), pixels)
    assert dataset.file_meta.TransferSyntaxUID == EXPLICIT_VR_LE


@pytest.mark.parametrize("syntax", codec.WRITTEN)
@pytest.mark.parametrize("bits", [8, 12])
def test_a_file_is_byte_for_byte_what_pydicom_writes(syntax: str, bits: int) -> None:
    pixels = random_pixels(bits)
    dataset = codec.with_pixels(_as_mammogram(image(pixels, bits)), pixels, syntax)
    dataset.add_new("WindowCenter", "DS", ["2047.5", "1000"])
    buffer = BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    assert codec.file_bytes(dataset) == buffer.getvalue()
    assert codec.file_bytes(dcmread(BytesIO(buffer.getvalue()))) == buffer.getvalue()


def test_elements_behind_the_pixels_are_written_too() -> None:
    pixels = random_pixels(12)
    dataset = codec.with_pixels(_as_mammogram(image(pixels, 12)), pixels, HTJ2K_LOSSLESS_RPCL)
    dataset.DataSetTrailingPadding = b"\0\0"
    found = dcmread(BytesIO(codec.file_bytes(dataset)))
    assert found.DataSetTrailingPadding == b"\0\0"
    assert np.array_equal(codec.decode(found), pixels)


def test_a_file_that_has_the_syntax_already_is_transcoded_to_itself() -> None:
    pixels = random_pixels(12)
    data = codec.file_bytes(codec.with_pixels(_as_mammogram(image(pixels, 12)), pixels, HTJ2K_LOSSLESS_RPCL))
    assert codec.transcode(data, HTJ2K_LOSSLESS_RPCL) == data
    twice = codec.transcode(codec.transcode(data, JPEG_LS_LOSSLESS), HTJ2K_LOSSLESS_RPCL)
    assert twice == data


def test_only_known_syntaxes_and_matching_pixels_are_written() -> None:
    pixels = random_pixels(12)
    with pytest.raises(ValueError, match="not a transfer syntax"):
        codec.with_pixels(image(pixels, 12), pixels, JPEG_LOSSLESS_SV1)
    with pytest.raises(ValueError, match="Rows and Columns"):
        codec.with_pixels(image(pixels, 12), pixels[1:], EXPLICIT_VR_LE)
