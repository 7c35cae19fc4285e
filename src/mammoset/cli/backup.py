"""`mammoset backup` and `mammoset restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mammoset.cli.context import context_of, counted, progress
from mammoset.cli.passphrase import ask_secretly, new_passphrase
from mammoset.jobs.backup import back_up
from mammoset.jobs.restore import restore as restore_backup


def register(app: typer.Typer) -> None:
    """Add the sub-commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for this backup.")],
    vault: Annotated[
        bool, typer.Option("--vault", help="With the key and the identities, under a passphrase that is asked for.")
    ] = False,
    content: Annotated[bool, typer.Option("--content", help="With the pseudonymized images.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, write nothing.")] = False,
) -> None:
    """Copy settings, labels and catalog to a new folder, and record where it is."""
    context = context_of(ctx)
    with context.project() as project, progress() as report:
        passphrase = new_passphrase() if vault else None
        done = back_up(
            project, folder, with_content=content, passphrase=passphrase, dry_run=dry_run, progress=report
        )  # fmt: skip
    verb = "would back up" if dry_run else "backed up"
    files = counted(done.files, "file")
    lines = [f"{verb} {', '.join(done.parts)} to {done.folder}: {files}, {done.size / 1e6:.1f} MB"]
    if not vault:
        lines.append("without --vault: the key is not in it, and without the key there are no pseudonyms")
    context.result(done.to_json(), lines)


def restore(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The backup.", exists=True, file_okay=False)],
    catalog: Annotated[
        str | None,
        typer.Option(
            "--catalog", metavar="ADDRESS", help="Another database for the catalog, which is empty; 'file' for a file."
        ),
    ] = None,
) -> None:
    """Put a backup back into the project's folder (-C DIR), which is new or empty."""
    context = context_of(ctx)
    with progress() as report:
        done = restore_backup(
            folder, context.root, lambda: ask_secretly("passphrase of the backup"),
            catalog="" if catalog == "file" else catalog, progress=report,
        )  # fmt: skip
    lines = [f"restored {', '.join(done.parts)} of {done.made_at} to {done.project}"]
    if done.vault is not None:
        lines.append(f"the vault is at {done.vault}; originals come from the archive again")
    lines.append("who was withdrawn since then is in it again: run 'mammoset withdraw' for each of them")
    context.result(done.to_json(), lines)
