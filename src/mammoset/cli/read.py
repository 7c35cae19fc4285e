"""`mammoset read`: assignment, import of readings, agreement."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mammoset import read
from mammoset.cli.context import context_of, table
from mammoset.domain.agreement import AgreementRow, agreement_of
from mammoset.errors import ConfigError
from mammoset.jobs.status import status_of


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="Double reading: who reads what, and what they said.", no_args_is_help=True)
    for name, function in (("assign", assign), ("status", status), ("import", import_file), ("agreement", agreement)):
        group.command(name)(function)
    app.add_typer(group, name="read")


def assign(
    ctx: typer.Context,
    seed: Annotated[int | None, typer.Option(help="Instead of read.seed of mammoset.toml.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be assigned, record nothing.")] = False,
) -> None:
    """Give each approved exam its readers, and each discordant one its arbiter."""
    context = context_of(ctx)
    with context.project() as project:
        done = read.assign(project, seed=seed, dry_run=dry_run)
    rows = [(name, "reads", count) for name, count in done.reads.items()]
    rows += [(name, "arbitrates", count) for name, count in done.arbitrations.items()]
    context.result(asdict(done), table(("name", "", "exams"), rows) if rows else ["nothing to assign"])


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, record nothing.")] = False,
) -> None:
    """Record readings from a JSON file: all of them, or none and every problem named."""
    context = context_of(ctx)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError("readings: the file is not UTF-8; save it as UTF-8 text") from None
    with context.project() as project:
        done = read.import_readings(project, text, dry_run=dry_run)
    verb = "would record" if dry_run else "recorded"
    context.result(asdict(done), [f"{verb} {done.readings} readings and {done.arbitrations} arbitrations"])


def agreement(ctx: typer.Context) -> None:
    """Show how well the readers agree: kappa per pair, alpha over the pool, intervals clustered by patient."""
    context = context_of(ctx)
    with context.project() as project:
        patients = {study.study_id: study.patient_id for study in project.catalog.studies()}
        rows = agreement_of(read.readings_by_study(project), patients, project.schema)
    context.result([asdict(row) for row in rows], table(AGREEMENT_HEADER, map(_agreement_cells, rows)))


AGREEMENT_HEADER = ("question", "measure", "readers", "n", "agree", "value", "interval")


def _agreement_cells(row: AgreementRow) -> tuple[str, ...]:
    question = f"{row.field} {row.category}".strip()
    observed = "" if row.observed is None else f"{row.observed:.3f}"
    value = "" if row.value is None else f"{row.value:.3f}"
    interval = row.note if row.low is None or row.high is None else f"{row.low:.3f} to {row.high:.3f}"
    return question, row.statistic, " ".join(row.readers), str(row.n_units), observed, value, interval
