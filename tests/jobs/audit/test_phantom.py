"""An archive of a phantom hospital: everything that was planted is found, and the report tells none of it."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

import pytest

from mammoset.jobs.audit import Options, Report, audit
from mammoset.jobs.audit.examine import Examined, Task, examine
from mammoset.jobs.audit.findings import Severity, kinds
from mammoset.phantom.flaws import DEMO_FLAWS, Flaw
from mammoset.phantom.hospital import Hospital, build_hospital
from mammoset.phantom.truth import ExamTruth

SERIOUS = (Severity.IDENTIFIER, Severity.SUSPICIOUS)


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    folder = tmp_path_factory.mktemp("hospital")
    return build_hospital(folder, n_exams=12, seed=3, size="small", flaws=DEMO_FLAWS, workers=1)


def audited(hospital: Hospital, exam: ExamTruth) -> list[Examined]:
    tasks = (Task(hospital.images, PurePosixPath(one.path), Options(text="off")) for one in exam.images)
    return [examine(task) for task in tasks]


def place_of(where: str) -> str:
    """Return a finding's place as the truth writes it."""
    if where.startswith("(6"):
        return "overlay"
    if private := re.fullmatch(r"\(([0-9a-f]{4}),10([0-9a-f]{2})\)", where):
        return f"private ({private[1]},xx{private[2]})"
    return where if where.startswith("file meta") else where.split(".")[-1]


def test_everything_planted_is_found_where_it_was_planted(hospital: Hospital) -> None:
    number = 0
    for exam in hospital.exams:
        found = {
            place_of(one.where)
            for examined in audited(hospital, exam)
            for one in examined.findings
            if kinds()[one.kind].severity in SERIOUS
        }
        planted = {one.where for one in exam.planted} - {"pixels"}
        assert planted <= found
        number += len(planted)
    assert number > 300


def test_the_report_holds_nothing_of_what_was_planted(hospital: Hospital) -> None:
    report = audit(hospital.images, Options(text="off"), workers=1)
    said = json.dumps(report.to_json(), ensure_ascii=False) + "\n".join(report.lines())
    assert report.files == len(list(hospital.images.rglob("*.dcm")))
    assert not [text for text in hospital.planted_strings if text in said]
    shown = audit(hospital.images, Options(text="off", show_values=True), workers=1).to_json()
    assert hospital.exams[0].patient_id in json.dumps(shown)


def test_the_planted_texts_are_found_as_a_ledger(hospital: Hospital, tmp_path: Path) -> None:
    exams = hospital.exams[:4]
    for exam in exams:
        texts = {one.text for one in exam.planted if one.kind in ("text", "uid") and one.where != "pixels"}
        path = tmp_path / f"{exam.number}.json"
        path.write_text(json.dumps({"canaries": [{"name": text, "text": text} for text in texts]}))
        tasks = [Task(hospital.images, PurePosixPath(one.path), Options("off", path)) for one in exam.images]
        found = {one.note for task in tasks for one in examine(task).findings if one.kind == "known_identifier"}
        assert found == texts


def test_the_same_is_found_by_several_workers(hospital: Hospital) -> None:
    one, two = (audit(hospital.images, Options(text="off"), workers=n) for n in (1, 2))
    assert list(one.lines()) == list(two.lines())
    assert isinstance(one, Report)


def test_text_in_the_pixels_is_found_and_read(tmp_path: Path) -> None:
    hospital = build_hospital(tmp_path, n_exams=1, seed=4, size="half", flaws={Flaw.CORNER_TEXT: 1.0}, workers=1)
    exam = next(exam for exam in hospital.exams if exam.text_boxes)
    image = next(one for one in exam.standard_images if one.text_boxes)
    lines = [one.text for one in exam.planted if one.where == "pixels" and len(one.text) > 6]
    path = tmp_path / "ledger.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = examine(Task(hospital.images, PurePosixPath(image.path), Options("fast", path)))
    assert [one for one in done.findings if one.kind == "burned_in_text"]
    assert [one for one in done.findings if one.where == "pixels: read off the picture"]
