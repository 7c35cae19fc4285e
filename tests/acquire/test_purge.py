"""Giving back the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from pydicom.dataset import Dataset

from mammoset.acquire import acquire_folder, purge
from mammoset.acquire.admit import open_vault
from mammoset.catalog import Decision
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.acquire.made import VIEWS, exam


def test_only_originals_that_passed_gate_and_review_are_deleted(
    project: Project, folder: Path, write: Callable[[Iterable[Dataset]], None]
) -> None:
    write([*exam(1), *exam(2), *exam(3), *exam(4, VIEWS[:3])])
    acquire_folder(project, [folder])
    approved, unreviewed, _, _ = sorted(
        (entry.study_id for entry in project.catalog.pool()),
        key=lambda study: (project.catalog.study_decisions(Stage.ACQUIRE)[study].outcome != Outcome.KEPT, study),
    )
    project.catalog.decide(
        [
            Decision(Stage.PSEUDONYMIZE, approved, Outcome.KEPT),
            Decision(Stage.REVIEW, approved, Outcome.KEPT),
            Decision(Stage.PSEUDONYMIZE, unreviewed, Outcome.KEPT),
        ]
    )
    files = [one.path for one in open_vault(project).originals(approved)]
    foreseen = purge(project, dry_run=True)
    assert (foreseen.exams, foreseen.originals, foreseen.dry_run) == (1, 4, True)
    assert all(path.exists() for path in files)
    done = purge(project)
    assert (done.exams, done.originals, done.size) == (1, 4, foreseen.size)
    assert not any(path.exists() for path in files)
    vault = open_vault(project)
    assert len(vault.originals()) == 11
    assert vault.original_of("study", approved), "identities stay"
    assert purge(project).originals == 0


def test_what_has_not_passed_goes_only_when_all_is_asked_for(
    project: Project, folder: Path, write: Callable[[Iterable[Dataset]], None]
) -> None:
    write([*exam(1), *exam(2, VIEWS[:3])])
    acquire_folder(project, [folder])
    assert (purge(project).originals, purge(project).not_passed) == (0, 2)
    foreseen = purge(project, everything=True, dry_run=True)
    assert (foreseen.exams, foreseen.originals, foreseen.not_passed) == (2, 7, 2)
    assert len(open_vault(project).originals()) == 7
    assert purge(project, everything=True).originals == 7
    assert open_vault(project).originals() == []


def test_originals_are_retained_for_the_days_of_the_settings(
    folder: Path, tmp_path: Path, write: Callable[[Iterable[Dataset]], None]
) -> None:
    write(exam(1))
    settings = '[dataset]\nname = "kept"\n[acquire]\nretain_originals_days = 30\n[review]\nrequired = false\n'
    with Project.create(tmp_path / "kept", settings_text=settings) as project:
        acquire_folder(project, [folder])
        (entry,) = project.catalog.pool()
        project.catalog.decide([Decision(Stage.PSEUDONYMIZE, entry.study_id, Outcome.KEPT)])
        decided = project.catalog.study_decisions(Stage.PSEUDONYMIZE)[entry.study_id].at
        early = purge(project, everything=True, at=decided + timedelta(days=29))
        assert (early.exams, early.retained) == (0, 1)
        assert purge(project, at=decided + timedelta(days=30)).originals == 4
