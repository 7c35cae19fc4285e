"""The senior who reads a concordant study once more: blinded, recorded, and without weight for the answer."""

from __future__ import annotations

import re

import pytest

from mammoset.domain.rules import CONFIRMATIONS
from mammoset.domain.workflow import (
    Fact,
    FactKind,
    StudyState,
    check_next,
    reference_of,
    standing_of,
    state_of,
    visible_readings,
)
from mammoset.errors import TransitionError
from tests.domain.exams import SCHEMA, assigned, fact, finding, images, reading, submitted

CONCORDANT = [*assigned("r1", "r2"), *submitted(reading("r1", right=2), reading("r2", right=2))]
DISCORDANT = [*assigned("r1", "r2"), *submitted(reading("r1", right=2), reading("r2", finding(), right=4))]
WITH_SENIOR = [*CONCORDANT, fact("assigned", "a1", "senior")]
OTHERWISE = reading("a1", finding(), right=4)
READ_AGAIN = [*WITH_SENIOR, fact("submitted", "a1", "senior", OTHERWISE)]


def take(facts: list[Fact], following: Fact) -> list[Fact]:
    check_next(facts, following, images(), SCHEMA, confirmed=CONFIRMATIONS)
    return [*facts, following]


def test_the_whole_way_of_a_senior_read_is_allowed() -> None:
    facts = CONCORDANT
    for following in (
        fact("assigned", "a1", "senior"),
        fact("opened", "a1", "senior"),
        fact("draft_saved", "a1", "senior", reading("a1", left=None)),
        fact("submitted", "a1", "senior", reading("a1", right=2)),
        fact("amended", "a1", "senior", OTHERWISE, "second thoughts"),
    ):
        facts = take(facts, following)
    standing = standing_of(facts, SCHEMA)
    assert (standing.senior, standing.quality, standing.role_of("a1")) == ("a1", OTHERWISE, "senior")


def test_what_the_senior_says_changes_neither_state_nor_answer() -> None:
    assert state_of(READ_AGAIN, SCHEMA) == StudyState.CONCORDANT
    assert reference_of(READ_AGAIN, SCHEMA) == reference_of(CONCORDANT, SCHEMA)
    assert standing_of(READ_AGAIN, SCHEMA).readings == standing_of(CONCORDANT, SCHEMA).readings


def test_the_senior_sees_nobody_elses_reading_and_the_readers_not_the_seniors() -> None:
    for who, own in (("a1", "a1"), ("r1", "r1"), ("r2", "r2")):
        seen = visible_readings(READ_AGAIN, who, ["reader", "arbiter", "admin"], SCHEMA)
        assert [one.reader_id for one in seen] == [own]
    closed = [*READ_AGAIN, fact("phase_closed", "admin", study="")]
    assert len(visible_readings(closed, "r1", ["reader"], SCHEMA)) == 3


REFUSED: list[tuple[list[Fact], Fact, str]] = [
    (assigned("r1", "r2"), fact("assigned", "a1", "senior"), "its readings are not all in"),
    (DISCORDANT, fact("assigned", "a1", "senior"), "they are discordant"),
    (CONCORDANT, fact("assigned", "r1", "senior"), "r1 is assigned to it already"),
    (WITH_SENIOR, fact("assigned", "a2", "senior"), "a1 reads it for quality; withdraw them first"),
    (CONCORDANT, fact("submitted", "a1", "senior", OTHERWISE), "a1 is not assigned as its senior"),
    (WITH_SENIOR, fact("submitted", "a1", answer=OTHERWISE), "all its readings are in, and frozen"),
    (WITH_SENIOR, fact("amended", "a1", "senior", OTHERWISE, "x"), "a1 has submitted nothing to amend"),
    (READ_AGAIN, fact("submitted", "a1", "senior", OTHERWISE), "a1 has submitted already"),
    (WITH_SENIOR, fact("arbitrated", "a1", "arbiter", OTHERWISE), "nothing is left to decide"),
    (WITH_SENIOR, fact("withdrawn", "r1", reason="ill"), "a1 reads it for quality; withdraw them first"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "following", "why"), REFUSED)
def test_a_senior_read_out_of_place_is_refused(facts: list[Fact], following: Fact, why: str) -> None:
    with pytest.raises(TransitionError, match=re.escape(why)):
        take(facts, following)


def test_who_read_as_senior_does_not_arbitrate_the_study_later() -> None:
    facts = take(READ_AGAIN, fact("withdrawn", "a1", "senior", reason="left"))
    for following in (fact("withdrawn", "r1", reason="ill"), fact("assigned", "r3")):
        facts = take(facts, following)
    facts = take(facts, fact("submitted", "r3", answer=reading("r3", finding(), right=4)))
    assert state_of(facts, SCHEMA) == StudyState.AWAITING_ARBITRATION
    with pytest.raises(TransitionError, match="a1 has seen it as reader"):
        take(facts, fact("assigned", "a1", "arbiter"))


def test_a_withdrawn_senior_leaves_room_for_another_and_their_reading_stays_a_fact() -> None:
    facts = take(READ_AGAIN, fact("withdrawn", "a1", "senior", reason="left"))
    assert standing_of(facts, SCHEMA).quality is None
    assert OTHERWISE in [one.reading for one in facts]
    assert standing_of(take(facts, fact("assigned", "a2", "senior")), SCHEMA).senior == "a2"


ARBITRATED = [
    *DISCORDANT, fact("assigned", "a1", "arbiter"), fact("arbitrated", "a1", "arbiter", reading("a1", right=2)),
]  # fmt: skip
READER_ACTS = (FactKind.OPENED, FactKind.DRAFT_SAVED, FactKind.SUBMITTED, FactKind.AMENDED, FactKind.FLAGGED)


@pytest.mark.parametrize("kind", READER_ACTS)
def test_a_reader_is_told_the_same_of_a_frozen_study_whatever_the_other_one_said(kind: FactKind) -> None:
    """Whether readings agree, whether an arbiter came in: none of it may be learned by trying."""
    told: set[tuple[str, str]] = set()
    for facts in (CONCORDANT, DISCORDANT, ARBITRATED, READ_AGAIN):
        try:
            take(facts, fact(kind, "r1", answer=reading("r1", right=2), reason="why"))
        except TransitionError as error:
            told.add((str(error), error.code))
        else:
            told.add(("", "allowed"))
    assert len(told) == 1


CODES = [
    ([], fact("submitted", "r1", answer=reading("r1")), "not_assigned"),
    (CONCORDANT, fact("amended", "r1", answer=reading("r1"), reason="x"), "frozen"),
    ([*CONCORDANT, fact("flagged", "r1", reason="x")], fact("opened", "r1"), "held"),
    ([*CONCORDANT, fact("phase_closed", "a", study="")], fact("opened", "r1"), "phase_closed"),
    (assigned("r1", "r2"), fact("assigned", "a1", "arbiter"), "too_early"),
    (CONCORDANT, fact("submitted", "r1", "arbiter", reading("r1")), "transition"),
]


@pytest.mark.parametrize(("facts", "following", "code"), CODES)
def test_a_refusal_has_a_word_for_programs(facts: list[Fact], following: Fact, code: str) -> None:
    with pytest.raises(TransitionError) as caught:
        take(facts, following)
    assert caught.value.code == code
