"""A catalog goes from one database to another whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from mammoset.catalog import Catalog, Decision, PoolEntry, SplitRun, StudyRecord
from mammoset.catalog.backup import copy_database
from mammoset.catalog.moving import digests_of, fill, release, require_usable
from mammoset.catalog.tables import Base
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError, DatasetDefect
from mammoset.model import Reader
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import images_of, reading, record_of
from tests.databases import new_catalog

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STUDY = "2.25.1"
AWKWARD = "a 'quote', a \\ and \u0111\u1ecd c \U0001f600"


def some_catalog(path: Path, kind: str) -> Catalog:
    path.mkdir()
    catalog = Catalog.open(new_catalog(path, kind))
    catalog.put_pool([PoolEntry(STUDY, 0, "folder")])
    catalog.admit(StudyRecord(STUDY, "P1", None, "F"), map(record_of, images_of(1, 1)), [])
    catalog.decide([Decision(Stage.REVIEW, STUDY, Outcome.KEPT, detail=AWKWARD, by="lan", at=MOMENT)])
    catalog.append([Fact(FactKind.ASSIGNED, STUDY, "r0", MOMENT), Fact(FactKind.ASSIGNED, STUDY, "r1", MOMENT)])
    catalog.append([Fact(FactKind.SUBMITTED, STUDY, "r0", MOMENT, reading=reading(STUDY, "r0", birads=4))])
    catalog.accounts.put_person(Reader("r0", ("reader",), 7), by="admin", password_hash="digest")
    catalog.review_book.number_values([("Laterality", AWKWARD)])
    catalog.save_split(SplitRun({STUDY: "test"}, {"share": 0.1 + 0.2}, MOMENT))
    return catalog


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = some_catalog(tmp_path / "one", database)
    yield opened
    opened.close()


def digests(catalog: Catalog) -> dict[str, str]:
    with catalog.reading() as session:
        return dict(digests_of(session.connection()))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.real("postgresql"))])
def test_a_copy_of_either_database_fills_either(catalog: Catalog, tmp_path: Path, kind: str) -> None:
    copy_database(catalog, tmp_path / "copy.sqlite")
    (tmp_path / "other").mkdir()
    address = new_catalog(tmp_path / "other", kind)
    fill(address, tmp_path / "copy.sqlite", "mark")
    release(address)
    other = Catalog.open(address)
    assert digests(other) == digests(catalog)
    for part in ("pool", "decisions", "facts", "studies", "image_records", "readers", "split"):
        assert getattr(other, part)() == getattr(catalog, part)(), part
    tables = set(inspect(other.engine).get_table_names())
    other.append([Fact(FactKind.ASSIGNED, STUDY, "r2", MOMENT)])
    assert [one.number for one in other.facts(STUDY)[STUDY]] == [1, 2, 3, 4], "numbers go on behind the last"
    other.close()
    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_a_database_with_rows_is_not_filled(catalog: Catalog, tmp_path: Path) -> None:
    copy_database(catalog, tmp_path / "copy.sqlite")
    address = catalog.engine.url.render_as_string()
    before = digests(catalog)
    with pytest.raises(CatalogError, match="is not empty, and nothing is overwritten"):
        require_usable(address, "mark")
    with pytest.raises(CatalogError, match="is not empty, and nothing is overwritten"):
        fill(address, tmp_path / "copy.sqlite", "mark")
    assert digests(catalog) == before


def test_a_database_with_tables_of_others_is_not_filled(catalog: Catalog, tmp_path: Path, database: str) -> None:
    (tmp_path / "other").mkdir()
    address = new_catalog(tmp_path / "other", database)
    other = Catalog.open(address)
    with other.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    other.close()
    with pytest.raises(CatalogError, match="is not empty"):
        require_usable(address, "mark")


def test_what_was_filled_from_a_copy_before_is_left_as_it_is_until_it_is_released(
    catalog: Catalog, tmp_path: Path, database: str
) -> None:
    copy_database(catalog, tmp_path / "copy.sqlite")
    (tmp_path / "other").mkdir()
    address = new_catalog(tmp_path / "other", database)
    for _ in range(2):
        require_usable(address, "mark")
        fill(address, tmp_path / "copy.sqlite", "mark")
    with pytest.raises(CatalogError, match="is not empty"):
        fill(address, tmp_path / "copy.sqlite", "another mark")
    release(address)
    with pytest.raises(CatalogError, match="is not empty"):
        require_usable(address, "mark")


def test_a_copy_that_differs_is_noticed_and_leaves_nothing(
    catalog: Catalog, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_database(catalog, tmp_path / "copy.sqlite")
    (tmp_path / "other").mkdir()
    address = new_catalog(tmp_path / "other", database)
    with monkeypatch.context() as patch:
        patch.setattr("mammoset.catalog.moving._line", lambda row: repr(id(row)).encode())
        with pytest.raises(DatasetDefect, match="differs from its original"):
            fill(address, tmp_path / "copy.sqlite", "mark")
    require_usable(address, "mark")
