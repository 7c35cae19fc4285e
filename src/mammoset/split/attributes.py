"""From reference answers to the table that is stratified: one row per exam, one column per label, counts.

The columns are those of VinDr-Mammo's own split (Nguyen et al., "Data stratification"): breast BI-RADS, density,
findings with their BI-RADS, associated features, images without finding. Totals of each category and of each finding
BI-RADS are added as columns of their own; without them the errors of "Mass, BI-RADS 3", "... 4" and "... 5" may add up
in "Mass", the number that is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mammoset.model import Reference
from mammoset.terms.birads import DENSITIES, ORDINAL_ASSESSMENTS, RECALL_FROM, birads_label
from mammoset.terms.findings import ASSOCIATED_FEATURES, FINDING_CATEGORIES, LESION_CATEGORIES, NO_FINDING

BREAST_COLUMNS = tuple(f"breast {birads_label(birads)}" for birads in ORDINAL_ASSESSMENTS)
DENSITY_COLUMNS = tuple(f"density {density}" for density in DENSITIES)
PAPER_COLUMNS = (*BREAST_COLUMNS, *DENSITY_COLUMNS, *FINDING_CATEGORIES)
"""The 19 categories whose numbers the paper prints: its Tables 2, 3 and 4."""

_FINDING_BIRADS = tuple(birads for birads in ORDINAL_ASSESSMENTS if birads >= RECALL_FROM)


def label_counts(
    references: Mapping[str, Reference],
    schema_categories: Sequence[str],
    *,
    images_of: Mapping[str, Sequence[str]],
) -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Count every label in every exam.

    What was not answered is not counted: a breast without a BI-RADS category is in no BI-RADS column.

    Parameters
    ----------
    references : mapping of str to Reference
        Final answers by study id.
    schema_categories : sequence of str
        Finding categories of the label schema, in its order.
    images_of : mapping of str to sequence of str
        Study id to the ids of its standard images; those without a finding are counted as "No Finding".

    Returns
    -------
    ids : list of str
        Study ids, sorted; one row each.
    names : list of str
        Names of the columns. The columns of the schema are always there; BI-RADS categories outside the usual ones
        (0, 6 or, for findings, below 3) are added where they occur.
    table : ndarray of shape (n_exams, n_labels)
        Counts: an exam with nine masses counts nine.
    """
    ids = sorted(references)
    counted = [_count(references[study], images_of.get(study, ())) for study in ids]
    names = _columns(schema_categories, set().union(*counted))
    place = {name: column for column, name in enumerate(names)}
    table = np.zeros((len(ids), len(names)), dtype=np.int64)
    for row, counter in enumerate(counted):
        for name, number in counter.items():
            table[row, place[name]] = number
    return ids, names, table


def _count(reference: Reference, images: Sequence[str]) -> Counter[str]:
    counter: Counter[str] = Counter()
    for breast in reference.breasts:
        if breast.birads is not None:
            counter[f"breast {birads_label(breast.birads)}"] += 1
        if breast.density is not None:
            counter[f"density {breast.density}"] += 1
    for finding in reference.findings:
        counter.update(finding.categories)
        if finding.birads is not None:
            counter[f"finding {birads_label(finding.birads)}"] += 1
            # An associated feature has no assessment of its own; the box's belongs to the lesion it accompanies.
            lesions = (category for category in finding.categories if category not in ASSOCIATED_FEATURES)
            counter.update(_crossed(category, finding.birads) for category in lesions)
    marked = {finding.image_id for finding in reference.findings}
    without = sum(image not in marked for image in images)
    return counter + Counter({NO_FINDING: without})


def _columns(schema_categories: Sequence[str], seen: Iterable[str]) -> list[str]:
    """Columns in the order of the paper's tables, then the crossed ones; unknown names at the end, sorted."""
    names = [*BREAST_COLUMNS, *DENSITY_COLUMNS, NO_FINDING, *schema_categories]
    names += [f"finding {birads_label(birads)}" for birads in _FINDING_BIRADS]
    for category in schema_categories:
        if category in LESION_CATEGORIES:
            names += [_crossed(category, birads) for birads in _FINDING_BIRADS]
    return names + sorted(set(seen) - set(names))


def _crossed(category: str, birads: int) -> str:
    return f"{category}, {birads_label(birads)}"
