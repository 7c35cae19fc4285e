"""Nobody who was withdrawn comes in again, by whatever way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from mammoset.acquire import acquire_folder, acquire_pacs
from mammoset.acquire.admit import open_vault
from mammoset.acquire.withdrawal import Patient
from mammoset.errors import ConfigError
from mammoset.jobs.withdraw import withdraw_patient
from mammoset.project import Project
from tests.acquire.listening import Listener
from tests.acquire.made import VIEWS, encoded, exam, image_uid, mammogram, study_uid
from tests.acquire.scripted import ScriptedPacs
from tests.jobs.released import found_below

Write = Callable[[Iterable[Dataset]], None]
THEIRS = ["PAT0001", study_uid(1), *(image_uid(1, number) for number in range(1, 6))]


def places(project: Project) -> list[Path]:
    return [project.root, project.vault_path]


def names_of(project: Project, study: int, patient: str) -> list[str]:
    keys = open_vault(project).keys
    return [
        keys.pseudonym_uid(study_uid(study)),
        keys.pseudonym_patient(patient),
        keys.pseudonym_uid(image_uid(study, 1)),
    ]


def nameless(objects: list[Dataset]) -> list[Dataset]:
    for made in objects:
        del made.PatientID
    return objects


def test_an_object_without_id_among_theirs_is_theirs(project: Project, folder: Path, write: Write) -> None:
    withdraw_patient(project, Patient("PAT0001"), refuse_in_future=True)
    write([*exam(1, VIEWS[:3]), *nameless(exam(1, VIEWS[3:])), *exam(2)])
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("excluded", "withdrawn"): 4, ("kept", ""): 4}
    assert summary.exams == {("excluded", "withdrawn"): 1, ("kept", ""): 1}
    assert not found_below(places(project), [*THEIRS, *names_of(project, 1, "PAT0001")])


def test_their_exam_under_another_id_is_refused_too(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    acquire_folder(project, [folder])
    withdraw_patient(project, Patient("PAT0001"))
    for path in folder.iterdir():
        path.unlink()
    write(exam(1, PatientID="MERGED"))
    assert acquire_folder(project, [folder]).objects == {("excluded", "withdrawn"): 4}


def test_a_stray_object_of_theirs_does_not_take_another_exam_along(
    project: Project, folder: Path, write: Write
) -> None:
    write(exam(2))
    acquire_folder(project, [folder])
    withdraw_patient(project, Patient("PAT0001"), refuse_in_future=True)
    write([mammogram(2, "L-CC", 9, PatientID="PAT0001")])
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("excluded", "duplicate"): 4, ("excluded", "withdrawn"): 1}
    assert summary.exams == {("kept", ""): 1}


def test_an_issuer_tells_patients_of_one_id_apart(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1, PatientID="7", IssuerOfPatientID="A"), *exam(2, PatientID="7", IssuerOfPatientID="B")])
    acquire_folder(project, [folder])
    with pytest.raises(ConfigError, match="name one with --issuer"):
        withdraw_patient(project, Patient("7"))
    assert withdraw_patient(project, Patient("7", "A")).exams == 1
    summary = acquire_folder(project, [folder])
    assert summary.exams == {("kept", ""): 1, ("excluded", "withdrawn"): 1}
    assert project.catalog.in_pool(names_of(project, 2, "7")[:1])


def test_an_exam_without_patient_id_is_withdrawn_by_its_uid(project: Project, folder: Path, write: Write) -> None:
    write(nameless(exam(1)))
    acquire_folder(project, [folder])
    assert withdraw_patient(project, Patient(study_uid(1))).exams == 1
    assert acquire_folder(project, [folder]).exams == {("excluded", "withdrawn"): 1}


def test_refused_files_of_theirs_leave_the_list(project: Project, folder: Path, write: Write) -> None:
    home = folder / "PAT0001"
    home.mkdir()
    (home / "readme.txt").write_text("for Mrs. Doe")
    (home / "no study").write_bytes(encoded(mammogram(1, "L-CC", StudyInstanceUID=None)))
    (folder / "another.txt").write_text("nothing")
    for number, made in enumerate(
        [*exam(1), mammogram(1, "L-CC", 1, Rows=11), mammogram(1, "L-CC", 9, ViewPosition="Q")]
    ):
        (home / str(number)).write_bytes(encoded(made))
    acquire_folder(project, [folder])
    listed = project.vault_path / "refused.csv"
    assert listed.read_text().count("PAT0001") == 4
    withdraw_patient(project, Patient("PAT0001"))
    assert listed.read_text().count("PAT0001") == 0
    assert "another.txt" in listed.read_text()
    assert not found_below([project.root, project.vault_path], [*THEIRS, *names_of(project, 1, "PAT0001")])


def test_a_file_that_turns_out_to_be_theirs_is_forgotten(project: Project, folder: Path) -> None:
    file = folder / "PAT0001.dcm"
    file.write_bytes(encoded(mammogram(1, "L-CC"))[:500])
    acquire_folder(project, [folder])
    assert "PAT0001" in (project.vault_path / "refused.csv").read_text()
    withdraw_patient(project, Patient("SOMEBODY"), refuse_in_future=True)
    withdraw_patient(project, Patient("PAT0001"), refuse_in_future=True)
    file.write_bytes(encoded(mammogram(1, "L-CC")))
    acquire_folder(project, [folder])
    assert not found_below(places(project), THEIRS)


def test_a_pacs_that_sends_them_is_asked_once_and_nothing_stays(tmp_path: Path) -> None:
    objects = [*exam(1), *exam(2), *exam(3, PatientID="PAT0001")]
    with ScriptedPacs(objects) as pacs:
        project = Project.create(tmp_path / "asking", settings_text=pacs.archive.settings())
        with project:
            withdraw_patient(project, Patient("PAT0001"), refuse_in_future=True)
            summary = acquire_pacs(project, "pacs")
            assert summary.exams == {("kept", ""): 1, ("excluded", "withdrawn"): 2}
            assert summary.objects == {("kept", ""): 4, ("excluded", "withdrawn"): 8}
            n_moves = len(pacs.moves)
            again = acquire_pacs(project, "pacs")
            assert (again.exams, again.pool, len(pacs.moves)) == (summary.exams, 3, n_moves)
            gone = [*THEIRS, study_uid(3), *names_of(project, 1, "PAT0001"), *names_of(project, 3, "PAT0001")]
        assert not found_below(places(project), gone)


def test_what_is_pushed_of_them_is_taken_from_the_sender_and_thrown_away(tmp_path: Path) -> None:
    text = '[dataset]\nname = "dataset"\n[acquire]\nport = 0\nlisten_to = ["PACS"]\n'
    with Project.create(tmp_path / "listening", settings_text=text) as project:
        withdraw_patient(project, Patient("PAT0001"), refuse_in_future=True)
        listener = Listener(project)
        try:
            assert listener.push([*exam(1), *exam(2)]) == [0] * 8
        finally:
            summary = listener.end()
        assert summary.objects == {("kept", ""): 4, ("excluded", "withdrawn"): 4}
        assert summary.exams == {("kept", ""): 1, ("excluded", "withdrawn"): 1}
        gone = [*THEIRS, *names_of(project, 1, "PAT0001")]
    assert not found_below(places(project), gone)
