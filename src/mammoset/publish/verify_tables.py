"""The tables of a release: whether they are literally what they should be, and agree with each other and the images."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from mammoset.domain.labels import LabelSchema
from mammoset.domain.rules import check
from mammoset.domain.table_cells import CELLS
from mammoset.domain.tables import (
    BREAST_COLUMNS,
    BREAST_FILE,
    FINDING_COLUMNS,
    FINDING_FILE,
    BreastRow,
    FindingRow,
    read_breast_csv,
    read_finding_csv,
    write_csv,
)
from mammoset.errors import DatasetDefect
from mammoset.model import Box, Breast, Finding, Image, Reading
from mammoset.publish.defects import Defects, plain, quoted
from mammoset.publish.metadata import COLUMNS, KEY, METADATA_FILE, Cells, Metadata, read_metadata, write_metadata
from mammoset.publish.statistics import Vocabularies
from mammoset.terms.dicom import STANDARD_VIEWS, Laterality, ViewPosition

Row = TypeVar("Row", BreastRow, FindingRow, Cells)
ROWS_AT_ONCE = 500

SIDES = {"L": "left", "R": "right"}
SHARED_WITH_METADATA = {
    "study_id": "Study Instance UID", "series_id": "Series Instance UID", "image_id": KEY,
    "laterality": "Image Laterality", "view_position": "View Position", "height": "Rows", "width": "Columns",
}  # fmt: skip
"""Column of the two tables to column of metadata.csv that holds the same."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables of a release, read."""

    breasts: Sequence[BreastRow]
    findings: Sequence[FindingRow]
    metadata: Sequence[Metadata]

    @property
    def metadata_by_image(self) -> dict[str, Metadata]:
        """Rows of metadata.csv by image id."""
        return {row[KEY]: row for row in self.metadata}


def read_tables(texts: Mapping[str, str], defects: Defects) -> Tables | None:
    """Read the three tables from their texts, by file name; None, and the reasons reported, when one cannot be read.

    A table has to be, byte for byte, what `mammoset publish` writes for the rows in it: header, order, spelling of
    numbers, quotes, line ends.
    """
    breasts = _read(texts, BREAST_FILE, read_breast_csv, _breast_lines, defects)
    findings = _read(texts, FINDING_FILE, read_finding_csv, _finding_lines, defects)
    metadata = _read(texts, METADATA_FILE, read_metadata, _metadata_lines, defects)
    return None if breasts is None or findings is None or metadata is None else Tables(breasts, findings, metadata)


def _breast_lines(rows: Sequence[BreastRow]) -> Iterator[str]:
    return _lines(sorted(rows, key=_view), lambda part: write_csv(part, BREAST_COLUMNS))


def _finding_lines(rows: Sequence[FindingRow]) -> Iterator[str]:
    return _lines(sorted(rows, key=_view), lambda part: write_csv(part, FINDING_COLUMNS))


def _metadata_lines(rows: Sequence[Cells]) -> Iterator[str]:
    return _lines(rows, write_metadata)


def _view(row: BreastRow | FindingRow) -> tuple[str, str, str]:
    return row.study_id, row.laterality, row.view_position


def _lines(rows: Sequence[Row], write: Callable[[Sequence[Row]], str]) -> Iterator[str]:
    """Yield the lines of a table, with their ends; a few rows at a time, for the whole would be in memory twice."""
    header = write([])
    yield header
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield from io.StringIO(write(rows[start : start + ROWS_AT_ONCE])[len(header) :], newline="\n")


def _read(
    texts: Mapping[str, str],
    name: str,
    read: Callable[[str], list[Row]],
    lines: Callable[[list[Row]], Iterator[str]],
    defects: Defects,
) -> list[Row] | None:
    if name not in texts:
        return None
    try:
        rows = read(texts[name])
    except DatasetDefect as defect:
        for line in str(defect).splitlines():
            defects.add(name, plain(line.removeprefix(f"{name}: ")))
        return None
    except csv.Error as error:
        defects.add(name, f"is no CSV: {error}")
        return None
    found = io.StringIO(texts[name], newline="\n")
    for number, (one, other) in enumerate(zip_longest(found, lines(rows), fillvalue=""), start=1):
        if one != other:
            defects.add(name, f"line {number} is {quoted(one)}, a release would have {quoted(other)} there")
            break
    return rows


