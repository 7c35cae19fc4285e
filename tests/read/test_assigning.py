"""Assignment over the catalog: caps, who is away, seniors, one study by hand, and the end of the phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mammoset import read
from mammoset.domain.workflow import StudyState, standing_of
from mammoset.errors import ConfigError, TransitionError
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.review import decide
from tests.builders import SETTINGS, make_project, mass, reading
from tests.read.acting import answer, standing


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=4, readers=3) as opened:
        yield opened


def change_person(project: Project, name: str, **what: object) -> None:
    (person,) = (one for one in project.catalog.readers() if one.reader_id == name)
    project.catalog.put_reader(replace(person, **what))  # type: ignore[arg-type]


def test_nobody_gets_more_than_their_cap(project: Project) -> None:
    change_person(project, "r0", workload_cap=1)
    done = read.assign(project)
    assert done.reads["r0"] <= 1
    assert sum(done.reads.values()) == 8


def test_what_the_caps_do_not_allow_is_said_with_numbers_and_names_and_nothing_is_assigned(project: Project) -> None:
    for name in ("r0", "r1"):
        change_person(project, name, workload_cap=2)
    change_person(project, "r2", workload_cap=0)
    with pytest.raises(ConfigError) as caught:
        read.assign(project)
    message = str(caught.value)
    assert message.startswith(
        "read assign: 4 reads cannot be assigned; readers available: 3; r0, r1, r2 have reached the cap"
    )
    assert "raise a cap" in message
    assert message.endswith("--partial assigns what is possible")
    assert project.catalog.facts() == {}


def test_what_is_possible_is_assigned_when_asked_for(project: Project) -> None:
    for name in ("r0", "r1", "r2"):
        change_person(project, name, workload_cap=2)
    done = read.assign(project, partial=True)
    assert (sum(done.reads.values()), done.missing) == (6, {"reader": 2})
    assert [len(standing(project, n).readers) for n in range(4)] == [2, 2, 2, 0]
    change_person(project, "r0", workload_cap=None)
    change_person(project, "r1", workload_cap=None)
    assert read.assign(project).reads == {"r0": 1, "r1": 1}


def test_a_pool_too_small_for_a_team_is_told_what_to_do(tmp_path: Path) -> None:
    with (
        make_project(tmp_path / "p", studies=1, readers=1) as project,
        pytest.raises(ConfigError, match=r"2 reads cannot be assigned; readers available: 1;.* --role reader"),
    ):
        read.assign(project)


def test_who_is_away_gets_nothing_new_and_keeps_what_they_have(project: Project) -> None:
    read.assign(project)
    mine = {n for n in range(4) if "r0" in standing(project, n).readers}
    change_person(project, "r0", is_available=False)
    first = next(n for n in range(4) if "r1" in standing(project, n).readers)
    read.withdraw(project, f"2.25.{first}", "r1", "reader", "on leave")
    assert "r0" not in read.assign(project, partial=True).reads
    assert mine == {n for n in range(4) if "r0" in standing(project, n).readers}


def test_whose_account_is_disabled_gets_nothing_new(project: Project) -> None:
    accounts = project.catalog.accounts
    for reader in project.catalog.readers():
        accounts.put_person(reader, by="chief")
    accounts.set_disabled("r0", is_disabled=True, by="chief")
    assert set(read.assign(project).reads) == {"r1", "r2"}


def test_two_withdrawn_readers_are_both_replaced_at_once(tmp_path: Path) -> None:
    with make_project(tmp_path / "p", studies=1, readers=4) as project:
        read.assign(project)
        team = standing(project, 0).readers
        for name in team:
            read.open_study(project, "2.25.0", name)
            read.withdraw(project, "2.25.0", name, "reader", "left")
        read.assign(project)
        assert set(standing(project, 0).readers) == {"r0", "r1", "r2", "r3"} - set(team)


def test_one_study_is_assigned_by_hand(project: Project) -> None:
    read.assign_one(project, "2.25.2", "r1", "reader")
    assert standing(project, 2).readers == ("r1",)
    assert sum(read.assign(project).reads.values()) == 7


def test_a_study_goes_from_one_reader_to_another_and_nothing_is_lost(tmp_path: Path) -> None:
    with make_project(tmp_path / "p", studies=1, readers=3) as project:
        read.assign(project)
        before = standing(project, 0).readers
        (other,) = {"r0", "r1", "r2"} - set(before)
        answer(project, "2.25.0", before[0])
        read.reassign(project, "2.25.0", before[0], other, "reader", "conflict of interest")
        now = standing(project, 0)
        assert (set(now.readers), now.submitted) == ({before[1], other}, ())
        facts = project.catalog.facts()["2.25.0"]
        assert reading("2.25.0", before[0]) in [one.reading for one in facts]
        assert [one.reason for one in facts if one.kind == "withdrawn"] == ["conflict of interest"]


@pytest.mark.parametrize(
    ("study_id", "name", "role", "told"),
    [
        ("2.25.0", "nobody", "reader", "nobody has this name"),
        ("2.25.0", "senior", "reader", "senior lacks the role 'reader'"),
        ("2.25.0", "r0", "senior", "r0 lacks the role 'arbiter'"),
        ("2.25.404", "r0", "reader", "no approved exam has this id"),
        ("2.25.0", "r2", "reader", "r2 has 0 exams as reader already, which is their cap"),
    ],
)
def test_an_assignment_by_hand_that_cannot_be_is_explained(
    project: Project, study_id: str, name: str, role: read.Role, told: str
) -> None:
    change_person(project, "r2", workload_cap=0)
    with pytest.raises(ConfigError, match=told):
        read.assign_one(project, study_id, name, role)


def test_a_reassignment_that_cannot_be_takes_the_study_from_nobody(project: Project) -> None:
    read.assign(project)
    first, second = standing(project, 0).readers
    with pytest.raises(TransitionError, match="assigned to it already"):
        read.reassign(project, "2.25.0", first, second, "reader", "why not")
    assert standing(project, 0).readers == (first, second)


def read_all(project: Project) -> None:
    for n in range(4):
        for name in standing(project, n).readers:
            answer(project, f"2.25.{n}", name)


@pytest.fixture
def sampled(tmp_path: Path) -> Iterator[Project]:
    settings = f"{SETTINGS}\n[read]\nsenior_share = 1.0\n"
    with make_project(tmp_path / "s", studies=4, readers=3, settings=settings) as opened:
        opened.catalog.put_reader(Reader("second", ("arbiter",)))
        yield opened


def test_a_senior_who_has_not_seen_it_reads_each_concordant_exam_of_the_sample(sampled: Project) -> None:
    sampled.catalog.put_reader(Reader("r0", ("reader", "arbiter")))
    assert read.assign(sampled).seniors == {}
    read_all(sampled)
    done = read.assign(sampled)
    assert sum(done.seniors.values()) == 4
    for n in range(4):
        assert standing(sampled, n).senior not in (None, *standing(sampled, n).readers)
    assert read.assign(sampled).seniors == {}


def test_no_senior_reads_where_no_share_is_asked_for(project: Project) -> None:
    read.assign(project)
    read_all(project)
    assert read.assign(project).seniors == {}


def test_the_reference_is_the_same_whatever_the_senior_says(sampled: Project) -> None:
    read.assign(sampled)
    read_all(sampled)
    before = sampled.catalog.references(sampled.schema)
    read.assign(sampled)
    study = sampled.catalog.studies()[0]
    who = standing(sampled, 0).senior
    assert who is not None
    answer(sampled, study.study_id, who, birads=4, findings=(mass(study),))
    assert standing(sampled, 0).quality is not None
    assert sampled.catalog.references(sampled.schema) == before
    senior = [one for one in read.progress_of(sampled) if one.role == "senior"]
    assert {one.reader_id: one.submitted for one in senior if one.submitted} == {who: 1}


def test_the_phase_is_closed_when_nobody_is_waited_for(project: Project) -> None:
    with pytest.raises(TransitionError, match="nothing was assigned yet"):
        read.close_phase(project, "admin")
    read.assign(project)
    with pytest.raises(TransitionError, match=r"4 exam\(s\) still wait"):
        read.close_phase(project, "admin")
    read_all(project)
    read.close_phase(project, "admin")
    assert all(standing(project, n).is_closed for n in range(4))
    with pytest.raises(TransitionError, match="closed already"):
        read.close_phase(project, "admin")


def test_an_exam_that_review_rejected_keeps_the_phase_from_nothing_and_has_no_answer(project: Project) -> None:
    read.assign(project)
    for n in (1, 2, 3):
        for name in standing(project, n).readers:
            answer(project, f"2.25.{n}", name)
    image = project.catalog.studies()[0].images[0]
    decide(project, {image.image_id: "image_quality"}, by="reviewer")
    with pytest.raises(TransitionError, match="excluded"):
        read.open_study(project, "2.25.0", standing(project, 0).readers[0])
    read.close_phase(project, "admin")
    assert set(project.catalog.references(project.schema)) == {"2.25.1", "2.25.2", "2.25.3"}


def test_an_exam_excluded_after_it_was_read_has_no_answer_any_more(project: Project) -> None:
    read.assign(project)
    read_all(project)
    decide(project, {project.catalog.studies()[0].images[0].image_id: "visible_identifier"}, by="reviewer")
    assert "2.25.0" not in project.catalog.references(project.schema)
    facts = project.catalog.facts()["2.25.0"]
    assert standing_of(facts, project.schema, excluded=True).state == StudyState.EXCLUDED
