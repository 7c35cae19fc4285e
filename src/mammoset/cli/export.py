"""`mammoset export`: everything that was read, and the two tables."""

from __future__ import annotations

import typer

from mammoset.cli.context import context_of, progress
from mammoset.export import export_project


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("export")(export)


def export(ctx: typer.Context) -> None:
    """Write readings.json and the two tables to a new folder under exports/."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        done = export_project(project, progress=report)
    context.result(
        {"folder": str(done.folder), "files": list(done.files)},
        [f"wrote {done.folder}", *(f"  {name}" for name in done.files)],
    )
