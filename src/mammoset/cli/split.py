"""`mammoset split`: training and test, alike in every attribute."""

from __future__ import annotations

from typing import Annotated

import typer

from mammoset.cli.context import context_of, table
from mammoset.split import split_project


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("split")(split)


def split(
    ctx: typer.Context,
    seed: Annotated[int | None, typer.Option(help="Instead of split.seed of mammoset.toml.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, record nothing.")] = False,
) -> None:
    """Divide the exams with a final answer by iterative stratification; patients are kept whole."""
    context = context_of(ctx)
    with context.project() as project:
        report = split_project(project, seed=seed, dry_run=dry_run)
    header, *rows = report.table()
    context.result(report.to_json(), [*report.summary(), "", *table(header, rows)])
