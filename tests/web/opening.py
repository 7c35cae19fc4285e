"""Browsers, as the tests without a real one have them: signed in as somebody, or as nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.catalog import passwords
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.review import board
from mammoset.web import create_app
from mammoset.web.door.signing_in import SigningIn, csrf_token

BASE = "http://127.0.0.1:8000"
OPERATOR = "operator"
"""Administers and reviews: sees every page that the server makes."""


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Passwords that cost next to nothing: here alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@contextmanager
def what_is_new_is_shown_at_once() -> Iterator[None]:
    """However slow the machine: what the gate has just made is read before the next page is answered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(board, "QUICK", inf)
        yield


def add_person(project: Project, name: str, *roles: str, password_hash: str | None = None) -> None:
    """Add a person with an account; by default one without password."""
    people = {one.reader_id: one for one in project.catalog.readers()}
    known = people.get(name)
    person = Reader(name, roles, *((known.years_experience, known.annual_volume) if known else ()))
    project.catalog.accounts.put_person(person, by="test", password_hash=password_hash, must_change=False)


def ensure_person(project: Project, name: str) -> None:
    """See to it that a person has an account: with the roles they have, or as operator."""
    if project.catalog.accounts.get(name) is None:
        people = {one.reader_id: one for one in project.catalog.readers()}
        add_person(project, name, *(people[name].roles if name in people else ("admin", "reviewer")))


def sign_in(browser: TestClient, app: FastAPI, name: str) -> None:
    """Sign a browser in as a person, by no password: a cookie of a session, and the header against forged requests."""
    signing_in: SigningIn = app.state.signing_in
    ensure_person(app.state.site.project, name)
    token = signing_in.open(name, "link")
    browser.cookies.set(signing_in.cookie_name, token)
    browser.headers["X-CSRF-Token"] = csrf_token(token)


@contextmanager
def client_of(where: FastAPI | Project, name: str) -> Iterator[TestClient]:
    """Give a browser signed in as a person of a project, of an application that is there or of one of its own."""
    app = create_app(where) if isinstance(where, Project) else where
    with TestClient(app, base_url=BASE) as browser:
        sign_in(browser, app, name)
        yield browser


@contextmanager
def opened(project: Project, name: str = OPERATOR) -> Iterator[TestClient]:
    """Give a browser of an application of its own, signed in as the operator."""
    with client_of(project, name) as browser:
        yield browser
