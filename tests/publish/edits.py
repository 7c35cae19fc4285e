"""Ways to spoil a release."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.domain.tables import BREAST_FILE, FINDING_FILE
from mammoset.model import Image
from mammoset.pixels import codec
from mammoset.publish.layout import CHECKSUMS_FILE
from tests.publish.small_project import images_of

FIRST = images_of(0, 0)
"""Images of the first exam: L CC, L MLO, R CC, R MLO."""


def reseal(release: Path) -> None:
    """Recompute all checksums, as somebody would who wants a change to go unnoticed."""
    files = [path for path in release.rglob("*") if path.is_file() and path.name != CHECKSUMS_FILE]
    lines = {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.is_symlink()
    }
    (release / CHECKSUMS_FILE).write_text("".join(f"{lines[name]}  {name}\n" for name in sorted(lines)))


def image_path(release: Path, image: Image = FIRST[0]) -> Path:
    return release / "images" / image.study_id / f"{image.image_id}.dicom"


def edit_text(release: Path, name: str, old: str, new: str, count: int = -1) -> None:
    path = release / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, count))


def edit_rows(release: Path, name: str, change: Callable[[list[dict[str, str]]], Any]) -> None:
    """Change the rows of a table and write it back in the same dialect."""
    path = release / name
    rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    header = list(rows[0])
    changed = change(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(changed if changed is not None else rows)
    path.write_text(text.getvalue())


def set_cell(image: Image, column: str, value: str, *names: str, key: str = "image_id") -> Callable[[Path], None]:
    """Return a change of one column in the rows of one image, in the named tables."""

    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row[key] == image.image_id:
                row[column] = value

    def spoil(release: Path) -> None:
        for name in names or (BREAST_FILE, FINDING_FILE):
            edit_rows(release, name, change)

    return spoil


def edit_image(change: Callable[[Dataset], Any], image: Image = FIRST[0]) -> Callable[[Path], None]:
    """Return a change of the header of one image."""

    def spoil(release: Path) -> None:
        path = image_path(release, image)
        dataset = dcmread(path)
        changed = change(dataset)
        path.write_bytes(codec.file_bytes(changed if isinstance(changed, Dataset) else dataset))

    return spoil


def edit_json(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """Return a change of release.json."""

    def spoil(release: Path) -> None:
        path = release / "release.json"
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    return spoil
