"""The split of a project: what it counts, and that pseudonyms do not steer it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mammoset import split
from mammoset.catalog import Decision, PoolEntry, StudyRecord, now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS, images_of, reading, record_of

KEPT = [Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW]


def read_project(root: Path, names: list[int], *, views: int = 4) -> Project:
    """Make a project of exams named so, in the order of the draw, all read alike; the last has so many views."""
    project = Project.create(root, settings_text=SETTINGS)
    for reader in ("r0", "r1"):
        project.catalog.put_reader(Reader(reader, ("reader",), 10, 1000))
    project.catalog.put_pool([PoolEntry(f"2.25.{name}", draw, "test") for draw, name in enumerate(names)])
    for draw, name in enumerate(names):
        images = images_of(name, name)[: views if draw == len(names) - 1 else 4]
        study_id = images[0].study_id
        decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in KEPT]
        project.catalog.admit(StudyRecord(study_id, f"P{name}", 50, "F"), map(record_of, images), decisions)
        sides = {image.laterality for image in images}
        facts = [Fact(FactKind.ASSIGNED, study_id, reader, now()) for reader in ("r0", "r1")]
        for reader in ("r0", "r1"):
            both = reading(study_id, reader)
            said = replace(both, breasts=tuple(one for one in both.breasts if one.laterality in sides))
            facts.append(Fact(FactKind.SUBMITTED, study_id, reader, now(), reading=said))
        project.catalog.append(facts)
    return project


def folds_by_draw(project: Project) -> list[str | None]:
    split.split_project(project)
    run = project.catalog.split()
    assert run is not None
    return [run.folds.get(entry.study_id) for entry in project.catalog.pool()]


def test_other_pseudonyms_for_the_same_exams_give_the_same_folds(tmp_path: Path) -> None:
    names = list(range(10, 30))
    with read_project(tmp_path / "a", names) as one, read_project(tmp_path / "b", names[::-1]) as other:
        found = folds_by_draw(one)
        assert found.count("test") == 4
        assert folds_by_draw(other) == found


def test_an_exam_without_a_standard_view_is_in_no_fold_and_not_counted(tmp_path: Path) -> None:
    with read_project(tmp_path / "p", list(range(10, 21)), views=1) as project:
        folds = folds_by_draw(project)
        assert folds[-1] is None
        assert (folds.count("training"), folds.count("test")) == (8, 2)


def test_with_incomplete_exams_alone_there_is_nothing_to_split(tmp_path: Path) -> None:
    with read_project(tmp_path / "p", [10], views=1) as project, pytest.raises(CatalogError, match="no four-view exam"):
        split.split_project(project)
