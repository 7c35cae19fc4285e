"""An exam with text on tissue waits; what a person decides is carried out by the next run, on just that exam."""

from __future__ import annotations

import stat
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mammoset.catalog.records import ReviewFact
from mammoset.pseudonymize import pseudonymize
from mammoset.terms.dicom import VIEW_CODES, Laterality, ViewPosition
from mammoset.terms.reasons import Outcome, ReviewKind, Stage
from tests.pseudonymize.hostile import Elements, breast_pixels, changed, code, item, mammogram
from tests.pseudonymize.test_stage import VIEWS, Ward, ward

ROWS, COLUMNS = 880, 700
LOOKING = '[dataset]\nname = "test"\n[pseudonymize]\ntext_check = "fast"\n'


def view(name: str, pixels: NDArray[np.uint16] | None = None, **values: str) -> Elements:
    side, position = name.split("-")
    codes = ("SQ", item(code(VIEW_CODES[ViewPosition(position)].value, "SCT", "x")))
    plain = breast_pixels(ROWS, COLUMNS, on_left=side == Laterality.L) if pixels is None else pixels
    return changed(mammogram(plain), ImageLaterality=side, ViewCodeSequence=codes, PatientAge="047Y", **values)


def written_on() -> NDArray[np.uint16]:
    pixels = breast_pixels(ROWS, COLUMNS)
    canvas = np.zeros(pixels.shape, np.uint8)
    cv2.putText(canvas, "LE THI BICH", (30, 450), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3)
    pixels[canvas > 0] = 4000
    return pixels


def exam(one: Ward, *, with_text: bool) -> str:
    spoiled = {place: view(name) for place, name in enumerate(VIEWS)}
    if with_text:
        spoiled[0] = view(VIEWS[0], written_on())
    return one.admit(spoiled=spoiled)


def say(one: Ward, verdict: str) -> None:
    one.project.catalog.review_book.append(
        ReviewFact(ReviewKind.REGION, verdict, "rita", region.study_id, region.image_id, value=box_of(region.box))
        for region in one.project.catalog.review_book.held_regions()
    )


def box_of(box: tuple[int, int, int, int]) -> str:
    return ",".join(map(str, box))


@pytest.fixture
def held(tmp_path: Path) -> tuple[Ward, str]:
    one = ward(tmp_path, settings=LOOKING)
    study_id = exam(one, with_text=True)
    exam(one, with_text=False)
    summary = pseudonymize(one.project, workers=1)
    assert (summary.kept, summary.held) == (1, 1)
    assert summary.regions >= 1
    return one, study_id


def test_nothing_of_a_held_exam_is_in_the_store_but_a_picture_of_the_region_waits(held: tuple[Ward, str]) -> None:
    one, study_id = held
    assert one.verdict(study_id) == (Outcome.HELD, "text_on_tissue")
    assert len(one.stored()) == 4
    assert study_id not in {study.study_id for study in one.project.catalog.studies()}
    regions = one.project.catalog.review_book.held_regions(study_id)
    pictures = sorted(path.relative_to(one.project.held) for path in one.project.held.rglob("*.png"))
    assert pictures == sorted(Path(one.image_id) / f"{'-'.join(map(str, one.box))}.png" for one in regions)
    assert stat.S_IMODE(one.project.held.stat().st_mode) == 0o700


def test_an_exam_waits_until_every_region_is_decided(held: tuple[Ward, str]) -> None:
    one, study_id = held
    again = pseudonymize(one.project, workers=1)
    assert (again.images, again.waiting, again.already_passed) == (0, 1, 1)
    assert one.verdict(study_id) == (Outcome.HELD, "text_on_tissue")


def test_a_region_that_a_person_masks_is_filled_and_the_exam_passes(held: tuple[Ward, str]) -> None:
    one, study_id = held
    say(one, "mask")
    summary = pseudonymize(one.project, workers=1)
    assert (summary.kept, summary.images, summary.already_passed) == (1, 4, 1)
    assert summary.breast_pixels_lost > 0
    assert one.verdict(study_id) == (Outcome.KEPT, "")
    assert one.project.catalog.review_book.held_regions() == []
    assert not list(one.project.held.rglob("*.png"))


def test_a_region_that_a_person_keeps_stays_as_it_is(held: tuple[Ward, str]) -> None:
    one, study_id = held
    say(one, "keep")
    assert pseudonymize(one.project, workers=1).breast_pixels_lost == 0
    assert one.verdict(study_id) == (Outcome.KEPT, "")
    records = one.project.catalog.image_records(study_id)
    assert sorted(len(record.cleaning["decided"]) > 0 for record in records) == [False, False, False, True]
    assert all(not record.masked for record in records)


def test_a_person_who_thinks_better_of_it_has_the_image_made_again(held: tuple[Ward, str]) -> None:
    one, study_id = held
    regions = one.project.catalog.review_book.held_regions()
    say(one, "keep")
    pseudonymize(one.project, workers=1)
    one.project.catalog.review_book.append(
        ReviewFact(ReviewKind.REGION, "mask", "rita", study_id, region.image_id, value=box_of(region.box))
        for region in regions
    )
    summary = pseudonymize(one.project, workers=1)
    assert (summary.images, summary.kept) == (1, 1)
    assert summary.breast_pixels_lost > 0


def test_a_rejected_value_is_taken_out_of_just_the_images_that_hold_it(tmp_path: Path) -> None:
    one = ward(tmp_path)
    marked = {place: view(name, KVP="33" if place == 1 else "28") for place, name in enumerate(VIEWS)}
    study_id = one.admit(spoiled=marked)
    pseudonymize(one.project, workers=1)
    one.project.catalog.review_book.append([ReviewFact(ReviewKind.VALUE, "reject", "rita", element="KVP", value="33")])
    summary = pseudonymize(one.project, workers=1)
    assert (summary.images, summary.kept, summary.already_passed) == (1, 1, 0)
    voltages = [record.attributes.get("kvp") for record in one.project.catalog.image_records(study_id)]
    assert sorted(voltages, key=str) == [28.0, 28.0, 28.0, None]
    assert pseudonymize(one.project, workers=1).images == 0


def test_a_rejected_value_is_taken_out_also_when_the_originals_are_purged(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit(spoiled={place: view(name, KVP="33") for place, name in enumerate(VIEWS)})
    pseudonymize(one.project, workers=1)
    before = {record.image.image_id: record.pixel_sha256 for record in one.project.catalog.image_records(study_id)}
    one.vault.purge([study_id])
    one.project.catalog.review_book.append([ReviewFact(ReviewKind.VALUE, "reject", "rita", element="KVP", value="33")])
    assert pseudonymize(one.project, workers=1).images == 4
    records = one.project.catalog.image_records(study_id)
    assert {record.image.image_id: record.pixel_sha256 for record in records} == before
    assert not any("kvp" in record.attributes for record in records)


def test_other_settings_have_every_image_made_again(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = exam(one, with_text=False)
    pseudonymize(one.project, workers=1)
    assert {record.attributes["patient_age"] for record in one.project.catalog.image_records(study_id)} == {"047Y"}
    path = one.project.root / "mammoset.toml"
    path.write_text(path.read_text() + "age_band = 10\n")
    with one.project.open(one.project.root) as project:
        summary = pseudonymize(project, workers=1)
        assert (summary.images, summary.kept) == (4, 1)
        assert {record.attributes["patient_age"] for record in project.catalog.image_records(study_id)} == {"040Y"}
        assert project.catalog.study_decisions(Stage.PSEUDONYMIZE)[study_id].outcome == Outcome.KEPT
