"""`mammoset user`: who reads, arbitrates and reviews."""

from __future__ import annotations

from typing import Annotated

import typer

from mammoset.cli.context import context_of, table
from mammoset.errors import ConfigError
from mammoset.model import Reader

ROLES = ("reader", "arbiter", "reviewer", "admin")


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    user = typer.Typer(help="Who reads, arbitrates and reviews.", no_args_is_help=True)
    user.command("add")(add)
    user.command("list")(show)
    app.add_typer(user, name="user")


def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Short name; stays in the project, is no part of a release.")],
    role: Annotated[list[str], typer.Option(help=f"One of {', '.join(ROLES)}; may be given again.")],
    years_experience: Annotated[int | None, typer.Option(min=0, max=80, help="Years of reading mammograms.")] = None,
    annual_volume: Annotated[int | None, typer.Option(min=0, help="Mammography exams read in a year.")] = None,
) -> None:
    """Add a person, or change what is known of one."""
    if not name.strip() or not name.isprintable():
        raise ConfigError("user add: the name is empty or holds signs that cannot be printed; give a short one")
    wrong = [one for one in role if one not in ROLES]
    if wrong:
        raise ConfigError(f"user add: '{wrong[0]}' is no role; allowed: {', '.join(ROLES)}")
    context = context_of(ctx)
    with context.project() as project:
        project.catalog.put_reader(Reader(name, tuple(dict.fromkeys(role)), years_experience, annual_volume))
    context.result({"name": name, "roles": role}, [f"{name}: {', '.join(role)}"])


def show(ctx: typer.Context) -> None:
    """List everybody."""
    context = context_of(ctx)
    with context.project() as project:
        people = project.catalog.readers()
    values = [
        {
            "name": one.reader_id,
            "roles": list(one.roles),
            "years_experience": one.years_experience,
            "annual_volume": one.annual_volume,
        }
        for one in people
    ]
    rows = [
        (one.reader_id, ", ".join(one.roles), one.years_experience or "", one.annual_volume or "") for one in people
    ]
    context.result(values, table(("name", "roles", "years", "exams a year"), rows))
