"""From the facts of a study to where it stands.

Facts are only ever appended; whatever is said of a study is derived from them, and any sequence of facts has a
standing. Which fact may come next is said in `mammoset.domain.transitions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, get_args

from mammoset.domain.discordance import Disagreement, compare
from mammoset.domain.labels import LabelSchema
from mammoset.domain.viewed import Viewed
from mammoset.model import Image, Reading

Role = Literal["reader", "senior", "arbiter"]
"""What a person is to a study: one of its readers, the senior who reads a concordant one for quality, its arbiter."""
ROLES: tuple[Role, ...] = get_args(Role)


class FactKind(StrEnum):
    """What can happen to a study in the reading workflow."""

    ASSIGNED = "assigned"
    OPENED = "opened"
    DRAFT_SAVED = "draft_saved"
    SUBMITTED = "submitted"
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    ARBITRATED = "arbitrated"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    PHASE_CLOSED = "phase_closed"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, and is never taken back.

    Attributes
    ----------
    study_id : str
        Empty for ``phase_closed``, which is about every study.
    reader_id : str
        Whom it is about: who was assigned or withdrawn; who opened, saved, submitted, amended, arbitrated, flagged,
        unflagged or closed.
    role : {"reader", "senior", "arbiter"}
        In which the person acts, or is assigned or withdrawn.
    reading : Reading or None
        The complete answer, for drafts as far as it goes; None for facts without one.
    reason : str
        For people; required where something is amended, withdrawn or flagged.
    seconds : mapping of hanging step to float
        Seconds of work at an answer, by the step of the hanging in which they were spent; empty when not measured.
    viewed : mapping of image id to Viewed
        What was seen of each image before the answer; empty when not measured.
    number : int
        Place in the catalog's order; 0 before it is stored. The order of a sequence of facts is the sequence's own.
    """

    kind: FactKind
    study_id: str
    reader_id: str
    at: datetime
    role: Role = "reader"
    reading: Reading | None = None
    reason: str = ""
    number: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    viewed: Mapping[str, Viewed] = field(default_factory=dict)


