"""The two published tables, literally, and the way between them and the model.

``breast-level_annotations.csv`` has one row per standard image, ``finding_annotations.csv`` one per finding, or one
``['No Finding']`` with empty BI-RADS and box for an image without any. UTF-8, one header line, lines ended by a line
feed.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mammoset.domain.table_cells import CELLS
from mammoset.errors import DatasetDefect
from mammoset.model import Box, Breast, Finding, Image, Reference, Study
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.terms.findings import NO_FINDING

BREAST_FILE = "breast-level_annotations.csv"
FINDING_FILE = "finding_annotations.csv"

BREAST_COLUMNS = (
    "study_id", "series_id", "image_id", "laterality", "view_position", "height", "width",
    "breast_birads", "breast_density", "split",
)  # fmt: skip
FINDING_COLUMNS = (
    "study_id", "series_id", "image_id", "laterality", "view_position", "height", "width",
    "breast_birads", "breast_density", "finding_categories", "finding_birads",
    "xmin", "ymin", "xmax", "ymax", "split",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BreastRow:
    """A row of the breast table: one standard image and what was said of its breast.

    Attributes
    ----------
    height, width : int
        Of the stored pixels.
    breast_birads : int or None
        0–6; None for an empty cell, which means not known, never negative.
    breast_density : str or None
        A–D; None for an empty cell.
    split : str
        Name of the fold; empty before the split.
    """

    study_id: str
    series_id: str
    image_id: str
    laterality: str
    view_position: str
    height: int
    width: int
    breast_birads: int | None
    breast_density: str | None
    split: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A row of the finding table: one finding, or one image without any. The first columns as in `BreastRow`.

    Attributes
    ----------
    finding_categories : tuple of str
        Category names; ``("No Finding",)`` for an image without finding.
    finding_birads : int or None
        None for an empty cell: no finding, or one that needs none.
    xmin, ymin, xmax, ymax : float or None
        In stored pixels, half-open; None for an image without finding.
    """

    study_id: str
    series_id: str
    image_id: str
    laterality: str
    view_position: str
    height: int
    width: int
    breast_birads: int | None
    breast_density: str | None
    finding_categories: tuple[str, ...]
    finding_birads: int | None
    xmin: float | None
    ymin: float | None
    xmax: float | None
    ymax: float | None
    split: str

    @property
    def is_finding(self) -> bool:
        """Whether the row is a finding, not an image without any."""
        return self.finding_categories != (NO_FINDING,)

    @property
    def box(self) -> Box | None:
        """The box; None when an edge is missing."""
        if self.xmin is None or self.ymin is None or self.xmax is None or self.ymax is None:
            return None
        return Box(self.xmin, self.ymin, self.xmax, self.ymax)


Row = TypeVar("Row", BreastRow, FindingRow)


def breast_rows(
    studies: Iterable[Study], references: Mapping[str, Reference], folds: Mapping[str, str]
) -> list[BreastRow]:
    """Return the breast table, ordered by study id, laterality and view.

    Parameters
    ----------
    studies : iterable of Study
        Only those with a reference have rows: an exam without final answer cannot be written as if it had one.
    references : mapping of study id to Reference
    folds : mapping of study id to the name of its fold
        A study without fold has an empty ``split``.
    """
    return [
        BreastRow(**_image_cells(image, references[study.study_id]), split=folds.get(study.study_id, ""))
        for study in _with_reference(studies, references)
        for image in _in_row_order(study)
    ]


def finding_rows(
    studies: Iterable[Study], references: Mapping[str, Reference], folds: Mapping[str, str]
) -> list[FindingRow]:
    """Return the finding table, ordered by study id, laterality, view and box; parameters as in `breast_rows`.

    Findings on images beside the four standard views have no row.
    """
    rows = []
    for study in _with_reference(studies, references):
        reference, split = references[study.study_id], folds.get(study.study_id, "")
        for image in _in_row_order(study):
            cells = _image_cells(image, reference)
            found = [finding for finding in reference.findings if finding.image_id == image.image_id]
            found.sort(key=lambda finding: (finding.box, finding.categories, finding.birads or 0))
            rows += [FindingRow(**cells, **_finding_cells(finding), split=split) for finding in found or (None,)]
    return rows


