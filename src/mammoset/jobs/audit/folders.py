"""The files below a folder, one after another, in the order of their names; links are not followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mammoset.errors import DatasetNotFound


def files_below(root: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Yield folder and relative path of every entry that is no folder.

    Raises
    ------
    DatasetNotFound
        When there is nothing of that name.
    """
    if root.is_dir():
        yield from ((root, one) for one in _below(root, PurePosixPath()))
    elif root.exists():
        yield root.parent, PurePosixPath(root.name)
    else:
        raise DatasetNotFound(f"{root.name}: there is no such file or folder; name what is to be audited")


def _below(root: Path, folder: PurePosixPath) -> Iterator[PurePosixPath]:
    try:
        with os.scandir(root / folder) as entries:
            inside = sorted(entries, key=lambda one: one.name)
    except OSError:
        yield folder  # reported as not read
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(root, folder / entry.name)
        else:
            yield folder / entry.name
