"""`mammoset pseudonymize`: the one way out of quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mammoset import pseudonymize as stage
from mammoset.cli.context import Context, context_of, counted, progress, table
from mammoset.jobs.status import flow_of
from mammoset.project import Project
from mammoset.project.settings import FILE_NAME, PseudonymizeSettings, read_settings
from mammoset.terms.reasons import reason_text


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("pseudonymize")(pseudonymize)


def pseudonymize(
    ctx: typer.Context,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Draw the corners of quarantined images, into the vault, and stop.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print the rules in force and stop.")] = False,
    allow_incomplete: Annotated[bool, typer.Option(help="Let exams through that lack a standard view.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, write nothing.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one per core.")] = None,
) -> None:
    """Rebuild every quarantined image from validated values and pixels, under pseudonyms."""
    context = context_of(ctx)
    if explain:
        rules = stage.explain(_options(context.root))
        context.result([rule.to_json() for rule in rules], table(stage.EXPLAIN_HEADER, (one.cells() for one in rules)))
        return
    if sheet:
        _draw_sheets(context)
        return
    with context.project() as project, progress() as report:
        summary = stage.pseudonymize(
            project, allow_incomplete=allow_incomplete, dry_run=dry_run, workers=workers, progress=report
        )
        incomplete = 0 if allow_incomplete else _incomplete(project)
    context.result({**asdict(summary), "incomplete": incomplete}, [*_lines(summary), *_hint(incomplete)])


def _draw_sheets(context: Context) -> None:
    with context.project() as project, progress() as report:
        sheets = stage.corner_sheets(project, progress=report)
    lines = [str(sheet) for sheet in sheets] or ["nothing is in quarantine that could be drawn"]
    if sheets:
        lines.append("they show what devices wrote into the images: delete them when the rectangles are chosen")
    context.result({"sheets": [str(sheet) for sheet in sheets]}, lines)


def _options(root: Path) -> stage.Options:
    """Return the project's switches; outside a project those of a new one."""
    settings = root / FILE_NAME
    return stage.Options.of(read_settings(settings).pseudonymize if settings.exists() else PseudonymizeSettings())


def _incomplete(project: Project) -> int:
    """Count the exams that stay in quarantine because a standard view is missing."""
    leaving = (one for step in flow_of(project).steps for one in step.leaving)
    return sum(one.count for one in leaving if one.reason == "missing_views")


def _hint(incomplete: int) -> Iterator[str]:
    if incomplete:
        yield f"{counted(incomplete, 'incomplete exam')} stayed in quarantine; --allow-incomplete lets them through"


def _lines(done: stage.PseudonymizeSummary) -> Iterator[str]:
    if done.dry_run:
        images, exams = counted(done.images, "image"), counted(done.studies, "exam")
        yield f"would treat {images} of {exams}; {done.already_passed} passed before"
        yield from _waiting(done.waiting)
        return
    yield f"{counted(done.kept, 'exam')} passed ({counted(done.images_kept, 'image')}); {done.already_passed} before"
    if done.excluded or done.failed:
        yield f"{counted(done.excluded, 'exam')} did not pass, {done.failed} failed and are tried again by the next run"
    for reason, count in done.refused.items():
        yield f"  {counted(count, 'image')}: {reason_text(reason)}"
    if done.breast_pixels_lost:
        yield f"{done.breast_pixels_lost} pixels of the breast were masked, as people decided"
    yield from _waiting(done.held + done.waiting)


def _waiting(held: int) -> Iterator[str]:
    if held:
        yield (
            f"{counted(held, 'exam')} held: text on or near the breast; 'mammoset review status' shows where, "
            "and once people have decided run this again"
        )
