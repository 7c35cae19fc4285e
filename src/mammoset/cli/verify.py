"""`mammoset verify`: whether a release is what it says it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mammoset.cli.context import context_of, progress
from mammoset.publish import verify as verify_release


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("verify")(verify)


def verify(ctx: typer.Context, release: Annotated[Path, typer.Argument(help="Folder of the release.")]) -> None:
    """Recompute every checksum, count and cross-reference of a release and decode every image."""
    with progress() as report:
        done = verify_release(release, progress=report)
    context_of(ctx).result(
        done.to_json(),
        [f"{release.name}: verified – {done.n_studies} exams, {done.n_images} images, {done.n_files} files"],
    )
