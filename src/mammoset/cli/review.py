"""`mammoset review`: what people must look at before an exam is read, and what they decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mammoset import review
from mammoset.cli import review_lines
from mammoset.cli.context import context_of, counted, progress
from mammoset.jobs.guarantees import guarantees
from mammoset.review.filled import sayings_of
from mammoset.review.images import Wanted, any_image, images_to_review, is_undecided, second_look_of
from mammoset.review.progress import progress_of
from mammoset.review.regions import VERDICTS, delete_decided, waiting_regions
from mammoset.review.report import report_of
from mammoset.review.sheets import Sheet, image_sheets, region_sheet, value_sheet

By = Annotated[str, typer.Option("--by", help="Who decides.")]
SheetOption = Annotated[Path | None, typer.Option("--sheet", metavar="DIR", help="Write sheets into this folder.")]


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="Human review of every value and every image before it is read.", no_args_is_help=True)
    for function in (status, values, images, regions, decide, report):
        group.command(function.__name__)(function)
    app.add_typer(group, name="review")


def status(ctx: typer.Context) -> None:
    """Show how far each pass is, and what waits for whom."""
    context = context_of(ctx)
    with context.project() as project:
        delete_decided(project)
        found = progress_of(project)
        waiting = {study.study_id: [image.image_id for image in study.images] for study in review.pending(project)}
    context.result(found.to_json() | {"waiting": waiting}, review_lines.status_lines(found, waiting))


def values(
    ctx: typer.Context,
    show_all: Annotated[bool, typer.Option("--all", help="Every value, not only the rarest of each element.")] = False,
    pending: Annotated[bool, typer.Option("--pending", help="Only elements with a value to decide about.")] = False,
    sheet: SheetOption = None,
) -> None:
    """Show every element that files hold and its values: what needs an eye first, rare values first."""
    context = context_of(ctx)
    with context.project() as project:
        found = review.elements(project, guarantees())
    chosen = [one for one in found if one.pending or one.rejected] if pending else found
    if sheet is not None:
        made = value_sheet(chosen, sheet)
        context.result(_sheet_json(made), _sheet_lines(made, "value"))
        return
    lines = review_lines.value_lines(chosen, show_all=show_all)
    context.result([one.to_json() for one in chosen], lines)


def images(
    ctx: typer.Context,
    sheet: SheetOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many images.")] = None,
    exam: Annotated[str, typer.Option(help="Only the images of this exam.")] = "",
    second: Annotated[bool, typer.Option("--second", help="Those that wait for a second look.")] = False,
    by: Annotated[str, typer.Option("--by", help="With --second: those that this person may look at.")] = "",
    show_all: Annotated[bool, typer.Option("--all", help="Also those that are decided about.")] = False,
    held: Annotated[bool, typer.Option("--held", help="Regions that wait instead, as 'review regions'.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one per core.")] = None,
) -> None:
    """List the images that wait for a person, the suspicious ones first; with --sheet as contact sheets."""
    if held:
        regions(ctx, sheet)
        return
    if by and not second:
        raise typer.BadParameter("--by goes with --second")
    context = context_of(ctx)
    with context.project() as project, progress() as report_progress:
        found = images_to_review(project, _wanted(second, show_all, by), study_id=exam)[:limit]
        if sheet is not None:
            made = image_sheets(project, found, sheet, is_second=second, workers=workers, progress=report_progress)
            context.result(_sheet_json(made), _sheet_lines(made, "image"))
            return
    context.result([one.to_json() for one in found], review_lines.image_lines(found, is_second=second))


def _wanted(second: bool, show_all: bool, by: str) -> Wanted:
    if second:
        return second_look_of(by)
    return any_image if show_all else is_undecided


def regions(ctx: typer.Context, sheet: SheetOption = None) -> None:
    """List the regions on or near the breast that wait for a person: mask or keep."""
    context = context_of(ctx)
    with context.project() as project:
        delete_decided(project)
        found = waiting_regions(project)
    if sheet is not None:
        made = region_sheet(found, sheet)
        context.result(_sheet_json(made), _sheet_lines(made, "region"))
        return
    context.result(review_lines.regions_json(found), review_lines.region_lines(found))


def decide(
    ctx: typer.Context,
    verdict: Annotated[str, typer.Argument(help="approve or reject; of a region mask or keep.")] = "",
    subjects: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids of images, exams or regions; Element=value, Element=low..high, an element; group:NAME."
        ),
    ] = None,
    by: By = "",
    reason: Annotated[
        str, typer.Option(help=f"Why rejected; of an image one of {', '.join(review.REJECTION_REASONS)}.")
    ] = "",
    file: Annotated[Path | None, typer.Option("--file", help="A sheet that was filled in, instead.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, record nothing.")] = False,
) -> None:
    """Record what a person decided about images, values or regions: all of it, or nothing and every problem named."""
    if not by:
        raise typer.BadParameter("say who decides: --by NAME")
    _require_form(verdict, subjects or [], reason, file)
    context = context_of(ctx)
    said = sayings_of(file) if file else [review.Saying(verdict, one, reason) for one in subjects or []]
    with context.project() as project:
        delete_decided(project)
        words = review.words_of(project, said, by=by, groups=guarantees())
        if dry_run:
            context.result(_counts(words), [f"would record {review_lines.words_line(words)}"])
            return
        done = review.record(project, words, by=by)
        exams = review.summary(project)
    context.result(review_lines.recorded_json(done, exams), review_lines.recorded_lines(done, exams))


def _require_form(verdict: str, subjects: list[str], reason: str, file: Path | None) -> None:
    if file is not None:
        if verdict or subjects:
            raise typer.BadParameter("give either --file or a verdict with what it is about")
        return
    if verdict not in ("approve", "reject", *VERDICTS) or not subjects:
        raise typer.BadParameter("say 'approve', 'reject', 'mask' or 'keep', and about what")
    is_about_images = any("=" not in one and one.replace(".", "").isdigit() for one in subjects)
    if verdict == "reject" and is_about_images and not reason:
        raise typer.BadParameter(f"say why with --reason: {', '.join(review.REJECTION_REASONS)}")
    if verdict == "approve" and reason:
        raise typer.BadParameter("--reason goes with 'reject'")


def _counts(words: review.Words) -> dict[str, int]:
    return {"images": len(words.images), "facts": len(words.facts)}


def report(ctx: typer.Context) -> None:
    """Show who looked at what, what was rejected and why, how well two people agree, and what settings relaxed."""
    context = context_of(ctx)
    with context.project() as project:
        found = report_of(project)
    context.result(found.to_json(), review_lines.report_lines(found))


def _sheet_json(made: Sheet) -> dict[str, object]:
    return {
        "folder": str(made.folder), "table": made.table.name, "items": made.n_items, "unread": list(made.unread)
    }  # fmt: skip


def _sheet_lines(made: Sheet, noun: str) -> list[str]:
    if not made.n_items:
        return [f"no {noun} waits for a person; --all shows those that are decided about"]
    lines = [
        f"{counted(made.n_items, noun)}: look at {made.folder / 'index.html'}, fill in {made.table.name}, then",
        f"  mammoset review decide --file {made.table} --by NAME",
        "a name may be visible there: delete the folder once everything is decided",
    ]
    lost = [f"{counted(len(made.unread), 'image')} cannot be read; run 'mammoset pseudonymize' again"]
    return lines + (lost if made.unread else [])
