"""What the dashboard answers: numbers by person, question and day, null where a statistic has no value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from mammoset.domain.agreement import ANY_CATEGORY, AgreementRow
from mammoset.domain.agreement_report import AgreementReport
from mammoset.domain.flow import Flow
from mammoset.web.answers.dashboard import READS, Tally, Work, by_day

ORDINAL = ("density", "birads")
FIELDS = (*ORDINAL, "recall")


class SecondsOut(BaseModel):
    """Seconds of work per exam, over `n` exams whose time was measured."""

    n: int
    median: float
    p90: float


class PersonOut(BaseModel):
    """How far one person is in one role."""

    name: str
    role: str
    assigned: int
    in_progress: int
    submitted: int
    seconds_per_exam: SecondsOut | None
    per_hour: float | None


class DayOut(BaseModel):
    """First answers of one day, UTC."""

    day: date
    n: int


class ProgressOut(BaseModel):
    """How far the reading is; `states` and `flow` are null for who may not be told, `flow` also while it is made."""

    is_withheld: bool
    states: dict[str, int] | None
    per_reader: list[PersonOut]
    reads_per_day: list[DayOut]
    flow: list[dict[str, Any]] | None


class IntervalOut(BaseModel):
    """A statistic; null, with the reason in `note`, where it has no value, or no interval."""

    n: int
    observed: float | None
    low: float | None
    high: float | None
    note: str


class AlphaOut(IntervalOut):
    """Krippendorff's alpha of all readers on one question about breasts."""

    alpha: float | None


class KappaOut(IntervalOut):
    """Cohen's kappa of two readers; the interval is of the weighted one (quadratic) where there is one."""

    kappa: float | None
    weighted_kappa: float | None


class FindingsOut(IntervalOut):
    """Agreement on boxes: `n` marked by either reader, a box that both marked being one; the interval is of F1."""

    n_matched: int
    f1: float | None
    f1_images: float | None
    mean_iou: float | None


class CategoryOut(FindingsOut):
    """The same for boxes of one category."""

    category: str


class PooledFindingsOut(FindingsOut):
    """The same over all readers, and by category."""

    per_category: list[CategoryOut]


class PairOut(BaseModel):
    """Agreement of two readers over `n` exams."""

    first: str
    second: str
    n: int
    fields: dict[str, KappaOut]
    findings: FindingsOut


class DiscordanceOut(BaseModel):
    """Share of exams whose readings differ in a field; ``arbitration``: in one that calls for an arbiter."""

    field: str
    n: int
    rate: float | None
    low: float | None
    high: float | None


class AgreementOut(BaseModel):
    """Agreement of the readers.

    `state` is ``ready``; ``stale`` while newer answers are being taken in; or ``computing`` before the first time,
    with nothing else in it. Pairs are those of all readers for an administrator, one's own for everybody else.
    """

    state: Literal["ready", "stale", "computing"]
    n_studies: int
    n_senior: int
    discordance: list[DiscordanceOut]
    pairs: list[PairOut]
    seniors: list[PairOut]
    alpha: dict[str, AlphaOut]
    findings: PooledFindingsOut | None


def progress_out(tally: Tally, flow: Flow | None, *, name: str, is_admin: bool, is_told: bool) -> ProgressOut:
    """Return the progress as one person may see it.

    Parameters
    ----------
    name : str
        Who asks; only administrators see the rows of others.
    is_told : bool
        Whether the person may be told what follows from readings. Who may not sees the rows of readers and their own.
    """
    works = {
        (who, role): work
        for (who, role), work in sorted(tally.works.items())
        if who == name or (is_admin and (is_told or role in READS))
    }
    return ProgressOut(
        is_withheld=not is_told,
        states=dict(tally.states) if is_told else None,
        per_reader=[_person(*key, work, is_timed=is_told or key[0] == name) for key, work in works.items()],
        reads_per_day=[DayOut(day=day, n=count) for day, count in by_day(works.values())],
        flow=flow.to_json() if is_told and flow is not None else None,
    )


