"""The store of pseudonymized objects: ``<patient>/<study>/<sop_instance_uid>.dcm`` under one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mammoset.errors import DatasetDefect, storing
from mammoset.model import Image

SUFFIX = ".dcm"


def object_path(image: Image) -> Path:
    """Return the path of an image's object, relative to the store."""
    return Path(image.patient_id) / image.study_id / f"{image.image_id}{SUFFIX}"


def crop_path(root: Path, image_id: str, rectangle: tuple[int, int, int, int]) -> Path:
    """Return where the picture of a region of an image lies while a person has yet to decide about it."""
    return root / image_id / f"{'-'.join(map(str, rectangle))}.png"


class ContentStore:
    """Objects under one folder, each written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, image: Image) -> Path:
        """Return where an image's object lies, whether or not it is there."""
        return self.root / object_path(image)

    def read(self, image: Image) -> bytes:
        """Return an object's bytes.

        Raises
        ------
        DatasetDefect
            If the object is not in the store.
        """
        try:
            return self.path(image).read_bytes()
        except FileNotFoundError:
            message = f"content store: {object_path(image)} is missing; run 'mammoset pseudonymize' again"
            raise DatasetDefect(message) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is either all there or not there: temporary name, flush, rename.

    Raises
    ------
    StorageError
        If the disk is full or may not be written.
    """
    with writing(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what was written there becomes `path` when the block ends well.

    Raises
    ------
    StorageError
        If the disk is full or may not be written; `path` is as it was then.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    with storing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            flush(temporary)
            temporary.replace(path)
            flush(path.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def flush(path: Path) -> None:
    """Have the operating system put a file or folder on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
