"""The files of a release: which are there, which should be, their checksums. Links and odd files are never opened."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from mammoset.errors import DatasetDefect, DatasetNotFound
from mammoset.publish.defects import Defects
from mammoset.publish.layout import CHECKSUMS_FILE, DOCUMENTS, RELEASE_FILE, ids_of, read_checksums

MAX_DEPTH = 3
MEBIBYTE = 1 << 20
BYTES_PER_IMAGE = 16 << 10
"""Far more than the lines of one image in any document; a larger document is not read."""


def found_files(release: Path, defects: Defects) -> dict[str, int]:
    """Return the regular files of a folder, relative name to size; report whatever else lies there.

    Raises
    ------
    DatasetNotFound
        If there is no such folder, or it holds neither release.json nor a list of checksums.
    """
    if not release.is_dir():
        raise DatasetNotFound(f"{release.name}: there is no such folder; name the folder of a release")
    if not any((release / name).exists() for name in (RELEASE_FILE, CHECKSUMS_FILE)):
        raise DatasetNotFound(
            f"{release.name}: no release, it has no {RELEASE_FILE}; name a folder that 'mammoset publish' made"
        )
    files: dict[str, int] = {}
    _walk(release, "", 1, files, defects)
    return files


def _walk(folder: Path, prefix: str, depth: int, files: dict[str, int], defects: Defects) -> None:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda one: one.name)
    if not inside:
        defects.add(prefix, "is a folder without files")
    for entry in inside:
        name, status = prefix + entry.name, entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            files[name] = status.st_size
        elif not stat.S_ISDIR(status.st_mode):
            kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "neither a file nor a folder"
            defects.add(name, f"is {kind}; a release holds plain files only")
        elif depth >= MAX_DEPTH:
            defects.add(name, "is a folder where none belongs")
        else:
            _walk(folder / entry.name, f"{name}/", depth + 1, files, defects)


def read_document(release: Path, name: str, n_images: int) -> str:
    """Return the text of a file of the release.

    Raises
    ------
    DatasetDefect
        If it is missing, a link, far too large for so many images, or not UTF-8.
    """
    data = read_bytes(release / name, MEBIBYTE + BYTES_PER_IMAGE * n_images)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DatasetDefect(f"is not UTF-8 text: byte {error.start}") from None


def read_bytes(path: Path, limit: int) -> bytes:
    """Return a regular file's bytes; a link is refused, and so is a file of more than `limit` bytes."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DatasetDefect("is no regular file")
            # no more than there is: memory for all that is asked for is taken before the first byte comes
            data = file.read(min(limit, status.st_size) + 1)
    except OSError as error:
        raise DatasetDefect(f"cannot be read: {error.strerror}") from None
    if len(data) > limit:
        raise DatasetDefect(f"is larger than {limit} bytes, which no such file of a release is")
    return data


def compare_listing(files: Mapping[str, int], listed: Mapping[str, str], defects: Defects) -> None:
    """Report files that are there and not listed, listed and not there, or of a name that no release has."""
    for name in sorted(set(files) - set(listed) - {CHECKSUMS_FILE}):
        defects.add(name, f"is there, but not in {CHECKSUMS_FILE}")
    for name in sorted(set(listed) - set(files)):
        defects.add(name, f"is missing: {CHECKSUMS_FILE} lists it")
    for name in sorted(set(files) & set(listed)):
        if name not in DOCUMENTS and ids_of(name) is None:
            defects.add(name, "is no file of a release")
    for name in DOCUMENTS:
        if name not in listed:
            defects.add(CHECKSUMS_FILE, f"does not list {name}")


def checksums_of(release: Path, files: Mapping[str, int], defects: Defects) -> dict[str, str]:
    """Return the list of checksums of a release; empty, and a defect reported, when it cannot be read."""
    n_images = sum(ids_of(name) is not None for name in files)
    try:
        return read_checksums(read_document(release, CHECKSUMS_FILE, n_images))
    except DatasetDefect as defect:
        defects.add(CHECKSUMS_FILE, str(defect))
        return {}


def check_digest(name: str, found: str, listed: Mapping[str, str], defects: Defects) -> None:
    """Report a file whose SHA-256 is not the listed one; an empty `found` stands for a file that could not be read."""
    if found and name in listed and listed[name] != found:
        defects.add(name, f"its SHA-256 is {found}, {CHECKSUMS_FILE} says {listed[name]}")


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