class StudyState(StrEnum):
    """Where a study stands.

    ``awaiting_arbitration`` covers every discordant study, with an arbiter assigned or not (`Standing.arbiter`);
    ``concordant`` is as final as ``final``, which is for arbitrated studies and single readings.
    """

    UNASSIGNED = "unassigned"
    AWAITING_READS = "awaiting_reads"
    AWAITING_ARBITRATION = "awaiting_arbitration"
    CONCORDANT = "concordant"
    FINAL = "final"
    HELD = "held"
    EXCLUDED = "excluded"

    @property
    def is_final(self) -> bool:
        """Whether the study has a final answer."""
        return self in (StudyState.CONCORDANT, StudyState.FINAL)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that follows from the facts of one study.

    Attributes
    ----------
    readers : tuple of str
        Who is assigned to read, in the order of assignment; withdrawn ones left out.
    arbiter : str or None
        Who is assigned to arbitrate.
    readings : tuple of Reading
        Submitted readings that count, the latest version of each reader, in the order of first submission.
    disagreements : tuple of Disagreement
        Between the readings once all are in; empty before.
    arbitration : Reading or None
        The arbiter's latest answer.
    senior : str or None
        Who is assigned to read the concordant study once more, for quality; blinded like its readers.
    quality : Reading or None
        What the senior said: recorded and reported, never part of the final answer.
    flags : tuple of str
        Reasons of the flags that hold the study.
    readers_seen, seniors_seen, arbiters_seen : frozenset of str
        Who has ever opened, drafted, flagged or answered the study as reader, or as senior; who has ever been
        assigned as arbiter, and so could see the readings of others. Withdrawn or not.
    is_frozen : bool
        Whether all readings are in, so that none may change.
    is_closed : bool
        Whether the reading phase is closed.
    """

    state: StudyState
    readers: tuple[str, ...] = ()
    arbiter: str | None = None
    readings: tuple[Reading, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    arbitration: Reading | None = None
    senior: str | None = None
    quality: Reading | None = None
    flags: tuple[str, ...] = ()
    readers_seen: frozenset[str] = frozenset()
    seniors_seen: frozenset[str] = frozenset()
    arbiters_seen: frozenset[str] = frozenset()
    is_frozen: bool = False
    is_closed: bool = False

    @property
    def submitted(self) -> tuple[str, ...]:
        """Who has submitted, in order of submission."""
        return tuple(reading.reader_id for reading in self.readings)

    @property
    def pending(self) -> tuple[str, ...]:
        """Assigned readers who have still to submit, in order of assignment."""
        return tuple(reader for reader in self.readers if reader not in self.submitted)

    @property
    def is_discordant(self) -> bool:
        """Whether the readings differ in a way that calls for an arbiter."""
        return any(one.opens_arbitration for one in self.disagreements)

    @property
    def people(self) -> tuple[tuple[str, Role], ...]:
        """Who is assigned now, and as what: the readers, the senior, the arbiter."""
        found: list[tuple[str | None, Role]] = [(one, "reader") for one in self.readers]
        found += [(self.senior, "senior"), (self.arbiter, "arbiter")]
        return tuple((name, role) for name, role in found if name is not None)

    def role_of(self, name: str) -> Role | None:
        """Return as what a person is assigned, None when not; the workflow gives nobody two roles on one study."""
        if name in self.readers:
            return "reader"
        return "senior" if name == self.senior else "arbiter" if name == self.arbiter else None

    def answer_of(self, name: str, role: Role) -> Reading | None:
        """Return the answer in force of a person who is assigned in this role, None when there is none."""
        if (name, role) not in self.people:
            return None
        return {"arbiter": self.arbitration, "senior": self.quality}.get(role, self.reading_of(name))

    def reading_of(self, reader_id: str) -> Reading | None:
        """Return the counting reading of one reader, None when there is none."""
        return next((reading for reading in self.readings if reading.reader_id == reader_id), None)


@dataclass(slots=True)
class _Tally:
    """What the facts seen so far add up to."""

    readers: list[str] = field(default_factory=list)
    arbiter: str | None = None
    readings: dict[str, Reading] = field(default_factory=dict)  # in the order of first submission
    arbitration: Reading | None = None
    senior: str | None = None
    quality: Reading | None = None
    flags: list[str] = field(default_factory=list)
    seen: dict[Role, set[str]] = field(default_factory=lambda: {role: set() for role in ROLES})
    is_closed: bool = False

    def add(self, fact: Fact) -> None:
        """Take in the next fact; one that is out of place, say an answer of somebody unassigned, counts for nothing."""
        match fact.kind:
            case FactKind.ASSIGNED:
                self._assign(fact)
            case FactKind.WITHDRAWN:
                self._withdraw(fact)
            case FactKind.OPENED | FactKind.DRAFT_SAVED:
                self.seen[fact.role].add(fact.reader_id)
            case FactKind.SUBMITTED | FactKind.ARBITRATED | FactKind.AMENDED:
                self._answer(fact)
            case FactKind.FLAGGED:
                self.flags.append(fact.reason)
                self.seen[fact.role].add(fact.reader_id)
            case FactKind.UNFLAGGED:
                self.flags.clear()
            case FactKind.PHASE_CLOSED:
                self.is_closed = True

    def _assign(self, fact: Fact) -> None:
        if fact.role == "arbiter":
            self.arbiter, self.arbitration = fact.reader_id, None
            self.seen["arbiter"].add(fact.reader_id)  # the assignment alone opens the readings to them
        elif fact.role == "senior":
            self.senior, self.quality = fact.reader_id, None
        elif fact.reader_id not in self.readers:
            self.readers.append(fact.reader_id)

    def _withdraw(self, fact: Fact) -> None:
        if fact.role == "arbiter":
            if fact.reader_id == self.arbiter:
                self.arbiter, self.arbitration = None, None
        elif fact.role == "senior":
            if fact.reader_id == self.senior:
                self.senior, self.quality = None, None
        elif fact.reader_id in self.readers:
            self.readers.remove(fact.reader_id)
            self.readings.pop(fact.reader_id, None)

    def _answer(self, fact: Fact) -> None:
        self.seen[fact.role].add(fact.reader_id)
        if fact.reading is None:
            return
        if fact.role == "arbiter" and fact.reader_id == self.arbiter:
            self.arbitration = fact.reading
        elif fact.role == "senior" and fact.reader_id == self.senior:
            self.quality = fact.reading
        elif fact.role == "reader" and fact.reader_id in self.readers:
            self.readings[fact.reader_id] = fact.reading


def standing_of(
    facts: Iterable[Fact], schema: LabelSchema, *, excluded: bool = False, images: Sequence[Image] = ()
) -> Standing:
    """Derive where a study stands.

    Parameters
    ----------
    facts : iterable of Fact
        All facts of one study in order of appending, with the ``phase_closed`` that is about every study among them.
    excluded : bool
        Whether a person has decided that the study is left out; that is a decision, not a fact of reading.
    images : sequence of Image
        Passed on to `discordance.compare`, so that disagreements about findings name their side.
    """
    tally = _Tally()
    for fact in facts:
        tally.add(fact)
    readings = tuple(tally.readings.values())
    is_frozen = len(readings) >= schema.readers_per_study
    is_compared = is_frozen and schema.readers_per_study > 1
    disagreements = compare(readings[0], readings[1], schema, images) if is_compared else ()
    return Standing(
        state=_state(tally, schema, disagreements, is_frozen=is_frozen, excluded=excluded),
        readers=tuple(tally.readers),
        arbiter=tally.arbiter,
        readings=readings,
        disagreements=disagreements,
        arbitration=tally.arbitration,
        senior=tally.senior,
        quality=tally.quality,
        flags=tuple(tally.flags),
        readers_seen=frozenset(tally.seen["reader"]),
        seniors_seen=frozenset(tally.seen["senior"]),
        arbiters_seen=frozenset(tally.seen["arbiter"]),
        is_frozen=is_frozen,
        is_closed=tally.is_closed,
    )


def state_of(facts: Iterable[Fact], schema: LabelSchema, *, excluded: bool = False) -> StudyState:
    """Return the state of a study; parameters as in `standing_of`."""
    return standing_of(facts, schema, excluded=excluded).state


def _state(
    tally: _Tally, schema: LabelSchema, disagreements: Sequence[Disagreement], *, is_frozen: bool, excluded: bool
) -> StudyState:
    if excluded:
        return StudyState.EXCLUDED
    if tally.flags:
        return StudyState.HELD
    if is_frozen:
        if tally.arbitration is not None or schema.readers_per_study == 1:
            return StudyState.FINAL
        is_discordant = any(one.opens_arbitration for one in disagreements)
        return StudyState.AWAITING_ARBITRATION if is_discordant else StudyState.CONCORDANT
    return StudyState.AWAITING_READS if tally.readers else StudyState.UNASSIGNED
