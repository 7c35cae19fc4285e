"""PostgreSQL as the catalog's database: what makes a server do as the one file does.

SQLite lets one program write at a time, compares texts byte by byte and bounds none. The same holds here: every
transaction that writes waits for its turn, so that what it looked up is still so when it writes, and rows appear in
the order of their numbers; and texts are ``text COLLATE "C"``, whatever the database's own order of letters is.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import URL, Connection, Engine, String, func, inspect, select

from mammoset.errors import StorageError

KEEPING = {
    "connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
    "application_name": "mammoset",
}  # fmt: skip
"""Parameters of libpq for what an address does not say itself: a server that is gone is noticed."""
LIMITS = {"lock_timeout": "30s", "statement_timeout": "5min", "idle_in_transaction_session_timeout": "5min"}
"""How long something may wait for its turn, take, or hold up others."""
TURN, NUMBERS, STUDY = 0x6D616D6D6F73, 0x6D616D6D6F74, 0x6D616D
"""Advisory locks of whoever writes, of whoever numbers rows, and, with its hash, of a study: no other program's."""
BUSY = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
        AND state IS DISTINCT FROM 'idle'
"""
"""Who else may have a transaction open; of other users' sessions the state is hidden, so any of those counts."""
TOLD = {
    "55P03": "another program has been writing to it for half a minute; wait for it to end, then run this again",
    "57014": "a question took longer than five minutes; see what else its server does, then run this again",
    "53100": "the disk of its server is full; make room there, then run this again",
    "53300": "its server has too many connections already; end some, or raise max_connections",
    "25006": "its server may only be read; name the one that may be written in mammoset.toml",
    "42501": "its user may not do this; let that user own the tables of this database",
    "3D000": "there is no such database; create it, or name another in mammoset.toml",
}
"""SQLSTATE to what to tell of it."""
UNREACHABLE = (
    "the database does not answer or does not let us in; see that its server runs, and that 'catalog' in "
    "mammoset.toml and the password are right"
)


def arguments_of(url: URL) -> dict[str, str]:
    """Return what to add to the parameters that an address names."""
    return {name: value for name, value in KEEPING.items() if name not in url.query}


class _Text(StrDumperUnknown):
    """A text as the server takes it: it has no NUL, so whoever looks for one with it finds nothing."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def prepare(connection: psycopg.Connection, _record: object) -> None:
    """Set the limits of a new connection."""
    connection.adapters.register_dumper(str, _Text)
    with connection.cursor() as cursor:
        for name, value in LIMITS.items():
            cursor.execute(SQL("SET {} = {}").format(Identifier(name), Literal(value)))
    connection.commit()


def begin(connection: Connection) -> None:
    """Begin a transaction: one that reads sees one moment and waits for nobody, one that writes waits for its turn.

    The turn of who writes at one study (``at``) is shared with those at other studies.
    """
    options = connection.get_execution_options()
    at = options.get("at", "")
    if options.get("read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif at:
        theirs = func.pg_advisory_xact_lock(STUDY, func.hashtext(at))
        connection.execute(select(func.pg_advisory_xact_lock_shared(TURN), theirs))
    else:
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))


def number(connection: Connection) -> None:
    """Wait until nobody else has rows with numbers that are not committed yet."""
    connection.execute(select(func.pg_advisory_xact_lock(NUMBERS)))


def told(error: BaseException | None) -> str:
    """Return what to tell of an error of the driver."""
    return TOLD.get(getattr(error, "sqlstate", None) or "", UNREACHABLE)


def unbound_texts(connection: Connection) -> None:
    """Make every column of text as long as wanted, compared byte by byte; those that are so already are left alone."""
    found = inspect(connection)
    for table in found.get_table_names():
        for column in found.get_columns(table):
            kind = column["type"]
            if isinstance(kind, String) and (kind.length is not None or kind.collation != "C"):
                connection.exec_driver_sql(
                    f'ALTER TABLE "{table}" ALTER COLUMN "{column["name"]}" TYPE text COLLATE "C"'
                )


def erase(engine: Engine) -> None:
    """Write every table anew, and what the server keeps of values for planning, so that no file of either holds more.

    Dead rows stay as long as somebody's transaction may still look at them, so nobody's may be open.

    Raises
    ------
    StorageError
        If another program is in a transaction, or may be.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.exec_driver_sql(BUSY).first() is not None:
            raise StorageError(
                "catalog: another program uses its database; end that, say 'mammoset serve' or a session of psql, then "
                "run this again"
            )
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in sorted(inspect(connection).get_table_names()):
            connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{table}"')
        connection.exec_driver_sql("VACUUM FULL pg_statistic")
        connection.exec_driver_sql(f"SET statement_timeout = '{LIMITS['statement_timeout']}'")