def _with_reference(studies: Iterable[Study], references: Mapping[str, Reference]) -> list[Study]:
    present = [study for study in studies if study.study_id in references]
    return sorted(present, key=lambda study: study.study_id)


def _in_row_order(study: Study) -> list[Image]:
    return sorted(study.standard_images, key=lambda image: (image.laterality.value, image.view_position.value))


def _image_cells(image: Image, reference: Reference) -> dict[str, Any]:
    breast = reference.breast(image.laterality)
    return {
        "study_id": image.study_id,
        "series_id": image.series_id,
        "image_id": image.image_id,
        "laterality": image.laterality.value,
        "view_position": image.view_position.value,
        "height": image.height,
        "width": image.width,
        "breast_birads": breast.birads,
        "breast_density": None if breast.density is None else str(breast.density),
    }


def _finding_cells(finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        edges: dict[str, float | None] = dict.fromkeys(("xmin", "ymin", "xmax", "ymax"))
        return {"finding_categories": (NO_FINDING,), "finding_birads": None, **edges}
    box = finding.box
    return {
        "finding_categories": finding.categories,
        "finding_birads": finding.birads,
        "xmin": float(box.xmin),
        "ymin": float(box.ymin),
        "xmax": float(box.xmax),
        "ymax": float(box.ymax),
    }


def write_csv(rows: Iterable[BreastRow] | Iterable[FindingRow], columns: Sequence[str]) -> str:
    """Return rows as CSV text: the header, then a line for each row, every line ended by a line feed.

    Parameters
    ----------
    columns : sequence of str
        `BREAST_COLUMNS` or `FINDING_COLUMNS`.

    Returns
    -------
    str
        ``BI-RADS 4``, ``DENSITY C``, ``['Mass', 'Skin Retraction']``; edges of boxes as plain decimals that read
        back to the same float; missing values as empty cells.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([CELLS[column].write(getattr(row, column)) for column in columns] for row in rows)
    return text.getvalue()


def read_breast_csv(text: str, source: str = BREAST_FILE) -> list[BreastRow]:
    """Read the breast table; parameters and errors as in `read_finding_csv`."""
    return _read(text, BREAST_COLUMNS, BreastRow, source)


def read_finding_csv(text: str, source: str = FINDING_FILE) -> list[FindingRow]:
    """Read the finding table.

    Parameters
    ----------
    text : str
        With the columns of `FINDING_COLUMNS` in any order; blanks around names and values, a byte order mark, and
        further columns do not matter.
    source : str
        What messages call the text.

    Raises
    ------
    DatasetDefect
        Naming every line (the header is line 1) and column whose value cannot be read, or the columns missing.
        Names of sides, views, categories and folds are not judged here.
    """
    return _read(text, FINDING_COLUMNS, FindingRow, source)


def _read(text: str, columns: Sequence[str], row_type: Callable[..., Row], source: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=True)
    header = [name.strip() for name in next(reader, [])]
    missing = [column for column in columns if column not in header]
    if missing:
        raise DatasetDefect(f"{source}: the header has no column {', '.join(missing)}")
    places = [(column, header.index(column)) for column in columns]
    rows, defects = [], []
    for cells in reader:
        line = reader.line_num
        if not cells:
            continue
        if len(cells) != len(header):
            defects.append(f"{source}: line {line} has {len(cells)} values, the header {len(header)}")
            continue
        values: dict[str, Any] = {}
        for column, place in places:
            try:
                values[column] = CELLS[column].read(cells[place].strip())
            except ValueError as error:
                defects.append(f"{source}: line {line}, column {column}: {cells[place]!r} is not {error}")
        if len(values) == len(columns):
            rows.append(row_type(**values))
    if defects:
        raise DatasetDefect("\n".join(defects))
    return rows


def model_of(
    breast_table: Sequence[BreastRow], finding_table: Sequence[FindingRow]
) -> tuple[list[Study], dict[str, Reference], dict[str, str]]:
    """Return what the two tables say, as the model.

    Returns
    -------
    studies : list of Study
        In the order in which the breast table names them, numbered so in ``draw``. The tables do not name patients:
        each study is given a patient of its own, under the study's id. Ages are None.
    references : dict of study id to Reference
        Breasts and findings; ``origin`` is "concordant" throughout: the tables do not tell how an answer came about.
    folds : dict of study id to str

    Raises
    ------
    DatasetDefect
        Listing every contradiction: an image twice, of unknown side or view, in one table only, or described
        differently by its rows; two images of one breast with different assessments; a study in two folds; a finding
        without box or beside a ``No Finding``.
    """
    defects = [*_defects_of_breasts(breast_table), *_defects_of_findings(breast_table, finding_table)]
    if defects:
        raise DatasetDefect("\n".join(defects))
    rows_of: dict[str, list[BreastRow]] = defaultdict(list)
    for row in breast_table:
        rows_of[row.study_id].append(row)
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in finding_table:
        if one.is_finding and one.box:
            found[one.study_id].append(Finding(one.image_id, one.box, one.finding_categories, one.finding_birads))
    studies = [
        Study(study_id, study_id, tuple(map(_image_of, rows)), draw=draw)
        for draw, (study_id, rows) in enumerate(rows_of.items())
    ]
    references = {
        study_id: Reference(study_id, _breasts_of(rows), tuple(found[study_id])) for study_id, rows in rows_of.items()
    }
    return studies, references, {study_id: rows[0].split for study_id, rows in rows_of.items()}


def _image_of(row: BreastRow) -> Image:
    view = Laterality(row.laterality), ViewPosition(row.view_position)
    return Image(row.image_id, row.series_id, row.study_id, row.study_id, *view, row.height, row.width)


def _breasts_of(rows: Sequence[BreastRow]) -> tuple[Breast, ...]:
    said = {row.laterality: (row.breast_birads, row.breast_density) for row in rows}
    return tuple(Breast(side, *said[side]) for side in Laterality if side in said)


def _defects_of_breasts(rows: Iterable[BreastRow]) -> Iterable[str]:
    said: dict[tuple[str, ...], tuple[object, ...]] = {}
    for row in rows:
        if row.laterality not in list(Laterality) or row.view_position not in list(ViewPosition):
            yield f"image {row.image_id}: unknown side or view '{row.laterality}-{row.view_position}'"
        once = {
            ("image", row.image_id): (row,),
            ("view", row.study_id, f"{row.laterality}-{row.view_position}"): (row.image_id,),
            ("breast", row.study_id, row.laterality): (row.breast_birads, row.breast_density),
            ("split of study", row.study_id): (row.split,),
        }
        for key, value in once.items():
            if key == ("image", row.image_id) and key in said:
                yield f"image {row.image_id} is there twice in the breast table"
            elif said.setdefault(key, value) != value:
                yield f"{' '.join(key)}: {said[key]} in one row, {value} in another"


def _defects_of_findings(breast_table: Sequence[BreastRow], finding_table: Sequence[FindingRow]) -> Iterable[str]:
    row_of = {row.image_id: row for row in breast_table}
    kinds: dict[str, set[bool]] = defaultdict(set)
    for one in finding_table:
        row = row_of.get(one.image_id)
        if row is None:
            yield f"image {one.image_id} is in the finding table only"
            continue
        kinds[one.image_id].add(one.is_finding)
        differing = [name for name in BREAST_COLUMNS if getattr(row, name) != getattr(one, name)]
        if differing:
            yield f"image {one.image_id}: the two tables differ in {', '.join(differing)}"
        if one.is_finding and one.box is None:
            yield f"image {one.image_id}: a finding without box"
    for image_id in row_of:
        if not kinds[image_id]:
            yield f"image {image_id} is in the breast table only"
        elif len(kinds[image_id]) > 1:
            yield f"image {image_id} has both findings and {NO_FINDING}"
