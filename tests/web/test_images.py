from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from starlette.testclient import TestClient

from mammoset.model import Image
from mammoset.pixels.breast import find_chest_wall
from mammoset.pixels.codec import decode
from mammoset.pixels.window import Presentation, display_values
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.web.pictures.previews import Bounded, Look, Previews
from tests.web.building import Made, add_image
from tests.web.opening import opened


def decoded(content: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def address(made: Made, index: int, **query: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/images/{made.records[index].image.image_id}/preview.webp?{asked}"


@pytest.mark.parametrize(("height", "rows"), [("96", 96), ("216", 216), ("432", 432), ("864", 440), ("full", 440)])
def test_a_picture_has_the_rows_asked_for_and_no_more_than_the_image(
    client: TestClient, made: list[Made], height: str, rows: int
) -> None:
    answer = client.get(address(made[0], 0, height=height))
    assert answer.headers["content-type"] == "image/webp"
    assert decoded(answer.content).shape == (rows, round(350 * rows / 440))


@pytest.mark.parametrize("index", range(4))
def test_a_picture_is_in_stored_orientation(client: TestClient, made: list[Made], index: int) -> None:
    laterality, _ = STANDARD_VIEWS[index]
    picture = decoded(client.get(address(made[0], index, height=216)).content)
    assert find_chest_wall(picture).side == ("left" if laterality == "L" else "right")


@pytest.mark.parametrize("window", [1, 2, 3])
def test_a_picture_has_the_grey_values_of_its_window(
    client: TestClient, made: list[Made], project: Project, window: int
) -> None:
    record = made[1].records[2]
    dataset = dcmread(project.content.path(record.image))
    expected = display_values(decode(dataset), Presentation.of(dataset), window - 1)
    shown = decoded(client.get(address(made[1], 2, height="full", window=window)).content)
    assert np.abs(shown.astype(int) - expected).mean() < 3


def test_an_inverted_picture_has_a_bright_breast_edge_and_black_air(client: TestClient, made: list[Made]) -> None:
    plain, inverted = (
        decoded(client.get(address(made[0], 0, height="full", inverted=flag)).content).astype(int)
        for flag in (False, True)
    )
    breast, air = plain[200:240, 20:60], (slice(0, 20), slice(300, 350))
    assert np.abs(255 - breast - inverted[200:240, 20:60]).mean() < 6
    assert inverted[air].max() < 20


def test_a_picture_that_the_browser_has_is_not_sent_again(client: TestClient, made: list[Made]) -> None:
    first = client.get(address(made[0], 0, height=96))
    again = client.get(address(made[0], 0, height=96), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"].startswith("private")


def test_each_look_of_each_image_has_its_own_tag(client: TestClient, made: list[Made]) -> None:
    asked = [
        address(made[number], index, height=96, window=window, inverted=flag)
        for number in (0, 1) for index in (0, 1) for window in (1, 2) for flag in (False, True)
    ]  # fmt: skip
    assert len({client.get(one).headers["etag"] for one in asked}) == len(asked)


@pytest.mark.parametrize("query", ["height=100", "height=99999", "window=0", "window=x", "height=-1"])
def test_other_sizes_and_windows_are_refused(client: TestClient, made: list[Made], query: str) -> None:
    image = made[0].records[0].image.image_id
    assert client.get(f"/images/{image}/preview.webp?{query}").status_code == 422


def test_a_window_that_the_image_does_not_have_is_not_found(client: TestClient, made: list[Made]) -> None:
    answer = client.get(address(made[0], 0, window=4))
    assert answer.status_code == 404
    assert "3 windows" in answer.text


def test_an_image_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/images/1.2.3/preview.webp").status_code == 404


def test_an_object_missing_from_the_store_is_named_without_a_path(
    small: tuple[Project, list[Made]], tmp_path: Path
) -> None:
    project, exams = small
    project.content.path(exams[0].records[0].image).unlink()
    with opened(project) as browser:
        answer = browser.get(address(exams[0], 0))
    assert answer.status_code == 404
    assert "is missing" in answer.text
    assert str(tmp_path) not in answer.text


def test_the_chest_wall_is_found_in_the_pixels_where_the_header_is_silent(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    previews = Previews(project.content)
    stored = exams[0].records[0]
    assert not previews.turn(stored).is_flipped
    pixels = np.ascontiguousarray(decode(dcmread(project.content.path(stored.image)))[:, ::-1])
    image = Image("2.25.77", "2.25.7", stored.image.study_id, "P", *stored.image.view, *pixels.shape)
    assert previews.turn(add_image(project, image, pixels)).is_flipped
    assert not previews.turn(add_image(project, image, pixels, chest_wall="left")).is_flipped


def test_what_is_remembered_stays_within_its_bound(made: list[Made], project: Project) -> None:
    bound = 20_000
    previews = Previews(project.content, bound)
    records = [record for exam in made[:4] for record in exam.records]
    pictures = [previews.picture(record, Look("216")) for record in records]
    assert sum(map(len, pictures)) > bound, "more was made than may be kept"
    assert previews._pictures.total <= bound
    assert [previews.picture(record, Look("216")) for record in records] == pictures


def test_the_least_recently_used_value_goes_first() -> None:
    made: list[str] = []
    kept: Bounded[str] = Bounded(2, lambda _: 1)

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in "abacab":
        assert kept.get(key, partial(make, key)) == key
    assert made == ["a", "b", "c", "b"]


def test_who_asks_while_a_picture_is_made_waits_for_it() -> None:
    kept: Bounded[int] = Bounded(9, lambda _: 1)
    numbers, is_begun, may_end = count(1), Event(), Event()

    def make() -> int:
        is_begun.set()
        assert may_end.wait(60)
        return next(numbers)

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(kept.get, "key", make)
        assert is_begun.wait(60)
        others = [pool.submit(kept.get, "key", make) for _ in range(7)]
        may_end.set()
        assert {one.result(60) for one in (first, *others)} == {1}


def test_a_picture_that_could_not_be_made_is_tried_again() -> None:
    kept: Bounded[int] = Bounded(9, lambda _: 1)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 // 0)
    assert kept.get("key", lambda: 2) == 2
