"""Withdrawing a patient: nothing is left but what a person is told of, and nothing comes in again."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from mammoset import acquire, export, publish
from mammoset.acquire.admit import open_vault
from mammoset.acquire.withdrawal import Withdrawal
from mammoset.catalog.withdrawal import withdrawn_exams
from mammoset.errors import CatalogError, ConfigError
from mammoset.jobs.status import flow_of
from mammoset.jobs.withdraw import Patient, WithdrawResult, withdraw_patient
from mammoset.project import Project
from mammoset.pseudonymize import pseudonymize
from tests.jobs.released import SETTINGS, VERSION, Released, found_below


def pseudonyms(project: Project, patient: Patient) -> set[str]:
    with Withdrawal(project, patient) as found:
        return set(found.names)


def withdraw(made: Released, patient_id: str, *, dry_run: bool = False) -> tuple[WithdrawResult, set[str]]:
    patient = Patient(patient_id)
    with Project.open(made.root) as project:
        names = pseudonyms(project, patient)
        return withdraw_patient(project, patient, dry_run=dry_run), names


def searched(made: Released) -> list[Path]:
    """Return everything that must not name them: the vault, and the project without its frozen releases."""
    return [made.vault, *(path for path in made.root.iterdir() if path.name != "releases" and path.is_dir())]


def traces(made: Released, wanted: set[str]) -> set[str]:
    loose = [path for path in made.root.iterdir() if path.is_file()]
    return found_below(searched(made), wanted) | {
        text for path in loose for text in wanted if text.encode() in path.read_bytes()
    }


def assert_adds_up(project: Project) -> None:
    for step, after in pairwise(flow_of(project).steps):
        assert step.count == after.count + sum(one.count for one in step.leaving)


def test_the_search_finds_what_is_there(released: Released) -> None:
    with Project.open(released.root) as project:
        names = pseudonyms(project, Patient(released.patient_id))
    assert traces(released, released.originals(released.patient_id)) >= {released.patient_id}
    assert len(traces(released, names)) >= 4


def test_nothing_of_a_withdrawn_patient_is_left_in_any_byte(released: Released) -> None:
    originals = released.originals(released.patient_id)
    done, names = withdraw(released, released.patient_id)
    assert (done.is_known, done.exams) == (True, len(released.exams(released.patient_id)))
    assert traces(released, originals) == set()
    assert traces(released, names) == set()


def test_everybody_else_stays_as_they_were(released: Released) -> None:
    others = released.originals(released.other)
    before = traces(released, others)
    with Project.open(released.root) as project:
        left = {study.study_id for study in project.catalog.studies()}
    _, names = withdraw(released, released.patient_id)
    assert traces(released, others) == before
    with Project.open(released.root) as project:
        studies = project.catalog.studies()
        assert {study.study_id for study in studies} == left - names
        assert all(project.content.path(image).exists() for study in studies for image in study.images)
        assert set(project.catalog.facts()) == left - names
        split = project.catalog.split()
        assert split is not None
        assert set(split.folds) <= left - names


def test_the_flow_still_adds_up_and_counts_them(released: Released) -> None:
    n_exams = len(released.exams(released.patient_id))
    with Project.open(released.root) as project:
        before = flow_of(project).steps[0].count
    withdraw(released, released.patient_id)
    with Project.open(released.root) as project:
        first = flow_of(project).steps[0]
        assert first.count == before
        assert [one.count for one in first.leaving if one.reason == "withdrawn"] == [n_exams]
        assert_adds_up(project)


def test_releases_are_named_and_unchanged_and_exports_go(released: Released) -> None:
    release = released.root / "releases" / VERSION
    before = {path: path.read_bytes() for path in release.rglob("*") if path.is_file()}
    exports = sorted(path.name for path in (released.root / "exports").iterdir())
    done, _ = withdraw(released, released.patient_id)
    assert done.releases == (VERSION,)
    assert list(done.exports) == exports
    assert not list((released.root / "exports").iterdir())
    assert {path: path.read_bytes() for path in release.rglob("*") if path.is_file()} == before


def test_a_later_release_and_a_later_export_are_without_them(released: Released) -> None:
    _, names = withdraw(released, released.patient_id)
    with Project.open(released.root) as project:
        exported = export.export_project(project)
        publish.publish(project, "1.0.1", workers=1)
        publish.verify(project.releases / "1.0.1")
    assert not found_below([exported.folder, released.root / "releases" / "1.0.1"], names)


def test_a_later_acquisition_refuses_them_and_keeps_nothing(released: Released) -> None:
    originals = released.originals(released.patient_id)
    n_files = sum(len(exam.images) for exam in released.exams(released.patient_id))
    _, names = withdraw(released, released.patient_id)
    for _ in range(2):
        with Project.open(released.root) as project:
            summary = acquire.acquire_folder(project, [released.archive])
            assert summary.objects["excluded", "withdrawn"] == n_files
            assert sum(summary.exams.values()) == summary.pool == len(released.hospital.exams)
            assert_adds_up(project)
    assert traces(released, originals | names) == set()


def test_it_works_after_the_quarantine_was_purged(released: Released) -> None:
    originals = released.originals(released.patient_id)
    with Project.open(released.root) as project:
        assert acquire.purge(project).originals
    done, names = withdraw(released, released.patient_id)
    assert done.exams == len(released.exams(released.patient_id))
    assert traces(released, originals | names) == set()


def contents(made: Released) -> dict[Path, bytes]:
    """Return all files but the locks, and those that SQLite keeps while a database is open."""
    files = (path for path in made.home.rglob("*") if path.is_file() and path.parent.name != ".locks")
    return {path: path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}


def test_a_dry_run_says_the_same_and_changes_nothing(released: Released) -> None:
    before = contents(released)
    foreseen, names = withdraw(released, released.patient_id, dry_run=True)
    assert contents(released) == before
    done, _ = withdraw(released, released.patient_id)
    assert {**done.to_json(), "dry_run": True} == foreseen.to_json()
    assert traces(released, names) == set()


def test_an_unknown_id_is_told_so_and_changes_nothing(released: Released) -> None:
    with Project.open(released.root) as project:
        with pytest.raises(CatalogError, match="nothing of a patient with this id is here") as caught:
            withdraw_patient(project, Patient("NOBODY-77"))
        assert "NOBODY" not in str(caught.value)
        assert withdrawn_exams(project.catalog) == 0


def test_an_unknown_id_can_be_refused_in_future(released: Released, tmp_path: Path) -> None:
    empty = Released(tmp_path / "empty", released.hospital)
    with Project.create(empty.root, settings_text=SETTINGS) as project:
        done = withdraw_patient(project, Patient(released.patient_id), refuse_in_future=True)
        assert not done.is_known
        summary = acquire.acquire_folder(project, [released.archive])
        n_exams = len(released.exams(released.patient_id))
        assert summary.exams["excluded", "withdrawn"] == n_exams
        assert withdrawn_exams(project.catalog) == n_exams
    assert traces(empty, released.originals(released.patient_id)) == set()


def test_withdrawing_again_finds_nothing_more_and_still_names_releases(released: Released) -> None:
    withdraw(released, released.patient_id)
    again, _ = withdraw(released, released.patient_id)
    assert (again.is_known, again.was_withdrawn, again.exams) == (False, True, 0)
    assert again.releases == (VERSION,)
    with Project.open(released.root) as project:
        assert withdrawn_exams(project.catalog) == len(released.exams(released.patient_id))


def test_an_interrupted_withdrawal_holds_up_acquisition_and_remembers_what_it_found(
    released: Released, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Withdrawal, "end", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            withdraw(released, released.patient_id)
    with Project.open(released.root) as project, pytest.raises(CatalogError, match="run 'mammoset withdraw' again"):
        acquire.acquire_folder(project, [released.archive])
    with Project.open(released.root) as project:  # somebody else's withdrawal does not complete it
        withdraw_patient(project, Patient(released.other))
        with pytest.raises(CatalogError, match="run 'mammoset withdraw' again"):
            acquire.acquire_folder(project, [released.archive])
    done, names = withdraw(released, released.patient_id)
    assert (done.exams, len(done.exports)) == (len(released.exams(released.patient_id)), 1)
    assert traces(released, names | released.originals(released.patient_id)) == set()


def test_nothing_is_withdrawn_while_a_stage_runs(released: Released) -> None:
    running = pytest.raises(CatalogError, match="'read' is already running")
    with Project.open(released.root) as project, project.lock("read"), running:
        withdraw_patient(project, Patient(released.patient_id))


def test_an_empty_id_and_a_free_reason_are_refused(released: Released) -> None:
    with Project.open(released.root) as project:
        with pytest.raises(ConfigError, match="no patient id"):
            withdraw_patient(project, Patient("  "))
        with pytest.raises(ConfigError, match="allowed: consent"):
            withdraw_patient(project, Patient(released.patient_id), reason="she asked")


def test_files_that_somebody_laid_into_the_project_are_named(released: Released) -> None:
    with Project.open(released.root) as project:
        names = pseudonyms(project, Patient(released.patient_id))
    study = next(one for one in sorted(names) if (released.vault / "quarantine" / one).exists())
    (released.root / "notes.txt").write_text(f"look at {study} again\n")
    (released.root / "innocent.txt").write_text("nothing\n")
    (released.root / "looked at").mkdir()
    (released.root / "looked at" / "images.csv").write_text(f"image,exam\n1,{study}\n")
    (released.root / "looked at" / "sheet-001.png").write_bytes(b"")
    done, _ = withdraw(released, released.patient_id)
    assert done.elsewhere == ("looked at/", "notes.txt")


def test_a_pushed_object_that_waits_goes_too(released: Released) -> None:
    exam = released.exams(released.patient_id)[0]
    with Project.open(released.root) as project:
        pushed = open_vault(project).pushed
    shutil.copyfile(released.archive / exam.images[0].path, pushed / "waits.dcm")
    other = released.exams(released.other)[0]
    shutil.copyfile(released.archive / other.images[0].path, pushed / "stays.dcm")
    withdraw(released, released.patient_id)
    assert [path.name for path in pushed.iterdir()] == ["stays.dcm"]


def test_what_kills_left_of_lists_and_exports_goes_too(released: Released) -> None:
    (released.vault / ".refused.csv.123.part").write_text(released.patient_id)
    half = released.root / "exports" / ".20260101T000000Z.part"
    half.mkdir()
    (half / ".readings.json.123.part").write_text("whatever")
    withdraw(released, released.patient_id)
    assert not (released.vault / ".refused.csv.123.part").exists()
    assert not half.exists()


def test_a_patient_does_not_show_who_they_are() -> None:
    assert "77" not in repr(Patient("77", "issuer 77"))


def test_results_hold_no_identifier(released: Released) -> None:
    done, names = withdraw(released, released.patient_id)
    text = json.dumps(done.to_json())
    assert not [one for one in released.originals(released.patient_id) | names if one in text]


def test_an_exam_that_is_pseudonymized_later_is_not_theirs(released: Released) -> None:
    withdraw(released, released.patient_id)
    with Project.open(released.root) as project:
        assert pseudonymize(project, allow_incomplete=True).studies == 0
