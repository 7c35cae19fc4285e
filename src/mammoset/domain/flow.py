"""Where every exam of the pool went: a CONSORT flow whose counts add up.

Each step's count is the next step's count and all that leave between them; the last step's leaving says what is
still to be done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mammoset.domain.workflow import StudyState
from mammoset.terms.reasons import Outcome, reason_text


class Verdict(NamedTuple):
    """What a stage decided about a study."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Exams that go no further from a step.

    Attributes
    ----------
    reason : str
        Code of `mammoset.terms.reasons`, or of the state they wait in.
    is_waiting : bool
        True when more work will move them on; False when they are out.
    """

    reason: str
    label: str
    count: int
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Exams that came as far as this."""

    name: str
    label: str
    count: int
    leaving: tuple[Leaving, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps, from the pool to the final answers."""

    steps: tuple[Step, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Return the flow as JSON values."""
        return [
            {
                "step": step.name,
                "label": step.label,
                "count": step.count,
                "leaving": [
                    {"reason": one.reason, "label": one.label, "count": one.count, "is_waiting": one.is_waiting}
                    for one in step.leaving
                ],
            }
            for step in self.steps
        ]


class _Exit(NamedTuple):
    reason: str
    label: str
    is_waiting: bool


WAITING_LABELS = {
    StudyState.UNASSIGNED: "not yet assigned to readers",
    StudyState.AWAITING_READS: "with the readers",
    StudyState.AWAITING_ARBITRATION: "with the arbiter",
    StudyState.HELD: "held back: flagged by a reader",
    StudyState.EXCLUDED: "left out by decision of a person",
}


def consort(
    pool: Collection[str],
    *,
    acquired: Mapping[str, Verdict],
    passed: Mapping[str, Verdict],
    reviewed: Mapping[str, Verdict],
    states: Mapping[str, StudyState],
    review_required: bool = True,
    withdrawn: int = 0,
) -> Flow:
    """Count the exams of the pool by how far they came and why they went no further.

    Parameters
    ----------
    pool : collection of study ids
    acquired, passed, reviewed : mapping of study id to Verdict
        What `acquire`, `pseudonymize` and `review` decided; absent means not decided yet.
    states : mapping of study id to StudyState
        The reading workflow's state; absent means unassigned.
    withdrawn : int
        Exams that were withdrawn, or refused because their patient had been: they count, and nothing names them.

    Returns
    -------
    Flow
        ``step.count == next_step.count + sum(leaving)`` for every step but the last.
    """

    def drawn(study: str) -> _Exit | None:
        verdict = acquired.get(study)
        if verdict is None:
            return _Exit("waiting", "not yet fetched", True)
        return _exit(verdict, Outcome.NOT_DRAWN)

    def complete(study: str) -> _Exit | None:
        if _is_kept(passed.get(study)):  # an incomplete exam that was let through on request
            return None
        return _exit(acquired[study], Outcome.EXCLUDED, Outcome.FAILED)

    def pseudonymized(study: str) -> _Exit | None:
        verdict = passed.get(study)
        return _Exit("waiting", "not yet pseudonymized", True) if verdict is None else _exit(verdict)

    def approved(study: str) -> _Exit | None:
        verdict = reviewed.get(study)
        if verdict is None:
            return _Exit("waiting", "not yet reviewed", True) if review_required else None
        return _exit(verdict)

    def final(study: str) -> _Exit | None:
        state = states.get(study, StudyState.UNASSIGNED)
        if state not in WAITING_LABELS:
            return None
        return _Exit(state.value, WAITING_LABELS[state], state != StudyState.EXCLUDED)

    let_through = sum(_is_kept(passed.get(study)) and not _is_kept(acquired.get(study)) for study in set(pool))
    gates: tuple[tuple[str, str, Callable[[str], _Exit | None]], ...] = (
        ("drawn", "drawn", drawn),
        ("acquired", _acquired_label(let_through), complete),
        ("pseudonymized", "pseudonymized", pseudonymized),
        ("approved", "approved in review" if review_required else "open for reading", approved),
        ("final", "with a final answer", final),
    )
    first, *rest = _walk(set(pool), gates)
    return Flow((_with_withdrawn(first, withdrawn), *rest))


def _with_withdrawn(step: Step, count: int) -> Step:
    leaving = Leaving("withdrawn", reason_text("withdrawn"), count, is_waiting=False)
    return replace(step, count=step.count + count, leaving=(leaving, *step.leaving)) if count else step


def _walk(present: set[str], gates: tuple[tuple[str, str, Callable[[str], _Exit | None]], ...]) -> tuple[Step, ...]:
    name, label = "pool", "exams in the pool"
    steps = []
    for next_name, next_label, gate in gates:
        exits = {study: gate(study) for study in present}
        counts = Counter(one for one in exits.values() if one is not None)
        leaving = tuple(
            Leaving(one.reason, one.label, count, one.is_waiting)
            for one, count in sorted(counts.items(), key=lambda item: (item[0].is_waiting, -item[1], item[0].reason))
        )
        steps.append(Step(name, label, len(present), leaving))
        present = {study for study, one in exits.items() if one is None}
        name, label = next_name, next_label
    return (*steps, Step(name, label, len(present)))


def _acquired_label(let_through: int) -> str:
    return f"acquired, {let_through} of them incomplete" if let_through else "acquired as four-view exams"


def _is_kept(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome == Outcome.KEPT


def _exit(verdict: Verdict, *leaves: Outcome) -> _Exit | None:
    """Return how a verdict leaves the flow; by default every outcome but KEPT does."""
    leaves = leaves or (Outcome.EXCLUDED, Outcome.FAILED, Outcome.NOT_DRAWN, Outcome.HELD)
    if verdict.outcome not in leaves:
        return None
    reason = verdict.reason or "other"
    return _Exit(reason, reason_text(reason), verdict.outcome in (Outcome.FAILED, Outcome.HELD))
