from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from starlette.testclient import TestClient

from mammoset.pixels.codec import decode
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS_RPCL,
    JPEG_2000_LOSSLESS,
    JPEG_LS_LOSSLESS,
)
from tests.web.dicomweb.asking import accept, of, parts_of
from tests.web.dicomweb.building import LAYOUTS, Stored

STORED = HTJ2K_LOSSLESS_RPCL
ANY_LAYOUT = pytest.mark.parametrize("layout", LAYOUTS)


@ANY_LAYOUT
def test_an_object_comes_as_it_lies_when_any_syntax_will_do(
    reader: TestClient, stored: Sequence[Stored], layout: str
) -> None:
    one = of(stored, layout)
    answer = reader.get(one.place[1:], headers=accept("application/dicom", "*"))
    ((headers, content),) = parts_of(answer)
    assert content == one.data
    assert headers["Content-Type"] == f"application/dicom; transfer-syntax={STORED}"
    assert headers["Content-Location"] == f"/dicomweb{one.place}"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@ANY_LAYOUT
@pytest.mark.parametrize("syntax", ["", EXPLICIT_VR_LE, JPEG_LS_LOSSLESS, JPEG_2000_LOSSLESS, STORED])
def test_objects_of_every_syntax_hold_the_same_attributes_and_pixels(
    reader: TestClient, stored: Sequence[Stored], layout: str, syntax: str
) -> None:
    one = of(stored, layout)
    ((_, content),) = parts_of(reader.get(one.place[1:], headers=accept("application/dicom", syntax)))
    found, original = dcmread(BytesIO(content)), dcmread(BytesIO(one.data))
    assert found.file_meta.TransferSyntaxUID == (syntax or EXPLICIT_VR_LE)
    assert np.array_equal(decode(found), one.pixels)
    del found.PixelData, original.PixelData
    assert found == original


@ANY_LAYOUT
def test_the_frame_as_stored_is_the_code_stream(reader: TestClient, stored: Sequence[Stored], layout: str) -> None:
    one = of(stored, layout)
    answer = reader.get(f"{one.place[1:]}/frames/1", headers=accept("image/jphc", STORED))
    ((headers, content),) = parts_of(answer)
    assert headers["Content-Type"] == f"image/jphc; transfer-syntax={STORED}"
    assert content == one.data[one.record.codestream_offset :][: len(content)]
    assert content[:2] == b"\xff\x4f"
    assert content[-2:] == b"\xff\xd9"
    decoded = imagecodecs.htj2k_decode(content)
    assert np.array_equal(decoded, one.pixels)


@ANY_LAYOUT
def test_without_a_syntax_a_frame_is_its_values_in_little_endian(
    reader: TestClient, stored: Sequence[Stored], layout: str
) -> None:
    one = of(stored, layout)
    for sent in (accept("application/octet-stream"), {"Accept": "*/*"}):
        ((headers, content),) = parts_of(reader.get(f"{one.place[1:]}/frames/1", headers=sent))
        assert headers["Content-Type"] == f"application/octet-stream; transfer-syntax={EXPLICIT_VR_LE}"
        values = np.frombuffer(content, one.pixels.dtype.newbyteorder("<")).reshape(one.pixels.shape)
        assert np.array_equal(values, one.pixels)


@ANY_LAYOUT
@pytest.mark.parametrize(
    ("media_type", "decoder"), [("image/jls", imagecodecs.jpegls_decode), ("image/jp2", imagecodecs.jpeg2k_decode)]
)
def test_compressed_frames_of_the_older_kinds_are_lossless(
    reader: TestClient, stored: Sequence[Stored], layout: str, media_type: str, decoder: Any
) -> None:
    one = of(stored, layout)
    ((headers, content),) = parts_of(reader.get(f"{one.place[1:]}/frames/1", headers=accept(media_type)))
    assert headers["Content-Type"].startswith(f"{media_type}; transfer-syntax=")
    assert np.array_equal(decoder(content).view(one.pixels.dtype), one.pixels)


def test_a_frame_may_stand_alone(reader: TestClient, stored: Sequence[Stored]) -> None:
    one = stored[0]
    answer = reader.get(f"{one.place[1:]}/frames/1", headers={"Accept": "image/jphc; transfer-syntax=*"})
    assert answer.headers["Content-Type"] == f"image/jphc; transfer-syntax={STORED}"
    assert np.array_equal(imagecodecs.htj2k_decode(answer.content), one.pixels)


