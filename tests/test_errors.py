"""What is told of a folder that cannot be written, and of a database that somebody else holds."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mammoset.errors import StorageError, storing


def test_of_a_database_that_another_program_holds_it_is_told_that_it_does(tmp_path: Path) -> None:
    database = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(database)) as holder, closing(sqlite3.connect(database, timeout=0)) as other:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError) as told, storing(tmp_path):
            other.execute("CREATE TABLE t (x)")
    assert str(told.value) == (
        f"{tmp_path}: another program holds it and does not let go; let that go on to its end, or end it, "
        "then run the same command again"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "its disk is full; make room there"),
        (errno.EROFS, "it is read-only; make it writable"),
        (errno.EIO, "it cannot be written (broken); mend it"),
    ],
)
def test_of_a_folder_that_cannot_be_written_its_name_and_what_to_do_are_told(number: int, words: str) -> None:
    with pytest.raises(StorageError) as told, storing(Path("/data/project/.parts")):
        raise OSError(number, "broken")
    assert str(told.value) == f"/data/project: {words}, then run the same command again"
