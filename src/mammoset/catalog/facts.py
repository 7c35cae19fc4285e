"""Facts of the reading workflow in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from mammoset.catalog.rows import fact_of
from mammoset.catalog.sessions import Sessions, among, plain_rows
from mammoset.catalog.tables import FactRow
from mammoset.domain.workflow import Fact

ABOUT_ALL = ""
"""Study id of facts that are about every study."""


def facts_by_study(session: Session, wanted: set[str] | None = None) -> dict[str, list[Fact]]:
    """Return facts by study, oldest first; those about every study (empty id) are among the facts of each."""
    named = None if wanted is None else {*wanted, ABOUT_ALL}
    query = select(FactRow.__table__).where(among(FactRow.study_id, named)).order_by(FactRow.number)
    general: list[Fact] = []
    found: dict[str, list[Fact]] = defaultdict(lambda: list(general))
    for row in plain_rows(session, query):
        if named is not None and row.study_id not in named:
            continue
        fact = fact_of(row)
        if fact.study_id:
            found[fact.study_id].append(fact)
            continue
        general.append(fact)
        for facts in found.values():
            facts.append(fact)
    return found


class FactLog(Sessions):
    """All facts in memory, brought up to date by reading only what was appended since. Safe for several threads."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._lock = Lock()
        self._last = self._count = 0
        self._general: tuple[Fact, ...] = ()
        self._facts: dict[str, tuple[Fact, ...]] = {}

    def now(self) -> Mapping[str, tuple[Fact, ...]]:
        """Return the facts by study as of now, as `Catalog.facts` does; what is returned never changes."""
        with self._lock, self.reading() as session:
            last, count = session.execute(select(func.max(FactRow.number), func.count())).one()
            if count == self._count and (last or 0) == self._last:
                return self._facts
            added = self._read(session, self._last)
            if len(added) != count - self._count:  # a patient was withdrawn
                self._general, self._facts, added = (), {}, self._read(session, 0)
            self._add(added)
            self._last, self._count = last or 0, count
            return self._facts

    def _read(self, session: Session, after: int) -> list[Fact]:
        query = select(FactRow.__table__).where(FactRow.number > after).order_by(FactRow.number)
        return [fact_of(row) for row in plain_rows(session, query)]

    def _add(self, added: Sequence[Fact]) -> None:
        facts = dict(self._facts)
        for fact in added:
            if fact.study_id:
                facts[fact.study_id] = (*facts.get(fact.study_id, self._general), fact)
                continue
            self._general += (fact,)
            facts = {study_id: (*known, fact) for study_id, known in facts.items()}
        self._facts = facts