def test_a_study_and_a_series_come_object_by_object(reader: TestClient, stored: Sequence[Stored]) -> None:
    study, series, *_ = re.findall(r"[\d.]{9,}", stored[0].place)
    whole = parts_of(reader.get(f"studies/{study}", headers=accept("application/dicom", "*")))
    assert [content for _, content in whole] == [one.data for one in stored]
    half = parts_of(reader.get(f"studies/{study}/series/{series}", headers=accept("application/dicom", "*")))
    assert [content for _, content in half] == [one.data for one in stored if series in one.place]
    assert len(half) == 2
    frames = parts_of(reader.get(f"studies/{study}/pixeldata", headers=accept("application/octet-stream")))
    assert [content for _, content in frames] == [one.pixels.tobytes() for one in stored]


def test_the_metadata_are_the_file_with_an_address_instead_of_pixels(
    reader: TestClient, stored: Sequence[Stored]
) -> None:
    study = stored[0].record.image.study_id
    answer = reader.get(f"studies/{study}/metadata", headers={"Accept": "application/dicom+json"})
    assert answer.headers["Content-Type"] == "application/dicom+json"
    for found, one in zip(answer.json(), stored, strict=True):
        pixels = found.pop("7FE00010")
        assert found.pop("00083002") == {"vr": "UI", "Value": [STORED]}
        original = dcmread(BytesIO(one.data), stop_before_pixels=True)
        assert Dataset.from_json(json.dumps(found)) == original
        assert not any(tag.startswith("0002") for tag in found), "file meta information is no metadata"
        assert found["00080008"]["Value"] == ["DERIVED", "PRIMARY", None]
        ((_, content),) = parts_of(reader.get(pixels["BulkDataURI"], headers=accept("application/octet-stream")))
        assert content == one.pixels.tobytes()


@pytest.mark.parametrize(
    ("frames", "status"), [("1", 200), ("2", 404), ("1,2", 404), ("0", 400), ("x", 400), ("1,", 400), ("-1", 400)]
)
def test_there_is_one_frame(reader: TestClient, stored: Sequence[Stored], frames: str, status: int) -> None:
    for end in ("", "/rendered", "/thumbnail"):
        answer = reader.get(f"{stored[0].place[1:]}/frames/{frames}{end}", headers={"Accept": "*/*"})
        assert answer.status_code == status
        if status != 200:
            assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("end", "accepted"),
    [("", "text/html"), ("", "image/jpeg"), ("/metadata", "application/dicom"), ("/frames/1", "application/dicom"),
     ("/rendered", "application/dicom"), ("/thumbnail", "image/webp"), ("/frames/1", "image/jpeg")],
)  # fmt: skip
def test_what_there_is_not_is_not_acceptable_and_what_there_is_is_said(
    reader: TestClient, stored: Sequence[Stored], end: str, accepted: str
) -> None:
    answer = reader.get(stored[0].place[1:] + end, headers={"Accept": accepted})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("there is only ")


def test_a_study_does_not_fit_into_one_part(reader: TestClient, stored: Sequence[Stored]) -> None:
    study = stored[0].record.image.study_id
    assert reader.get(f"studies/{study}", headers={"Accept": "application/dicom"}).status_code == 406
    told = reader.get(f"studies/{study}/rendered", headers={"Accept": "image/jpeg"})
    assert told.status_code == 406
    assert "a single instance" in told.json()["detail"]


@pytest.mark.parametrize("swapped", ["study", "series", "instance"])
def test_an_instance_is_found_only_where_it_is(reader: TestClient, stored: Sequence[Stored], swapped: str) -> None:
    image, other = stored[0].record.image, stored[-1].record.image
    study = "2.25.1" if swapped == "study" else image.study_id
    series = other.series_id if swapped == "series" else image.series_id
    instance = other.image_id if swapped == "instance" else image.image_id
    answer = reader.get(f"studies/{study}/series/{series}/instances/{instance}/metadata")
    assert answer.status_code == 404


def test_only_the_pixels_are_bulk_data(reader: TestClient, stored: Sequence[Stored]) -> None:
    answer = reader.get(f"{stored[0].place[1:]}/bulkdata/00283010", headers={"Accept": "*/*"})
    assert answer.status_code == 404
