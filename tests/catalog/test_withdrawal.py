"""Taking somebody out of the catalog, whatever tables it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, text

from mammoset.catalog import Catalog, Decision, PoolEntry, SplitRun, StudyRecord
from mammoset.catalog.backup import copy_database, require_whole
from mammoset.catalog.withdrawal import count_exams, erase, known_of, names_in, withdraw, withdrawn_exams, without
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import DatasetDefect
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import images_of, record_of
from tests.databases import new_catalog

PATIENT, STAYS = "P00000000000000AA", "P00000000000000BB"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EXAM, OTHER = "2.25.1", "2.25.2"


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    for study, patient in ((1, PATIENT), (2, STAYS)):
        opened.put_pool([PoolEntry(f"2.25.{study}", study, "folder")])
        opened.admit(StudyRecord(f"2.25.{study}", patient, 61, "F"), map(record_of, images_of(study, study)), [])
        opened.append([Fact(FactKind.ASSIGNED, f"2.25.{study}", "lan", MOMENT)])
    opened.save_split(SplitRun({EXAM: "training", OTHER: "test"}, {"moved": [EXAM, OTHER], "n": 2}))
    opened.decide([Decision(Stage.REVIEW, OTHER, Outcome.EXCLUDED, "other", detail=f"same picture as {EXAM}")])
    yield opened
    opened.close()


def take_out(catalog: Catalog) -> frozenset[str]:
    names = known_of(catalog, [PATIENT], ()).names
    withdraw(catalog, names, ["token"], "consent")
    return names


def test_everything_of_theirs_is_known(catalog: Catalog) -> None:
    known = known_of(catalog, [PATIENT], ())
    assert (set(known.studies), known.n_images, known.n_facts) == ({EXAM}, 4, 1)
    series = {image.series_id for image in images_of(1, 1)}
    assert known.names == {PATIENT, EXAM, *series, *(image.image_id for image in images_of(1, 1))}


def test_no_row_names_them_and_nobody_else_is_touched(catalog: Catalog) -> None:
    assert names_in(catalog, [EXAM])
    names = take_out(catalog)
    assert not names_in(catalog, names)
    assert [study.study_id for study in catalog.studies()] == [OTHER]
    assert list(catalog.facts()) == [OTHER]
    split = catalog.split()
    assert split is not None
    assert (split.folds, split.report) == ({OTHER: "test"}, {"moved": [OTHER], "n": 2})
    (decision,) = catalog.decisions(Stage.REVIEW)
    assert decision.detail == "same picture as withdrawn"


def test_exams_are_counted_once(catalog: Catalog) -> None:
    take_out(catalog)
    withdraw(catalog, [], ["token"], "other")
    count_exams(catalog, ["token", "another"])
    assert withdrawn_exams(catalog) == 2


def test_a_table_that_a_later_version_adds_is_not_forgotten(catalog: Catalog) -> None:
    with catalog.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE later (n INTEGER PRIMARY KEY, image_id VARCHAR(64), seen JSON, words TEXT)")
        )
        rows = [(1, "2.25.1000", "[]", ""), (2, "2.25.2000", json.dumps({"beside": ["2.25.1000"]}), "after 2.25.1000")]
        for n, image, seen, words in rows:
            connection.execute(
                text("INSERT INTO later VALUES (:n, :image, :seen, :words)"),
                {"n": n, "image": image, "seen": seen, "words": words},
            )
    take_out(catalog)
    with catalog.engine.begin() as connection:
        (left,) = connection.execute(text("SELECT n, image_id, CAST(seen AS TEXT), words FROM later")).all()
        assert tuple(left) == (2, "2.25.2000", '{"beside": []}', "after withdrawn")


def test_values_that_nobody_else_has_go_with_what_was_said_of_them(catalog: Catalog) -> None:
    with catalog.engine.begin() as connection:
        for number, value in ((1, "theirs"), (2, "shared"), (3, "of nobody any more")):
            connection.execute(text(f"INSERT INTO element_values VALUES ({number}, 'Laterality', '{value}')"))
            connection.execute(
                text(
                    "INSERT INTO review_facts (kind, verdict, by, study_id, image_id, element, value, reason, at) "
                    f"VALUES ('value', 'reject', 'lan', '', '', 'Laterality', '{value}', '', '2026-01-01')"
                )
            )
        connection.execute(text("UPDATE images SET elements = '[1, 2]' WHERE study_id = '2.25.1'"))
        connection.execute(text("UPDATE images SET elements = '[2]' WHERE study_id = '2.25.2'"))
    take_out(catalog)
    with catalog.engine.begin() as connection:
        for table in ("element_values", "review_facts"):
            found = connection.execute(text(f"SELECT value FROM {table} ORDER BY value")).scalars().all()
            assert found == ["of nobody any more", "shared"], table


@pytest.mark.only_on("sqlite")
def test_an_erased_file_holds_no_byte_of_them(catalog: Catalog, tmp_path: Path) -> None:
    @event.listens_for(catalog.engine, "begin")
    def as_most_builds_of_sqlite_do(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")

    names = take_out(catalog)

    def named() -> set[str]:
        content = b"".join(path.read_bytes() for path in tmp_path.glob("catalog.sqlite*"))
        return {name for name in (*names, OTHER) if name.encode() in content}

    assert named() == {*names, OTHER}, "deleted rows can still be read"
    erase(catalog)
    assert named() == {OTHER}


def test_a_copy_is_whole_and_alone_while_others_write(catalog: Catalog, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "catalog.sqlite"
    copy.parent.mkdir()
    with catalog.writing() as session:
        session.execute(text("UPDATE studies SET sex = 'M'"))
        copy_database(catalog, copy)
    require_whole(copy)
    assert [path.name for path in copy.parent.iterdir()] == ["catalog.sqlite"]
    other = Catalog.open(f"sqlite:///{copy}")
    assert {record.sex for record in other.study_records().values()} == {"F"}
    other.close()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_what_is_no_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content or b"SQLite format 3\0" + bytes(200))
    with pytest.raises(DatasetDefect, match="damaged"):
        require_whole(tmp_path / "catalog.sqlite")


names = st.sampled_from([EXAM, OTHER, PATIENT, "2.25.11", "words", f"see {EXAM}, {OTHER}"])
values = st.recursive(
    names | st.integers() | st.none(), lambda one: st.lists(one) | st.dictionaries(names, one), max_leaves=20
)


@given(values)
def test_what_is_left_of_a_value_names_nobody_who_went(value: Any) -> None:
    left = json.dumps(without(value, {EXAM, PATIENT}))
    assert f'"{EXAM}"' not in left
    assert PATIENT not in left
    assert f"{EXAM}," not in left
    assert without(value, set()) == value
