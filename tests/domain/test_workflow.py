"""The workflow: which step is allowed when, and that no order of allowed steps loses or leaks a reading."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.domain.labels import parse_labels
from mammoset.domain.rules import CONFIRMATIONS
from mammoset.domain.standing import Standing
from mammoset.domain.transitions import STATE_HINTS
from mammoset.domain.workflow import (
    TRANSITIONS,
    Fact,
    FactKind,
    StudyState,
    anonymous,
    check_next,
    reference_of,
    standing_of,
    state_of,
    visible_readings,
)
from mammoset.errors import RuleViolation, TransitionError
from mammoset.model import Reading
from tests.domain.exams import SCHEMA, assigned, fact, finding, images, reading, submitted

TEAM = assigned("r1", "r2")
ONE_IN = [*TEAM, *submitted(reading("r1", right=2))]
CONCORDANT = [*ONE_IN, *submitted(reading("r2", right=2))]
DISCORDANT = [*ONE_IN, *submitted(reading("r2", finding(), right=4))]
WITH_ARBITER = [*DISCORDANT, fact("assigned", "a1", "arbiter")]
DECISION = reading("a1", finding(), right=4)
FINAL = [*WITH_ARBITER, fact("arbitrated", "a1", "arbiter", DECISION)]
FLAGGED = [*ONE_IN, fact("flagged", "r2", reason="motion")]
CLOSED = [*CONCORDANT, fact("phase_closed", "admin", study="")]


def take(facts: list[Fact], following: Fact, *, excluded: bool = False) -> list[Fact]:
    check_next(facts, following, images(), SCHEMA, confirmed=CONFIRMATIONS, excluded=excluded)
    return [*facts, following]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], StudyState.UNASSIGNED),
        (assigned("r1"), StudyState.AWAITING_READS),
        (ONE_IN, StudyState.AWAITING_READS),
        (CONCORDANT, StudyState.CONCORDANT),
        (DISCORDANT, StudyState.AWAITING_ARBITRATION),
        (WITH_ARBITER, StudyState.AWAITING_ARBITRATION),
        (FINAL, StudyState.FINAL),
        (FLAGGED, StudyState.HELD),
        ([*FLAGGED, fact("unflagged", "admin")], StudyState.AWAITING_READS),
        ([*TEAM, fact("withdrawn", "r1", reason="ill"), fact("withdrawn", "r2", reason="ill")], StudyState.UNASSIGNED),
    ],
)
def test_the_state_follows_from_the_facts(facts: list[Fact], state: StudyState) -> None:
    assert state_of(facts, SCHEMA) == state


def test_an_excluded_study_is_excluded_whatever_was_read() -> None:
    assert state_of(FINAL, SCHEMA, excluded=True) == StudyState.EXCLUDED


def test_each_of_these_histories_can_be_lived_through() -> None:
    for history in (CONCORDANT, FINAL, FLAGGED, CLOSED):
        facts: list[Fact] = []
        for following in history:
            facts = take(facts, following)


AMENDED = fact("amended", "r1", answer=reading("r1", right=3), reason="slip of the mouse")

REFUSED: list[tuple[list[Fact], Fact, str]] = [
    (TEAM, fact("submitted", "r3", answer=reading("r3")), "r3 is not assigned as its reader"),
    (TEAM, fact("opened", "r3"), "r3 is not assigned as its reader"),
    ([], fact("submitted", "r1", answer=reading("r1")), "no reader is assigned"),
    (TEAM, fact("assigned", "r1"), "r1 is assigned to it already"),
    (TEAM, fact("assigned", "r3"), "it has its 2 reader(s) already; withdraw one"),
    (ONE_IN, fact("submitted", "r1", answer=reading("r1")), "amend the answer with a reason, until the last reading"),
    (ONE_IN, fact("submitted", "r2"), "no reading is given"),
    (ONE_IN, fact("submitted", "r2", answer=reading("r1")), "the reading is of r1 for s1; give one's own"),
    (ONE_IN, fact("submitted", "r2", answer=reading("r2", study="s2")), "the reading is of r2 for s2"),
    (ONE_IN, fact("amended", "r1", answer=reading("r1")), "no reason is given"),
    (ONE_IN, fact("amended", "r2", answer=reading("r2"), reason="x"), "r2 has submitted nothing to amend"),
    (CONCORDANT, AMENDED, "all its readings are in, and frozen"),
    (DISCORDANT, AMENDED, "all its readings are in, and frozen"),
    (DISCORDANT, fact("submitted", "r1", answer=reading("r1")), "frozen"),
    (DISCORDANT, fact("draft_saved", "r1", answer=reading("r1")), "frozen"),
    (DISCORDANT, fact("assigned", "r3"), "all its readings are in and frozen, and they are discordant"),
    (CONCORDANT, fact("assigned", "r3"), "all its readings are in and frozen, and they agree"),
    (ONE_IN, fact("assigned", "a1", "arbiter"), "its readings are not all in"),
    (CONCORDANT, fact("assigned", "a1", "arbiter"), "they agree; nothing is left to decide"),
    (DISCORDANT, fact("assigned", "r1", "arbiter"), "r1 is assigned to it already"),
    (WITH_ARBITER, fact("assigned", "a2", "arbiter"), "a1 is its arbiter; withdraw them first"),
    (DISCORDANT, fact("arbitrated", "a1", "arbiter", DECISION), "a1 is not assigned as its arbiter"),
    (ONE_IN, fact("arbitrated", "a1", "arbiter", DECISION), "its readings are not all in; wait for them"),
    (FINAL, fact("arbitrated", "a1", "arbiter", DECISION), "it has its final answer"),
    (FINAL, fact("amended", "a1", "arbiter", DECISION), "no reason is given"),
    (TEAM, fact("submitted", "r1", "arbiter", reading("r1")), "that is not for a person in the role of arbiter"),
    (WITH_ARBITER, fact("withdrawn", "r1", reason="ill"), "a1 is its arbiter; withdraw them first"),
    (TEAM, fact("withdrawn", "r1"), "no reason is given"),
    (TEAM, fact("withdrawn", "r3", reason="ill"), "r3 is not assigned as its reader"),
    (TEAM, fact("flagged", "r3", reason="motion"), "r3 is not assigned as its reader"),
    (TEAM, fact("flagged", "r1"), "no reason is given"),
    (TEAM, fact("unflagged", "admin"), "its readings are not all in"),
    (FLAGGED, fact("submitted", "r2", answer=reading("r2")), "it is held because of a flag; lift the flag or exclude"),
    (FLAGGED, fact("assigned", "r3"), "held"),
    (FLAGGED, fact("phase_closed", "admin"), "held"),
    (ONE_IN, fact("phase_closed", "admin"), "its readings are not all in"),
    (CLOSED, AMENDED, "the reading phase is closed"),
    (CLOSED, fact("phase_closed", "admin"), "the reading phase is closed"),
    (CLOSED, fact("flagged", "r1", reason="motion"), "the reading phase is closed"),
    (TEAM, fact("opened", "r1", study="s2"), "the facts so far are of another study"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "following", "why"), REFUSED)
def test_a_step_out_of_place_is_refused_with_the_reason_and_the_remedy(
    facts: list[Fact], following: Fact, why: str
) -> None:
    with pytest.raises(TransitionError, match=re.escape(why)) as caught:
        take(facts, following)
    assert str(caught.value).startswith(f"study {following.study_id}: '{following.kind}' is not possible: ")


def test_nothing_is_read_of_an_excluded_study() -> None:
    with pytest.raises(TransitionError, match="excluded by decision of a person"):
        take(TEAM, fact("opened", "r1"), excluded=True)


def test_an_answer_that_breaks_a_rule_is_refused_a_draft_is_not() -> None:
    unfinished = reading("r1", left=None)
    take(TEAM, fact("draft_saved", "r1", answer=unfinished))
    with pytest.raises(RuleViolation, match="left breast: no BI-RADS"):
        take(TEAM, fact("submitted", "r1", answer=unfinished))


def test_what_must_be_confirmed_is_refused_until_it_is() -> None:
    step = fact("submitted", "r1", answer=reading("r1", right=4))
    with pytest.raises(RuleViolation, match="confirm it"):
        check_next(TEAM, step, images(), SCHEMA)
    check_next(TEAM, step, images(), SCHEMA, confirmed=["no_finding_marked:R"])


def test_until_the_last_reading_is_in_a_reader_may_amend_their_own() -> None:
    facts = take(ONE_IN, AMENDED)
    assert standing_of(facts, SCHEMA).readings == (AMENDED.reading,)


def test_an_amended_reading_keeps_its_place_in_the_order_of_submission() -> None:
    facts = [*TEAM, *submitted(reading("r2")), fact("amended", "r2", answer=reading("r2", right=2), reason="x")]
    assert standing_of([*facts, *submitted(reading("r1"))], SCHEMA).submitted == ("r2", "r1")


def test_the_arbiter_may_amend_the_decision_with_a_reason_while_the_phase_is_open() -> None:
    later = reading("a1", finding(birads=5), right=5)
    facts = take(FINAL, fact("amended", "a1", "arbiter", later, "second look"))
    reference = reference_of(facts, SCHEMA)
    assert reference is not None
    assert (reference.findings, reference.origin) == (later.findings, "arbitrated")


def test_the_reading_of_a_withdrawn_reader_stays_a_fact_but_does_not_count() -> None:
    facts = take(ONE_IN, fact("withdrawn", "r1", reason="left the project"))
    standing = standing_of(facts, SCHEMA)
    assert (standing.readings, standing.readers, standing.pending) == ((), ("r2",), ("r2",))
    assert [one.reading for one in facts if one.reading] == [reading("r1", right=2)]
    facts = take(facts, fact("assigned", "r3"))
    assert standing_of(facts, SCHEMA).pending == ("r2", "r3")


def test_a_reader_withdrawn_from_a_finished_study_opens_it_again() -> None:
    facts = take(CONCORDANT, fact("withdrawn", "r1", reason="left the project"))
    assert state_of(facts, SCHEMA) == StudyState.AWAITING_READS
    with pytest.raises(TransitionError, match="has its 2 reader"):
        take(take(facts, fact("assigned", "r3")), fact("assigned", "r4"))


def test_after_the_arbiter_is_withdrawn_another_decides() -> None:
    facts = take(FINAL, fact("withdrawn", "a1", "arbiter", reason="conflict of interest"))
    assert state_of(facts, SCHEMA) == StudyState.AWAITING_ARBITRATION
    facts = take(facts, fact("assigned", "a2", "arbiter"))
    assert standing_of(facts, SCHEMA).arbitration is None


def test_who_has_seen_a_study_as_reader_does_not_arbitrate_it_even_when_withdrawn() -> None:
    facts = [*TEAM, fact("opened", "r1"), fact("withdrawn", "r1", reason="ill"), *assigned("r3")]
    facts += submitted(reading("r2", right=2), reading("r3", finding(), right=4))
    with pytest.raises(TransitionError, match="r1 has seen it as reader"):
        take(facts, fact("assigned", "r1", "arbiter"))


def test_who_was_the_arbiter_of_a_study_does_not_read_it_even_when_withdrawn() -> None:
    facts = take(WITH_ARBITER, fact("withdrawn", "a1", "arbiter", reason="ill"))
    facts = take(facts, fact("withdrawn", "r1", reason="ill"))
    with pytest.raises(TransitionError, match="a1 has seen it as arbiter"):
        take(facts, fact("assigned", "a1"))


def test_a_change_of_the_label_schema_is_answered_from_the_same_facts() -> None:
    lenient = parse_labels("discordance.open_arbitration = []")
    assert state_of(DISCORDANT, lenient) == StudyState.CONCORDANT
    assert state_of(ONE_IN, parse_labels("readers.readers_per_study = 1")) == StudyState.FINAL


def test_every_state_has_a_hint_and_every_kind_of_fact_a_transition() -> None:
    assert set(STATE_HINTS) == set(StudyState)
    assert {kind for kind, _ in TRANSITIONS} == set(FactKind)


def test_while_the_phase_is_open_everybody_sees_their_own_reading_only() -> None:
    for facts in (ONE_IN, CONCORDANT, DISCORDANT, FINAL):
        for who in ("r1", "r2"):
            seen = visible_readings(facts, who, ["reader", "arbiter", "admin"], SCHEMA)
            assert {one.reader_id for one in seen} <= {who}
        assert visible_readings(facts, "admin", ["admin"], SCHEMA) == ()


def test_the_arbiter_sees_both_readings_from_the_assignment_on() -> None:
    def seen(facts: list[Fact]) -> list[str]:
        return [one.reader_id for one in visible_readings(facts, "a1", ["arbiter"], SCHEMA)]

    assert seen(DISCORDANT) == []
    assert seen(WITH_ARBITER) == ["r1", "r2"]
    assert seen(FINAL) == ["r1", "r2", "a1"]
    assert seen([*FINAL, fact("withdrawn", "a1", "arbiter", reason="ill")]) == []


def test_an_arbiter_whom_the_facts_name_too_early_sees_nothing() -> None:
    early = [*ONE_IN, fact("assigned", "a1", "arbiter")]
    assert visible_readings(early, "a1", ["arbiter"], SCHEMA) == ()


def test_once_the_phase_is_closed_readers_see_all_and_the_privacy_reviewer_still_none() -> None:
    facts = [*FINAL, fact("phase_closed", "admin", study="")]
    assert len(visible_readings(facts, "r1", ["reader"], SCHEMA)) == 3
    assert visible_readings(facts, "p1", ["reviewer"], SCHEMA) == ()


def test_shown_anonymously_neither_name_nor_order_tells_who_read_first() -> None:
    orders = set()
    for n in range(40):
        pair = reading("r1", study=f"s{n}", right=2), reading("r2", study=f"s{n}", right=3)
        shown = anonymous(pair)
        assert anonymous(pair[::-1]) == shown
        assert [one.reader_id for one in shown] == ["A", "B"]
        orders.add(tuple(one.breasts[1].birads for one in shown))
    assert orders == {(2, 3), (3, 2)}


PEOPLE = ("p1", "p2", "p3", "p4")
ANSWERS = (reading(right=2), reading(right=1), reading("r1", finding(), right=4))
CANDIDATES = [(kind, role, who) for kind, role in TRANSITIONS for who in PEOPLE]
URGES = (
    *[FactKind.SUBMITTED] * 8, *[FactKind.ASSIGNED] * 8, *[FactKind.WITHDRAWN] * 3, *[FactKind.ARBITRATED] * 2,
    FactKind.AMENDED, FactKind.OPENED, FactKind.DRAFT_SAVED, FactKind.FLAGGED, FactKind.PHASE_CLOSED,
)  # fmt: skip
"""What is wanted next, most of all what leads on to arbitration and, after withdrawals, back to it."""


def possible_next(facts: list[Fact], answer: Reading, urge: FactKind) -> list[Fact]:
    """Return every allowed step of the kind that is wanted; else, unless it closes the phase, every allowed step."""
    found = []
    for kind, role, who in CANDIDATES:
        following = fact(kind, who, role, replace(answer, reader_id=who), "why")
        try:
            check_next(facts, following, images(), SCHEMA, confirmed=CONFIRMATIONS)
        except TransitionError:
            continue
        found.append(following)
    return [one for one in found if one.kind == urge] or [one for one in found if one.kind != FactKind.PHASE_CLOSED]


def assert_consistent(before: Standing, following: Fact, facts: list[Fact]) -> None:
    now = standing_of(facts, SCHEMA)
    assert now == standing_of(tuple(facts), SCHEMA)  # the same facts, the same standing
    assert len(set(now.readers)) == len(now.readers) <= SCHEMA.readers_per_study
    assert set(now.submitted) <= set(now.readers)
    assert now.arbiter is None or now.arbiter not in now.readers_seen | now.seniors_seen | set(now.readers)
    assert not (now.readers_seen | now.seniors_seen) & now.arbiters_seen
    assert len({name for name, _ in now.people}) == len(now.people)  # nobody has two roles on one study
    assert now.quality is None or now.quality.reader_id == now.senior
    assert now.arbitration is None or (now.is_discordant and now.arbitration.reader_id == now.arbiter)
    assert (reference_of(facts, SCHEMA) is not None) == now.state.is_final
    assert not before.is_closed  # nothing was let in after closing
    if before.is_frozen and following.kind != FactKind.WITHDRAWN:
        assert now.readings == before.readings
    latest: dict[str, Reading | None] = {}
    for one in facts:
        if one.role == "reader" and one.kind in (FactKind.SUBMITTED, FactKind.AMENDED):
            latest[one.reader_id] = one.reading
        elif one.role == "reader" and one.kind == FactKind.WITHDRAWN:
            latest.pop(one.reader_id, None)
    assert {one.reader_id: one for one in now.readings} == latest  # no submitted reading is lost


def assert_blind(facts: list[Fact]) -> None:
    standing = standing_of(facts, SCHEMA)
    for who in PEOPLE:
        seen = {one.reader_id for one in visible_readings(facts, who, ["reader", "admin"], SCHEMA)}
        assert seen <= {who} or standing.is_closed or who == standing.arbiter


TWO_READ = [fact("assigned", "p1"), fact("assigned", "p2")]
TWO_READ += submitted(*(replace(answer, reader_id=who) for who, answer in zip(("p1", "p2"), ANSWERS, strict=False)))
ARBITER_IN = [*TWO_READ, fact("assigned", "p3", "arbiter")]
STEP = st.tuples(st.sampled_from(URGES), st.sampled_from(ANSWERS), st.integers(0, 99))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([[], TWO_READ, ARBITER_IN]), st.lists(STEP, min_size=6, max_size=16))
def test_no_order_of_allowed_steps_loses_a_reading_or_shows_it_to_another(
    start: list[Fact], steps: list[tuple[FactKind, Reading, int]]
) -> None:
    facts = list(start)
    seen_others = {"p3"} if start == ARBITER_IN else set()
    for urge, answer, choice in steps:
        possible = possible_next(facts, answer, urge)
        if not possible:
            break
        following = possible[choice % len(possible)]
        if following.role == "reader" and following.kind in (FactKind.SUBMITTED, FactKind.AMENDED):
            assert following.reader_id not in seen_others  # every reading that counts is independent
        before = standing_of(facts, SCHEMA)
        facts.append(following)
        assert_consistent(before, following, facts)
        assert_blind(facts)
        for who in PEOPLE:
            seen = visible_readings(facts, who, ["reader", "admin"], SCHEMA)
            seen_others |= {who} if any(one.reader_id != who for one in seen) else set()


ANY_FACT = st.builds(
    lambda kind, who, role, answer: fact(kind, who, role, answer and replace(answer, reader_id=who)),
    st.sampled_from(FactKind),
    st.sampled_from(PEOPLE),
    st.sampled_from(["reader", "arbiter"]),
    st.sampled_from([None, *ANSWERS]),
)


@given(st.lists(ANY_FACT, max_size=15))
def test_any_facts_at_all_have_a_standing(facts: list[Fact]) -> None:
    standing = standing_of(facts, SCHEMA)
    assert standing.state in StudyState
    reference_of(facts, SCHEMA)
    visible_readings(facts, "p1", ["admin"], SCHEMA)
