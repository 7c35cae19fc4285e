"""`mammoset acquire`: exams into quarantine, from folders, a PACS or DICOMweb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from inspect import signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from mammoset import acquire
from mammoset.acquire.refusals import REFUSED_FILE
from mammoset.acquire.summary import UNDECIDED
from mammoset.acquire.wanted import named
from mammoset.cli.context import Context, context_of, counted, progress
from mammoset.cli.status import flow_lines
from mammoset.errors import ConfigError
from mammoset.jobs.status import flow_of, rejected_in_review
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, reason_text

DryRun = Annotated[bool, typer.Option("--dry-run", help="Look and count, store nothing.")]
DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="Exams into quarantine.", no_args_is_help=True)
    group.command("folder")(folder)
    group.command("pacs")(pacs)
    group.command("dicomweb")(_dicomweb())
    group.command("listen")(listen)
    group.command("purge")(purge)
    app.add_typer(group, name="acquire")


def _notes(summary: acquire.AcquireSummary) -> list[str]:
    """Return what a person should look at."""
    lines = []
    if summary.unmatched:
        lines.append(f"the archive has nothing of {named(summary.unmatched)} of the list")
    if summary.stopped:
        left = sum(count for (outcome, _), count in summary.exams.items() if outcome == UNDECIDED)
        lines.append(f"stopped: {summary.stopped}; {counted(left, 'exam')} left for the next run")
    for title, count in sorted(summary.rejected.items()):
        lines.append(f"rejected {counted(count, 'association')} of {title}: not in acquire.listen_to")
    return lines


def _show(context: Context, project: Project, summary: acquire.AcquireSummary) -> None:
    if summary.dry_run and not summary.objects:
        found = f"found {counted(summary.pool, 'exam')}; nothing was fetched"
        context.result(summary.to_json(), [found, *_notes(summary)])
        return
    flow = flow_of(project)
    verb = "found" if summary.dry_run else "looked at"
    objects = counted(sum(summary.objects.values()), "object")
    lines = [f"{verb} {objects}; {summary.complete} of {counted(summary.pool, 'exam')} complete"]
    for (outcome, reason), count in sorted(summary.objects.items()):
        if reason:
            lines.append(f"  {count} {'kept' if outcome == Outcome.KEPT else 'refused'}: {reason_text(reason)}")
    listed = project.vault_path / REFUSED_FILE
    if not summary.dry_run and listed.exists() and any(one == Outcome.EXCLUDED for one, _ in summary.objects):
        lines.append(f"  which files were refused is listed in {listed}")
    rest = [] if summary.dry_run else ["", *flow_lines(flow)]
    context.result({**summary.to_json(), "flow": flow.to_json()}, [*lines, *_notes(summary), *rest])


def folder(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(exists=True, help="Folders, files or zip archives.")],
    dry_run: DryRun = False,
) -> None:
    """Take exams from folders (recursively), files and zip archives."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        summary = acquire.acquire_folder(project, paths, dry_run=dry_run, progress=report)
        _show(context, project, summary)


Peer = Annotated[str, typer.Argument(help="Name of the peer in mammoset.toml.")]
From = Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First study date.")]
To = Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last study date.")]
List = Annotated[
    Path | None,
    typer.Option("--list", exists=True, dir_okay=False, help="File with study UIDs or accession numbers, one a line."),
]
Column = Annotated[str | None, typer.Option(help="Column of the list, where it is CSV with a header.")]
Sample = Annotated[int | None, typer.Option(min=1, help="Stop at this many complete exams, drawn at random.")]
Seed = Annotated[int | None, typer.Option(help="Of the draw; instead of acquire.seed.")]
Method = Annotated[Literal["move", "get"] | None, typer.Option(help="Instead of the peer's.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the peer's hours, or end outside them.")]


def pacs(
    ctx: typer.Context,
    peer: Peer,
    date_from: From = None,
    date_to: To = None,
    wanted: List = None,
    column: Column = None,
    sample: Sample = None,
    seed: Seed = None,
    method: Method = None,
    wait: Wait = True,
    dry_run: DryRun = False,
) -> None:
    """Take exams from a PACS: all that match, those of a list, or a random sample of complete ones."""
    context = context_of(ctx)
    if column is not None and wanted is None:
        raise ConfigError("--column names a column of a list: give the list with --list")
    listed = acquire.read_list(wanted, column) if wanted is not None else None
    first, last = (day.date() if day else None for day in (date_from, date_to))
    with context.project() as project, progress() as report:
        summary = acquire.acquire_pacs(
            project, peer, date_from=first, date_to=last, wanted=listed, sample=sample, seed=seed, method=method,
            dry_run=dry_run, may_wait=wait, progress=report, exclude_from_count=rejected_in_review(project),
        )  # fmt: skip
        _show(context, project, summary)


def _by_dicomweb(**options: Any) -> None:
    """Take exams from an archive that speaks DICOMweb; otherwise as 'pacs'."""
    command: Callable[..., None] = pacs
    command(**options, method="dicomweb")


def _dicomweb() -> Callable[..., None]:
    """Return the command: that of `pacs` without its option --method."""
    shown = signature(pacs, eval_str=True)
    parameters = [one for name, one in shown.parameters.items() if name != "method"]
    command: Any = _by_dicomweb
    command.__signature__ = shown.replace(parameters=parameters)
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return _by_dicomweb


def listen(ctx: typer.Context) -> None:
    """Wait for a PACS to send exams; stop with Ctrl-C."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        summary = acquire.listen(project, progress=report)
        _show(context, project, summary)


def purge(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Also of exams that have not passed the gate or the review.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, delete nothing.")] = False,
) -> None:
    """Delete the originals of exams that passed the gate and the review; identities stay."""
    context = context_of(ctx)
    with context.project() as project:
        done = acquire.purge(project, everything=everything, dry_run=dry_run)
    verb = "would delete" if dry_run else "deleted"
    originals = counted(done.originals, "original")
    lines = [f"{verb} {originals} of {counted(done.exams, 'exam')}, {done.size / 1e6:.1f} MB"]
    if done.not_passed:
        would = "of them" if everything else "stay:"
        lines.append(f"  {would} {counted(done.not_passed, 'exam')} that did not pass the gate or the review")
    if done.retained:
        lines.append(f"  stay: {counted(done.retained, 'exam')}, for acquire.retain_originals_days")
    context.result(asdict(done), lines)
