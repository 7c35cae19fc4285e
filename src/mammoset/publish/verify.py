"""Whether a release is what it says it is; needs the folder and nothing else.

Everything is recomputed: checksums, the list of files, the literal form of the tables, every cross-reference between
tables, headers and places, the rules of reading, the split, the statistics of release.json and README.md, and the
pixels of every image. Nothing of the folder is executed, followed or trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mammoset import engine
from mammoset.domain.tables import BREAST_FILE
from mammoset.engine import Failure, Progress, silent
from mammoset.errors import DatasetDefect
from mammoset.publish.defects import Defects
from mammoset.publish.layout import DOCUMENTS, LICENSE_FILE, README_FILE, RELEASE_FILE, ids_of
from mammoset.publish.metadata import Metadata
from mammoset.publish.verify_document import Described, check_document, check_license, check_readme, read_described
from mammoset.publish.verify_files import (
    check_digest,
    checksums_of,
    compare_listing,
    digest_of,
    found_files,
    read_document,
)
from mammoset.publish.verify_images import ExaminedImage, ImageToExamine, examine
from mammoset.publish.verify_tables import Tables, check_metadata, check_tables, read_tables


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified, in numbers; there is one only when no difference was found."""

    name: str
    version: str
    n_patients: int
    n_studies: int
    n_images: int
    n_findings: int
    n_files: int

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as JSON values."""
        return asdict(self)


def verify(release: Path, *, workers: int | None = None, progress: Progress = silent) -> Verification:
    """Recompute every checksum, count and cross-reference of a release and decode every image.

    Parameters
    ----------
    release : Path
        The folder of a release.
    workers : int or None
        Processes that decode; None takes one per core.

    Raises
    ------
    DatasetNotFound
        If the folder is not there or holds no release.
    DatasetDefect
        Listing each difference with file and place, up to `mammoset.publish.defects.SHOWN_DEFECTS`.
    """
    release = Path(release)
    defects = Defects()
    files = found_files(release, defects)
    listed = checksums_of(release, files, defects)
    compare_listing(files, listed, defects)
    texts = _documents(release, files, listed, defects)
    names = sorted(name for name in files if ids_of(name) is not None)
    images: dict[str, Metadata] = {}
    for image in _examined(release, names, workers, progress):
        check_digest(image.name, image.sha256, listed, defects)
        defects.extend(image.name, image.defects)
        if image.metadata is not None:
            images[(ids_of(image.name) or ("", ""))[1]] = image.metadata
    described = check_contents(texts, names, images, defects)
    if defects.count or described is None:
        raise defects.error(release.resolve().name)
    counts = described.document["counts"]
    return Verification(
        name=str(described.document["name"]),
        version=str(described.document["version"]),
        n_patients=counts["patients"],
        n_studies=counts["studies"],
        n_images=counts["images"],
        n_findings=counts["findings"],
        n_files=len(files),
    )


def _documents(release: Path, files: Mapping[str, int], listed: Mapping[str, str], defects: Defects) -> dict[str, str]:
    """Return the texts of the documents that can be read, and report the others."""
    n_images = sum(ids_of(name) is not None for name in files)
    texts = {}
    for name in DOCUMENTS:
        if name in files:
            try:
                texts[name] = read_document(release, name, n_images)
            except DatasetDefect as defect:
                defects.add(name, str(defect))
                continue
            check_digest(name, digest_of(texts[name].encode("utf-8")), listed, defects)
    return texts


def _examined(release: Path, names: Iterable[str], workers: int | None, progress: Progress) -> Iterable[ExaminedImage]:
    items = [ImageToExamine(str(release / name), name) for name in names]
    for number, result in enumerate(engine.run(examine, items, workers=workers), start=1):
        progress("images verified", number, len(items))
        if isinstance(result, Failure):
            yield ExaminedImage(result.item.name, "", None, (f"cannot be examined ({result.kind})",))
        else:
            yield result


def check_contents(
    texts: Mapping[str, str], names: Iterable[str], images: Mapping[str, Metadata], defects: Defects
) -> Described | None:
    """Compare all that a release says about itself.

    Parameters
    ----------
    texts : mapping of file name to text
        Of the documents.
    names : iterable of str
        Of the images' files.
    images : mapping of image id to what its file says
        In the columns of metadata.csv; of every file that could be read and decoded.
    """
    tables = read_tables(texts, defects)
    if tables is None or RELEASE_FILE not in texts:
        return None
    _check_places(tables, names, defects)
    try:
        described = read_described(texts[RELEASE_FILE])
    except DatasetDefect as defect:
        defects.add(RELEASE_FILE, str(defect))
        return None
    check_tables(tables, described.vocabularies, described.schema, defects)
    check_metadata(tables, images, described.transfer_syntax, defects)
    statistics = check_document(described, tables, defects)
    if README_FILE in texts:
        check_readme(texts[README_FILE], statistics, described.document["agreement"], defects)
    if LICENSE_FILE in texts:
        check_license(texts[LICENSE_FILE], described, defects)
    return described


def _check_places(tables: Tables, names: Iterable[str], defects: Defects) -> None:
    """Report images that are in the breast table and not on disk, or on disk and not in the table."""
    on_disk = {ids for name in names if (ids := ids_of(name)) is not None}
    in_table = {(row.study_id, row.image_id) for row in tables.breasts}
    for study_id, image_id in sorted(in_table - on_disk):
        defects.add(BREAST_FILE, f"study {study_id}, image {image_id}: there is no such file under images/")
    for study_id, image_id in sorted(on_disk - in_table):
        defects.add(f"images/{study_id}/{image_id}.dicom", f"{BREAST_FILE} has no row of it")
