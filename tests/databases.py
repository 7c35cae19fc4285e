"""On which database the projects of the tests have their catalog.

`Project.create` is told so by one line in the settings; settings that name a catalog, ``""`` too, are left as they are.
A database goes again with the test that made it.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import event
from sqlalchemy.pool import Pool

from mammoset.catalog import Catalog
from mammoset.catalog.backup import copy_database
from mammoset.catalog.moving import fill, release
from mammoset.jobs.backup import CATALOG_FILE
from mammoset.project import Project
from mammoset.project.settings import FILE_NAME, TEMPLATE, parse_settings
from tests.postgres import MIGRATED, Cluster

SQLITE, POSTGRESQL = "sqlite", "postgresql"
VARIABLE = "MAMMOSET_TEST_DATABASE"
WANTED = os.environ.get(VARIABLE, SQLITE)
"""Where projects have their catalog when a test does not say."""

_kind = WANTED
_made: set[str] = set()
_opened: list[psycopg.Connection] = []
"""Closed with their databases, where a test leaves a project open: psycopg would complain of each."""
_create = Project.create.__func__  # type: ignore[attr-defined]


@cache
def cluster() -> Cluster:
    """Return this process's server, started at first use."""
    started = Cluster()
    atexit.register(started.remove)
    return started


@contextmanager
def catalogs_on(kind: str) -> Iterator[None]:
    """Let projects that are made meanwhile have their catalog on a kind of database; theirs go afterwards."""
    global _kind
    before, there, opened = _kind, set(_made), len(_opened)
    _kind = kind
    try:
        yield
    finally:
        _kind = before
        while len(_opened) > opened:
            _opened.pop().close()
        for name in _made - there:
            cluster().drop(name)
        _made.intersection_update(there)


def new_catalog(path: Path, kind: str) -> str:
    """Return the address of a catalog of its own for whatever lies at a path; on a server it is there and empty."""
    if kind == SQLITE:
        return f"sqlite:///{path / CATALOG_FILE}"
    _made.add(_name_of(path))
    return cluster().make(_name_of(path), MIGRATED)


def place_for(root: Path) -> str | None:
    """Return the address of an empty database for a project that is yet to come; None where it goes by itself."""
    if _kind == SQLITE:
        return None
    name = _name_of(root)
    if name not in _made:
        _made.add(name)
        cluster().make(name)
    return cluster().url(name)


def copied(source: Path, target: Path) -> Path:
    """Give the copy of a project's folder a catalog of its own, on the kind of database that is used now."""
    settings, file = target / FILE_NAME, target / CATALOG_FILE
    text, is_file = settings.read_text(), file.exists()
    if is_file and _kind == POSTGRESQL and "catalog" not in _keys(text):
        address = new_catalog(target, POSTGRESQL)
        fill(address, file, "")
        release(address)
        file.unlink()
        settings.write_text(_line(address) + text)
    elif not is_file and _kind == POSTGRESQL:
        _made.add(_name_of(target))
        there = cluster().make(_name_of(target), _name_of(source))
        settings.write_text(text.replace(cluster().url(_name_of(source)), there))
    elif not is_file:
        original = Catalog.open(cluster().url(_name_of(source)))
        copy_database(original, file)
        original.close()
        settings.write_text(text.replace(_line(cluster().url(_name_of(source))), ""))
    return target


def install() -> None:
    """Let every project that is made in this process follow `catalogs_on`."""
    event.listen(Pool, "connect", _remember)

    def create(
        cls: type[Project], root: Path, name: str | None = None, settings_text: str | None = None
    ) -> Project:  # fmt: skip
        text = settings_text or TEMPLATE.format(name=name or root.resolve().name)
        if _kind == POSTGRESQL and not (root / FILE_NAME).exists() and "catalog" not in _keys(text):
            text = _line(new_catalog(root, POSTGRESQL)) + text
        made: Project = _create(cls, root, name, text)
        return made

    Project.create = classmethod(create)  # type: ignore[method-assign, assignment]


def _remember(connection: object, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        _opened.append(connection)


def _line(address: str) -> str:
    return f'catalog = "{address}"\n'


def _keys(text: str) -> set[str]:
    return parse_settings(text).model_fields_set


def _name_of(path: Path) -> str:
    return f"p{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:24]}"
