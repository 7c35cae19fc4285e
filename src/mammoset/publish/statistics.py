"""What a release contains, in numbers: a pure function of its tables.

The same function fills release.json and README.md when a release is made, and judges them when it is verified. The
tables follow Nguyen et al., VinDr-Mammo: breast BI-RADS, breast density and findings by split (Tables 2–4 of the first
version), BI-RADS of findings and ages (Figures 3 and 4).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mammoset.domain.labels import LabelSchema
from mammoset.domain.tables import BreastRow, FindingRow
from mammoset.terms.birads import birads_label, density_label

Counts = Mapping[str, Mapping[str, int]]
"""Row name to column name to a number."""

UNKNOWN = "not known"
NO_BIRADS = "none"
AGE_GROUPS = (
    "under 40", "40–44", "45–49", "50–54", "55–59", "60–64", "65–69", "70–74", "75–79", "80–84", "85–89",
    "90 and over", UNKNOWN,
)  # fmt: skip
_AGE = re.compile(r"(\d{3})([DWMY])")


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The values that cells of the tables may have, in the order of the statistics.

    Attributes
    ----------
    finding_categories : tuple of str
        Without ``No Finding``.
    split : tuple of str
        Names of the folds.
    """

    breast_birads: tuple[str, ...]
    breast_density: tuple[str, ...]
    finding_categories: tuple[str, ...]
    finding_birads: tuple[str, ...]
    split: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the vocabularies as JSON values, by column."""
        return {name: list(values) for name, values in asdict(self).items()}


def vocabularies_of(schema: LabelSchema, folds: Iterable[str]) -> Vocabularies:
    """Return what the tables of a label schema may hold."""
    return Vocabularies(
        breast_birads=tuple(birads_label(value) for value in schema.breast_birads),
        breast_density=tuple(density_label(value) for value in schema.densities),
        finding_categories=schema.category_names,
        finding_birads=tuple(birads_label(value) for value in schema.finding_birads),
        split=tuple(folds),
    )


@dataclass(frozen=True, slots=True)
class Statistics:
    """A release in numbers.

    Attributes
    ----------
    counts : fold to ``patients``, ``studies``, ``breasts``, ``images``, ``images_with_finding``, ``findings``
        A finding is a box; one that carries two categories is one finding.
    breast_birads, breast_density : fold to label to number of breasts
        A breast is counted once, not once per view.
    findings : fold to category to number of boxes of that category
        A box of two categories is counted in both.
    finding_birads : category to label to number of boxes
        ``none`` for boxes without a BI-RADS of their own.
    age : fold to age group to number of studies
    vendors : manufacturer to model to number of images
        ``not known`` where the file does not say.
    """

    counts: Counts
    breast_birads: Counts
    breast_density: Counts
    findings: Counts
    finding_birads: Counts
    age: Counts
    vendors: Counts

    def to_json(self) -> dict[str, Any]:
        """Return the statistics as JSON values."""
        return {name: {row: dict(columns) for row, columns in counts.items()} for name, counts in asdict(self).items()}


def statistics_of(
    breasts: Sequence[BreastRow],
    findings: Sequence[FindingRow],
    metadata: Mapping[str, Mapping[str, str]],
    vocabularies: Vocabularies,
) -> Statistics:
    """Count what the tables hold.

    Parameters
    ----------
    breasts, findings : sequence of rows
        Of the two tables; the order does not matter.
    metadata : mapping of image id to column to cell
        Rows of metadata.csv; of them ``Patient ID``, ``Patient's Age``, ``Manufacturer`` and ``Manufacturer's Model
        Name`` are counted. A missing image or an empty cell counts as not known.
    vocabularies : Vocabularies
        Rows and columns that are there even when they count nothing; values outside them are appended.
    """
    boxes = [row for row in findings if row.is_finding]
    birads = Counter((row.split, row.study_id, row.laterality, _birads(row.breast_birads)) for row in breasts)
    density = Counter((row.split, row.study_id, row.laterality, _density(row.breast_density)) for row in breasts)
    categories = [(row.split, name) for row in boxes for name in row.finding_categories]
    assessed = [(name, _birads(row.finding_birads, NO_BIRADS)) for row in boxes for name in row.finding_categories]
    folds, names = vocabularies.split, vocabularies.finding_categories
    return Statistics(
        counts=_counts(breasts, boxes, metadata, folds),
        breast_birads=_cross(((fold, label) for fold, *_, label in birads), folds, vocabularies.breast_birads),
        breast_density=_cross(((fold, label) for fold, *_, label in density), folds, vocabularies.breast_density),
        findings=_cross(categories, folds, names),
        finding_birads=_cross(assessed, names, (*vocabularies.finding_birads, NO_BIRADS)),
        age=_ages(breasts, metadata, folds),
        vendors=_vendors(breasts, metadata),
    )


def _birads(value: int | None, missing: str = UNKNOWN) -> str:
    return missing if value is None else birads_label(value)


def _density(value: str | None) -> str:
    return UNKNOWN if value is None else density_label(value)


def _cross(pairs: Iterable[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]) -> Counts:
    """Count pairs into a table: the given rows and columns first, then those found beside them, by name."""
    found = Counter(pairs)
    all_rows = [*rows, *sorted({row for row, _ in found} - set(rows))]
    all_columns = [*columns, *sorted({column for _, column in found} - set(columns))]
    return {row: {column: found[row, column] for column in all_columns} for row in all_rows}


def _counts(
    breasts: Sequence[BreastRow],
    boxes: Sequence[FindingRow],
    metadata: Mapping[str, Mapping[str, str]],
    folds: Sequence[str],
) -> Counts:
    things: dict[str, set[tuple[str, ...]]] = {
        "patients": {(row.split, _said(metadata, row.image_id, "Patient ID")) for row in breasts},
        "studies": {(row.split, row.study_id) for row in breasts},
        "breasts": {(row.split, row.study_id, row.laterality) for row in breasts},
        "images": {(row.split, row.image_id) for row in breasts},
        "images_with_finding": {(row.split, row.image_id) for row in boxes},
    }
    pairs = [(one[0], name) for name, members in things.items() for one in members]
    return _cross([*pairs, *((row.split, "findings") for row in boxes)], folds, (*things, "findings"))


def _said(metadata: Mapping[str, Mapping[str, str]], image_id: str, column: str) -> str:
    return metadata.get(image_id, {}).get(column, "").strip() or UNKNOWN


def _ages(breasts: Sequence[BreastRow], metadata: Mapping[str, Mapping[str, str]], folds: Sequence[str]) -> Counts:
    ages: dict[tuple[str, str], str] = {}
    for row in breasts:
        group = age_group(_said(metadata, row.image_id, "Patient's Age"))
        if ages.setdefault((row.split, row.study_id), group) == UNKNOWN:
            ages[row.split, row.study_id] = group
    return _cross(((fold, group) for (fold, _), group in ages.items()), folds, AGE_GROUPS)


def age_group(age: str) -> str:
    """Return the group of an age as DICOM writes it (Age String, ``057Y``); ``not known`` for anything else."""
    match = _AGE.fullmatch(age)
    if match is None:
        return UNKNOWN
    years = int(match[1]) if match[2] == "Y" else 0
    if years < 40:
        return AGE_GROUPS[0]
    return AGE_GROUPS[min((years - 40) // 5 + 1, len(AGE_GROUPS) - 2)]


def _vendors(breasts: Sequence[BreastRow], metadata: Mapping[str, Mapping[str, str]]) -> Counts:
    images = sorted({row.image_id for row in breasts})
    found = Counter(
        (_said(metadata, one, "Manufacturer"), _said(metadata, one, "Manufacturer's Model Name")) for one in images
    )
    table: dict[str, dict[str, int]] = {}
    for (manufacturer, model), count in sorted(found.items()):
        table.setdefault(manufacturer, {})[model] = count
    return table
