"""A real PostgreSQL for the tests: a cluster of its own in a folder that goes again, a database for each project."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from mammoset.catalog import Catalog

OWNER = "postgres"
"""Root may not run a server, so this user does."""
SETTINGS: Mapping[str, object] = {
    "listen_addresses": "", "shared_buffers": "32MB", "max_connections": 200, "max_wal_size": "256MB",
    "log_min_messages": "log", "log_checkpoints": "off", "timezone": "Asia/Ho_Chi_Minh",
}  # fmt: skip
"""Of a small server, far from UTC, so that a moment without a zone would show."""
QUICK: Mapping[str, object] = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""What a power cut would damage: fine for tests, not for a measurement."""
READY = b"ready to accept connections"
USER = "mammoset"
"""Owns its databases and may do nothing else, as an administrator would have it."""
LOGINS = "local all locked scram-sha-256\nlocal all all trust\n"
SERVER_PROGRAMS = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
"""Where Debian has them, which is not on the search path."""
KEEPER = '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server'
"""Ends the server, as a crash would, when its standard input does: with the process that started it."""
EMPTY, MIGRATED = "template1", "migrated"
STRATEGY = "WAL_LOG"


def initdb() -> str | None:
    """Return the program that makes a cluster; the others lie beside it. None where PostgreSQL is not installed."""
    return shutil.which("initdb", path=os.pathsep.join([os.environ.get("PATH", ""), *SERVER_PROGRAMS]))


class Cluster:
    """A running server, which ends with this process whatever happens to it."""

    def __init__(self, settings: Mapping[str, object] = QUICK) -> None:
        self._settings = {**SETTINGS, **settings}
        found = initdb()
        assert found is not None, "pytest.mark.real('postgresql') is missing"
        self._bin = Path(found).resolve().parent
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._become: list[str] = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._become = ["setpriv", "--reuid", OWNER, "--regid", OWNER, "--clear-groups"]
        self._run(
            "initdb", "-D", str(self.data), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(LOGINS)
        self._server: subprocess.Popen[bytes] | None = None
        self.start()
        with self.superuser() as connection:
            connection.execute(f"CREATE ROLE {USER} LOGIN")
        self.make(MIGRATED)
        Catalog.open(self.url(MIGRATED)).close()

    @property
    def data(self) -> Path:
        """Return where the server keeps everything."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"-c{name}={value}" for name, value in self._settings.items()]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]
        self._server = subprocess.Popen(
            [*self._become, "sh", "-c", KEEPER, "sh", *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        log = self._server.stderr
        assert log is not None
        assert any(READY in line for line in log), "the server ended"
        self._reader = threading.Thread(target=log.read, daemon=True)  # a pipe that nobody reads would stop it
        self._reader.start()

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        if self._server is not None:
            assert self._server.stdin is not None
            assert self._server.stderr is not None
            self._server.stdin.close()
            self._reader.join(30)
            self._server.stderr.close()
            self._server.wait(30)
        self._server = None

    def remove(self) -> None:
        """End the server and delete everything."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def make(self, database: str, template: str = EMPTY) -> str:
        """Make a database as a copy of another, in place of one of that name, and return its address."""
        self.drop(database)
        with self.superuser() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template])
            connection.execute(f'CREATE DATABASE "{database}" OWNER {USER} TEMPLATE "{template}" STRATEGY {STRATEGY}')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Delete a database, whoever has it open."""
        with self.superuser() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Give a connection that may do everything."""
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True) as connection:
            yield connection

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([*self._become, str(self._bin / name), *arguments], capture_output=True, check=True)
