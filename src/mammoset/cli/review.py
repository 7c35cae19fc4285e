"""`mammoset review`: what a person must look at before an exam is read, and what they decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mammoset import review
from mammoset.cli.context import context_of


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="Human review of every image before it is read.", no_args_is_help=True)
    group.command("status")(status)
    group.command("decide")(decide)
    app.add_typer(group, name="review")


def status(ctx: typer.Context) -> None:
    """Count what is approved and rejected, and list what waits."""
    context = context_of(ctx)
    with context.project() as project:
        counts = review.summary(project)
        waiting = {study.study_id: [image.image_id for image in study.images] for study in review.pending(project)}
    lines = [f"{counts.approved} exams approved, {counts.rejected} rejected, {counts.pending} waiting"]
    lines += [f"{study_id}\n" + "\n".join(f"    {one}" for one in images) for study_id, images in waiting.items()]
    context.result({**asdict(counts), "waiting": waiting}, lines)


def decide(
    ctx: typer.Context,
    verdict: Annotated[str, typer.Argument(help="approve, or reject.")],
    images: Annotated[list[str], typer.Argument(help="Image ids, or the id of a study for all its images.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help=f"Why rejected: {', '.join(review.REJECTION_REASONS)}.")] = "",
) -> None:
    """Approve or reject images; a study is approved once all its images are."""
    if verdict not in ("approve", "reject") or (verdict == "reject") != bool(reason):
        raise typer.BadParameter("say 'approve', or 'reject' with --reason")
    context = context_of(ctx)
    with context.project() as project:
        members = {study.study_id: [one.image_id for one in study.images] for study in project.catalog.studies()}
        chosen = [image for one in images for image in members.get(one, [one])]
        counts = review.decide(project, dict.fromkeys(chosen, reason or None), by=by)
    line = f"{counts.approved} exams approved, {counts.rejected} rejected, {counts.pending} waiting"
    context.result(asdict(counts), [line])
