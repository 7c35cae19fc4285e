"""Agreement of readers, as rows of one table: for each pair of readers, and over all of them.

The measures themselves are in `mammoset.domain.reliability` and offered here too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from mammoset.domain.boxes import match
from mammoset.domain.labels import LabelSchema
from mammoset.domain.reliability import (
    Array,
    Interval,
    Level,
    Weights,
    alpha_of,
    clustered_interval,
    cohen_kappa,
    coincidences,
    kappa_of,
    krippendorff_alpha,
    ratio,
)
from mammoset.errors import UndefinedMetric
from mammoset.model import Breast, Reading
from mammoset.terms.birads import ORDINAL_ASSESSMENTS, is_recall
from mammoset.terms.dicom import Laterality

__all__ = [
    "ANY_CATEGORY",
    "AgreementRow",
    "Interval",
    "agreement_of",
    "clustered_interval",
    "cohen_kappa",
    "krippendorff_alpha",
]

ANY_CATEGORY = "any"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One measure of agreement on one question.

    Attributes
    ----------
    field : str
        ``birads``, ``density`` and ``recall`` of breasts, or ``finding``.
    category : str
        Of findings: a category, or ``any`` for boxes regardless of category; empty for breasts.
    statistic : str
        ``kappa``, ``kappa_linear``, ``kappa_quadratic``, ``alpha_nominal``, ``alpha_ordinal``, or ``matched_share``:
        findings that both readers marked, of all that either marked.
    readers : tuple of str
        The two readers, or all.
    n_patients, n_studies : int
        Read by both of the pair, or by two or more.
    n_units : int
        Breasts with two answers; or findings, a matched pair being one.
    n_left_out : int
        Breasts left out because fewer than two of their answers have a place in the statistic: BI-RADS 0 and 6,
        and answers not given.
    observed : float or None
        Share of agreement without regard to chance, 0–1; None without units.
    value, low, high : float or None
        The statistic and its interval over patients; None where undefined.
    resamples_lost : int
        Resamples in which the statistic was undefined, and which the interval leaves out.
    note : str
        Why there is no value; empty when there is one.
    """

    field: str
    category: str
    statistic: str
    readers: tuple[str, ...]
    n_patients: int
    n_studies: int
    n_units: int
    n_left_out: int
    observed: float | None
    value: float | None
    low: float | None
    high: float | None
    resamples_lost: int
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON values, keys as the attributes."""
        return {**asdict(self), "readers": list(self.readers)}


class _Question(NamedTuple):
    """A question about a breast, and how agreement on it is measured."""

    field: str
    categories: Callable[[LabelSchema], tuple[object, ...]]
    answer: Callable[[Breast], object]
    weights: tuple[Weights | None, ...]
    level: Level


def _recall(breast: Breast) -> bool | None:
    return is_recall(breast.birads) if breast.birads in ORDINAL_ASSESSMENTS else None


QUESTIONS = (
    _Question(
        "birads",
        lambda schema: tuple(one for one in schema.breast_birads if one in ORDINAL_ASSESSMENTS),
        lambda breast: breast.birads,
        (None, "quadratic"),
        "ordinal",
    ),
    _Question("density", lambda schema: schema.densities, lambda breast: breast.density, (None, "linear"), "ordinal"),
    _Question("recall", lambda _: (False, True), _recall, (None,), "nominal"),
)
"""What is asked of breasts; answers that are none of the categories have no place in the statistic."""


class _Resampling(NamedTuple):
    n_resamples: int
    random_state: int
    level: float


class _Counts(NamedTuple):
    n_units: int
    n_left_out: int
    observed: float | None


class _Group(NamedTuple):
    """Readers, and the readings of the studies that two or more of them share."""

    readers: tuple[str, ...]
    studies: Mapping[str, Sequence[Reading]]
    patient_of: Mapping[str, str]

    def patients(self) -> dict[str, int]:
        """Return a row number for each patient."""
        return {patient: row for row, patient in enumerate(sorted({self.patient_of[one] for one in self.studies}))}


def agreement_of(
    readings_by_study: Mapping[str, Sequence[Reading]],
    patient_of: Mapping[str, str],
    schema: LabelSchema,
    *,
    n_resamples: int = 2000,
    random_state: int = 0,
    level: float = 0.95,
) -> tuple[AgreementRow, ...]:
    """Measure how well readers agree, on the studies they share.

    Parameters
    ----------
    readings_by_study : mapping of study id to readings
        Independent readings, one per reader; no arbitrations, which are not independent.
    patient_of : mapping of study id to patient id
        Intervals resample patients, not breasts.
    n_resamples, random_state, level
        As in `reliability.clustered_interval`.

    Returns
    -------
    tuple of AgreementRow
        For each pair of readers with studies in common: kappas of BI-RADS (plain, quadratic weights), density (plain,
        linear) and recall, and the share of matched findings. Then over all: Krippendorff's alpha, and the share of
        matched findings by category, matched within the category. Empty when no study was read twice.

    Raises
    ------
    UndefinedMetric
        When the patient of a study is not given.
    """
    shared = _shared(readings_by_study, patient_of)
    resampling = _Resampling(n_resamples, random_state, level)
    rows: list[AgreementRow] = []
    for pair in _pairs(shared, patient_of):
        for question in QUESTIONS:
            rows += _kappa_rows(pair, question, schema, resampling)
        rows.append(_finding_row(pair, None, schema, resampling))
    return (*rows, *_pool_rows(shared, patient_of, schema, resampling))


def pooled_agreement_of(
    readings_by_study: Mapping[str, Sequence[Reading]],
    patient_of: Mapping[str, str],
    schema: LabelSchema,
    *,
    n_resamples: int = 2000,
    random_state: int = 0,
    level: float = 0.95,
) -> tuple[AgreementRow, ...]:
    """Measure how well all readers together agree: the rows of `agreement_of` that are about no pair of them."""
    shared = _shared(readings_by_study, patient_of)
    return _pool_rows(shared, patient_of, schema, _Resampling(n_resamples, random_state, level))


def _shared(
    readings_by_study: Mapping[str, Sequence[Reading]], patient_of: Mapping[str, str]
) -> dict[str, Sequence[Reading]]:
    shared = {study: readings for study, readings in sorted(readings_by_study.items()) if len(readings) > 1}
    strangers = [study for study in shared if study not in patient_of]
    if strangers:
        raise UndefinedMetric(f"agreement: the patient of {len(strangers)} studies is not given, say of {strangers[0]}")
    return shared


def _pool_rows(
    shared: Mapping[str, Sequence[Reading]],
    patient_of: Mapping[str, str],
    schema: LabelSchema,
    resampling: _Resampling,
) -> tuple[AgreementRow, ...]:
    if not shared:
        return ()
    everybody = tuple(sorted({reading.reader_id for readings in shared.values() for reading in readings}))
    pool = _Group(everybody, shared, patient_of)
    rows = [_alpha_row(pool, question, schema, resampling) for question in QUESTIONS]
    rows += [_finding_row(pool, name, schema, resampling) for name in (None, *schema.category_names)]
    return tuple(rows)


def _pairs(shared: Mapping[str, Sequence[Reading]], patient_of: Mapping[str, str]) -> list[_Group]:
    pairs: dict[tuple[str, str], dict[str, Sequence[Reading]]] = defaultdict(dict)
    for study, readings in shared.items():
        in_order = sorted(readings, key=lambda reading: reading.reader_id)
        for one, other in combinations(in_order, 2):
            pairs[one.reader_id, other.reader_id][study] = (one, other)
    return [_Group(readers, studies, patient_of) for readers, studies in sorted(pairs.items())]


def _answers(group: _Group, question: _Question) -> Iterator[tuple[str, list[object]]]:
    """Yield for each breast its patient and the answers of its readers."""
    for study, readings in group.studies.items():
        for side in Laterality:
            yield group.patient_of[study], [question.answer(reading.breast(side)) for reading in readings]


def _kappa_rows(
    pair: _Group, question: _Question, schema: LabelSchema, resampling: _Resampling
) -> Iterator[AgreementRow]:
    categories = question.categories(schema)
    place = {category: index for index, category in enumerate(categories)}
    patients = pair.patients()
    tables = np.zeros((len(patients), len(categories), len(categories)))
    left_out = 0
    for patient, (one, other) in _answers(pair, question):
        if one in place and other in place:
            tables[patients[patient], place[one], place[other]] += 1
        else:
            left_out += 1
    for weights in question.weights:
        name = "kappa" if weights is None else f"kappa_{weights}"
        measure = partial(kappa_of, weights=weights)
        total = int(tables.sum())
        observed = float(np.trace(tables.sum(axis=0))) / total if total else None
        yield _row(pair, (question.field, "", name), _Counts(total, left_out, observed), measure, tables, resampling)


def _alpha_row(pool: _Group, question: _Question, schema: LabelSchema, resampling: _Resampling) -> AgreementRow:
    categories = question.categories(schema)
    place = {category: index for index, category in enumerate(categories)}
    answers = list(_answers(pool, question))
    counts = np.zeros((len(answers), len(categories)))
    for row, (_, given) in enumerate(answers):
        for category, count in Counter(one for one in given if one in place).items():
            counts[row, place[category]] = count
    patients = pool.patients()
    tables = np.zeros((len(patients), len(categories), len(categories)))
    np.add.at(tables, [patients[patient] for patient, _ in answers], coincidences(counts))
    n_units = int((counts.sum(axis=1) > 1).sum())
    total = tables.sum()
    observed = float(np.trace(tables.sum(axis=0)) / total) if total else None
    measure = partial(alpha_of, values=range(len(categories)), level=question.level)
    about = (question.field, "", f"alpha_{question.level}")
    return _row(pool, about, _Counts(n_units, len(answers) - n_units, observed), measure, tables, resampling)


def _finding_row(group: _Group, category: str | None, schema: LabelSchema, resampling: _Resampling) -> AgreementRow:
    patients = group.patients()
    sums = np.zeros((len(patients), 2))  # matched pairs, findings without partner
    for study, readings in group.studies.items():
        for one, other in combinations(readings, 2):
            sums[patients[group.patient_of[study]]] += _matched_and_not(one, other, category, schema)
    matched, unmatched = sums.sum(axis=0)
    n_units = int(matched + unmatched)
    observed = float(matched) / n_units if n_units else None
    about = ("finding", category or ANY_CATEGORY, "matched_share")
    return _row(group, about, _Counts(n_units, 0, observed), _share, sums, resampling)


def _share(sums: Array) -> Array:
    return ratio(sums[..., 0], sums.sum(axis=-1))


def _matched_and_not(one: Reading, other: Reading, category: str | None, schema: LabelSchema) -> tuple[int, int]:
    marked = [
        [finding for finding in reading.findings if category is None or category in finding.categories]
        for reading in (one, other)
    ]
    matched = 0
    for image_id in {finding.image_id for finding in marked[0]}:
        boxes = [[finding.box for finding in findings if finding.image_id == image_id] for findings in marked]
        matched += len(match(boxes[0], boxes[1], min_iou=schema.matching.iou, center=schema.matching.center))
    return matched, len(marked[0]) + len(marked[1]) - 2 * matched


def _row(
    group: _Group,
    about: tuple[str, str, str],
    counts: _Counts,
    measure: Callable[[Array], Array],
    sums: Array,
    resampling: _Resampling,
) -> AgreementRow:
    start = partial(
        AgreementRow,
        *about,
        readers=group.readers,
        n_patients=len(group.patients()),
        n_studies=len(group.studies),
        n_units=counts.n_units,
        n_left_out=counts.n_left_out,
        observed=counts.observed,
    )
    try:
        one = clustered_interval(measure, sums, *resampling)
    except UndefinedMetric as error:
        return start(value=None, low=None, high=None, resamples_lost=0, note=str(error))
    return start(value=one.value, low=one.low, high=one.high, resamples_lost=one.resamples_lost)
