"""`mammoset init`: a new project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mammoset.cli.context import context_of
from mammoset.project import Project


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("init")(init)


def init(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Folder to make the project in.")],
    name: Annotated[str | None, typer.Option(help="Name of the dataset; by default that of the folder.")] = None,
) -> None:
    """Make a project folder with commented settings and the default labels."""
    with Project.create(directory, name) as project:
        values = {"project": str(project.root), "vault": str(project.vault_path)}
        lines = [
            f"made {project.root}",
            "  mammoset.toml   settings; name your PACS there",
            "  labels.toml     what readers are asked",
            f"originals and the key will be kept apart, in {project.vault_path}",
            "next: mammoset acquire folder PATH, or mammoset acquire pacs PEER",
        ]
        context_of(ctx).result(values, lines)
