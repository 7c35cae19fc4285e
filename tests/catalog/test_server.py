"""What a server must do as the one file does, and what is told when it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text

from mammoset.catalog import Catalog, Decision, PoolEntry
from mammoset.catalog.tables import Base, FactRow
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError
from mammoset.terms.reasons import Outcome, Stage
from tests.databases import new_catalog

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    yield opened
    opened.close()


def test_texts_are_ordered_by_their_bytes_and_as_long_as_wanted(catalog: Catalog) -> None:
    names = ["a", "B", "Z", "b", "\u00e4", "a b", "ab", "n" * 3000]
    catalog.put_pool(PoolEntry(name, 0, "s" * 3000) for name in names)
    assert [one.study_id for one in catalog.pool()] == sorted(names)


def test_a_value_longer_than_an_index_holds_is_numbered(catalog: Catalog) -> None:
    long = [("Element" * 100, "".join(chr(33 + n * n % 90) for n in range(size))) for size in (5000, 5001)]
    numbers = catalog.review_book.number_values(long)
    assert len(set(numbers.values())) == 2
    assert catalog.review_book.number_values(long[:1])[long[0]] == numbers[long[0]]


def test_every_table_is_one_that_the_program_knows(catalog: Catalog) -> None:
    found = inspect(catalog.engine)
    assert set(found.get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_one_writes_at_a_time_and_sees_what_the_one_before_wrote(catalog: Catalog) -> None:
    writers, each = 6, 8

    def write() -> None:
        for _ in range(each):
            with catalog.writing() as session:
                number = session.scalar(select(func.count()).select_from(FactRow))
                session.add(
                    FactRow(kind="assigned", study_id="2.25.1", reader_id=str(number), role="reader", at=MOMENT)
                )

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts = catalog.facts("2.25.1")["2.25.1"]
    assert [fact.reader_id for fact in facts] == [str(number) for number in range(writers * each)]


def test_no_number_becomes_visible_before_a_smaller_one(catalog: Catalog) -> None:
    has_written, may_end = threading.Event(), threading.Event()

    def first() -> None:
        with catalog.writing() as session:
            session.add(FactRow(kind="assigned", study_id="2.25.1", reader_id="slow", role="reader", at=MOMENT))
            session.flush()
            has_written.set()
            may_end.wait(20)

    slow = threading.Thread(target=first)
    slow.start()
    assert has_written.wait(20)
    quick = threading.Thread(target=lambda: catalog.append([Fact(FactKind.ASSIGNED, "2.25.1", "quick", MOMENT)]))
    quick.start()
    assert catalog.facts() == {}, "whoever reads waits for neither, and misses neither later"
    may_end.set()
    slow.join()
    quick.join()
    assert [fact.reader_id for fact in catalog.facts("2.25.1")["2.25.1"]] == ["slow", "quick"]


@pytest.mark.only_on("postgresql")
def test_who_writes_at_one_study_keeps_nobody_waiting_at_another(catalog: Catalog) -> None:
    done: list[str] = []

    def submit(study_id: str) -> None:
        with catalog.drafts.turn(study_id) as turn:
            turn.append(Fact(FactKind.ASSIGNED, study_id, "r0", MOMENT))
        done.append(study_id)

    with catalog.drafts.turn("2.25.1") as turn:
        other, same = (threading.Thread(target=submit, args=[one]) for one in ("2.25.2", "2.25.1"))
        other.start()
        other.join(20)
        same.start()
        everything = threading.Thread(target=lambda: catalog.append([Fact(FactKind.PHASE_CLOSED, "", "a", MOMENT)]))
        everything.start()
        until_waiting(catalog, 2)
        assert done == ["2.25.2"]
        turn.append(Fact(FactKind.OPENED, "2.25.1", "r1", MOMENT))
    same.join(20)
    everything.join(20)
    facts = catalog.facts("2.25.1")["2.25.1"]
    assert facts[0].kind == FactKind.OPENED
    assert {fact.kind for fact in facts} == {FactKind.OPENED, FactKind.ASSIGNED, FactKind.PHASE_CLOSED}


def until_waiting(catalog: Catalog, others: int) -> None:
    """Return when so many others wait for their turn in the database."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        with catalog.reading() as session:
            if session.scalar(waiting) == others:
                return


@pytest.mark.only_on("postgresql")
def test_numbers_of_writers_at_several_studies_become_visible_in_their_order(catalog: Catalog) -> None:
    has_numbered, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with catalog.drafts.turn("2.25.1") as turn:
            turn.append(Fact(FactKind.ASSIGNED, "2.25.1", "slow", MOMENT))
            has_numbered.set()
            may_end.wait(20)

    def quick() -> None:
        with catalog.drafts.turn("2.25.2") as turn:
            turn.append(Fact(FactKind.ASSIGNED, "2.25.2", "quick", MOMENT))

    first, second = threading.Thread(target=slow), threading.Thread(target=quick)
    first.start()
    assert has_numbered.wait(20)
    second.start()
    until_waiting(catalog, 1)
    assert catalog.facts() == {}, "it waits with its number until the smaller one is there"
    may_end.set()
    first.join(20)
    second.join(20)
    numbers = {one: facts[0].number for one, facts in catalog.facts().items()}
    assert numbers["2.25.1"] < numbers["2.25.2"]


def test_what_is_read_within_one_moment_is_of_that_moment(catalog: Catalog) -> None:
    with catalog.reading():
        assert catalog.decisions() == []
        writer = threading.Thread(
            target=lambda: catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT, at=MOMENT)])
        )
        writer.start()
        writer.join()
        assert catalog.decisions() == []
        assert catalog.study_outcomes(Stage.REVIEW) == {}
    assert len(catalog.decisions()) == 1


def test_a_transaction_that_reads_cannot_write(catalog: Catalog) -> None:
    if catalog.engine.dialect.name == "sqlite":
        return  # a file's readers are told apart by whether they wait for its one writer
    with pytest.raises(CatalogError, match="only be read"), catalog.reading() as session:
        session.execute(text("DELETE FROM facts"))


def test_moments_are_in_utc(catalog: Catalog) -> None:
    catalog.append([Fact(FactKind.ASSIGNED, "2.25.1", "r0", MOMENT)])
    (fact,) = catalog.facts("2.25.1")["2.25.1"]
    assert (fact.at, fact.at.utcoffset()) == (MOMENT, UTC.utcoffset(None))


def test_a_password_does_not_belong_into_the_settings() -> None:
    with pytest.raises(CatalogError, match="passfile") as told:
        Catalog.open("postgresql+psycopg://me:secret-word@host/name")
    assert "secret-word" not in str(told.value)
