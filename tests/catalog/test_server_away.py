"""A real server that is not there, goes away, keeps others waiting, wants a password, or holds what was deleted."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from mammoset.catalog import Catalog, Decision, PoolEntry, StudyRecord, server
from mammoset.catalog.withdrawal import erase, known_of, withdraw
from mammoset.errors import CatalogError, StorageError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS, images_of, record_of
from tests.databases import cluster, new_catalog
from tests.postgres import USER

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PATIENT, STAYS = "P00000000000000AA", "P00000000000000BB"
pytestmark = pytest.mark.only_on("postgresql")


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    yield opened
    opened.close()


def decide(catalog: Catalog) -> None:
    catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT, at=MOMENT)])


def test_a_server_that_goes_away_is_told_and_used_again_when_it_is_back(catalog: Catalog) -> None:
    decide(catalog)
    cluster().stop()
    try:
        for step in (catalog.decisions, lambda: decide(catalog)):
            with pytest.raises(CatalogError, match="does not answer"):
                step()
    finally:
        cluster().start()
    decide(catalog)
    assert len(catalog.decisions()) == 1
    assert catalog.decisions()[0].at == MOMENT


def test_a_connection_that_is_lost_in_the_middle_writes_nothing(catalog: Catalog) -> None:
    def write() -> None:
        with catalog.writing() as session, cluster().superuser() as other:
            session.execute(text("INSERT INTO withdrawn VALUES ('half', '', now())"))
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [session.scalar(text("SELECT pg_backend_pid()"))])
            session.execute(text("INSERT INTO withdrawn VALUES ('whole', '', now())"))

    with pytest.raises(CatalogError, match="does not answer"):
        write()
    with catalog.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM withdrawn")) == 0


def test_who_waits_too_long_for_a_writer_is_told(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(server.LIMITS, "lock_timeout", "50ms")
    other = Catalog.open(catalog.engine.url.render_as_string())
    with catalog.writing() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(CatalogError, match="another program has been writing"):
            decide(other)
    decide(other)
    other.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"database": "nowhere"}, "there is no such database|does not answer"),
        ({"username": "nobody"}, "does not answer or does not let us in"),
        ({"query": {"host": "/nowhere"}}, "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_words_of_ours(
    catalog: Catalog, change: dict[str, object], words: str
) -> None:
    with pytest.raises(CatalogError, match=words):
        Catalog.open(make_url(catalog.engine.url).set(**change).render_as_string())  # type: ignore[arg-type]


def test_a_password_comes_from_a_file_or_the_environment(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(catalog.engine.url.database)
    with cluster().superuser(name) as connection:
        connection.execute("DROP ROLE IF EXISTS locked")
        connection.execute(f"CREATE ROLE locked LOGIN PASSWORD 'right' IN ROLE {USER}")
    address = catalog.engine.url.set(username="locked")
    with pytest.raises(CatalogError, match="the password are right"):
        Catalog.open(address.render_as_string())
    passfile = tmp_path / "pgpass"
    passfile.write_text("*:*:*:locked:right\n")
    passfile.chmod(0o600)
    Catalog.open(address.update_query_dict({"passfile": str(passfile)}).render_as_string()).close()
    monkeypatch.setenv("PGPASSWORD", "right")
    Catalog.open(address.render_as_string()).close()
    with cluster().superuser(name) as connection:
        connection.execute("DROP ROLE locked")


def test_an_empty_database_is_refused_where_images_are(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", settings_text=SETTINGS) as project:
        assert project.catalog.pool() == []
        name = project.catalog.engine.url.database
    (tmp_path / "p" / "content" / PATIENT).mkdir(parents=True)
    assert name is not None
    cluster().make(name)
    with Project.open(tmp_path / "p") as project, pytest.raises(CatalogError, match="its database is empty, but"):
        _ = project.catalog


def test_an_erased_database_has_no_file_with_a_byte_of_them(catalog: Catalog) -> None:
    for study, patient in ((1, PATIENT), (2, STAYS)):
        catalog.admit(StudyRecord(f"2.25.{study}", patient, 61, "F"), map(record_of, images_of(study, study)), [])
    name = str(catalog.engine.url.database)
    with cluster().superuser(name) as connection:
        connection.execute("ANALYZE")
        oid = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()
    assert oid is not None
    folder = cluster().data / "base" / str(oid[0])

    def named() -> set[str]:
        with cluster().superuser() as other:
            other.execute("CHECKPOINT")
        content = b"".join(path.read_bytes() for path in folder.iterdir())
        return {one for one in (PATIENT, STAYS) if one.encode() in content}

    withdraw(catalog, known_of(catalog, [PATIENT], ()).names, ["token"], "consent")
    assert named() == {PATIENT, STAYS}, "deleted rows can still be read"
    with catalog.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(StorageError, match="another program uses its database"):
            erase(catalog)
    erase(catalog)
    assert named() == {STAYS}


def test_more_threads_than_connections_are_kept_wait_for_no_error(catalog: Catalog) -> None:
    catalog.put_pool([PoolEntry("2.25.1", 0, "folder")])
    found: list[int] = []
    together = threading.Barrier(40)

    def read() -> None:
        with catalog.reading():
            together.wait(30)
            found.append(len(catalog.pool()))

    threads = [threading.Thread(target=read) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 40


def test_the_server_of_the_tests_is_run_by_nobody_who_may_do_everything() -> None:
    owner = cluster().data.stat().st_uid
    assert owner != 0
    assert os.geteuid() in (0, owner)
