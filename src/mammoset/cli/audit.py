"""`mammoset audit`: whether DICOM files, of any tool, still tell whose they are, and whether they are valid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from mammoset.cli.context import context_of, progress
from mammoset.jobs.audit import EFFORTS, Options
from mammoset.jobs.audit import audit as run_audit


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("audit")(audit)


def audit(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="Folder or file; only read.")],
    against: Annotated[
        Path | None, typer.Option(metavar="LEDGER", help="Known identifiers: JSON, CSV, or one a line.")
    ] = None,
    text: Annotated[str, typer.Option(help="Search for text in the pixels: fast, thorough or off.")] = "fast",
    show_values: Annotated[bool, typer.Option("--show-values", help="Print what was found: a leak by itself.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one per core.")] = None,
) -> None:
    """Look for identifiers, hiding places, invalid DICOM and text in pixels; exit 1 when there is any."""
    if text not in EFFORTS:
        raise typer.BadParameter(f"--text is one of {', '.join(EFFORTS)}")
    context = context_of(ctx)
    if as_json:
        context = replace(context, as_json=True)
    options = Options(text, against, show_values)
    with progress() as report:
        found = run_audit(path, options, workers=workers, progress=report)
    context.result(found.to_json(), found.lines())
    if found.failed:
        raise typer.Exit(1)
