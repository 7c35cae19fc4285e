"""Sheets: what a reviewer looks at and fills in, and what is read back from it."""

from __future__ import annotations

import csv
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import update

from mammoset import review
from mammoset.catalog.tables import ImageRow
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.review.contact import CAPTION, COLUMNS, ROWS, Cell, contact_sheets, pictures_of
from mammoset.review.filled import sayings_of
from mammoset.review.images import images_to_review, second_look_of
from mammoset.review.sheets import image_sheets
from mammoset.review.suspicion import SUSPICIONS
from tests.review.making import SEARCHED, add_exam, image_id, images_of, make_project, study_id
from tests.running import Run
from tests.web.building import add_image

DOCS = Path(__file__).parents[2] / "docs" / "review.md"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two exams with files."""
    with make_project(tmp_path / "p", exams=0) as opened:
        for number in range(2):
            add_exam(opened, number, has_files=True)
        yield opened


def fill(table: Path, verdicts: dict[str, tuple[str, str]], delimiter: str = ",") -> None:
    """Write verdict and reason into the lines whose first cells are named."""
    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines()))
    for row in rows[1:]:
        row[-2:] = verdicts.get(row[1], ("", ""))
    table.write_text("\n".join(delimiter.join(row) for row in rows))


def sheet(project: Project, folder: Path) -> Path:
    return image_sheets(project, images_to_review(project), folder, workers=1).table


def test_a_contact_sheet_shows_each_image_twice_with_its_number(project: Project, tmp_path: Path) -> None:
    sheet(project, tmp_path / "s")
    picture = cv2.imread(str(tmp_path / "s" / "sheet-0001.png"), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    first = picture[16 : 16 + CAPTION + ROWS, 16 : 16 + 2 * COLUMNS + 4]
    assert (first[:CAPTION] > 200).sum() > 50, "its number"
    assert (first[CAPTION:, :COLUMNS] > 60).any()
    assert (first[CAPTION:, COLUMNS + 4 :] > 60).any()


def test_a_sheet_holds_twenty_images_and_the_rest_goes_on_the_next(project: Project) -> None:
    path = project.content.path(project.catalog.studies()[0].images[0])
    found = list(contact_sheets([Cell(path, str(n)) for n in range(23)], workers=1, progress=lambda *_: None))
    assert [len(unread) for _, unread in found] == [0, 0]
    assert found[0][0].shape[0] > found[1][0].shape[0]


def test_a_small_image_is_shown_whole_and_a_missing_one_is_named(project: Project, tmp_path: Path) -> None:
    one = project.catalog.image_record(image_id(0, 0))
    assert one is not None
    shown = pictures_of(Cell(project.content.path(one.image), "1"))
    assert shown.windowed.shape == shown.stretched.shape == (110, 88)
    project.content.path(one.image).unlink()
    made = image_sheets(project, images_to_review(project), tmp_path / "s", workers=1)
    assert made.unread == (image_id(0, 0),)


def test_sheets_are_for_their_owner_alone(project: Project, tmp_path: Path) -> None:
    sheet(project, tmp_path / "s")
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_filled_in_sheet_is_recorded_and_empty_lines_say_nothing(
    project: Project, tmp_path: Path, run: Run, delimiter: str
) -> None:
    table = sheet(project, tmp_path / "s")
    fill(table, {image_id(0, 0): ("Approve", ""), image_id(1, 2): ("reject ", "other")}, delimiter)
    done = run("-C", project.root, "--json", "review", "decide", "--file", table, "--by", "lan")
    assert json.loads(done.out)["recorded"]["images"] == 2
    assert review.standings(project)[study_id(1)].reason == "other"


def test_every_wrong_line_is_named_and_nothing_recorded(project: Project, tmp_path: Path, run: Run) -> None:
    table = sheet(project, tmp_path / "s")
    wrong = {image_id(0, 0): ("approve", ""), image_id(0, 1): ("reject", "ugly"), image_id(1, 0): ("reject", "")}
    fill(table, wrong)
    table.write_text(table.read_text() + "\n99,2.25.404,,,,,,approve,")
    done = run("-C", project.root, "review", "decide", "--file", table, "--by", "lan")
    assert done.code == 1
    assert [line.split(":")[0] for line in done.err.splitlines()[1:]] == [f"images.csv, line {n}" for n in (3, 6, 10)]
    assert review.summary(project).pending == 2
    fill(table, {image_id(0, 0): ("fine", "")})
    assert "line 2: 'fine' is no verdict; say approve or reject" in run(
        "-C", project.root, "review", "decide", "--file", table, "--by", "lan"
    ).err  # fmt: skip


def test_a_sheet_of_images_made_again_since_is_refused(project: Project, tmp_path: Path, run: Run) -> None:
    table = sheet(project, tmp_path / "s")
    fill(table, {image_id(0, 0): ("approve", "")})
    add_exam(project, 0, pixels="e" * 64)
    assert "was made again" in run("-C", project.root, "review", "decide", "--file", table, "--by", "lan").err


def test_a_sheet_with_verdicts_is_not_overwritten(project: Project, tmp_path: Path) -> None:
    table = sheet(project, tmp_path / "s")
    sheet(project, tmp_path / "s")
    fill(table, {image_id(0, 0): ("approve", "")})
    with pytest.raises(ConfigError, match="holds verdicts"):
        sheet(project, tmp_path / "s")


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "image_id,reason\n1,2\n"])
def test_what_is_no_sheet_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ConfigError, match="no sheet of the review"):
        sayings_of(tmp_path / "x.csv")


def test_a_second_look_tells_nothing_of_the_first(project: Project, tmp_path: Path) -> None:
    settings = project.root / "mammoset.toml"
    settings.write_text(settings.read_text().replace("second_look = 0.0", "second_look = 1.0"))
    review.decide(project, {images_of(project, 0)[0]: "visible_identifier"}, by="lan")
    with Project.open(project.root) as again:
        images = images_to_review(again, second_look_of("minh"))
        image_sheets(again, images, tmp_path / "s", is_second=True, workers=1)
    assert [one.image_id for one in images] == [image_id(0, 0)]
    written = (tmp_path / "s" / "index.html").read_text() + (tmp_path / "s" / "images.csv").read_text("utf-8-sig")
    assert not re.search(r"\blan\b", written)
    assert "visible_identifier (" not in (tmp_path / "s" / "images.csv").read_text("utf-8-sig")
    assert "score" not in (tmp_path / "s" / "index.html").read_text()


def test_suspicious_images_come_first_and_say_why(project: Project) -> None:
    add_exam(project, 2, cleaning=SEARCHED | {"decided": [[1, 2, 3, 4, "keep"]]})
    add_exam(project, 3, cleaning={})
    add_exam(project, 4, cleaning=SEARCHED | {"found": [[1, 2, 3, 4]], "breast_pixels_lost": 7})
    found = images_to_review(project)
    scores = {one.record.image.study_id: (one.score, [why.code for why in one.suspicions]) for one in found}
    assert scores == {
        study_id(4): (9, ["text_found", "breast_lost"]), study_id(2): (8, ["kept_region"]),
        study_id(3): (6, ["not_checked"]), study_id(0): (0, []), study_id(1): (0, []),
    }  # fmt: skip
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert [one.number for one in found] == list(range(1, 21))


def test_what_few_images_hold_makes_them_suspicious_in_a_dataset_of_some_size(tmp_path: Path) -> None:
    with make_project(tmp_path / "many", exams=12) as project:
        add_exam(project, 5, values={"ViewPosition": "MLO"})
        records = add_exam(project, 20)[:1]
        found = images_to_review(project)
        assert not any(one.suspicions for one in found)
        pair = next(iter(project.catalog.review_book.number_values([("Manufacturer", "ACME")]).values()))
        with project.catalog.writing() as session:
            session.execute(
                update(ImageRow).where(ImageRow.image_id == records[0].image.image_id).values(elements=[pair])
            )
        first = images_to_review(project)[0]
        assert (first.image_id, [one.code for one in first.suspicions]) == (image_id(20, 0), ["rare_value"])


def test_the_docs_name_every_suspicion_with_its_points() -> None:
    text = DOCS.read_text()
    for one in SUSPICIONS:
        assert f"| {one.points} | {one.words} |" in text


def test_a_sheet_shows_faint_writing_of_ten_grey_steps_on_black(project: Project, tmp_path: Path) -> None:
    """What a person must see: the picture itself was looked at, this keeps it so."""
    image = replace(project.catalog.studies()[0].images[0], height=1760, width=1400)
    pixels = np.zeros((1760, 1400), np.uint16)
    pixels[300:1400, :500] = 1500
    ink = np.zeros(pixels.shape, np.uint8)
    cv2.putText(ink, "NGUYEN THI LAN", (700, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.05, 10, 3)
    pixels += ink
    add_image(project, image, pixels)
    shown = pictures_of(Cell(project.content.path(image), "1"))
    place = np.s_[50:80, 250:430]
    assert shown.windowed[place].max() < 10
    assert (shown.stretched[place] > 120).sum() > 300
