"""The two tables of final answers, as they will be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mammoset.domain.tables import (
    BREAST_COLUMNS,
    BREAST_FILE,
    FINDING_COLUMNS,
    FINDING_FILE,
    breast_rows,
    finding_rows,
    write_csv,
)
from mammoset.model import Reference, Study


def tables_as_csv(
    studies: Iterable[Study], references: Mapping[str, Reference], folds: Mapping[str, str]
) -> dict[str, str]:
    """Return the two tables by file name; ``split`` is empty where a study has no fold yet.

    The rows depend on the answers and the folds only, whatever the order of `studies`.
    """
    studies = list(studies)
    return {
        BREAST_FILE: write_csv(breast_rows(studies, references, folds), BREAST_COLUMNS),
        FINDING_FILE: write_csv(finding_rows(studies, references, folds), FINDING_COLUMNS),
    }
