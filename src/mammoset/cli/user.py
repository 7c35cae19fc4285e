"""`mammoset user`: who reads, arbitrates, reviews and administers, and how they sign in."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace
from typing import Annotated

import typer

from mammoset.catalog import passwords
from mammoset.cli.context import context_of, table
from mammoset.errors import ConfigError
from mammoset.model import Reader
from mammoset.project import Project

ROLES = ("reader", "arbiter", "reviewer", "admin")
LONGEST_NAME = 64
Name = Annotated[str, typer.Argument(help="Short name; stays in the project, is no part of a release.")]
Known = Annotated[str, typer.Argument(help="As 'mammoset user list' has it.")]


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    user = typer.Typer(help="Who reads, arbitrates, reviews and administers.", no_args_is_help=True)
    user.command("add")(add)
    user.command("list")(show)
    user.command("password")(password)
    user.command("disable")(disable)
    user.command("enable")(enable)
    app.add_typer(user, name="user")


def _operator() -> str:
    """Return who is at the command line, for the events."""
    try:
        return f"cli:{getpass.getuser()}"[:LONGEST_NAME]
    except (KeyError, OSError):  # a container without such a user
        return "cli"


def add(
    ctx: typer.Context,
    name: Name,
    role: Annotated[list[str], typer.Option(help=f"One of {', '.join(ROLES)}; may be given again.")],
    years_experience: Annotated[int | None, typer.Option(min=0, max=80, help="Years of reading mammograms.")] = None,
    annual_volume: Annotated[int | None, typer.Option(min=0, help="Mammography exams read in a year.")] = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="They sign in at an identity provider.")] = False,
) -> None:
    """Add a person, and print a password for them once; or change what is known of one."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ConfigError(
            f"user add: the name is empty, longer than {LONGEST_NAME} or holds signs that cannot be printed; "
            "give a short one"
        )
    wrong = [one for one in role if one not in ROLES]
    if wrong:
        raise ConfigError(f"user add: '{wrong[0]}' is no role; allowed: {', '.join(ROLES)}")
    context = context_of(ctx)
    with context.project() as project:
        person = _person(project, Reader(name, tuple(dict.fromkeys(role)), years_experience, annual_volume))
        given = None if no_password or _can_sign_in(project, name) else passwords.generated()
        hashed = None if given is None else passwords.hashed(given)
        project.catalog.accounts.put_person(person, by=_operator(), password_hash=hashed)
    values = {"name": name, "roles": role} | ({} if given is None else {"password": given})
    context.result(values, [f"{name}: {', '.join(role)}", *([] if given is None else [_told(given)])])


def _person(project: Project, given: Reader) -> Reader:
    """Return a person as given, with what is set elsewhere as it is."""
    known = next((one for one in project.catalog.readers() if one.reader_id == given.reader_id), given)
    return replace(given, is_available=known.is_available, workload_cap=known.workload_cap)


def _can_sign_in(project: Project, name: str) -> bool:
    account = project.catalog.accounts.get(name)
    return account is not None and (account.can_sign_in or account.is_disabled)


def _told(given: str) -> str:
    return f"password {given} (shown this once; they choose another when they sign in)"


def password(
    ctx: typer.Context,
    name: Known,
    from_standard_input: Annotated[
        bool, typer.Option("--stdin", help="Read the password, one line, instead of drawing one.")
    ] = False,
) -> None:
    """Give a person a new password, and print it once; whoever is signed in under the name is so no longer."""
    context = context_of(ctx)
    given = sys.stdin.readline().rstrip("\r\n") if from_standard_input else passwords.generated()
    passwords.check_chosen(given, name)
    with context.project() as project:
        account = project.catalog.accounts
        account.set_password(name, passwords.hashed(given), by=_operator(), must_change=True)
    told = {} if from_standard_input else {"password": given}
    context.result({"name": name} | told, [f"{name}: password set" if from_standard_input else _told(given)])


def disable(ctx: typer.Context, name: Known) -> None:
    """Keep a person from signing in, and end their sessions; what they did stays."""
    _set_disabled(ctx, name, is_disabled=True)


def enable(ctx: typer.Context, name: Known) -> None:
    """Let a person sign in again."""
    _set_disabled(ctx, name, is_disabled=False)


def _set_disabled(ctx: typer.Context, name: str, *, is_disabled: bool) -> None:
    context = context_of(ctx)
    with context.project() as project:
        project.catalog.accounts.set_disabled(name, is_disabled=is_disabled, by=_operator())
    context.result({"name": name, "is_disabled": is_disabled}, [f"{name}: {'disabled' if is_disabled else 'enabled'}"])


def show(ctx: typer.Context) -> None:
    """List everybody."""
    context = context_of(ctx)
    with context.project() as project:
        people = project.catalog.readers()
        accounts = project.catalog.accounts.all()
    values = [
        {
            "name": one.reader_id,
            "roles": list(one.roles),
            "years_experience": one.years_experience,
            "annual_volume": one.annual_volume,
            "can_sign_in": one.reader_id in accounts and accounts[one.reader_id].can_sign_in,
        }
        for one in people
    ]
    rows = [
        (
            one.reader_id, ", ".join(one.roles), one.years_experience or "", one.annual_volume or "",
            "yes" if one.reader_id in accounts and accounts[one.reader_id].can_sign_in else "no",
        )
        for one in people
    ]  # fmt: skip
    context.result(values, table(("name", "roles", "years", "exams a year", "can sign in"), rows))
