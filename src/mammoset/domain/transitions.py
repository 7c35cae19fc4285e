"""Which fact may come next, as a table: kind and role, the states it is allowed in, and what else must hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from mammoset.domain.labels import LabelSchema
from mammoset.domain.rules import require
from mammoset.domain.standing import ROLES, Fact, FactKind, Role, Standing, StudyState, standing_of
from mammoset.errors import TransitionCode, TransitionError
from mammoset.model import Image


class Step(NamedTuple):
    """A fact that asks to be next, and where its study stands."""

    fact: Fact
    standing: Standing
    schema: LabelSchema


Guard = Callable[[Step], str]
"""Returns why the step is not allowed and what to do; empty when it is."""


def _is_assigned(step: Step) -> str:
    who, role = step.fact.reader_id, step.fact.role
    return "" if (who, role) in step.standing.people else f"{who} is not assigned as its {role}; assign them first"


def _is_not_assigned(step: Step) -> str:
    who = step.fact.reader_id
    is_assigned = step.standing.role_of(who) is not None
    return f"{who} is assigned to it already; choose another person" if is_assigned else ""


def _has_place(step: Step) -> str:
    wanted = step.schema.readers_per_study
    is_full = len(step.standing.readers) >= wanted
    return f"it has its {wanted} reader(s) already; withdraw one before assigning another" if is_full else ""


def _has_no_arbiter(step: Step) -> str:
    arbiter = step.standing.arbiter
    return "" if arbiter is None else f"{arbiter} is its arbiter; withdraw them first"


def _has_no_senior(step: Step) -> str:
    senior = step.standing.senior
    return "" if senior is None else f"{senior} reads it for quality; withdraw them first"


def _has_not_arbitrated(step: Step) -> str:
    who = step.fact.reader_id
    has_seen = who in step.standing.arbiters_seen
    return f"{who} has seen it as arbiter, with the readings of others; choose another reader" if has_seen else ""


def _has_not_read(step: Step) -> str:
    who, standing = step.fact.reader_id, step.standing
    has_seen = who in standing.readers_seen | standing.seniors_seen
    return f"{who} has seen it as reader; choose an arbiter who has not" if has_seen else ""


def _has_not_answered(step: Step) -> str:
    who, role = step.fact.reader_id, step.fact.role
    if step.standing.answer_of(who, role) is None:
        return ""
    until = ", until the last reading of it is in" if role == "reader" else ""
    return f"{who} has submitted already; amend the answer with a reason{until}"


def _has_answered(step: Step) -> str:
    who = step.fact.reader_id
    has_answered = step.standing.answer_of(who, step.fact.role) is not None
    return "" if has_answered else f"{who} has submitted nothing to amend; submit the answer"


def _has_reason(step: Step) -> str:
    return "" if step.fact.reason.strip() else "no reason is given; say why"


def _has_own_reading(step: Step) -> str:
    fact = step.fact
    if fact.reading is None:
        return "no reading is given; give one"
    if (fact.reading.study_id, fact.reading.reader_id) != (fact.study_id, fact.reader_id):
        return f"the reading is of {fact.reading.reader_id} for {fact.reading.study_id}; give one's own for this study"
    return ""


class Transition(NamedTuple):
    """What a kind of fact needs."""

    states: frozenset[StudyState]
    guards: tuple[Guard, ...] = ()
    keeps_rules: bool = False  # whether the reading must keep the rules of labels.toml


S = StudyState
_READING = frozenset({S.UNASSIGNED, S.AWAITING_READS})
_AWAITING_READS = frozenset({S.AWAITING_READS})
_AWAITING_ARBITER = frozenset({S.AWAITING_ARBITRATION})
_CONCORDANT = frozenset({S.CONCORDANT})
_ASSIGNED = frozenset({S.AWAITING_READS, S.AWAITING_ARBITRATION, S.CONCORDANT, S.FINAL})
_AT_REST = frozenset({S.UNASSIGNED, S.CONCORDANT, S.FINAL, S.EXCLUDED})
_WITH_ARBITER = frozenset({S.AWAITING_ARBITRATION, S.FINAL})
_OUT = frozenset({S.HELD, S.EXCLUDED})
_TO_SUBMIT = (_is_assigned, _has_not_answered, _has_own_reading)
_TO_AMEND = (_is_assigned, _has_answered, _has_reason, _has_own_reading)

_OF_READERS: dict[FactKind, Transition] = {
    FactKind.ASSIGNED: Transition(_READING, (_is_not_assigned, _has_place, _has_not_arbitrated)),
    FactKind.OPENED: Transition(_ASSIGNED, (_is_assigned,)),
    FactKind.DRAFT_SAVED: Transition(_AWAITING_READS, (_is_assigned, _has_own_reading)),
    FactKind.SUBMITTED: Transition(_AWAITING_READS, _TO_SUBMIT, keeps_rules=True),
    FactKind.AMENDED: Transition(_AWAITING_READS, _TO_AMEND, keeps_rules=True),
    FactKind.WITHDRAWN: Transition(_ASSIGNED | _OUT, (_is_assigned, _has_no_arbiter, _has_no_senior, _has_reason)),
    FactKind.FLAGGED: Transition(_ASSIGNED | {S.HELD}, (_is_assigned, _has_reason)),
}
_OF_SENIORS: dict[FactKind, Transition] = {
    FactKind.ASSIGNED: Transition(_CONCORDANT, (_is_not_assigned, _has_no_senior, _has_not_read, _has_not_arbitrated)),
    FactKind.OPENED: Transition(_CONCORDANT, (_is_assigned,)),
    FactKind.DRAFT_SAVED: Transition(_CONCORDANT, (_is_assigned, _has_own_reading)),
    FactKind.SUBMITTED: Transition(_CONCORDANT, _TO_SUBMIT, keeps_rules=True),
    FactKind.AMENDED: Transition(_CONCORDANT, _TO_AMEND, keeps_rules=True),
    FactKind.WITHDRAWN: Transition(_CONCORDANT | _OUT, (_is_assigned, _has_reason)),
    FactKind.FLAGGED: Transition(_CONCORDANT | {S.HELD}, (_is_assigned, _has_reason)),
}
_OF_ARBITERS: dict[FactKind, Transition] = {
    FactKind.ASSIGNED: Transition(_AWAITING_ARBITER, (_is_not_assigned, _has_no_arbiter, _has_not_read)),
    FactKind.OPENED: Transition(_WITH_ARBITER, (_is_assigned,)),
    FactKind.DRAFT_SAVED: Transition(_WITH_ARBITER, (_is_assigned, _has_own_reading)),
    FactKind.ARBITRATED: Transition(_AWAITING_ARBITER, _TO_SUBMIT, keeps_rules=True),
    FactKind.AMENDED: Transition(frozenset({S.FINAL}), _TO_AMEND, keeps_rules=True),
    FactKind.WITHDRAWN: Transition(_WITH_ARBITER | _OUT, (_is_assigned, _has_reason)),
    FactKind.FLAGGED: Transition(_WITH_ARBITER | {S.HELD}, (_is_assigned, _has_reason)),
}
_OF_ANYBODY: dict[FactKind, Transition] = {
    FactKind.UNFLAGGED: Transition(frozenset({S.HELD})),
    FactKind.PHASE_CLOSED: Transition(_AT_REST),
}

TRANSITIONS: dict[tuple[FactKind, Role], Transition] = {
    (kind, role): transition
    for role, table in zip(ROLES, (_OF_READERS, _OF_SENIORS, _OF_ARBITERS), strict=True)
    for kind, transition in (table | _OF_ANYBODY).items()
}
"""What may happen to a study, by kind of fact and role. Anything else may not."""

STATE_HINTS: dict[StudyState, str] = {
    S.UNASSIGNED: "no reader is assigned; assign readers first",
    S.AWAITING_READS: "its readings are not all in; wait for them",
    S.AWAITING_ARBITRATION: "all its readings are in and frozen, and they are discordant; an arbiter decides",
    S.CONCORDANT: "all its readings are in and frozen, and they agree; nothing is left to decide",
    S.FINAL: "it has its final answer",
    S.HELD: "it is held because of a flag; lift the flag or exclude the study",
    S.EXCLUDED: "it is excluded by decision of a person",
}
"""Why a study in this state takes no fact of some kind, and what to do."""

FROZEN = frozenset({S.AWAITING_ARBITRATION, S.CONCORDANT, S.FINAL})
FROZEN_HINT = "all its readings are in, and frozen"
"""What a reader is told of such a study: neither whether the readings agree nor whether an arbiter has decided."""
BY_ANSWERERS = frozenset(
    {FactKind.OPENED, FactKind.DRAFT_SAVED, FactKind.SUBMITTED, FactKind.AMENDED, FactKind.FLAGGED}
)

CODES: dict[StudyState, TransitionCode] = {
    S.UNASSIGNED: "not_assigned", S.AWAITING_READS: "too_early", S.HELD: "held", S.EXCLUDED: "excluded",
    **dict.fromkeys(FROZEN, "frozen"),
}  # fmt: skip
"""The short word for the same."""


def check_next(
    facts: Iterable[Fact],
    fact: Fact,
    images: Sequence[Image],
    schema: LabelSchema,
    *,
    confirmed: Collection[str] = (),
    excluded: bool = False,
) -> None:
    """Refuse a fact that may not come next.

    Whether a person holds a role (`Reader.roles`) is not asked here; whether they may act in it on this study is.

    Parameters
    ----------
    facts : iterable of Fact
        All facts of the study so far, the ``phase_closed`` about every study among them.
    fact : Fact
        The one to be appended. ``phase_closed`` is asked of each study in turn, or of none by empty `facts`.
    images : sequence of Image
        All images of the study.
    confirmed : collection of str
        What the reader has confirmed, as in `rules.check`.
    excluded : bool
        Whether a person has decided that the study is left out.

    Raises
    ------
    TransitionError
        What is not allowed, for which study, why, and what to do.
    RuleViolation
        When an answer breaks rules of labels.toml or waits for a confirmation; drafts are not so checked.
    """
    facts = list(facts)
    standing = standing_of(facts, schema, excluded=excluded)
    study_id = fact.study_id or next((one.study_id for one in facts if one.study_id), "")
    objection = _objection(Step(fact, standing, schema), [one.study_id for one in facts])
    if objection is not None:
        place = f"study {study_id}: " if study_id else ""
        raise TransitionError(f"{place}'{fact.kind}' is not possible: {objection.why}", objection.code)
    if TRANSITIONS[fact.kind, fact.role].keeps_rules and fact.reading is not None:
        require(fact.reading, images, schema, confirmed)


class Objection(NamedTuple):
    """What speaks against a step, and the short word for it."""

    why: str
    code: TransitionCode = "transition"


def _objection(step: Step, study_ids: Sequence[str]) -> Objection | None:
    """Return the first thing that speaks against a step, None when nothing does."""
    fact, standing = step.fact, step.standing
    transition = TRANSITIONS.get((fact.kind, fact.role))
    if transition is None:
        return Objection(f"that is not for a person in the role of {fact.role}")
    if fact.kind != FactKind.PHASE_CLOSED and set(study_ids) - {"", fact.study_id}:
        return Objection("the facts so far are of another study; give those of this one")
    if standing.is_closed:
        return Objection("the reading phase is closed; nothing is added to it any more", "phase_closed")
    if standing.state not in transition.states:
        return Objection(_hint(step), CODES[standing.state])
    return next((Objection(why) for guard in transition.guards if (why := guard(step))), None)


def _hint(step: Step) -> str:
    """Return why the state of the study does not allow the step; to a reader nothing that depends on other answers."""
    state = step.standing.state
    is_blinded = step.fact.role == "reader" and step.fact.kind in BY_ANSWERERS
    return FROZEN_HINT if is_blinded and state in FROZEN else STATE_HINTS[state]
