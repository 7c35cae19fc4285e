"""`mammoset serve`: the project's pages."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from mammoset.cli.context import Context, context_of
from mammoset.project import Project
from mammoset.web import serve as serve_pages


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("serve")(serve)


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Instead of serve.host of mammoset.toml.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of serve.port; 0 takes a free one.")
    ] = None,
) -> None:
    """Show status, tables and exams as pages, to this machine only; stop with Ctrl-C."""
    context = context_of(ctx)
    with context.project() as project:
        run(context, project, host, port)


def run(context: Context, project: Project, host: str | None = None, port: int | None = None) -> None:
    """Serve until stopped, and say where."""

    def on_ready(url: str) -> None:
        context.result({"url": url}, [f"open {url}", "stop with Ctrl-C"])

    settings = project.settings.serve
    serve_pages(
        project, host=host or settings.host, port=settings.port if port is None else port,
        token=secrets.token_urlsafe(24), on_ready=on_ready,
    )  # fmt: skip