def check_tables(tables: Tables, vocabularies: Vocabularies, schema: LabelSchema, defects: Defects) -> None:
    """Report every contradiction within and between the tables."""
    _check_vocabularies(tables, vocabularies, defects)
    _check_images(tables, defects)
    _check_breasts(tables.breasts, BREAST_FILE, defects)
    _check_breasts(tables.findings, FINDING_FILE, defects)
    _check_two_tables(tables, defects)
    _check_findings(tables.findings, defects)
    _check_rules(tables, schema, defects)
    _check_folds(tables, defects)


def _place(row: BreastRow | FindingRow) -> str:
    return f"study {row.study_id}, {row.laterality} {row.view_position}, image {row.image_id}"


def _shown(column: str, value: object) -> str:
    """Return a cell as the table writes it."""
    return quoted(CELLS[column].write(value))


def _check_vocabularies(tables: Tables, vocabularies: Vocabularies, defects: Defects) -> None:
    allowed = vocabularies.to_json()
    sides = {"laterality": [str(one) for one in Laterality], "view_position": ["CC", "MLO"], **allowed}
    for name, rows in ((BREAST_FILE, tables.breasts), (FINDING_FILE, tables.findings)):
        for row in rows:
            for column in ("laterality", "view_position", "breast_birads", "breast_density", "split"):
                cell = CELLS[column].write(getattr(row, column))
                if cell not in sides[column]:
                    defects.add(name, f"{_place(row)}: {column} {quoted(cell)} is not among {', '.join(sides[column])}")
    for one in tables.findings:
        for category in one.finding_categories if one.is_finding else ():
            if category not in vocabularies.finding_categories:
                defects.add(FINDING_FILE, f"{_place(one)}: finding category {quoted(category)} is not in label_schema")


def _check_images(tables: Tables, defects: Defects) -> None:
    """Every image once in the breast table and in metadata.csv, at least once in the finding table; no other image."""
    named = {
        BREAST_FILE: Counter(row.image_id for row in tables.breasts),
        FINDING_FILE: Counter(row.image_id for row in tables.findings),
        METADATA_FILE: Counter(row[KEY] for row in tables.metadata),
    }
    for image_id in sorted(set().union(*named.values())):
        for name, count in named.items():
            if not count[image_id]:
                defects.add(name, f"image {quoted(image_id)} is missing; another table has it")
            elif count[image_id] > 1 and name != FINDING_FILE:
                defects.add(name, f"image {quoted(image_id)} is there {count[image_id]} times")
    views: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in tables.breasts:
        views[row.study_id].append((row.laterality, row.view_position))
    for study_id, found in views.items():
        if sorted(found) != sorted(STANDARD_VIEWS):
            shown = ", ".join(" ".join(view) for view in sorted(found))
            defects.add(BREAST_FILE, f"study {study_id}: has {quoted(shown)}, not each of the four standard views once")


def _check_breasts(rows: Iterable[BreastRow | FindingRow], name: str, defects: Defects) -> None:
    """Report breasts whose rows differ in assessment or density."""
    said: dict[tuple[str, str, str], BreastRow | FindingRow] = {}
    for row in rows:
        for column in ("breast_birads", "breast_density"):
            first = said.setdefault((row.study_id, row.laterality, column), row)
            if getattr(first, column) != getattr(row, column):
                side = SIDES.get(row.laterality, row.laterality)
                one, other = _shown(column, getattr(first, column)), _shown(column, getattr(row, column))
                views = f"{first.view_position}, {other} in {row.view_position}"
                defects.add(name, f"study {row.study_id}, {side} breast: {column} is {one} in {views}")


def _check_two_tables(tables: Tables, defects: Defects) -> None:
    """Report columns in which the finding table or metadata.csv differ from the breast table."""
    row_of = {row.image_id: row for row in tables.breasts}
    for one in tables.findings:
        row = row_of.get(one.image_id)
        for column in BREAST_COLUMNS if row is not None else ():
            if getattr(one, column) != getattr(row, column):
                found, expected = _shown(column, getattr(one, column)), _shown(column, getattr(row, column))
                defects.add(FINDING_FILE, f"{_place(one)}: {column} is {found}, {BREAST_FILE} says {expected}")
    metadata = tables.metadata_by_image
    for row in tables.breasts:
        for column, name in SHARED_WITH_METADATA.items() if row.image_id in metadata else ():
            cell, expected = metadata[row.image_id][name], CELLS[column].write(getattr(row, column))
            if cell != expected:
                defects.add(
                    BREAST_FILE, f"{_place(row)}: {column} is {quoted(expected)}, {METADATA_FILE} {quoted(cell)}"
                )


