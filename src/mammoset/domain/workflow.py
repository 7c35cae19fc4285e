"""The reading workflow: facts are appended, state is derived, a table says what may come next.

One door to four modules: `standing` (facts to state), `transitions` (what may come next), `reference` (the final
answer), and, here, who may see whose reading.

::

    unassigned → awaiting_reads → concordant
                               → awaiting_arbitration → final
    a sample of the concordant is read once more by a senior, which changes no state
    held while a flag stands, excluded by decision of a person
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from mammoset.domain.labels import LabelSchema
from mammoset.domain.reference import reference_from, reference_of, settle
from mammoset.domain.standing import ROLES, Fact, FactKind, Role, Standing, StudyState, standing_of, state_of
from mammoset.domain.transitions import TRANSITIONS, Transition, check_next
from mammoset.model import Reading

__all__ = [
    "ROLES",
    "TRANSITIONS",
    "Fact",
    "FactKind",
    "Role",
    "Standing",
    "StudyState",
    "Transition",
    "anonymous",
    "check_next",
    "reference_from",
    "reference_of",
    "settle",
    "standing_of",
    "state_of",
    "visible_readings",
]

READING_ROLES = frozenset({"reader", "arbiter", "admin"})
"""Who may see all readings once the reading phase is closed; a privacy reviewer has no need to."""


def visible_readings(
    facts: Iterable[Fact], viewer_id: str, roles: Collection[str], schema: LabelSchema
) -> tuple[Reading, ...]:
    """Return the readings of a study that a person may see.

    While the reading phase is open everybody sees their own answer and nobody another's, administrators included. The
    one exception is the study's arbiter, from the assignment, which is possible only for a discordant study, and also
    after the decision.

    Parameters
    ----------
    facts : iterable of Fact
        All facts of the study, the ``phase_closed`` about every study among them.
    roles : collection of str
        The viewer's, as in `Reader.roles`.

    Returns
    -------
    tuple of Reading
        Counting readings in the order of submission, then the arbitration, then the senior's reading. To an arbiter
        they are shown by `anonymous`.
    """
    standing = standing_of(facts, schema)
    later = (standing.arbitration, standing.quality)
    everything = standing.readings + tuple(one for one in later if one is not None)
    is_arbiter = viewer_id == standing.arbiter and standing.is_frozen
    if is_arbiter or (standing.is_closed and READING_ROLES & set(roles)):
        return everything
    return tuple(reading for reading in everything if reading.reader_id == viewer_id)


def anonymous(readings: Sequence[Reading], seed: int = 0) -> tuple[Reading, ...]:
    """Return readings under the names ``A``, ``B`` … in an order that tells nothing of who read, or when.

    Parameters
    ----------
    readings : sequence of Reading
        Of one study, by different readers.
    seed : int
        The same readers, study and seed give the same order.
    """

    def lot(reading: Reading) -> bytes:
        return hashlib.sha256(f"{seed}\n{reading.study_id}\n{reading.reader_id}".encode()).digest()

    drawn = sorted(readings, key=lot)
    return tuple(replace(reading, reader_id=chr(ord("A") + index)) for index, reading in enumerate(drawn))
