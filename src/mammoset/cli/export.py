"""`mammoset export`: everything that was read, and the two tables; or the same for another program."""

from __future__ import annotations

from typing import Annotated

import typer

from mammoset.cli.context import context_of, progress
from mammoset.export import Format, export_project


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("export")(export)


def export(
    ctx: typer.Context,
    what: Annotated[
        Format, typer.Option("--format", help="mammoset: readings.json and the two tables; vindr-lab: its JSON.")
    ] = Format.MAMMOSET,
) -> None:
    """Write everything that was read to a new folder under exports/."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        done = export_project(project, what, progress=report)
    context.result(
        {"folder": str(done.folder), "files": list(done.files)},
        [f"wrote {done.folder}", *(f"  {name}" for name in done.files)],
    )
