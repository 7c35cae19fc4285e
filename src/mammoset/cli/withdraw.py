"""`mammoset withdraw`: a patient out of everything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from mammoset.cli.context import context_of, counted
from mammoset.cli.passphrase import ask_secretly
from mammoset.jobs.withdraw import REASONS, Patient, WithdrawResult, withdraw_patient


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("withdraw")(withdraw)


def withdraw(
    ctx: typer.Context,
    issuer: Annotated[str | None, typer.Option(help="Issuer of the id, where several use the same ids.")] = None,
    reason: Annotated[str, typer.Option(help=f"One of {', '.join(REASONS)}.")] = "other",
    refuse_in_future: Annotated[
        bool, typer.Option("--refuse-in-future", help="Keep out also a patient of whom nothing is here.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again on a terminal.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look and count, delete nothing.")] = False,
) -> None:
    """Take a patient out of everything but releases and backups, which are named; asks for the hospital's id."""
    context = context_of(ctx)
    with context.project() as project:
        patient = Patient(ask_secretly("patient id"), issuer)
        is_asked = sys.stdin.isatty() and not (yes or dry_run)
        is_preview = dry_run or is_asked
        done = withdraw_patient(
            project, patient, reason=reason, refuse_in_future=refuse_in_future, dry_run=is_preview
        )  # fmt: skip
        if is_asked:
            for line in _lines(done):
                typer.echo(line, err=True)
            typer.confirm("take out this patient, for good?", abort=True, err=True)
            done = withdraw_patient(project, patient, reason=reason, refuse_in_future=refuse_in_future)
    context.result(done.to_json(), _lines(done))


def _lines(done: WithdrawResult) -> Iterator[str]:
    if not done.is_known and not done.was_withdrawn:
        yield "nothing of this patient is here; " + ("would be" if done.dry_run else "is") + " refused in future"
        return
    if done.was_withdrawn:
        yield "this patient had been withdrawn before; what was left was looked for again"
    verb = "would take out" if done.dry_run else "took out"
    yield (
        f"{verb} {counted(done.exams, 'exam')}: {counted(done.originals, 'original')}, "
        f"{counted(done.images, 'image')}, {counted(done.facts, 'fact')} of reading"
    )
    for name in done.exports:
        yield f"  export {name} {'would be' if done.dry_run else 'was'} deleted; 'mammoset export' makes a new one"
    yield from _to_do(done)


def _to_do(done: WithdrawResult) -> Iterator[str]:
    """Yield what a person has to look after."""
    if done.releases:
        yield "published releases that hold this patient; they are frozen, and whoever has a copy has it:"
        yield from (f"  {version}" for version in done.releases)
    if done.backups:
        yield "backups that hold this patient, or may; delete or renew them:"
        for one in done.backups:
            sure = "" if one["is_seen"] else ", cannot be looked into from here"
            yield f"  {one['place']} of {one['at']} ({', '.join(one['parts'])}{sure})"
    if done.elsewhere:
        yield "other files in the project's folder that name this patient; delete them:"
        yield from (f"  {name}" for name in done.elsewhere)
