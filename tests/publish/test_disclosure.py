"""A release that tells its patients apart is not made, unless less is told or a person waives it in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mammoset.catalog import ImageRecord, ReviewFact, StudyRecord
from mammoset.domain.k_anonymity import k_anonymity
from mammoset.errors import CatalogError, ConfigError
from mammoset.model import Image
from mammoset.project import Project
from mammoset.publish import Waiver, publish, verify
from mammoset.publish.disclosure import told_of, waived
from mammoset.publish.disclosure_words import disclosure_words, rebuilding_words
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import ReviewKind
from tests.publish.small_project import make_project
from tests.running import Run

PLAIN = {"patient_age": "047Y", "patient_sex": "F", "manufacturer": "SIEMENS", "manufacturer_model_name": "Fusion"}


def record(patient: str, study: str = "", **attributes: Any) -> ImageRecord:
    image = Image(f"2.25.{patient}{study}", "2.25.2", f"2.25.3{study}", patient, *STANDARD_VIEWS[0], 96, 64)
    return ImageRecord(image, 0, (), "", "", 1, attributes={**PLAIN, **attributes})


def k_of(*records: ImageRecord) -> int:
    return k_anonymity(told_of(records)).k


def set_attributes(project: Project, by_patient: Mapping[str, Mapping[str, Any]]) -> None:
    """Give the images of a project what the gate would have kept of their headers."""
    for study in project.catalog.studies():
        records = [one for one in project.catalog.image_records() if one.image.study_id == study.study_id]
        told = {**PLAIN, **by_patient.get(study.patient_id, {})}
        project.catalog.admit(
            StudyRecord(study.study_id, study.patient_id, 47, "F"),
            [replace(one, attributes=told) for one in records],
            [],
        )


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Project]:
    """Give a project of five patients, all alike, that asks for k = 3."""
    make_project(tmp_path / "own").close()
    settings = tmp_path / "own" / "mammoset.toml"
    settings.write_text(settings.read_text().replace("k_anonymity = 1", "k_anonymity = 3"))
    with Project.open(tmp_path / "own") as project:
        set_attributes(project, {})
        yield project


def test_patients_of_whom_the_same_is_told_form_one_class() -> None:
    assert k_of(record("P1"), record("P2"), record("P3")) == 3
    assert k_of(record("P1"), record("P1"), record("P1")) == 1


@pytest.mark.parametrize(
    "differing",
    [
        {"patient_age": "090Y"},
        {"patient_age": None},
        {"patient_sex": "M"},
        {"patient_size": 1.65},
        {"patient_weight": 55.0},
        {"manufacturer": "IMS"},
        {"manufacturer_model_name": "Inspiration"},
        {"study_date": "20150304"},
    ],
)
def test_each_attribute_that_is_told_can_single_a_patient_out(differing: dict[str, Any]) -> None:
    assert k_of(record("P1"), record("P2"), record("P3", **differing)) == 1


def test_what_says_nothing_of_a_patient_does_not_count() -> None:
    assert k_of(record("P1", kvp=28.0, image_laterality="L"), record("P2", kvp=31.0)) == 2


def test_a_moved_date_counts_by_its_year_and_by_the_days_between_exams() -> None:
    once = [record("P1", study_date="20150304"), record("P2", study_date="20151224")]
    assert k_of(*once) == 2
    assert told_of(once)["P1"]["years of study dates"] == "2015"
    twice = [
        record("P1", "1", study_date="20150304"), record("P1", "2", study_date="20160305"),
        record("P2", "1", study_date="20150601"), record("P2", "2", study_date="20160602"),
    ]  # fmt: skip
    assert told_of(twice)["P1"]["days between exams"] == "367"
    assert k_of(*twice) == 2
    assert k_of(*twice, record("P2", "3", study_date="20160603")) == 1


def test_a_patient_of_several_exams_is_told_of_in_all_of_them() -> None:
    told = told_of([record("P1", "1"), record("P1", "2", patient_age="049Y", manufacturer="IMS")])
    assert told["P1"]["age"] == "047Y, 049Y"
    assert told["P1"]["equipment"] == "IMS Fusion, SIEMENS Fusion"


def test_a_release_that_reaches_the_threshold_says_so(own: Project) -> None:
    done = publish(own, "1.0.0", workers=1)
    assert done.k_anonymity == 5
    disclosure = json.loads((done.folder / "release.json").read_text())["disclosure"]
    assert disclosure == {
        "k_anonymity": 5, "threshold": 3, "attributes": ["age", "equipment", "sex"], "patients": 5, "classes": 1,
        "waiver": "",
    }  # fmt: skip
    assert "k-anonymity 5; the threshold was 3" in (done.folder / "README.md").read_text()
    verify(done.folder)
    assert own.catalog.review_book.facts(ReviewKind.WAIVER) == []


def test_below_the_threshold_nothing_is_made_and_the_message_says_what_to_do(own: Project) -> None:
    set_attributes(own, {"P0003": {"patient_age": "090Y"}})
    for dry_run in (True, False):
        with pytest.raises(CatalogError) as error:
            publish(own, "1.0.0", workers=1, dry_run=dry_run)
        said = str(error.value)
        assert "P0003: age 090Y; equipment SIEMENS Fusion; sex F" in said
        assert "publish.k_anonymity = 3" in said
        assert "pseudonymize.age_band = 5" in said
        assert "--waive-k" in said
        assert "retain_size_and_weight" not in said
    assert not list(own.releases.glob("*"))


def test_a_waiver_lets_it_through_is_recorded_once_and_told_without_its_author(own: Project) -> None:
    set_attributes(own, {"P0003": {"patient_age": "090Y"}})
    waiver = Waiver("synthetic patients", "secretreviewer")
    assert publish(own, "1.0.0", waiver=waiver, dry_run=True).k_anonymity == 1
    assert own.catalog.review_book.facts(ReviewKind.WAIVER) == []
    done = publish(own, "1.0.0", waiver=waiver, workers=1)
    (fact,) = own.catalog.review_book.facts(ReviewKind.WAIVER)
    assert (fact.element, fact.value, fact.verdict, fact.by) == ("k_anonymity", "1", "waive", "secretreviewer")
    texts = [(done.folder / name).read_text() for name in ("release.json", "README.md")]
    assert all("synthetic patients" in text and "secretreviewer" not in text for text in texts)
    verify(done.folder)
    again = publish(own, "1.0.1", workers=1)
    assert json.loads((again.folder / "release.json").read_text())["disclosure"]["waiver"] == "synthetic patients"


def test_a_waiver_that_is_not_needed_is_not_recorded(own: Project) -> None:
    publish(own, "1.0.0", waiver=Waiver("why not", "somebody"), dry_run=False, workers=1)
    assert own.catalog.review_book.facts(ReviewKind.WAIVER) == []


@pytest.mark.parametrize(("reason", "by"), [("", "somebody"), ("because", " ")])
def test_a_waiver_needs_words_and_a_name(own: Project, reason: str, by: str) -> None:
    set_attributes(own, {"P0003": {"patient_age": "090Y"}})
    with pytest.raises(ConfigError):
        publish(own, "1.0.0", waiver=Waiver(reason, by), workers=1)


def fact(value: str, verdict: str = "waive", element: str = "k_anonymity") -> ReviewFact:
    return ReviewFact(ReviewKind.WAIVER, verdict, "somebody", element=element, value=value, reason=f"for {value}")


@pytest.mark.parametrize(
    ("facts", "k", "expected"),
    [
        ([], 2, None),
        ([fact("2")], 2, "for 2"),
        ([fact("2")], 3, "for 2"),
        ([fact("3")], 2, None),
        ([fact("1"), fact("3")], 2, None),
        ([fact("2"), fact("2", "withdraw")], 2, None),
        ([fact("2", element="another")], 2, None),
        ([fact("all")], 2, None),
    ],
)
def test_a_waiver_covers_the_k_it_was_given_for_and_better(
    facts: list[ReviewFact], k: int, expected: str | None
) -> None:
    assert waived(facts, k) == expected


def test_the_waiver_is_given_on_the_command_line(own: Project, run: Run) -> None:
    set_attributes(own, {"P0003": {"patient_age": "090Y"}})
    root = own.root
    own.close()
    refused = run("-C", root, "publish", "1.0.0", "--dry-run")
    assert refused.code == 1
    assert "P0003" in refused.err
    assert run("-C", root, "publish", "1.0.0", "--waive-k", "a trial").code == 2
    done = run("-C", root, "publish", "1.0.0", "--waive-k", "a trial", "--by", "somebody", "--dry-run")
    assert (done.code, "k-anonymity 1" in done.out) == (0, True)


def test_the_words_of_a_release_follow_its_switches() -> None:
    switches = {
        "text_check": "fast", "corners": False, "retain_patient_characteristics": True, "age_band": 10,
        "retain_size_and_weight": True, "retain_modified_dates": True, "private_integers": [],
    }  # fmt: skip
    said = " ".join(rebuilding_words(switches))
    assert "moved back by secret days" in said
    assert "bands of 10 years" in said
    assert "a person decided" in said
    assert "corners" not in said
    little = switches | {
        "text_check": "off", "corners": True, "age_band": 1, "retain_size_and_weight": False,
        "retain_modified_dates": False,
    }  # fmt: skip
    said = " ".join(rebuilding_words(little))
    assert "Dates and times were removed" in said
    assert "not looked for" in said
    assert "corners" in said
    assert "bands" not in said
    waived_words = " ".join(
        disclosure_words({"attributes": [], "k_anonymity": 1, "threshold": 5, "waiver": "synthetic patients"})
    )
    assert "Told of each patient: nothing" in waived_words
    assert waived_words.endswith("synthetic patients")
