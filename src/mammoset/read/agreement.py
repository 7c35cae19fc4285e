"""Agreement of the readers of a project: the report, and its tables as CSV.

Agreement is told of exams that are approved now, so that it is the same here, on the dashboard and in a release.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from mammoset.content import write_whole
from mammoset.domain.agreement import COLUMNS, AgreementRow, Resampling
from mammoset.domain.agreement_report import TABLES, AgreementReport, report_of
from mammoset.domain.workflow import standing_of
from mammoset.project import Project

FILES = {name: f"agreement_{name}.csv" for name in TABLES}
"""Table to file name."""


def agreement_in(project: Project, resampling: Resampling | None = None) -> AgreementReport:
    """Return how well the readers of a project agree, on the exams that are approved now.

    Raises
    ------
    ConfigError
        As in `agreement_report.report_of`.
    """
    studies = project.approved_studies()
    facts = project.catalog.facts()
    standings = {one.study_id: standing_of(facts.get(one.study_id, ()), project.schema) for one in studies}
    experience = {one.reader_id: one.years_experience for one in project.catalog.readers()}
    return report_of(standings, studies, project.schema, experience=experience, resampling=resampling)


def tables_as_csv(report: AgreementReport) -> dict[str, str]:
    """Return the tables by file name: a header and a line for each row, in the order of `agreement.COLUMNS`.

    Numbers as Python writes floats; empty cells where a row has none.
    """
    return {file: _as_csv(getattr(report, name)) for name, file in FILES.items()}


def write_tables(report: AgreementReport, folder: Path) -> tuple[Path, ...]:
    """Write the tables into a folder, each whole; what stands there under the same name is replaced.

    Raises
    ------
    StorageError
        If the folder cannot be written.
    """
    written = []
    for name, text in tables_as_csv(report).items():
        write_whole(folder / name, text.encode())
        written.append(folder / name)
    return tuple(written)


def _as_csv(rows: Iterable[AgreementRow]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, column)) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, tuple) else value
