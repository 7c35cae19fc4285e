"""`mammoset vault`: the key under a passphrase, or not."""

from __future__ import annotations

import typer

from mammoset.acquire.custody import unwrap_key, wrap_key
from mammoset.cli.context import context_of
from mammoset.cli.passphrase import new_passphrase


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    group = typer.Typer(help="The vault's key.", no_args_is_help=True)
    group.command("wrap")(wrap)
    group.command("unwrap")(unwrap)
    app.add_typer(group, name="vault")


def wrap(ctx: typer.Context) -> None:
    """Put the key under a passphrase; whatever opens the vault then asks for it, or reads MAMMOSET_PASSPHRASE_FILE."""
    context = context_of(ctx)
    with context.project() as project:
        file = wrap_key(project, new_passphrase())
    context.result({"key": str(file)}, [f"the key is under the passphrase, in {file}; a lost passphrase is a lost key"])


def unwrap(ctx: typer.Context) -> None:
    """Have the key lie open again."""
    context = context_of(ctx)
    with context.project() as project:
        file = unwrap_key(project)
    context.result({"key": str(file)}, [f"the key lies open, in {file}"])
