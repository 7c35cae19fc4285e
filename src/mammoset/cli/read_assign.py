"""`mammoset read`: who reads what, drawn for all or said for one exam; the end of the reading phase."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from mammoset import read
from mammoset.cli.context import context_of, table
from mammoset.errors import ConfigError


class As(StrEnum):
    """What a person is to an exam."""

    READER = "reader"
    SENIOR = "senior"
    ARBITER = "arbiter"


Exam = Annotated[str, typer.Argument(help="Pseudonym of the exam, as the export writes it.")]
Name = Annotated[str, typer.Argument(help="Of the person, as 'mammoset user list' shows it.")]
Role = Annotated[As, typer.Option("--as", help="As what.")]


def assign(
    ctx: typer.Context,
    seed: Annotated[int | None, typer.Option(help="Instead of read.seed of mammoset.toml.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be assigned, record nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Where people are missing, assign what is possible.")
    ] = False,
) -> None:
    """Give each approved exam its readers, each discordant one its arbiter, and a sample of the others its senior."""
    context = context_of(ctx)
    with context.project() as project:
        done = read.assign(project, seed=seed, dry_run=dry_run, partial=partial)
    parts = (("reads", done.reads), ("arbitrates", done.arbitrations), ("reads again", done.seniors))
    rows = [(name, verb, count) for verb, counts in parts for name, count in counts.items()]
    lines = table(("name", "", "exams"), rows) if rows else ["nothing to assign"]
    context.result(asdict(done), [*lines, *done.why])


def give(
    ctx: typer.Context,
    exam: Exam,
    name: Name,
    role: Role = As.READER,
    instead_of: Annotated[str | None, typer.Option("--instead-of", help="From whom it is taken.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is taken from them.")] = "",
) -> None:
    """Give one exam to a person, available or not; or take it from one and give it to another, both or neither."""
    if reason and instead_of is None:
        raise ConfigError("read give: --reason says why an exam is taken from somebody; say from whom, --instead-of")
    context = context_of(ctx)
    with context.project() as project:
        if instead_of is None:
            read.assign_one(project, exam, name, role.value)
        else:
            read.reassign(project, exam, instead_of, name, role.value, reason)
    context.result({"exam": exam, "name": name, "role": role.value}, [f"{name} is its {role.value} now"])


def take(
    ctx: typer.Context,
    exam: Exam,
    name: Name,
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    role: Role = As.READER,
) -> None:
    """Take one exam from a person; what they said of it stays on record and counts no more."""
    context = context_of(ctx)
    with context.project() as project:
        read.withdraw(project, exam, name, role.value, reason)
    context.result({"exam": exam, "name": name, "role": role.value}, [f"{name} is its {role.value} no more"])


def close(
    ctx: typer.Context,
    by: Annotated[str, typer.Option("--by", help="Who closes it.")],
    dataset: Annotated[str, typer.Option("--confirm", help="The dataset's name: closing cannot be undone.")],
) -> None:
    """Close the reading phase for good, once no exam waits for anybody: answers and agreement may be told then."""
    context = context_of(ctx)
    with context.project() as project:
        if dataset != project.settings.dataset.name:
            raise ConfigError("read close: --confirm is not the dataset's name, as mammoset.toml has it")
        read.close_phase(project, by)
    context.result({"closed": True}, ["the reading phase is closed"])


COMMANDS = (("assign", assign), ("give", give), ("take", take), ("close", close))
"""Name and function of the sub-commands."""
