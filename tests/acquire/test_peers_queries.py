"""What archives answer to queries; which row of the table is where: `test_peers`."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.acquire import acquire_pacs
from mammoset.acquire.admit import open_vault
from tests.acquire.made import VIEWS, encoded, exam, mammogram, plain, study_uid
from tests.acquire.meeting import REAL, ProjectOf, assert_whole
from tests.acquire.peers import ARCHIVES, orthanc
from tests.acquire.scripted import Delivery, ScriptedPacs


@pytest.mark.parametrize("limit", [25, 30, 59])
def test_a_silent_limit_of_results_is_noticed(project_of: ProjectOf, limit: int) -> None:
    objects = [mammogram(study, "L-CC", StudyTime=f"{7 + study % 11:02d}{study % 60:02d}00") for study in range(1, 61)]

    def limited(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int]:
        return rows[:limit], 0

    with ScriptedPacs(objects, on_find=limited) as pacs:
        project = project_of(pacs.archive)
        day = date(2019, 1, 5)
        assert acquire_pacs(project, "pacs", date_from=day, date_to=day, dry_run=True).pool == 60
        assert len(pacs.questions) < 60


def test_an_archive_that_ignores_the_time_of_day_is_not_asked_for_ever(project_of: ProjectOf) -> None:
    objects = [mammogram(study, "L-CC") for study in range(1, 41)]
    with ScriptedPacs(objects) as pacs:
        pacs.on_find = lambda asked, rows: ([_row(made, asked) for made in objects], 0)
        project = project_of(pacs.archive)
        day = date(2019, 1, 5)
        assert acquire_pacs(project, "pacs", date_from=day, date_to=day, dry_run=True).pool == 40
        assert len(pacs.questions) == 3


def _row(made: Dataset, asked: Dataset) -> Dataset:
    row = Dataset()
    row.QueryRetrieveLevel = asked.QueryRetrieveLevel
    row.StudyInstanceUID, row.StudyDate, row.ModalitiesInStudy = made.StudyInstanceUID, made.StudyDate, "MG"
    return row


@pytest.mark.parametrize("told", [None, "", "MG,SR", ["MG", "SR"], "mg"])
def test_modalities_are_compared_here_and_asked_for_by_series_where_they_are_not_told(
    project_of: ProjectOf, told: Any
) -> None:
    computed = plain(2, 1, "1.2.840.10008.5.1.4.1.1.2", "CT")

    def as_told(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int]:
        for row in rows:
            is_mammography = row.StudyInstanceUID == study_uid(1)
            if "ModalitiesInStudy" in row and told is None:
                del row.ModalitiesInStudy
            elif "ModalitiesInStudy" in row and is_mammography:
                row.ModalitiesInStudy = told
        return rows, 0

    with ScriptedPacs([*exam(1), computed], on_find=as_told) as pacs:
        assert acquire_pacs(project_of(pacs.archive), "pacs").exams == {("kept", ""): 1}
        assert not any(one.get("ModalitiesInStudy") for one in pacs.questions), "a filter cannot be relied on"


def test_every_question_is_hierarchical(project_of: ProjectOf) -> None:
    with ScriptedPacs(exam(1)) as pacs:
        acquire_pacs(project_of(pacs.archive), "pacs", date_from=date(2019, 1, 5), date_to=date(2019, 1, 6))
    needed = {
        "STUDY": ["StudyDate"],
        "SERIES": ["StudyInstanceUID"],
        "IMAGE": ["StudyInstanceUID", "SeriesInstanceUID"],
    }
    assert {one.QueryRetrieveLevel for one in pacs.questions} == set(needed)
    assert all(one.get(keyword) for one in pacs.questions for keyword in needed[one.QueryRetrieveLevel])
    assert not any("PatientName" in one or "PatientID" in one for one in pacs.questions), "they are never identity"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("orthanc", {"DefaultEncoding": "Utf8"}, marks=pytest.mark.real("orthanc")),
        pytest.param("orthanc", {"DefaultEncoding": "Latin1"}, marks=pytest.mark.real("orthanc")),
        pytest.param("dcmqrscp", {}, marks=pytest.mark.real("dcmqrscp")),
    ],
)
def test_names_that_lose_letters_do_not_matter(
    project_of: ProjectOf, tmp_path: Path, kind: str, options: dict[str, str]
) -> None:
    names = {1: ("ISO_IR 192", "Nguyễn^Thị"), 2: ("ISO_IR 126", "Διονυσιος"), 3: ("ISO_IR 100", "Müller^Ä")}
    objects = []
    for study, (character_set, name) in names.items():
        patient = "MÜ-1" if study != 2 else "GR-1"
        for made in exam(study, SpecificCharacterSet=character_set, PatientID=patient):
            made.PatientName = name
            objects.append(encoded(made))
    run_archive = partial(orthanc, options=options) if kind == "orthanc" else ARCHIVES[kind]
    with run_archive(tmp_path, objects) as archive:
        project = project_of(archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 3}
    originals = open_vault(project).originals()
    assert len({one.patient_id for one in originals}) == 2, "one patient id in two character sets is one patient"
    received = {str(dcmread(one.path).PatientName) for one in originals}
    assert received == {name for _, name in names.values()}


@pytest.mark.parametrize("kind", REAL)
def test_one_study_uid_under_two_patients_is_one_exam_and_flagged(
    project_of: ProjectOf, tmp_path: Path, kind: str
) -> None:
    objects = [*exam(1, VIEWS[:2], PatientID="ONE"), *exam(1, VIEWS[2:], PatientID="OTHER"), *exam(2)]
    with ARCHIVES[kind](tmp_path, [encoded(made) for made in objects]) as archive:
        project = project_of(archive)
        summary = acquire_pacs(project, "pacs")
    assert summary.pool == 2
    assert summary.exams == {("excluded", "several_patients"): 1, ("kept", ""): 1}


def test_another_content_under_the_same_uid_is_refused_and_the_first_stays(project_of: ProjectOf) -> None:
    changed = mammogram(1, "L-CC", Rows=11, PixelData=b"\0" * 352)

    def twice(wanted: list[Dataset]) -> Delivery:
        return Delivery([*wanted, changed, wanted[1]])

    with ScriptedPacs(exam(1), on_move=twice) as pacs:
        project = project_of(pacs.archive)
        summary = acquire_pacs(project, "pacs")
    assert summary.objects == {("kept", ""): 4, ("excluded", "conflicting_copy"): 1, ("excluded", "duplicate"): 1}
    assert {dcmread(one.path).Rows for one in open_vault(project).originals()} == {12}
    assert_whole(project)
