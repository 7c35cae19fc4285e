"""`mammoset read`: assignment, import of readings, agreement."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mammoset import read
from mammoset.cli.agreement_lines import agreement_lines
from mammoset.cli.context import context_of, table
from mammoset.cli.read_assign import COMMANDS
from mammoset.cli.training import training
from mammoset.cli.vindr_lab import import_lab, text_of
from mammoset.errors import ConfigError
from mammoset.jobs.status import status_of
from mammoset.read.agreement import agreement_in, write_tables


class Form(StrEnum):
    """What a file of readings is."""

    MAMMOSET = "mammoset"
    VINDR_LAB = "vindr-lab"


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="Double reading: who reads what, and what they said.", no_args_is_help=True)
    others = (("status", status), ("import", import_file), ("agreement", agreement), ("training", training))
    for name, function in (*COMMANDS, *others):
        group.command(name)(function)
    app.add_typer(group, name="read")


def status(ctx: typer.Context) -> None:
    """Show how far each person is, and the exams by reading state."""
    context = context_of(ctx)
    with context.project() as project:
        people, states = read.progress_of(project), status_of(project).states
    rows = [(one.reader_id, one.role, one.assigned, one.submitted) for one in people]
    lines = [*table(("name", "role", "assigned", "submitted"), rows), "", *table(("state", "exams"), states.items())]
    context.result({"people": [asdict(one) for one in people], "states": states}, lines)


def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Readings in JSON.")],
    form: Annotated[
        Form, typer.Option("--format", help="mammoset: readings as mammoset writes them; vindr-lab: its export.")
    ] = Form.MAMMOSET,
    labels: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="What labels and people of VinDr Lab are here, in TOML."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, record nothing.")] = False,
) -> None:
    """Record readings from a JSON file: all of them, or none and every problem named.

    Of an export of VinDr Lab a reading that cannot be read as a whole is left out and named.
    """
    context = context_of(ctx)
    text = text_of(file, "readings")
    if form == Form.VINDR_LAB:
        import_lab(context, text, labels, dry_run=dry_run)
        return
    if labels is not None:
        raise ConfigError("read import: --labels says what labels of VinDr Lab are; add --format vindr-lab")
    with context.project() as project:
        done = read.import_readings(project, text, dry_run=dry_run)
    verb = "would record" if dry_run else "recorded"
    context.result(asdict(done), [f"{verb} {done.readings} readings and {done.arbitrations} arbitrations"])


def agreement(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("-o", "--output", file_okay=False, help="Write the tables there as CSV.")
    ] = None,
) -> None:
    """Show how well the readers agree, with intervals over patients, and how often two reads of an exam differ."""
    context = context_of(ctx)
    with context.project() as project:
        report = agreement_in(project)
    if not report.is_phase_closed:
        typer.echo(STILL_OPEN, err=True)
    written = write_tables(report, folder) if folder is not None else ()
    lines = [*agreement_lines(report), *(f"wrote {path}" for path in written)]
    context.result({**report.to_json(), "files": [str(path) for path in written]}, lines)


STILL_OPEN = "the reading phase is not closed: nobody who still reads or arbitrates may see this"
