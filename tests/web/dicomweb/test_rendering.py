from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import cv2
import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from starlette.testclient import TestClient

from mammoset.pixels.window import Presentation, display_values
from mammoset.web.dicomweb.matching import BadQuestion
from mammoset.web.dicomweb.rendering import region_of, rendering_of, thumbnail_of, viewport_of
from tests.web.dicomweb.asking import of, parts_of
from tests.web.dicomweb.building import LAYOUTS, Stored


def shown(browser: TestClient, path: str, media_type: str = "image/png", **asked: str) -> NDArray[np.uint8]:
    answer = browser.get(path, params=asked, headers={"Accept": media_type})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == media_type
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    if media_type == "image/gif":
        found = imagecodecs.gif_decode(answer.content)
        return np.asarray(found[..., 0])
    return np.asarray(cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED))


@pytest.mark.parametrize("media_type", ["image/png", "image/gif"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_picture_shows_the_first_window_in_full_size(
    reader: TestClient, stored: Sequence[Stored], layout: str, media_type: str
) -> None:
    one = of(stored, layout)
    presentation = Presentation.of(dcmread(BytesIO(one.data)))
    expected = display_values(one.pixels, presentation)
    assert len(np.unique(expected)) > 2
    for end in ("rendered", "frames/1/rendered"):
        assert np.array_equal(shown(reader, f"{one.place[1:]}/{end}", media_type), expected)


def test_a_picture_is_jpeg_when_nothing_else_is_wanted(reader: TestClient, stored: Sequence[Stored]) -> None:
    answer = reader.get(f"{stored[0].place[1:]}/rendered")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"\xff\xc0" in answer.content[:1000], "baseline, PS3.18 8.7.4"


def test_the_quality_decides_about_the_size_of_a_jpeg(reader: TestClient, stored: Sequence[Stored]) -> None:
    sizes = [
        len(reader.get(f"{stored[0].place[1:]}/rendered", params={"quality": str(quality)}).content)
        for quality in (5, 50, 100)
    ]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize(
    ("window", "expected"),
    [("100,2,linear", (0, 255)), ("4000,8000,linear-exact", None), ("2000,500,sigmoid", None)],
)
def test_a_window_of_the_client_replaces_that_of_the_image(
    reader: TestClient, stored: Sequence[Stored], window: str, expected: tuple[int, int] | None
) -> None:
    one = of(stored, "12 bits")
    usual = shown(reader, f"{one.place[1:]}/rendered")
    asked = shown(reader, f"{one.place[1:]}/rendered", window=window)
    assert not np.array_equal(usual, asked)
    if expected is not None:
        assert set(np.unique(asked)) == set(expected)
        assert np.array_equal(asked == 255, one.pixels > 99)


def test_a_viewport_is_filled_without_distortion(reader: TestClient, stored: Sequence[Stored]) -> None:
    one = of(stored, "12 bits")  # 64 rows, 48 columns
    for viewport, shape in (("24,64", (32, 24)), ("48,16", (16, 12)), ("96,200", (128, 96)), ("48,64", (64, 48))):
        assert shown(reader, f"{one.place[1:]}/rendered", viewport=viewport).shape == shape


def test_a_region_is_cut_out_before_it_is_scaled(reader: TestClient, stored: Sequence[Stored]) -> None:
    one = of(stored, "12 bits")
    whole = shown(reader, f"{one.place[1:]}/rendered")
    place = f"{one.place[1:]}/rendered"
    cut = shown(reader, place, viewport="20,30,10,5,20,30")
    assert np.array_equal(cut, whole[5:35, 10:30])
    assert np.array_equal(shown(reader, place, viewport="20,30,10,5,-20,30"), cut[:, ::-1])
    assert np.array_equal(shown(reader, place, viewport="20,30,10,5,20,-30"), cut[::-1])
    assert np.array_equal(shown(reader, place, viewport="48,64,,,48,64"), whole)
    assert np.array_equal(shown(reader, place, viewport="38,64,10"), whole[:, 10:])


def test_a_small_picture_resembles_the_large_one(reader: TestClient, stored: Sequence[Stored]) -> None:
    one = of(stored, "12 bits")
    whole = shown(reader, f"{one.place[1:]}/rendered", window="2048,4096,linear")
    small = shown(reader, f"{one.place[1:]}/rendered", window="2048,4096,linear", viewport="12,16")
    assert small.shape == (16, 12)
    # of the resolution level of that size, whose first pixel lies on the first of the image
    assert np.abs(whole[::4, ::4].astype(int) - small).max() < 16


@pytest.mark.parametrize(
    "asked",
    ["quality=0", "quality=101", "quality=best", "window=1,2", "window=1,0,linear", "window=1,2,cubic",
     "window=nan,2,linear", "viewport=10", "viewport=0,10", "viewport=10,10,a", "viewport=10,10,0,0,0,5",
     "viewport=99999,10", "viewport=10,10,500,500", "viewport=1e2,10", "viewport=10,10,1,1,1,1,1"],
)  # fmt: skip
def test_a_picture_that_cannot_be_is_refused(reader: TestClient, stored: Sequence[Stored], asked: str) -> None:
    answer = reader.get(f"{stored[0].place[1:]}/rendered?{asked}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_nothing_is_written_into_a_picture_and_that_is_said(reader: TestClient, stored: Sequence[Stored]) -> None:
    place = f"{stored[0].place[1:]}/rendered"
    answer = reader.get(place, params={"annotation": "patient,technique"})
    assert answer.headers["Warning"].endswith("The following annotation values are not supported: patient,technique")
    assert answer.content == reader.get(place).content
    assert reader.get(place, params={"annotation": "birthday"}).status_code == 400


def test_what_is_not_known_of_pictures_is_ignored(reader: TestClient, stored: Sequence[Stored]) -> None:
    assert reader.get(f"{stored[0].place[1:]}/rendered?iccprofile=no&shape=round").status_code == 200


def test_pictures_of_a_study_are_one_of_each_image(reader: TestClient, stored: Sequence[Stored]) -> None:
    study = stored[0].record.image.study_id
    answer = reader.get(f"studies/{study}/rendered", headers={"Accept": 'multipart/related; type="image/png"'})
    found = [np.asarray(imagecodecs.png_decode(one)) for _, one in parts_of(answer)]
    assert [one.shape for one in found] == [one.pixels.shape for one in stored]


def test_a_thumbnail_is_one_small_picture(reader: TestClient, stored: Sequence[Stored]) -> None:
    image = stored[0].record.image
    study, series = f"studies/{image.study_id}", f"studies/{image.study_id}/series/{image.series_id}"
    first = shown(reader, f"{stored[0].place[1:]}/thumbnail")
    assert max(first.shape) == 256
    for place in (study, series, f"{stored[0].place[1:]}/frames/1"):
        assert np.array_equal(shown(reader, f"{place}/thumbnail"), first)
    assert max(shown(reader, f"{study}/thumbnail", viewport="64,64").shape) == 64
    assert reader.get(f"{study}/thumbnail", params={"viewport": "64,64,0,0,1,1"}).status_code == 400


def test_a_link_may_say_what_it_accepts(reader: TestClient, stored: Sequence[Stored]) -> None:
    place = f"{stored[0].place[1:]}/thumbnail?accept=image/png"
    assert reader.get(place, headers={"Accept": "image/*"}).headers["Content-Type"] == "image/png"
    metadata = f"{stored[0].place[1:]}/metadata?accept=application/dicom+json"
    assert reader.get(metadata, headers={"Accept": "text/html,*/*"}).headers["Content-Type"] == "application/dicom+json"


def test_forms_are_read_as_the_standard_has_them() -> None:
    assert viewport_of("512,256,,,512,512") == (512, 256, 0.0, 0.0, 512.0, 512.0)
    assert rendering_of({"window": "40.5,1e3,sigmoid"}).window == (40.5, 1000.0, "SIGMOID")
    assert thumbnail_of({"viewport": "10,20"}).viewport == (10, 20, 0.0, 0.0, None, None)
    with pytest.raises(BadQuestion, match="outside the image"):
        region_of(viewport_of("10,10,48,0"), rows=64, columns=48)
