"""The `mammoset` program: its sub-commands, and what happens to errors."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from mammoset import __version__
from mammoset.cli import (
    acquire,
    audit,
    backup,
    demo,
    export,
    init,
    pseudonymize,
    publish,
    read,
    review,
    serve,
    split,
    status,
    user,
    vault,
    verify,
    withdraw,
)
from mammoset.cli.context import Context
from mammoset.errors import MammosetError

app = typer.Typer(
    name="mammoset",
    help="From a hospital's mammography archive to a published, double-read benchmark dataset.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    init,
    status,
    acquire,
    pseudonymize,
    review,
    user,
    read,
    export,
    split,
    publish,
    verify,
    audit,
    withdraw,
    backup,
    vault,
    serve,
    demo,
):
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mammoset {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    project: Annotated[Path, typer.Option("-C", metavar="DIR", help="The project folder.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print results as JSON.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every sub-command."""
    del version  # its callback has done its work
    ctx.obj = Context(project, as_json, debug)


def main() -> None:
    """Run the program; exit 0 when done, 1 when failed, 2 for wrong usage."""
    debug = "--debug" in sys.argv
    try:
        app(prog_name="mammoset")
    except MammosetError as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"mammoset: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("mammoset: stopped; run the same command again to go on", err=True)
        sys.exit(130)
    except OSError as error:
        if debug:
            traceback.print_exc()
        what = error.strerror or type(error).__name__
        typer.echo(f"mammoset: {what}; free space or mend the folder, then run the same command again", err=True)
        sys.exit(1)
    except Exception as error:
        if debug:
            traceback.print_exc()
        what = type(error).__name__  # its text may quote a header or a path of the hospital
        typer.echo(f"mammoset: unexpected {what}, a defect of the program; --debug shows where", err=True)
        sys.exit(1)
