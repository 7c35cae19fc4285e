"""An export holds everything that was read, and its tables depend on the answers only."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mammoset.catalog import Decision
from mammoset.domain.readings_json import reading_from_json
from mammoset.domain.tables import BREAST_COLUMNS, BREAST_FILE, FINDING_COLUMNS, FINDING_FILE
from mammoset.domain.viewed import Viewed
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError
from mammoset.export import export_project
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.publish.small_project import (
    ANSWERS,
    FOLDS,
    MOMENT,
    READERS,
    SETTINGS,
    images_of,
    make_project,
    put_study,
    read_study,
    reading_of,
    split,
    uid,
)

TABLES = (BREAST_FILE, FINDING_FILE)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "small") as made:
        yield made


def readings(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "readings.json").read_text())
    return value


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_folder_is_named_after_the_time_and_holds_four_files(project: Project) -> None:
    done = export_project(project)
    assert done.folder.parent == project.exports
    assert done.folder.name.removesuffix("Z").replace("T", "").isdigit()
    assert done.files == ("agreement.json", BREAST_FILE, FINDING_FILE, "readings.json")
    assert sorted(path.name for path in done.folder.iterdir()) == list(done.files)
    assert (done.n_studies, done.n_references) == (6, 6)


def test_the_tables_have_the_literal_headers_and_a_row_for_each_image(project: Project) -> None:
    folder = export_project(project).folder
    assert (folder / BREAST_FILE).read_text().splitlines()[0] == ",".join(BREAST_COLUMNS)
    assert (folder / FINDING_FILE).read_text().splitlines()[0] == ",".join(FINDING_COLUMNS)
    images = {image.image_id for number in range(6) for image in images_of(number, 0)}
    assert [row["image_id"] for row in rows(folder, BREAST_FILE)] != []
    assert {row["image_id"] for row in rows(folder, BREAST_FILE)} == images
    assert {row["image_id"] for row in rows(folder, FINDING_FILE)} == images
    [mass] = [row for row in rows(folder, FINDING_FILE) if row["finding_categories"] == "['Mass', 'Skin Retraction']"]
    found = [mass[name] for name in ("finding_birads", "xmin", "ymin", "xmax", "ymax", "breast_birads", "split")]
    assert found == ["BI-RADS 4", "10.0", "12.0", "40.0", "50.25", "BI-RADS 4", "training"]


def test_exporting_again_gives_the_same_tables_in_a_folder_of_its_own(project: Project) -> None:
    first, second = export_project(project).folder, export_project(project).folder
    assert first != second
    for name in (*TABLES, "agreement.json", "readings.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_tables_do_not_depend_on_the_order_in_which_exams_arrived(project: Project, tmp_path: Path) -> None:
    with Project.create(tmp_path / "other", settings_text=SETTINGS) as other:
        for number in reversed(range(len(ANSWERS))):
            put_study(other, number, 0 if number == 1 else number)
            read_study(other, number, 0 if number == 1 else number, ANSWERS[number])
        split(other)
        theirs = export_project(other).folder
    ours = export_project(project).folder
    for name in TABLES:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()


def test_before_the_split_the_column_is_empty(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", settings_text=SETTINGS) as fresh:
        put_study(fresh, 2, 2)
        read_study(fresh, 2, 2, ANSWERS[2])
        folder = export_project(fresh).folder
    assert {row["split"] for name in TABLES for row in rows(folder, name)} == {""}
    [study] = readings(folder)["studies"]
    assert study["split"] is None


def test_readings_tell_who_when_and_why(project: Project) -> None:
    reason = "the box was on the wrong view"
    flag = Fact(FactKind.FLAGGED, uid("study", 3), READERS[0], MOMENT, reason=reason)
    close = Fact(FactKind.PHASE_CLOSED, "", "chief", MOMENT)
    project.catalog.append([flag, close])
    found = readings(export_project(project).folder)
    assert [one["reader_id"] for one in found["readers"]] == sorted(READERS)
    assert next(one for one in found["readers"] if one["reader_id"] == READERS[2])["years_experience"] == 22
    assert [(one["kind"], one["by"]) for one in found["facts_about_all"]] == [("phase_closed", "chief")]
    studies = {one["study_id"]: one for one in found["studies"]}
    held = studies[uid("study", 3)]
    last = {"kind": "flagged", "by": READERS[0], "reason": reason, "at": "2020-02-03T04:05:06+00:00"}
    assert last.items() <= held["facts"][-1].items()
    assert (held["state"], held["reference"]) == ("held", None)


def test_an_arbitrated_exam_has_both_readings_the_differences_and_the_decision(project: Project) -> None:
    found = readings(export_project(project).folder)
    study = next(one for one in found["studies"] if one["study_id"] == uid("study", 0))
    assert (study["state"], study["split"], study["patient_id"]) == ("final", FOLDS[0], "P0000")
    assert study["readings"] == list(READERS[:2])
    assert [one["kind"] for one in study["facts"]] == ["assigned"] * 2 + ["submitted"] * 2 + ["assigned", "arbitrated"]
    recall = {"kind": "recall", "laterality": "L", "first": "recall", "second": "no recall", "opens_arbitration": True}
    assert recall.items() <= study["disagreements"][0].items()
    assert study["reference"]["origin"] == "arbitrated"
    assert study["reference"]["breasts"][0] == {"laterality": "L", "birads": 4, "density": "B"}
    submitted = [one["reading"] for one in study["facts"] if one["reading"] is not None]
    assert [reading_from_json(one).reader_id for one in submitted] == list(READERS)


def test_exams_without_final_answer_are_told_but_have_no_rows(project: Project) -> None:
    put_study(project, 50, 50)
    read_study(project, 50, 50, ANSWERS[1])
    project.catalog.append([Fact(FactKind.WITHDRAWN, uid("study", 50), READERS[0], MOMENT, reason="ill")])
    put_study(project, 51, 51)
    done = export_project(project)
    states = {one["study_id"]: one["state"] for one in readings(done.folder)["studies"]}
    assert (states[uid("study", 50)], states[uid("study", 51)]) == ("awaiting_reads", "unassigned")
    assert (done.n_studies, done.n_references) == (8, 6)
    assert uid("study", 50) not in (done.folder / BREAST_FILE).read_text()


def test_an_exam_rejected_after_it_was_read_has_no_rows(project: Project) -> None:
    rejected = Decision(Stage.REVIEW, uid("study", 2), Outcome.EXCLUDED, "visible_identifier", by="reviewer")
    project.catalog.decide([rejected])
    done = export_project(project)
    assert uid("study", 2) not in (done.folder / BREAST_FILE).read_text()
    assert done.n_references == 5


def test_agreement_is_told_by_pair_over_all_and_by_what_differs(project: Project) -> None:
    found = json.loads((export_project(project).folder / "agreement.json").read_text())
    assert {"birads", "density", "recall", "finding"} == {one["field"] for one in found["pairs"]}
    assert all(set(one["readers"]) <= set(READERS) for one in found["pool"])
    [recall] = [one for one in found["pairs"] if one["field"] == "recall"]
    assert recall["n_units"] == 12
    assert recall["observed"] == pytest.approx(11 / 12)
    [differ] = [one for one in found["discordance"] if one["field"] == "recall"]
    assert (differ["n_units"], differ["value"]) == (6, pytest.approx(1 / 6))
    assert (found["n_studies"], found["n_senior"], found["seniors"]) == (6, 0, [])


def test_replaced_and_withdrawn_answers_are_kept_and_told_from_those_in_force(project: Project) -> None:
    study = uid("study", 1)
    images = images_of(1, 0)
    one, two = READERS[:2]
    amended = reading_of(images, ANSWERS[1], one)
    seconds = {"mlo": 20.5, "cc": 41.0}
    project.catalog.append(
        [
            Fact(
                FactKind.AMENDED,
                study,
                one,
                MOMENT,
                reading=amended,
                reason="typed wrong",
                seconds=seconds,
                viewed={images[0].image_id: Viewed(0.75, 41.0, 20.5)},
            ),
            Fact(FactKind.WITHDRAWN, study, two, MOMENT, reason="left"),
        ]
    )
    found = next(one for one in readings(export_project(project).folder)["studies"] if one["study_id"] == study)
    answers = [(one["kind"], one["by"], one["is_in_force"]) for one in found["facts"] if one["reading"]]
    assert answers == [("submitted", one, False), ("submitted", two, False), ("amended", one, True)]
    fact = next(one for one in found["facts"] if one["kind"] == "amended")
    assert (fact["seconds"], fact["reason"]) == (seconds, "typed wrong")
    seen = {"share_at_full": 0.75, "seconds": 41.0, "seconds_at_full": 20.5}
    assert fact["viewed"] == {images[0].image_id: seen}
    assert all(other["viewed"] == {} for other in found["facts"] if other is not fact)
    assert {one["is_in_force"] for one in found["facts"] if one["kind"] in ("assigned", "withdrawn")} == {None}


def test_a_senior_reads_beside_the_final_answer(project: Project) -> None:
    study, chief = uid("study", 4), READERS[2]
    said = reading_of(images_of(4, 4), ANSWERS[3], chief)
    said = replace(said, findings=())
    project.catalog.append(
        [
            Fact(FactKind.ASSIGNED, study, chief, MOMENT, "senior"),
            Fact(FactKind.SUBMITTED, study, chief, MOMENT, "senior", said),
        ]
    )
    folder = export_project(project).folder
    found = next(one for one in readings(folder)["studies"] if one["study_id"] == study)
    assert (found["senior"], found["state"], found["reference"]["origin"]) == (chief, "concordant", "concordant")
    assert found["readings"] == list(READERS[:2])
    told = json.loads((folder / "agreement.json").read_text())
    assert {tuple(one["readers"]) for one in told["seniors"]} == {(chief, "reference")}


def test_what_is_not_approved_is_there_and_marked_so(project: Project) -> None:
    rejected = Decision(Stage.REVIEW, uid("study", 2), Outcome.EXCLUDED, "visible_identifier", by="reviewer")
    project.catalog.decide([rejected])
    found = readings(export_project(project).folder)
    assert found["format_version"] == 3
    assert [one["is_approved"] for one in found["studies"]].count(False) == 1
    assert found["agreement"]["n_studies"] == 5


def test_what_a_stopped_export_left_is_cleared_away(project: Project) -> None:
    class Stopped(Exception):
        pass

    def stop(what: str, done: int, total: int | None) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        export_project(project, progress=stop)
    assert not [path for path in project.exports.iterdir() if not path.name.startswith(".")]
    done = export_project(project)
    assert list(project.exports.iterdir()) == [done.folder]


def test_two_at_once_are_refused(project: Project) -> None:
    with project.lock("export"), pytest.raises(CatalogError, match="already running"):
        export_project(project)
