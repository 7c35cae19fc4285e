"""People as answers, and the changes that an administrator makes to them.

Somebody must stay who can administer: changes are made one after the other, and the one that would leave nobody is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from mammoset.catalog import Account, passwords
from mammoset.domain.workflow import Role
from mammoset.model import Reader
from mammoset.project import Project
from mammoset.read.training import book_of
from mammoset.web.answers.dashboard import Work, Works
from mammoset.web.door.access import RoleName
from mammoset.web.door.problems import Refused

NAME = re.compile(r"[^\W_][\w .@+'-]{0,63}")
"""Letters and digits of any language, and few signs besides: the name stands in addresses."""
LONGEST_NAME = 64

Roles = Annotated[list[RoleName], Field(min_length=1, max_length=4)]
Years = Annotated[int, Field(ge=0, le=80)]
Volume = Annotated[int, Field(ge=0, le=1_000_000)]
Cap = Annotated[int, Field(ge=0, le=10_000_000)]


class PersonalCounts(BaseModel):
    """Exams that a person has now in a role, and those of them that they have answered."""

    assigned: int
    submitted: int


class PersonAccountOut(BaseModel):
    """A person. What depends on readings is null for who may not be told: `arbitrations` and `quality_reads`.

    `trained_at` is when they had been through the training first; null before.
    """

    name: str
    roles: list[str]
    years_experience: int | None
    annual_volume: int | None
    is_available: bool
    workload_cap: int | None
    is_disabled: bool
    has_password: bool
    must_change_password: bool
    is_linked: bool
    reads: PersonalCounts
    arbitrations: PersonalCounts | None
    quality_reads: PersonalCounts | None
    trained_at: datetime | None


class PeopleOut(BaseModel):
    """Everybody, by name."""

    items: list[PersonAccountOut]


class PersonalPassword(BaseModel):
    """A password drawn by lot, told this once; null for a person who signs in at an identity provider."""

    name: str
    password: str | None


class PersonIn(BaseModel):
    """A new person."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
    roles: Roles
    years_experience: Years | None = None
    annual_volume: Volume | None = None
    is_available: bool = True
    workload_cap: Cap | None = None
    with_password: bool = True


class PersonChange(BaseModel):
    """What is to be other of a person; what is left out stays, null empties."""

    roles: Roles | None = None
    years_experience: Years | None = None
    annual_volume: Volume | None = None
    is_available: bool | None = None
    workload_cap: Cap | None = None
    is_disabled: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for name in ("roles", "is_available", "is_disabled"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


def people_out(project: Project, works: Works, *, is_told: bool) -> PeopleOut:
    """Return everybody.

    Parameters
    ----------
    works : mapping of person and role to Work
    is_told : bool
        Whether the asker may be told what follows from readings.
    """
    accounts = project.catalog.accounts.all()
    people = project.catalog.readers()
    trained = book_of(project).finished()
    return PeopleOut(
        items=[
            _account_out(one, accounts.get(one.reader_id), works, trained.get(one.reader_id), is_told=is_told)
            for one in people
        ]
    )


def _account_out(
    person: Reader, account: Account | None, works: Works, trained_at: datetime | None, *, is_told: bool
) -> PersonAccountOut:
    def counts(role: Role) -> PersonalCounts:
        work = works.get((person.reader_id, role), Work())
        return PersonalCounts(assigned=work.assigned, submitted=work.submitted)

    return PersonAccountOut(
        name=person.reader_id, roles=list(person.roles), years_experience=person.years_experience,
        annual_volume=person.annual_volume, is_available=person.is_available, workload_cap=person.workload_cap,
        is_disabled=account is not None and account.is_disabled,
        has_password=account is not None and bool(account.password_hash),
        must_change_password=account is not None and account.must_change,
        is_linked=account is not None and account.subject is not None,
        reads=counts("reader"), arbitrations=counts("arbiter") if is_told else None,
        quality_reads=counts("senior") if is_told else None, trained_at=trained_at,
    )  # fmt: skip


def add_person(project: Project, given: PersonIn, *, by: str) -> PersonalPassword:
    """Add a person.

    Raises
    ------
    Refused
        422 for a name that cannot be one; 409 where somebody has it, whatever its capitals.
    """
    if NAME.fullmatch(given.name) is None:
        raise Refused(
            422, "name: begin with a letter or a digit; after it letters, digits, spaces and . @ + ' - _ are possible",
            code="name",
        )  # fmt: skip
    password = passwords.generated() if given.with_password else None
    hashed = None if password is None else passwords.hashed(password)
    known = given.model_dump(exclude={"name", "with_password", "roles"})
    person = Reader(given.name, _in_order(given.roles), **known)
    with _one_at_a_time(project):
        taken = {one.reader_id.casefold() for one in project.catalog.readers()}
        if given.name.casefold() in taken:
            raise Refused(409, "somebody has this name already; choose another", code="conflict")
        project.catalog.accounts.put_person(person, by=by, password_hash=hashed)
    return PersonalPassword(name=given.name, password=password)


def change_person(project: Project, name: str, change: PersonChange, *, by: str) -> None:
    """Change what is known of a person, whom they may act as, and whether they can sign in.

    Raises
    ------
    Refused
        404 for nobody; 409 for what would leave nobody who can administer.
    """
    told = {key: getattr(change, key) for key in change.model_fields_set - {"is_disabled"}}
    if "roles" in told:
        told["roles"] = _in_order(told["roles"])
    with _one_at_a_time(project):
        person = replace(person_of(project, name), **told)
        _require_administrator(project, person, is_disabled=change.is_disabled)
        if told:
            project.catalog.accounts.put_person(person, by=by)
        if change.is_disabled is not None:
            project.catalog.accounts.set_disabled(name, is_disabled=change.is_disabled, by=by)


def reset_password(project: Project, name: str, *, by: str) -> PersonalPassword:
    """Give a person a password drawn by lot, which they have to change; their sessions end.

    Raises
    ------
    Refused
        404 for nobody.
    """
    person_of(project, name)
    password = passwords.generated()
    project.catalog.accounts.set_password(name, passwords.hashed(password), by=by, must_change=True)
    return PersonalPassword(name=name, password=password)


def person_of(project: Project, name: str) -> Reader:
    """Return a person.

    Raises
    ------
    Refused
        404 for nobody.
    """
    found = next((one for one in project.catalog.readers() if one.reader_id == name), None)
    if found is None:
        raise Refused(404, "nobody has this name", code="unknown")
    return found


def _require_administrator(project: Project, person: Reader, *, is_disabled: bool | None) -> None:
    """Refuse a change of the one person who can sign in as administrator that would end that."""
    able = _administrators(project.catalog.accounts.all())
    stays = "admin" in person.roles and not is_disabled
    if able == {person.reader_id} and not stays:
        raise Refused(
            409, "this is the only administrator who can sign in; make somebody else one first", code="last_admin"
        )  # fmt: skip


def _administrators(accounts: Mapping[str, Account]) -> set[str]:
    return {name for name, one in accounts.items() if "admin" in one.roles and one.can_sign_in}


def _in_order(roles: list[RoleName]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles))


@contextmanager
def _one_at_a_time(project: Project) -> Iterator[None]:
    with project.lock("people", may_wait=True):
        yield
