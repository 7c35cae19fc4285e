"""`mammoset read training`: the exams on which new readers train, and who has been through them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from mammoset.cli.context import Context, context_of, progress, table
from mammoset.errors import MammosetError
from mammoset.jobs.training import TrainingMade, make_training
from mammoset.project import Project
from mammoset.read.training import book_of

Size = Literal["full", "half", "small"]


def training(
    ctx: typer.Context,
    size: Annotated[
        Size | None, typer.Option(help="Pixels: as a detector's, or fewer. Without it, whatever is there, or full.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made, make nothing.")] = False,
) -> None:
    """Make the five training exams, phantoms apart from the dataset, and show who has been through them."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        made = make_training(project, size=size, dry_run=dry_run, progress=report)
        finished = book_of(project).finished()
    people = [(name, at.isoformat()) for name, at in sorted(finished.items())]
    lines = [_line(made, dry_run=dry_run), *(["", *table(("name", "first finished"), people)] if people else [])]
    told = {"folder": str(made.folder), "exams": made.exams, "images": made.images, "is_new": made.is_new}
    context.result({**told, "finished": dict(people)}, lines)


def offer(context: Context, project: Project) -> None:
    """Make the training exams where there are none yet; what prevents it is told and prevents nothing else."""
    try:
        with progress() as report:
            make_training(project, progress=report)
    except MammosetError as error:
        typer.echo(f"no training is offered: {error}", err=True)
        if context.debug:
            raise


def _line(made: TrainingMade, *, dry_run: bool) -> str:
    verb = "are there" if not made.is_new else "would be made" if dry_run else "made"
    return f"{made.exams} training exams, {made.images} images, {verb} in {made.folder}"
