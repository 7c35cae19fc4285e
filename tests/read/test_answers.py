"""Drafts, answers and amendments over the catalog: nothing lost, nothing twice, told when somebody else was first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mammoset import read
from mammoset.catalog.drafts import Draft
from mammoset.domain.viewed import Viewed
from mammoset.domain.workflow import FactKind, StudyState
from mammoset.errors import RuleViolation, TransitionError
from mammoset.model import Breast, Reader, Reading
from mammoset.project import Project
from mammoset.read import Work
from mammoset.terms.dicom import Laterality
from tests.builders import make_project, mass, reading
from tests.read.acting import answer, standing

STUDY = "2.25.0"
UNFINISHED = Reading(STUDY, "r0", (Breast(Laterality.L, 1, None),))
FINISHED = reading(STUDY, "r0")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=1) as opened:
        read.assign(opened)
        yield opened


def kinds(project: Project, name: str = "r0") -> list[str]:
    return [one.kind.value for one in project.catalog.facts()[STUDY] if one.reader_id == name]


def test_opening_a_study_is_a_fact_once(project: Project) -> None:
    for _ in range(3):
        read.open_study(project, STUDY, "r0")
    assert kinds(project) == ["assigned", "opened"]


def test_a_draft_is_replaced_by_who_knows_its_version_and_the_first_one_is_a_fact(project: Project) -> None:
    assert read.save_draft(project, STUDY, "r0", Work(UNFINISHED, {"4-up": 3.0}, "4-up"), 0).version == 1
    saved = read.save_draft(project, STUDY, "r0", Work(FINISHED, {"4-up": 5.0, "cc": 1.0}, "cc"), 1)
    assert (saved.version, saved.is_conflict) == (2, False)
    stored = project.catalog.drafts.of(STUDY, "r0", "reader")
    assert stored is not None
    assert (stored.reading, stored.version, stored.stage) == (FINISHED, 2, "cc")
    assert stored.seconds == {"4-up": 5.0, "cc": 1.0}
    assert kinds(project) == ["assigned", "draft_saved"]
    assert project.catalog.facts()[STUDY][-1].reading == UNFINISHED


@pytest.mark.parametrize("known", [0, 2, 7])
def test_who_knows_another_version_is_given_the_stored_one_and_nothing_is_written(project: Project, known: int) -> None:
    read.save_draft(project, STUDY, "r0", Work(UNFINISHED, {"4-up": 3.0}), 0)
    saved = read.save_draft(project, STUDY, "r0", Work(FINISHED), known)
    assert saved.is_conflict
    assert saved.draft == project.catalog.drafts.of(STUDY, "r0", "reader")
    assert saved.draft is not None
    assert (saved.draft.reading, saved.version) == (UNFINISHED, 1)


def test_a_draft_of_a_version_that_was_never_there_is_a_conflict_without_a_draft(project: Project) -> None:
    saved = read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 3)
    assert (saved.is_conflict, saved.draft, saved.version) == (True, None, 0)


def test_the_same_draft_again_is_a_lost_answer_and_no_conflict(project: Project) -> None:
    first = read.save_draft(project, STUDY, "r0", Work(UNFINISHED, {"4-up": 3.0}, "4-up"), 0)
    assert read.save_draft(project, STUDY, "r0", Work(UNFINISHED, {"4-up": 3.0}, "4-up"), 0) == first
    other = Work(UNFINISHED, {"4-up": 4.0}, "4-up")
    assert read.save_draft(project, STUDY, "r0", other, 0).is_conflict


def test_seconds_never_become_fewer_and_go_with_the_answer(project: Project) -> None:
    read.save_draft(project, STUDY, "r0", Work(UNFINISHED, {"4-up": 9.0, "cc": 2.0}), 0)
    read.submit(project, STUDY, "r0", Work(FINISHED, {"4-up": 1.0, "mlo": 4.5}), 1)
    assert project.catalog.facts()[STUDY][-1].seconds == {"4-up": 9.0, "cc": 2.0, "mlo": 4.5}


def test_what_was_seen_never_becomes_less_and_goes_with_the_answer(project: Project) -> None:
    one, other = (f"{STUDY}00{n}" for n in range(2))
    read.save_draft(project, STUDY, "r0", Work(UNFINISHED, viewed={one: Viewed(0.75, 20.0, 3.0)}), 0)
    seen = {one: Viewed(0.5, 21.0, 2.0), other: Viewed(1.0, 9.0, 9.0)}
    read.submit(project, STUDY, "r0", Work(FINISHED, viewed=seen), 1)
    wanted = {one: Viewed(0.75, 21.0, 3.0), other: Viewed(1.0, 9.0, 9.0)}
    assert project.catalog.facts()[STUDY][-1].viewed == wanted
    changed = reading(STUDY, "r0", birads=2)
    read.amend(project, STUDY, "r0", Work(changed, viewed={one: Viewed(1.0, 30.0, 5.0)}), "slip")
    assert project.catalog.facts()[STUDY][-1].viewed == wanted | {one: Viewed(1.0, 30.0, 5.0)}


def test_what_was_seen_of_images_of_other_exams_is_left_out_and_costs_no_answer(project: Project) -> None:
    seen = {"2.25.404": Viewed(1.0, 1.0, 1.0), f"{STUDY}000": Viewed(0.5, 2.0, 1.0)}
    for _ in range(2):
        assert not read.save_draft(project, STUDY, "r0", Work(UNFINISHED, viewed=seen), 0).is_conflict
    stored = project.catalog.drafts.of(STUDY, "r0", "reader")
    assert stored is not None
    assert stored.viewed == {f"{STUDY}000": Viewed(0.5, 2.0, 1.0)}


def test_an_answer_is_submitted_once_however_often_it_is_sent(project: Project) -> None:
    for version in (0, 0, 5):
        assert not read.submit(project, STUDY, "r0", Work(FINISHED), version).is_conflict
    assert kinds(project) == ["assigned", "submitted"]


def test_what_was_submitted_becomes_the_draft_so_that_an_old_window_cannot_write_over_it(project: Project) -> None:
    read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 0)
    assert read.submit(project, STUDY, "r0", Work(FINISHED), 1).version == 2
    late = read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 1)
    assert late.is_conflict
    assert late.draft is not None
    assert late.draft.reading == FINISHED


def test_an_answer_that_does_not_know_the_draft_is_a_conflict_and_submits_nothing(project: Project) -> None:
    read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 0)
    assert read.submit(project, STUDY, "r0", Work(FINISHED), 0).is_conflict
    assert kinds(project) == ["assigned", "draft_saved"]


def test_what_is_to_be_confirmed_is_confirmed_by_its_key(project: Project) -> None:
    doubtful = Work(reading(STUDY, "r0", birads=4))
    with pytest.raises(RuleViolation, match="no finding is marked"):
        read.submit(project, STUDY, "r0", doubtful, 0, ["no_finding_marked:L"])
    read.submit(project, STUDY, "r0", doubtful, 0, ["no_finding_marked:R"])
    assert standing(project, 0).submitted == ("r0",)


def test_an_answer_is_amended_with_a_reason_until_the_second_one_is_in(project: Project) -> None:
    answer(project, STUDY, "r0")
    better = replace(FINISHED, comment="seen again")
    with pytest.raises(TransitionError, match="no reason is given"):
        read.amend(project, STUDY, "r0", Work(better), "  ")
    for _ in range(2):
        read.amend(project, STUDY, "r0", Work(better), "slip of the mouse")
    assert kinds(project) == ["assigned", "submitted", "amended"]
    answer(project, STUDY, "r1")
    with pytest.raises(TransitionError, match="frozen") as caught:
        read.amend(project, STUDY, "r0", Work(FINISHED), "changed my mind")
    assert caught.value.code == "frozen"
    assert standing(project, 0).reading_of("r0") == better


def test_an_amendment_sent_again_after_the_second_is_in_is_still_the_same_answer(project: Project) -> None:
    answer(project, STUDY, "r0")
    better = replace(FINISHED, comment="seen again")
    read.amend(project, STUDY, "r0", Work(better), "slip")
    answer(project, STUDY, "r1")
    read.amend(project, STUDY, "r0", Work(better), "slip")
    assert kinds(project) == ["assigned", "submitted", "amended"]


def test_nothing_is_done_with_a_study_of_somebody_else(project: Project) -> None:
    project.catalog.put_reader(Reader("r9"))
    acts = (
        lambda: read.open_study(project, STUDY, "r9"),
        lambda: read.save_draft(project, STUDY, "r9", Work(reading(STUDY, "r9")), 0),
        lambda: read.submit(project, STUDY, "r9", Work(reading(STUDY, "r9")), 0),
        lambda: read.flag(project, STUDY, "r9", read.Flag("other", "motion")),
        lambda: read.open_study(project, "2.25.404", "r0"),
    )
    before = project.catalog.facts()
    for act in acts:
        with pytest.raises(TransitionError) as caught:
            act()
        assert caught.value.code == "not_assigned"
    assert project.catalog.facts() == before


def test_who_is_assigned_anew_begins_anew_and_finds_the_old_draft(project: Project) -> None:
    read.open_study(project, STUDY, "r0")
    answer(project, STUDY, "r0")
    read.withdraw(project, STUDY, "r0", "reader", "ill")
    with pytest.raises(TransitionError):
        read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 1)
    read.assign_one(project, STUDY, "r0", "reader")
    assert standing(project, 0).pending == ("r1", "r0")
    read.open_study(project, STUDY, "r0")
    saved = read.save_draft(project, STUDY, "r0", Work(UNFINISHED), 1)
    assert saved.version == 2
    assert kinds(project)[-3:] == ["assigned", "opened", "draft_saved"]


def test_the_arbiter_decides_with_a_draft_of_their_own(project: Project) -> None:
    study = project.catalog.studies()[0]
    answer(project, STUDY, "r0", birads=4, findings=(mass(study),))
    answer(project, STUDY, "r1")
    read.assign(project)
    decision = reading(STUDY, "senior", birads=2)
    read.save_draft(project, STUDY, "senior", Work(decision), 0)
    for _ in range(2):
        read.submit(project, STUDY, "senior", Work(decision), 1)
    assert standing(project, 0).state == StudyState.FINAL
    assert kinds(project, "senior") == ["assigned", "draft_saved", "arbitrated"]
    draft = project.catalog.drafts.of(STUDY, "senior", "arbiter")
    assert draft is not None
    assert draft.version == 2
    later = reading(STUDY, "senior", birads=3, findings=(mass(study, 3),))
    read.amend(project, STUDY, "senior", Work(later), "priors came in")
    assert standing(project, 0).arbitration == later


def test_a_crash_between_two_writes_leaves_nothing_half_done(project: Project) -> None:
    def crash() -> None:
        with project.catalog.drafts.turn(STUDY) as turn:
            turn.append(replace(turn.facts[0], kind=FactKind.OPENED))
            assert turn.replace(Draft(UNFINISHED, "reader"), 0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert kinds(project) == ["assigned"]
    assert project.catalog.drafts.of(STUDY, "r0", "reader") is None
