"""`mammoset demo`: the whole way, on a phantom hospital."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoset.cli import serve
from mammoset.cli.context import context_of, progress, table
from mammoset.cli.status import flow_lines
from mammoset.jobs.demo import DemoResult, run_demo
from mammoset.project import Project
from mammoset.web import DemoAccount


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("demo")(demo)


def demo(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Folder for all of it; made if absent.")],
    exams: Annotated[int, typer.Option(min=1, help="Exams in the release.")] = 12,
    seed: Annotated[int, typer.Option(help="Of the phantoms, the draw and the readers.")] = 7,
    size: Annotated[Literal["full", "half", "small"], typer.Option(help="Pixels of the phantoms.")] = "full",
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Show the result as pages at the end.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the pages; 0 takes a free one.")] = 8000,
) -> None:
    """Run the whole way on a phantom hospital: PACS, pseudonyms, review, reading, split, release, verification."""
    context = context_of(ctx)
    with progress() as report:
        done = run_demo(directory, exams=exams, seed=seed, size=size, progress=report)
    context.result(done.to_json(), _lines(done))
    if serve_it:
        with Project.open(done.project) as project:
            people = [
                DemoAccount(name=one.name, password=one.password, roles=list(one.roles)) for one in done.entrances
            ]
            serve.run(context, project, port=port, demo_accounts=people)


def _lines(done: DemoResult) -> list[str]:
    return [
        "",
        *flow_lines(done.flow),
        "",
        f"phantom hospital  {done.hospital}",
        f"project           {done.project}",
        f"vault             {done.vault}",
        f"export            {done.export}",
        f"release           {done.release}",
        f"verified          {done.n_studies} exams, {done.n_images} images, {done.n_files} files",
        "",
        *table(("sign in as", "password", "roles"), [(*one[:2], ", ".join(one.roles)) for one in done.entrances]),
        "",
    ]
