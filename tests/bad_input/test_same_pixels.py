"""The same picture under two ids: told by `status`, and no release holds it under two patients or in two folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mammoset.catalog import StudyRecord
from mammoset.project import Project
from tests.bad_input.conftest import Desk
from tests.bad_input.made import encoded, image, pixels_of, put, put_exam
from tests.publish import small_project
from tests.running import Run


def copy_of(study: int, view: str, **attributes: object) -> bytes:
    """Return an object of this study with the picture of study 1."""
    return encoded(image(study, view, PixelData=pixels_of(1, view).tobytes(), **attributes))


CORNERS_ONLY = '[pseudonymize]\ntext_check = "off"\ncorners = true'


def test_a_picture_under_two_patients_is_told_with_both_exams(desk: Desk) -> None:
    for study in (1, 2):
        put_exam(desk.originals, study)
    put(desk.originals, 2, "L-CC", copy_of(2, "L-CC"))
    desk.take()
    assert desk.passed() == 2
    out = desk.type("status").out
    assert "same pixels under two ids: 1 picture" in out
    assert "under two patients" in out
    (group,) = desk.status()["same_pixels"]
    assert group["span"] == "patients"
    studies = sorted(one["study_id"] for one in group["images"])
    assert f"  {' = '.join(studies)}\n" in out
    assert "sha256" not in str(group)
    desk.type("review", "decide", "reject", studies[0], "--by", "lan", "--reason", "other")
    assert desk.status()["same_pixels"] == []


def test_another_name_burned_into_the_corner_does_not_hide_it(desk: Desk) -> None:
    for study in (1, 2):
        put_exam(desk.originals, study)
    pixels = pixels_of(1, "L-CC").copy()
    pixels[:3, -6:] = 4000
    put(desk.originals, 2, "L-CC", encoded(image(2, "L-CC", PixelData=pixels.tobytes())))
    settings = desk.project / "mammoset.toml"
    settings.write_text(settings.read_text().replace("[pseudonymize]", CORNERS_ONLY))
    desk.take()
    assert [one["span"] for one in desk.status()["same_pixels"]] == ["patients"]


def test_two_exams_of_one_patient_and_two_views_of_one_exam_are_told_apart(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put_exam(desk.originals, 2)
    for view in ("L-CC", "L-MLO", "R-CC", "R-MLO"):
        put(desk.originals, 2, view, encoded(image(2, view, PatientID="PAT0001")))
    put(desk.originals, 2, "R-CC", copy_of(2, "R-CC", PatientID="PAT0001"))
    put(desk.originals, 3, "L-CC", encoded(image(3, "L-CC")))
    for view in ("L-MLO", "R-CC", "R-MLO"):
        put(desk.originals, 3, view, encoded(image(3, view)))
    put(desk.originals, 3, "L-MLO", encoded(image(3, "L-MLO", PixelData=pixels_of(3, "L-CC").tobytes())))
    desk.take()
    assert [one["span"] for one in desk.status()["same_pixels"]] == ["exams", "views"]


@pytest.fixture
def doubled(tmp_path: Path) -> Iterator[Project]:
    """Give a read and split project in which an exam of the test fold has a picture of one for training."""
    with small_project.make_project(tmp_path / "p") as project:
        first, last = small_project.uid("study", 2), small_project.uid("study", 4)
        picture = project.catalog.image_records(first)[0]
        images = project.catalog.image_records(last)
        images[0] = replace(images[0], pixel_sha256=picture.pixel_sha256)
        project.catalog.admit(StudyRecord(last, images[0].image.patient_id, 50, "F"), images, [])
        yield project


def test_publish_refuses_the_same_picture_in_two_folds_until_one_is_rejected(run: Run, doubled: Project) -> None:
    first, last = small_project.uid("study", 2), small_project.uid("study", 4)
    here = ("-C", doubled.root)
    done = run(*here, "publish", "1.0.0")
    assert done.code == 1
    assert "the same picture stands under two patients or in two folds (1 found)" in done.err
    assert f"of exam {first}" in done.err
    assert f"of exam {last}" in done.err
    assert "mammoset review decide reject EXAM" in done.err
    assert not list(doubled.releases.glob("*"))
    assert run(*here, "publish", "1.0.0", "--dry-run").code == 1
    assert run(*here, "review", "decide", "reject", last, "--by", "lan", "--reason", "other").code == 0
    done = run(*here, "publish", "1.0.0", "--dry-run")
    assert (done.code, done.err) == (0, "")
