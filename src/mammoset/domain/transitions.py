"""Which fact may come next, as a table: kind and role, the states it is allowed in, and what else must hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from mammoset.domain.labels import LabelSchema
from mammoset.domain.rules import require
from mammoset.domain.standing import Fact, FactKind, Role, Standing, StudyState, standing_of
from mammoset.errors import TransitionError
from mammoset.model import Image


class Step(NamedTuple):
    """A fact that asks to be next, and where its study stands."""

    fact: Fact
    standing: Standing
    schema: LabelSchema


Guard = Callable[[Step], str]
"""Returns why the step is not allowed and what to do; empty when it is."""


def _is_assigned(step: Step) -> str:
    who, role, standing = step.fact.reader_id, step.fact.role, step.standing
    assigned = (standing.arbiter,) if role == "arbiter" else standing.readers
    return "" if who in assigned else f"{who} is not assigned as its {role}; assign them first"


def _is_not_assigned(step: Step) -> str:
    who, standing = step.fact.reader_id, step.standing
    is_assigned = who in standing.readers or who == standing.arbiter
    return f"{who} is assigned to it already; choose another person" if is_assigned else ""


def _has_place(step: Step) -> str:
    wanted = step.schema.readers_per_study
    is_full = len(step.standing.readers) >= wanted
    return f"it has its {wanted} reader(s) already; withdraw one before assigning another" if is_full else ""


def _has_no_arbiter(step: Step) -> str:
    arbiter = step.standing.arbiter
    return "" if arbiter is None else f"{arbiter} is its arbiter; withdraw them first"


def _has_not_arbitrated(step: Step) -> str:
    who = step.fact.reader_id
    has_seen = who in step.standing.arbiters_seen
    return f"{who} has seen it as arbiter, with the readings of others; choose another reader" if has_seen else ""


def _has_not_read(step: Step) -> str:
    who = step.fact.reader_id
    return f"{who} has seen it as reader; choose an arbiter who has not" if who in step.standing.readers_seen else ""


def _has_not_submitted(step: Step) -> str:
    who = step.fact.reader_id
    if who not in step.standing.submitted:
        return ""
    return f"{who} has submitted already; amend the reading with a reason, until the last reading of it is in"


def _has_submitted(step: Step) -> str:
    who = step.fact.reader_id
    return "" if who in step.standing.submitted else f"{who} has submitted nothing to amend; submit the reading"


def _has_decided(step: Step) -> str:
    is_decided = step.standing.arbitration is not None
    return "" if is_decided else "there is no arbitration to amend; arbitrate it"


def _has_not_decided(step: Step) -> str:
    is_decided = step.standing.arbitration is not None
    return "it is arbitrated already; amend the arbitration with a reason" if is_decided else ""


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
_ASSIGNED = frozenset({S.AWAITING_READS, S.AWAITING_ARBITRATION, S.CONCORDANT, S.FINAL})
_AT_REST = frozenset({S.UNASSIGNED, S.CONCORDANT, S.FINAL, S.EXCLUDED})
_WITH_ARBITER = frozenset({S.AWAITING_ARBITRATION, S.FINAL})

TRANSITIONS: dict[tuple[FactKind, Role], Transition] = {
    (FactKind.ASSIGNED, "reader"): Transition(_READING, (_is_not_assigned, _has_place, _has_not_arbitrated)),
    (FactKind.ASSIGNED, "arbiter"): Transition(
        _AWAITING_ARBITER, (_is_not_assigned, _has_no_arbiter, _has_not_read)
    ),
    (FactKind.OPENED, "reader"): Transition(_ASSIGNED, (_is_assigned,)),
    (FactKind.OPENED, "arbiter"): Transition(_WITH_ARBITER, (_is_assigned,)),
    (FactKind.DRAFT_SAVED, "reader"): Transition(_AWAITING_READS, (_is_assigned, _has_own_reading)),
    (FactKind.DRAFT_SAVED, "arbiter"): Transition(_WITH_ARBITER, (_is_assigned, _has_own_reading)),
    (FactKind.SUBMITTED, "reader"): Transition(
        _AWAITING_READS, (_is_assigned, _has_not_submitted, _has_own_reading), keeps_rules=True
    ),
    (FactKind.AMENDED, "reader"): Transition(
        _AWAITING_READS, (_is_assigned, _has_submitted, _has_reason, _has_own_reading), keeps_rules=True
    ),
    (FactKind.ARBITRATED, "arbiter"): Transition(
        _AWAITING_ARBITER, (_is_assigned, _has_not_decided, _has_own_reading), keeps_rules=True
    ),
    (FactKind.AMENDED, "arbiter"): Transition(
        frozenset({S.FINAL}), (_is_assigned, _has_decided, _has_reason, _has_own_reading), keeps_rules=True
    ),
    (FactKind.WITHDRAWN, "reader"): Transition(
        _ASSIGNED | {S.HELD, S.EXCLUDED}, (_is_assigned, _has_no_arbiter, _has_reason)
    ),
    (FactKind.WITHDRAWN, "arbiter"): Transition(
        _WITH_ARBITER | {S.HELD, S.EXCLUDED}, (_is_assigned, _has_reason)
    ),
    (FactKind.FLAGGED, "reader"): Transition(_ASSIGNED | {S.HELD}, (_is_assigned, _has_reason)),
    (FactKind.FLAGGED, "arbiter"): Transition(_WITH_ARBITER | {S.HELD}, (_is_assigned, _has_reason)),
    (FactKind.UNFLAGGED, "reader"): Transition(frozenset({S.HELD})),
    (FactKind.UNFLAGGED, "arbiter"): Transition(frozenset({S.HELD})),
    (FactKind.PHASE_CLOSED, "reader"): Transition(_AT_REST),
    (FactKind.PHASE_CLOSED, "arbiter"): Transition(_AT_REST),
}  # fmt: skip
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
    why = _objection(Step(fact, standing, schema), [one.study_id for one in facts])
    if why:
        place = f"study {study_id}: " if study_id else ""
        raise TransitionError(f"{place}'{fact.kind}' is not possible: {why}")
    if TRANSITIONS[fact.kind, fact.role].keeps_rules and fact.reading is not None:
        require(fact.reading, images, schema, confirmed)


def _objection(step: Step, study_ids: Sequence[str]) -> str:
    """Return the first thing that speaks against a step, empty when nothing does."""
    fact, standing = step.fact, step.standing
    transition = TRANSITIONS.get((fact.kind, fact.role))
    if transition is None:
        return f"that is not for a person in the role of {fact.role}"
    if fact.kind != FactKind.PHASE_CLOSED and set(study_ids) - {"", fact.study_id}:
        return "the facts so far are of another study; give those of this one"
    if standing.is_closed:
        return "the reading phase is closed; nothing is added to it any more"
    if standing.state not in transition.states:
        return STATE_HINTS[standing.state]
    return next((why for guard in transition.guards if (why := guard(step))), "")
