"""What `mammoset read agreement` prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mammoset.cli.context import counted, table
from mammoset.domain.agreement import AgreementRow
from mammoset.domain.agreement_report import AgreementReport

IN_SHORT = (
    ("density", "density", "kappa"),
    ("density w2", "density", "kappa_quadratic"),
    ("BI-RADS", "birads", "kappa"),
    ("BI-RADS w2", "birads", "kappa_quadratic"),
    ("recall", "recall", "kappa"),
    ("boxes F1", "finding", "f1"),
)
"""Heading, field and statistic of what is printed of a pair; the CSV tables hold the rest."""

HEADER = ("question", "measure", "n", "agree", "value", "interval")


def agreement_lines(report: AgreementReport) -> Iterator[str]:
    """Yield the report for a terminal: in short for pairs, in full over all readers."""
    if not report.n_studies:
        yield "no exam has two readings yet"
        return
    yield f"{counted(report.n_studies, 'exam')} with two readings"
    yield from _titled("over all readers", table(HEADER, map(_cells, _told(report.pool))))
    yield from _titled("exams in which two readings differ", table(HEADER, map(_cells, report.discordance)))
    yield from _titled("pairs of readers (kappa; w2: quadratic weights)", _in_short(report.pairs))
    if report.seniors:
        title = f"senior readers with the final answers, {counted(report.n_senior, 'exam')}"
        yield from _titled(title, _in_short(report.seniors))


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from lines


def _told(rows: Iterable[AgreementRow]) -> list[AgreementRow]:
    """Return the rows but for those about categories that nobody marked."""
    return [row for row in rows if row.n_units or not row.category]


def _in_short(rows: Iterable[AgreementRow]) -> Iterator[str]:
    by_pair: dict[tuple[str, ...], dict[tuple[str, str], AgreementRow]] = {}
    for row in rows:
        by_pair.setdefault(row.readers, {})[row.field, row.statistic] = row
    wanted = [(field, statistic) for _, field, statistic in IN_SHORT]
    cells = [
        (", ".join(readers), found[wanted[0]].n_studies, *(_value(found[one]) for one in wanted))
        for readers, found in by_pair.items()
    ]
    return table(("readers", "exams", *(heading for heading, _, _ in IN_SHORT)), cells)


def _cells(row: AgreementRow) -> tuple[str, ...]:
    question = f"{row.field} {row.category}".strip()
    observed = "" if row.observed is None else f"{row.observed:.3f}"
    interval = row.note if row.low is None or row.high is None else f"{row.low:.3f} to {row.high:.3f}"
    return question, row.statistic, str(row.n_units), observed, _value(row), interval


def _value(row: AgreementRow) -> str:
    return "–" if row.value is None else f"{row.value:.3f}"