def _check_findings(rows: Iterable[FindingRow], defects: Defects) -> None:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        kinds[row.image_id].append(row.is_finding)
        edges = [row.xmin, row.ymin, row.xmax, row.ymax]
        if row.is_finding and None in edges:
            defects.add(FINDING_FILE, f"{_place(row)}: a finding without box")
        if not row.is_finding and (edges != [None] * 4 or row.finding_birads is not None):
            defects.add(FINDING_FILE, f"{_place(row)}: 'No Finding' with a box or a BI-RADS")
    for image_id, found in kinds.items():
        if len(found) > 1 and not all(found):
            defects.add(FINDING_FILE, f"image {quoted(image_id)}: 'No Finding' beside another row of the image")


def _check_rules(tables: Tables, schema: LabelSchema, defects: Defects) -> None:
    """Report reference answers that break the rules every reading had to keep."""
    rows_of: dict[str, list[BreastRow]] = defaultdict(list)
    for row in tables.breasts:
        rows_of[row.study_id].append(row)
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in tables.findings:
        box = one.box
        if one.is_finding and box is not None:
            found[one.study_id].append(Finding(one.image_id, box, one.finding_categories, one.finding_birads))
    for study_id, rows in rows_of.items():
        images = [image for row in rows if (image := _image_of(row)) is not None]
        breasts = {row.laterality: (row.breast_birads, row.breast_density) for row in rows}
        answers = tuple(Breast(side, *breasts[side]) for side in Laterality if side in breasts)
        reading = Reading(study_id, "reference", answers, tuple(found[study_id]))
        for violation in check(reading, images, schema):
            if violation.level == "error":
                where = "" if violation.finding_index is None else _box_text(reading.findings[violation.finding_index])
                defects.add(FINDING_FILE, f"study {study_id}{where}: {plain(violation.message)}")


def _box_text(finding: Finding) -> str:
    box: Box = finding.box
    return f", image {finding.image_id}, box {box.xmin:g} {box.ymin:g} {box.xmax:g} {box.ymax:g}"


def _image_of(row: BreastRow) -> Image | None:
    if row.laterality not in list(Laterality) or row.view_position not in list(ViewPosition):
        return None
    view = Laterality(row.laterality), ViewPosition(row.view_position)
    return Image(row.image_id, row.series_id, row.study_id, "", *view, row.height, row.width)


def _check_folds(tables: Tables, defects: Defects) -> None:
    """Report studies and patients that are in more than one fold."""
    patients = {image_id: row["Patient ID"] for image_id, row in tables.metadata_by_image.items()}
    folds: dict[tuple[str, str], set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    for row in tables.breasts:
        folds["study", row.study_id].add(row.split)
        if row.image_id in patients:
            folds["patient", patients[row.image_id]].add(row.split)
            owners[row.study_id].add(patients[row.image_id])
    for (what, name), found in folds.items():
        if what == "patient" and not name:
            defects.add(METADATA_FILE, "an image without Patient ID: its split cannot be judged")
        elif len(found) > 1:
            defects.add(
                BREAST_FILE, f"{what} {quoted(name)} is in more than one split: {', '.join(map(quoted, sorted(found)))}"
            )
    for study_id, found in owners.items():
        if len(found) > 1:
            defects.add(METADATA_FILE, f"study {study_id} has images of {len(found)} patients")


def check_metadata(tables: Tables, images: Mapping[str, Metadata], transfer_syntax: str, defects: Defects) -> None:
    """Compare metadata.csv with what the files say.

    Parameters
    ----------
    images : mapping of image id to what its file says
        Of every file that could be read and decoded.
    transfer_syntax : str
        The UID that release.json names.
    """
    metadata = tables.metadata_by_image
    for image_id in sorted(set(metadata) & set(images)):
        row, found = metadata[image_id], images[image_id]
        for column in COLUMNS:
            if row[column] != found[column]:
                what = f"{column} is {quoted(row[column])}, the file says {quoted(found[column])}"
                defects.add(METADATA_FILE, f"image {image_id}: {what}")
        if found["Transfer Syntax UID"] != transfer_syntax:
            what = (
                f"transfer syntax {quoted(found['Transfer Syntax UID'])}, release.json says {quoted(transfer_syntax)}"
            )
            defects.add(f"image {image_id}", what)
