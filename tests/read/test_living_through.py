"""Whatever people do, in whatever order: no study is where it may not be, and nothing that was said is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mammoset import read, review
from mammoset.domain.rules import CONFIRMATIONS
from mammoset.domain.standing import Standing
from mammoset.domain.workflow import Fact, FactKind, Role, StudyState, standing_of
from mammoset.errors import MammosetError
from mammoset.model import Reader, Reading
from mammoset.project import Project
from mammoset.read import Board, Flag, Work
from tests.builders import SETTINGS, make_project, mass, reading

S = StudyState
STUDIES = ("2.25.0", "2.25.1")
PEOPLE = ("r0", "r1", "r2", "both", "senior")
ROLES: tuple[Role, ...] = ("reader", "senior", "arbiter")
EDGES: dict[StudyState, set[StudyState]] = {
    S.UNASSIGNED: {S.AWAITING_READS},
    S.AWAITING_READS: {S.UNASSIGNED, S.CONCORDANT, S.AWAITING_ARBITRATION, S.HELD, S.EXCLUDED},
    S.CONCORDANT: {S.AWAITING_READS, S.HELD, S.EXCLUDED},
    S.AWAITING_ARBITRATION: {S.AWAITING_READS, S.FINAL, S.HELD, S.EXCLUDED},
    S.FINAL: {S.AWAITING_ARBITRATION, S.HELD, S.EXCLUDED},
    S.HELD: set(StudyState),
    S.EXCLUDED: set(StudyState),
}
"""From where a study may come to where by one act of one person."""
ANSWERS = st.sampled_from([1, 2, 2, 4])
WHO, WHICH = st.sampled_from(PEOPLE), st.sampled_from(STUDIES)
MINE = st.integers(0, 99)


class ReadingRoom(RuleBasedStateMachine):
    """Two studies, three readers, one who also arbitrates, one who only arbitrates, a reviewer, an administrator."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        rules = f"{SETTINGS}\n[read]\nsenior_share = 1.0\n"
        self.project: Project = make_project(
            self.folder / "p", studies=2, readers=3, approved=False, settings=rules
        )  # fmt: skip
        self.project.catalog.put_reader(Reader("both", ("reader", "arbiter")))
        images = [image.image_id for study in self.project.catalog.studies() for image in study.images]
        review.decide(self.project, dict.fromkeys(images), by="reviewer")
        self.board = Board(self.project)
        self.facts: dict[str, list[Fact]] = {}
        self.drafts: dict[tuple[str, str, Role], Reading] = {}
        self.before = {study: Standing(S.UNASSIGNED) for study in STUDIES}

    def teardown(self) -> None:
        self.project.close()
        shutil.rmtree(self.folder)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something; what is refused must have changed nothing."""
        self.before = {study: self.standing(study) for study in STUDIES}
        self.facts = self.project.catalog.facts()
        try:
            act()
        except MammosetError:
            assert self.project.catalog.facts() == self.facts
            return False
        return True

    def standing(self, study: str) -> Standing:
        out = self.project.catalog.excluded_study_ids()
        return standing_of(self.project.catalog.facts().get(study, ()), self.project.schema, excluded=study in out)

    def mine(self, choice: int) -> tuple[str, str, Role] | None:
        """Return somebody who has a study, and as what."""
        found = [(study, *person) for study in STUDIES for person in self.standing(study).people]
        return found[choice % len(found)] if found else None

    def work(self, study: str, name: str, birads: int) -> Work:
        chosen = next(one for one in self.project.catalog.studies() if one.study_id == study)
        return Work(reading(study, name, birads=birads, findings=(mass(chosen, 3),) if birads > 2 else ()))

    def version(self, study: str, name: str, role: Role) -> int:
        draft = self.project.catalog.drafts.of(study, name, role)
        return draft.version if draft else 0

    # -- what people do ------------------------------------------------------------------------------------------

    @rule()
    def draw(self) -> None:
        self.attempt(lambda: read.assign(self.project, partial=True))

    @rule(answers=st.lists(ANSWERS, min_size=1, max_size=6))
    def go_on(self, answers: list[int]) -> None:
        """Let whoever is waited for do what is waited for."""
        for birads in answers:
            self.attempt(lambda: read.assign(self.project, partial=True))
            self.check()
            waiting = [
                (study, name, role)
                for study in STUDIES
                for name, role in self.standing(study).people
                if self.standing(study).answer_of(name, role) is None
            ]
            if waiting:
                self.send(*waiting[0], birads)
                self.check()

    @rule(study=WHICH, name=WHO, role=st.sampled_from(ROLES))
    def assign_one(self, study: str, name: str, role: Role) -> None:
        self.attempt(lambda: read.assign_one(self.project, study, name, role))

    @rule(choice=MINE)
    def open(self, choice: int) -> None:
        found = self.mine(choice)
        if found:
            self.attempt(lambda: read.open_study(self.project, *found[:2]))

    @rule(choice=MINE, birads=ANSWERS, is_stale=st.booleans())
    def draft(self, choice: int, birads: int, is_stale: bool) -> None:
        found = self.mine(choice)
        if not found:
            return
        study, name, role = found
        known, work = self.version(study, name, role) + 5 * is_stale, self.work(study, name, birads)
        work = replace(work, reading=replace(work.reading, comment="a draft"))
        done: list[read.Saved] = []
        if self.attempt(lambda: done.append(read.save_draft(self.project, study, name, work, known))):
            assert done[0].is_conflict is is_stale
            if not is_stale:
                self.drafts[study, name, role] = work.reading

    @rule(choice=MINE, birads=ANSWERS)
    def submit(self, choice: int, birads: int) -> None:
        found = self.mine(choice)
        if found:
            self.send(*found, birads)

    def send(self, study: str, name: str, role: Role, birads: int) -> None:
        work, known = self.work(study, name, birads), self.version(study, name, role)
        had = self.standing(study).answer_of(name, role)
        if self.attempt(lambda: read.submit(self.project, study, name, work, known, CONFIRMATIONS)):
            assert self.standing(study).answer_of(name, role) == work.reading
            if had is None:
                self.drafts[study, name, role] = work.reading

    @rule(choice=MINE, birads=ANSWERS)
    def amend(self, choice: int, birads: int) -> None:
        found = self.mine(choice)
        if not found:
            return
        study, name, role = found
        work, had = self.work(study, name, birads), self.standing(study).answer_of(name, role)
        if self.attempt(lambda: read.amend(self.project, study, name, work, "slip", CONFIRMATIONS)):
            assert self.standing(study).answer_of(name, role) == work.reading
            if had != work.reading:
                self.drafts[study, name, role] = work.reading

    @rule(choice=MINE, image=st.sampled_from([None, 0, 3]))
    def flag(self, choice: int, image: int | None) -> None:
        found = self.mine(choice)
        if found:
            about = None if image is None else f"{found[0]}00{image}"
            self.attempt(lambda: read.flag(self.project, *found[:2], Flag("other", "blurred", about)))

    @precondition(lambda self: any(self.standing(one).state in (S.HELD, S.EXCLUDED) for one in STUDIES))
    @rule(verdict=st.sampled_from([None, None, None, "image_quality"]))
    def settle(self, verdict: str | None) -> None:
        study = next(one for one in STUDIES if self.standing(one).state in (S.HELD, S.EXCLUDED))
        images = [image.image_id for one in self.project.catalog.studies([study]) for image in one.images]
        self.attempt(lambda: review.decide(self.project, dict.fromkeys(images, verdict), by="reviewer"))
        assert self.standing(study).state not in ({S.EXCLUDED, S.HELD} if verdict is None else {S.HELD})

    @rule(choice=MINE)
    def withdraw(self, choice: int) -> None:
        found = self.mine(choice)
        if found:
            study, name, role = found
            self.attempt(lambda: read.withdraw(self.project, study, name, role, "ill"))

    @rule(choice=MINE, to=WHO)
    def reassign(self, choice: int, to: str) -> None:
        found = self.mine(choice)
        if found:
            study, name, role = found
            self.attempt(lambda: read.reassign(self.project, study, name, to, role, "ill"))

    @precondition(lambda self: all(self.standing(one).state.is_final for one in STUDIES))
    @rule()
    def close(self) -> None:
        self.attempt(lambda: read.close_phase(self.project, "admin"))

    # -- what always holds ---------------------------------------------------------------------------------------

    def check(self) -> None:
        """Ask what always holds also between the steps of one rule."""
        self.no_study_is_where_it_may_not_be()
        self.nothing_is_lost()
        self.frozen_readings_stay_as_they_are()

    @invariant()
    def no_study_is_where_it_may_not_be(self) -> None:
        for study in STUDIES:
            now, before = self.standing(study), self.before[study]
            assert now.state == before.state or now.state in EDGES[before.state]
            assert now.arbiter is None or now.arbiter not in now.readers_seen | now.seniors_seen | set(now.readers)
            assert len({name for name, _ in now.people}) == len(now.people)
            assert len(now.readers) <= 2

    @invariant()
    def nothing_is_lost(self) -> None:
        now = self.project.catalog.facts()
        for study, facts in self.facts.items():
            assert now[study][: len(facts)] == facts
        for (study, name, role), said in self.drafts.items():
            stored = self.project.catalog.drafts.of(study, name, role)
            assert stored is not None
            assert stored.reading == said

    @invariant()
    def frozen_readings_stay_as_they_are(self) -> None:
        now = self.project.catalog.facts()
        for study in STUDIES:
            new = now.get(study, [])[len(self.facts.get(study, ())) :]
            is_withdrawn = any(one.kind == FactKind.WITHDRAWN and one.role == "reader" for one in new)
            if self.before[study].is_frozen and not is_withdrawn:
                assert self.standing(study).readings == self.before[study].readings
            assert not (self.before[study].is_closed and new)

    @invariant()
    def answers_come_from_readings_that_count(self) -> None:
        references = self.project.catalog.references(self.project.schema)
        for study in STUDIES:
            now, reference = self.standing(study), references.get(study)
            assert (reference is not None) is now.state.is_final
            if reference is None:
                continue
            said = now.readings if now.arbitration is None else (now.arbitration,)
            assert {one.reader_id for one in said} <= {now.arbiter, *now.readers}
            for breast in reference.breasts:
                assert breast.birads in {one.breast(breast.laterality).birads for one in said}

    @invariant()
    def the_board_shows_what_is_open_and_nothing_else(self) -> None:
        cases = self.board.cases()
        assert list(cases) == self.project.approved_study_ids()
        for study in STUDIES:
            if study in cases:
                assert replace(cases[study].standing, disagreements=()) == replace(
                    self.standing(study), disagreements=()
                )
            for name in PEOPLE:
                listed = {task.study_id for task in self.board.tasks(name, ROLES)}
                has_it = self.standing(study).role_of(name) is not None
                assert study not in listed or (has_it and self.standing(study).state not in (S.HELD, S.EXCLUDED))


ReadingRoom.TestCase.settings = settings(
    max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWhateverPeopleDo = ReadingRoom.TestCase
