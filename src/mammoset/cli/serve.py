"""`mammoset serve`: the reading room."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated

import typer

from mammoset.cli.context import Context, context_of
from mammoset.cli.training import offer
from mammoset.jobs.guarantees import guarantees
from mammoset.project import Project
from mammoset.web import DemoAccount, first_administrator
from mammoset.web import serve as serve_pages
from mammoset.web.door.signing_in import FIRST


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
    """Serve the reading room: signing in, reading, reviewing, tables; stop with Ctrl-C.

    Without an administrator who can sign in, one is made, and its password printed once.
    """
    context = context_of(ctx)
    with context.project() as project:
        run(context, project, host, port)


def run(
    context: Context, project: Project, host: str | None = None, port: int | None = None,
    demo_accounts: Sequence[DemoAccount] = (),
) -> None:  # fmt: skip
    """Serve until stopped, and say where; the training exams are made first where there are none."""
    offer(context, project)
    settings = project.settings.serve
    told: dict[str, str] = {}
    lines: list[str] = []

    def on_ready(url: str) -> None:
        password = first_administrator(project)  # not before it is sure that somebody can come
        if password is not None:
            told.update(name=FIRST, password=password)
            lines.append(
                f"administrator '{FIRST}', password {password} (shown this once; choose another when you sign in)"
            )
        context.result({"url": url} | told, [*lines, f"open {url}", "stop with Ctrl-C"])

    serve_pages(
        project, host=host or settings.host, port=settings.port if port is None else port,
        token=secrets.token_urlsafe(24), on_ready=on_ready, demo_accounts=demo_accounts,
        guarantees=guarantees(),
    )  # fmt: skip
