"""How people sign in, and who is signed in now.

An account belongs to a person of the project (`mammoset.model.Reader`), who has the roles. It is the one thing in the
catalog that is changed in place; each change is an event of the same transaction. What is kept of a session is the
SHA-256 of its token, so that who reads the catalog cannot take a session over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from mammoset.catalog.events import add_event
from mammoset.catalog.records import now
from mammoset.catalog.rows import reader_of
from mammoset.catalog.sessions import Sessions, plain_rows
from mammoset.catalog.tables import AccountRow, ReaderRow, SignInRow
from mammoset.errors import ConfigError
from mammoset.model import Reader

IDLE = timedelta(hours=12)
"""A session that was not used for so long is over: a working day."""
LIFETIME = timedelta(days=7)
"""However much it is used."""
SELDOM = timedelta(minutes=1)
"""The last use of a session is noted no more often than this, so that looking at pictures writes next to nothing."""

BY_PASSWORD, BY_LINK = "password", "link"
"""Ways to sign in; the others are the names of identity providers."""


@dataclass(frozen=True, slots=True)
class Account:
    """How a person signs in.

    Attributes
    ----------
    name : str
        As `mammoset.model.Reader.reader_id`.
    password_hash : str
        Empty for a person without password.
    must_change : bool
        Whether the password was generated, and one of the person's own is yet to be set.
    subject : str or None
        Issuer and subject of the person at an identity provider; None when not linked.
    disabled_at : datetime or None
        Since when the person cannot sign in; None when they can.
    """

    name: str
    roles: tuple[str, ...]
    password_hash: str = ""
    must_change: bool = False
    subject: str | None = None
    disabled_at: datetime | None = None

    @property
    def is_disabled(self) -> bool:
        """Whether the person is kept from signing in."""
        return self.disabled_at is not None

    @property
    def can_sign_in(self) -> bool:
        """Whether the person has a way to sign in, and is not kept from it."""
        return not self.is_disabled and bool(self.password_hash or self.subject)


class SignedIn(NamedTuple):
    """Somebody who is signed in.

    Attributes
    ----------
    way : str
        How they showed who they are: as in `Accounts.sign_in`.
    """

    account: Account
    way: str

    @property
    def must_change(self) -> bool:
        """Whether a password of their own must be set before anything else: only who came by password has to."""
        return self.account.must_change and self.way == BY_PASSWORD


class Accounts(Sessions):
    """The part of the catalog that knows how people sign in; each call is one transaction."""

    def get(self, name: str) -> Account | None:
        """Return the account of a person; None when there is none."""
        return self._one(AccountRow.reader_id == name)

    def by_subject(self, subject: str) -> Account | None:
        """Return the account that is linked to somebody at an identity provider; None when none is."""
        return self._one(AccountRow.subject == subject)

    def all(self) -> dict[str, Account]:
        """Return every account, by name."""
        with self.reading() as session:
            rows = plain_rows(session, _joined().order_by(AccountRow.reader_id))
            return {row.reader_id: _account_of(row) for row in rows}

    def administrators(self) -> list[str]:
        """Return the names of the administrators who can sign in, sorted."""
        return [one.name for one in self.all().values() if "admin" in one.roles and not one.is_disabled]

    def put_person(
        self, reader: Reader, *, by: str, password_hash: str | None = None, must_change: bool = True
    ) -> None:  # fmt: skip
        """Add a person, or change what is known of one; an account is made for who has none.

        Parameters
        ----------
        password_hash : str or None
            Of a new person's password; None makes an account without password, and leaves one that is there alone.
        must_change : bool
            Whether the person is to set another password first; counts only with `password_hash`.
        """
        with self.writing() as session:
            before = session.get(ReaderRow, reader.reader_id)
            changes = _changes(None if before is None else reader_of(before), reader)
            session.merge(_row_of(reader))
            session.flush()
            if session.get(AccountRow, reader.reader_id) is None:
                session.add(AccountRow(reader_id=reader.reader_id, password_hash="", must_change=False))
                add_event(session, "account_made", by=by, about=reader.reader_id, detail=changes)
            elif changes:
                add_event(session, "account_changed", by=by, about=reader.reader_id, detail=changes)
            if password_hash is not None:
                _set_password(session, reader.reader_id, password_hash, must_change=must_change)

    def set_password(self, name: str, password_hash: str, *, by: str, must_change: bool) -> None:
        """Give a person another password; whoever is signed in under the name is so no longer.

        Raises
        ------
        ConfigError
            If nobody has that name.
        """
        with self.writing() as session:
            _require(session, name)
            _set_password(session, name, password_hash, must_change=must_change)
            add_event(session, "password_changed", by=by, about=name, detail={"is_generated": must_change})

    def set_disabled(self, name: str, *, is_disabled: bool, by: str) -> None:
        """Keep a person from signing in, and end their sessions; or let them in again.

        Raises
        ------
        ConfigError
            If nobody has that name.
        """
        with self.writing() as session:
            account = _require(session, name)
            if (account.disabled_at is not None) == is_disabled:
                return
            account.disabled_at = now() if is_disabled else None
            _end_sessions(session, name)
            add_event(session, "account_disabled" if is_disabled else "account_enabled", by=by, about=name)

    def link(self, name: str, subject: str, *, by: str) -> bool:
        """Link a person to somebody at an identity provider; a generated password that nobody changed is void then.

        Returns
        -------
        bool
            False when the person is linked to somebody else already, or that one to another person.
        """
        with self.writing() as session:
            account = _require(session, name)
            taken = session.scalar(select(AccountRow.reader_id).where(AccountRow.subject == subject))
            if account.subject is not None or taken is not None:
                return account.subject == subject
            account.subject = subject
            if account.must_change:
                account.password_hash, account.must_change = "", False
            add_event(session, "account_linked", by=by, about=name)
            return True

    # -- sessions ------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, token_sha256: str, *, way: str, at: datetime | None = None) -> None:
        """Open a session.

        Parameters
        ----------
        token_sha256 : str
            Digest of the session's token, in hex.
        way : str
            How the person showed who they are: `BY_PASSWORD`, `BY_LINK`, or the name of an identity provider.
        at : datetime or None
            None for now.
        """
        moment = at or now()
        with self.writing() as session:
            session.execute(delete(SignInRow).where(_is_over(moment)))
            session.add(SignInRow(token_sha256=token_sha256, reader_id=name, way=way, at=moment, last_seen=moment))
            add_event(session, "signed_in", by=name, about=name, detail={"way": way})

    def signed_in(self, token_sha256: str, at: datetime | None = None) -> SignedIn | None:
        """Return who is signed in by a token; None when its session is over, or its person disabled.

        That the session was used is noted, which keeps it from ending.
        """
        moment = at or now()
        query = _joined(SignInRow.last_seen, SignInRow.way).join(SignInRow, SignInRow.reader_id == AccountRow.reader_id)
        is_open = (SignInRow.token_sha256 == token_sha256, ~_is_over(moment), AccountRow.disabled_at.is_(None))
        with self.reading() as session:
            rows = plain_rows(session, query.where(*is_open))
        if not rows:
            return None
        if moment - rows[0].last_seen >= SELDOM:
            with self.writing() as session:
                seen = update(SignInRow).where(SignInRow.token_sha256 == token_sha256).values(last_seen=moment)
                session.execute(seen)
        return SignedIn(_account_of(rows[0]), rows[0].way)

    def sign_out(self, token_sha256: str) -> None:
        """End a session; nothing happens when it is over."""
        with self.writing() as session:
            row = session.get(SignInRow, token_sha256)
            if row is not None:
                session.delete(row)
                add_event(session, "signed_out", by=row.reader_id, about=row.reader_id)

    def _one(self, condition: ColumnElement[bool]) -> Account | None:
        with self.reading() as session:
            rows = plain_rows(session, _joined().where(condition))
            return _account_of(rows[0]) if rows else None


def _joined(*more: Any) -> Select[Any]:
    query = select(AccountRow.__table__, ReaderRow.roles, *more)
    return query.join(ReaderRow, ReaderRow.reader_id == AccountRow.reader_id)


def _account_of(row: Row[Any]) -> Account:
    return Account(row.reader_id, tuple(row.roles), row.password_hash, row.must_change, row.subject, row.disabled_at)


def _is_over(moment: datetime) -> ColumnElement[bool]:
    return or_(SignInRow.last_seen < moment - IDLE, SignInRow.at < moment - LIFETIME)


def _require(session: Session, name: str) -> AccountRow:
    row = session.get(AccountRow, name)
    if row is not None:
        return row
    if session.get(ReaderRow, name) is None:
        raise ConfigError(f"nobody is called '{name}' here; 'mammoset user list' shows who there is")
    row = AccountRow(reader_id=name, password_hash="", must_change=False)
    session.add(row)
    return row


def _set_password(session: Session, name: str, password_hash: str, *, must_change: bool) -> None:
    row = _require(session, name)
    row.password_hash, row.must_change = password_hash, must_change
    _end_sessions(session, name)


def _end_sessions(session: Session, name: str) -> None:
    session.execute(delete(SignInRow).where(SignInRow.reader_id == name))


def _row_of(reader: Reader) -> ReaderRow:
    return ReaderRow(
        reader_id=reader.reader_id, roles=list(reader.roles), years_experience=reader.years_experience,
        annual_volume=reader.annual_volume, is_available=reader.is_available, workload_cap=reader.workload_cap,
    )  # fmt: skip


def _changes(before: Reader | None, after: Reader) -> Mapping[str, Any]:
    """Return what is said of a person that was not said before, for the event."""
    known = before or replace(after, roles=(), years_experience=None, annual_volume=None)
    names = ("roles", "years_experience", "annual_volume", "is_available", "workload_cap")
    new = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(known, name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in new.items()}
