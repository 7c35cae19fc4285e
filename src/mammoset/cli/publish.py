"""`mammoset publish`: a frozen release."""

from __future__ import annotations

from typing import Annotated

import typer

from mammoset.cli.context import context_of, counted, progress
from mammoset.publish import Waiver
from mammoset.publish import publish as publish_release


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("publish")(publish)


def publish(
    ctx: typer.Context,
    version: Annotated[str, typer.Argument(help="Version of the release, say 1.0.0.")],
    waive_k: Annotated[str, typer.Option(help="Why to publish below publish.k_anonymity; told in the release.")] = "",
    by: Annotated[str, typer.Option(help="Who waives it; recorded, not told.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, write nothing.")] = False,
) -> None:
    """Freeze the exams that have a final answer and a fold as a release."""
    if bool(waive_k) != bool(by):
        raise typer.BadParameter("say --waive-k REASON and --by NAME together")
    context = context_of(ctx)
    waiver = Waiver(waive_k, by) if waive_k else None
    with context.project() as project, progress() as report:
        done = publish_release(project, version, waiver=waiver, dry_run=dry_run, progress=report)
    verb = "would release" if dry_run else "released"
    lines = [f"{verb} {counted(done.n_studies, 'exam')}, {counted(done.n_images, 'image')}", f"  {done.folder}"]
    if done.n_without_views:
        lines.append(f"  left out: {counted(done.n_without_views, 'exam')} without all four standard views")
    lines.append(f"  k-anonymity {done.k_anonymity}: so many patients at least share what is told of each")
    if not dry_run:
        lines.append(f"check it with: mammoset verify {done.folder}")
    counts = {"studies": done.n_studies, "images": done.n_images, "studies_left_out": done.n_without_views}
    counts["k_anonymity"] = done.k_anonymity
    context.result({"folder": str(done.folder), **counts}, lines)