def _person(name: str, role: str, work: Work, *, is_timed: bool) -> PersonOut:
    """Return a row; how long somebody took tells something of what they saw, so it is not for all who see the row."""
    return PersonOut(
        name=name, role=role, assigned=work.assigned, in_progress=work.in_progress, submitted=work.submitted,
        seconds_per_exam=_seconds(work) if is_timed else None, per_hour=work.per_hour() if is_timed else None,
    )  # fmt: skip


def _seconds(work: Work) -> SecondsOut | None:
    median, p90 = work.median(), work.p90()
    return None if median is None or p90 is None else SecondsOut(n=len(work.seconds), median=median, p90=p90)


def agreement_out(report: AgreementReport | None, *, is_current: bool, name: str, is_admin: bool) -> AgreementOut:
    """Return the agreement as one person who may be told of it sees it."""
    if report is None:
        return AgreementOut(
            state="computing", n_studies=0, n_senior=0, discordance=[], pairs=[], seniors=[], alpha={}, findings=None
        )
    alphas = {row.field: row for row in report.pool if row.statistic.startswith("alpha")}
    return AgreementOut(
        state="ready" if is_current else "stale",
        n_studies=report.n_studies,
        n_senior=report.n_senior,
        discordance=[
            DiscordanceOut(field=row.field, n=row.n_units, rate=row.value, low=row.low, high=row.high)
            for row in report.discordance
        ],
        pairs=_pairs(report.pairs, None if is_admin else name),
        seniors=_pairs(report.seniors, None if is_admin else name),
        alpha={field: AlphaOut(alpha=row.value, **_interval(row)) for field, row in alphas.items()},
        findings=_pooled(report.pool),
    )


def _pairs(rows: Sequence[AgreementRow], only: str | None) -> list[PairOut]:
    pairs: dict[tuple[str, ...], dict[tuple[str, str], AgreementRow]] = {}
    for row in rows:
        if only is None or only in row.readers:
            pairs.setdefault(row.readers, {})[row.field, row.statistic] = row
    return [_pair(readers, found) for readers, found in pairs.items()]


def _pair(readers: Sequence[str], found: Mapping[tuple[str, str], AgreementRow]) -> PairOut:
    first, second = readers
    fields = {}
    for name in FIELDS:
        kappa, weighted = found[name, "kappa"], found.get((name, "kappa_quadratic"))
        fields[name] = KappaOut(
            kappa=kappa.value,
            weighted_kappa=None if weighted is None else weighted.value,
            **_interval(weighted or kappa),
        )
    findings = FindingsOut(**_findings(found["finding", one] for one in FINDING_STATISTICS))
    return PairOut(first=first, second=second, n=found["recall", "kappa"].n_studies, fields=fields, findings=findings)


FINDING_STATISTICS = ("f1", "f1_images", "mean_iou")


def _pooled(rows: Iterable[AgreementRow]) -> PooledFindingsOut | None:
    by_category: dict[str, list[AgreementRow]] = {}
    for row in rows:
        if row.field == "finding":
            by_category.setdefault(row.category, []).append(row)
    if not by_category:
        return None
    per_category = [
        CategoryOut(category=name, **_findings(found)) for name, found in by_category.items() if name != ANY_CATEGORY
    ]
    return PooledFindingsOut(per_category=per_category, **_findings(by_category[ANY_CATEGORY]))


def _findings(rows: Iterable[AgreementRow]) -> dict[str, Any]:
    """Return the members of `FindingsOut` from the rows of `FINDING_STATISTICS`, in that order."""
    boxes, images, overlap = rows
    values = {"f1": boxes.value, "f1_images": images.value, "mean_iou": overlap.value}
    return {"n_matched": overlap.n_units, **values, **_interval(boxes)}


def _interval(row: AgreementRow) -> dict[str, Any]:
    return {"n": row.n_units, "observed": row.observed, "low": row.low, "high": row.high, "note": row.note}
