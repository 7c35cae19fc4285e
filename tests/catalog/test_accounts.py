"""Accounts and sessions: changed in place, each change an event of the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from mammoset.catalog import Catalog, passwords
from mammoset.catalog.accounts import BY_LINK, BY_PASSWORD, IDLE, LIFETIME, SELDOM
from mammoset.catalog.tables import SignInRow
from mammoset.errors import ConfigError
from mammoset.model import Reader
from tests.databases import new_catalog

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANNA = Reader("anna", ("reader", "arbiter"), 12, 3000)
DIGEST = "0" * 64


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    opened.accounts.put_person(ANNA, by="boss", password_hash="h1", must_change=True)
    yield opened
    opened.close()


def told(catalog: Catalog) -> list[tuple[str, str, str]]:
    return [(one.kind, one.by, one.about) for one in reversed(catalog.events.page())]


def test_a_person_is_added_with_an_account(catalog: Catalog) -> None:
    account = catalog.accounts.get("anna")
    assert account is not None
    assert (account.roles, account.password_hash, account.must_change) == (("reader", "arbiter"), "h1", True)
    assert account.can_sign_in
    assert catalog.readers() == [ANNA]
    assert told(catalog) == [("account_made", "boss", "anna")]
    assert catalog.accounts.get("bruno") is None


def test_changing_what_is_known_of_a_person_leaves_the_password_alone_and_says_what_changed(catalog: Catalog) -> None:
    catalog.accounts.put_person(Reader("anna", ("reader",), 13, 3000), by="boss")
    account = catalog.accounts.get("anna")
    assert account is not None
    assert (account.roles, account.password_hash) == (("reader",), "h1")
    (event,) = catalog.events.page(kind="account_changed")
    assert event.detail == {"roles": ["reader"], "years_experience": 13}
    catalog.accounts.put_person(Reader("anna", ("reader",), 13, 3000), by="boss")
    assert catalog.events.count(kind="account_changed") == 1


def test_a_person_without_an_account_gets_one_with_the_first_password(catalog: Catalog) -> None:
    catalog.put_reader(Reader("bruno", ("admin",)))
    assert catalog.accounts.get("bruno") is None
    assert catalog.accounts.administrators() == []
    catalog.accounts.set_password("bruno", "h2", by="boss", must_change=False)
    assert catalog.accounts.administrators() == ["bruno"]
    with pytest.raises(ConfigError, match="nobody is called 'carla'"):
        catalog.accounts.set_password("carla", "h3", by="boss", must_change=False)


def test_a_session_is_somebodys_until_it_is_over(catalog: Catalog) -> None:
    catalog.accounts.sign_in("anna", DIGEST, way=BY_PASSWORD, at=MOMENT)
    assert catalog.accounts.signed_in("1" * 64, MOMENT) is None
    for later in (timedelta(), IDLE * 0.9, IDLE * 1.8):
        found = catalog.accounts.signed_in(DIGEST, MOMENT + later)
        assert found is not None
        assert found.account.name == "anna"
    assert catalog.accounts.signed_in(DIGEST, MOMENT + IDLE * 2.9) is None


def test_a_session_is_over_after_its_lifetime_however_much_it_is_used(catalog: Catalog) -> None:
    catalog.accounts.sign_in("anna", DIGEST, way=BY_PASSWORD, at=MOMENT)
    used = timedelta()
    while catalog.accounts.signed_in(DIGEST, MOMENT + used) is not None:
        used += IDLE / 2
    assert LIFETIME < used <= LIFETIME + IDLE / 2


def test_the_last_use_is_noted_seldom(catalog: Catalog) -> None:
    catalog.accounts.sign_in("anna", DIGEST, way=BY_PASSWORD, at=MOMENT)

    def seen() -> datetime | None:
        with catalog.reading() as session:
            return session.scalar(select(SignInRow.last_seen))

    catalog.accounts.signed_in(DIGEST, MOMENT + SELDOM * 0.9)
    assert seen() == MOMENT
    catalog.accounts.signed_in(DIGEST, MOMENT + SELDOM)
    assert seen() == MOMENT + SELDOM


def test_only_who_came_by_a_generated_password_must_change_it(catalog: Catalog) -> None:
    for n, (way, must) in enumerate([(BY_PASSWORD, True), (BY_LINK, False), ("hospital", False)]):
        catalog.accounts.sign_in("anna", str(n) * 64, way=way, at=MOMENT)
        found = catalog.accounts.signed_in(str(n) * 64, MOMENT)
        assert found is not None
        assert found.must_change is must


@pytest.mark.parametrize("end", ["password", "disabling", "enabling", "signing out"])
def test_sessions_end(catalog: Catalog, end: str) -> None:
    catalog.accounts.set_disabled("anna", is_disabled=end == "enabling", by="boss")
    catalog.accounts.sign_in("anna", DIGEST, way=BY_PASSWORD, at=MOMENT)
    if end == "password":
        catalog.accounts.set_password("anna", "h2", by="anna", must_change=False)
    elif end == "signing out":
        catalog.accounts.sign_out(DIGEST)
    else:
        catalog.accounts.set_disabled("anna", is_disabled=end == "disabling", by="boss")
    with catalog.reading() as session:
        assert session.scalar(select(func.count(SignInRow.token_sha256))) == 0


def test_old_sessions_are_swept_out_when_somebody_signs_in(catalog: Catalog) -> None:
    for n in range(3):
        catalog.accounts.sign_in("anna", str(n) * 64, way=BY_PASSWORD, at=MOMENT + n * IDLE * 1.5)
    with catalog.reading() as session:
        assert session.scalar(select(func.count(SignInRow.token_sha256))) == 1


def test_what_does_not_change_anything_is_no_event(catalog: Catalog) -> None:
    catalog.accounts.sign_out(DIGEST)
    catalog.accounts.set_disabled("anna", is_disabled=False, by="boss")
    assert told(catalog) == [("account_made", "boss", "anna")]


def test_a_person_is_linked_to_one_at_a_provider_and_to_one_alone(catalog: Catalog) -> None:
    catalog.accounts.put_person(Reader("bruno"), by="boss")
    assert catalog.accounts.link("anna", "issuer 1", by="anna")
    assert catalog.accounts.link("anna", "issuer 1", by="anna"), "the same again"
    assert not catalog.accounts.link("anna", "issuer 2", by="anna")
    assert not catalog.accounts.link("bruno", "issuer 1", by="bruno")
    found = catalog.accounts.by_subject("issuer 1")
    assert found is not None
    assert (found.name, found.password_hash, found.must_change) == ("anna", "", False)
    assert found.can_sign_in


def test_generated_passwords_are_long_and_differ() -> None:
    drawn = {passwords.generated() for _ in range(200)}
    assert len(drawn) == 200
    assert {len(one) for one in drawn} == {23}
    assert not {sign for one in drawn for sign in one} - {*passwords.ALPHABET, "-"}


def test_a_password_is_kept_as_argon2id_with_the_cost_that_rfc_9106_asks_for() -> None:
    stored = passwords.hashed("a horse under the tree")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.is_right(stored, "a horse under the tree")
    assert not passwords.is_right(stored, "a horse under the treE")
    assert not passwords.is_right("", "")
    assert not passwords.is_right("no hash at all", "x")
