"""`mammoset publish`: a frozen release."""

from __future__ import annotations

from typing import Annotated

import typer

from mammoset.cli.context import context_of, counted, progress
from mammoset.publish import publish as publish_release


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("publish")(publish)


def publish(
    ctx: typer.Context,
    version: Annotated[str, typer.Argument(help="Version of the release, say 1.0.0.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, write nothing.")] = False,
) -> None:
    """Freeze the exams that have a final answer and a fold as a release."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        done = publish_release(project, version, dry_run=dry_run, progress=report)
    verb = "would release" if dry_run else "released"
    lines = [f"{verb} {counted(done.n_studies, 'exam')}, {counted(done.n_images, 'image')}", f"  {done.folder}"]
    if done.n_without_views:
        lines.append(f"  left out: {counted(done.n_without_views, 'exam')} without all four standard views")
    if not dry_run:
        lines.append(f"check it with: mammoset verify {done.folder}")
    counts = {"studies": done.n_studies, "images": done.n_images, "studies_left_out": done.n_without_views}
    context.result({"folder": str(done.folder), **counts}, lines)
