"""Agreement on what is asked of breasts: BI-RADS, density, recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from mammoset.domain.agreement_rows import AgreementRow, Counts, Group, Measure, Resampling, rows_of
from mammoset.domain.labels import LabelSchema
from mammoset.domain.reliability import Array, Level, Weights, alpha_of, coincidences, kappa_of
from mammoset.model import Breast
from mammoset.terms.birads import ORDINAL_ASSESSMENTS, is_recall
from mammoset.terms.dicom import Laterality

ONE_ANSWER = "one and the same answer is given everywhere, so that chance alone would agree"


class Question(NamedTuple):
    """A question about a breast, and how agreement on it is measured."""

    field: str
    categories: Callable[[LabelSchema], tuple[object, ...]]
    answer: Callable[[Breast], object]
    weights: tuple[Weights | None, ...]
    level: Level


def _recall(breast: Breast) -> bool | None:
    return is_recall(breast.birads) if breast.birads in ORDINAL_ASSESSMENTS else None


QUESTIONS = (
    Question(
        "birads",
        lambda schema: tuple(one for one in schema.breast_birads if one in ORDINAL_ASSESSMENTS),
        lambda breast: breast.birads,
        (None, "quadratic"),
        "ordinal",
    ),
    Question(
        "density",
        lambda schema: schema.densities,
        lambda breast: breast.density,
        (None, "linear", "quadratic"),
        "ordinal",
    ),
    Question("recall", lambda _: (False, True), _recall, (None,), "nominal"),
)
"""What is asked of breasts; answers that are none of the categories have no place in the statistic."""


def _answers(group: Group, question: Question) -> Iterator[tuple[str, list[object]]]:
    """Yield for each breast its patient and the answers of its readers."""
    for study, readings in group.studies.items():
        for side in Laterality:
            yield group.patient_of[study], [question.answer(reading.breast(side)) for reading in readings]


def kappa_rows(pair: Group, question: Question, schema: LabelSchema, resampling: Resampling) -> list[AgreementRow]:
    """Return the kappas of two readers on one question, one row for each way to weigh a difference."""
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
    counts = Counts(int(tables.sum()), left_out, _share_on_diagonal(tables))
    measures = [
        Measure(question.field, "", _kappa_name(weights), partial(kappa_of, weights=weights), ONE_ANSWER)
        for weights in question.weights
    ]
    return rows_of(pair, measures, counts, tables, resampling)


def _kappa_name(weights: Weights | None) -> str:
    return "kappa" if weights is None else f"kappa_{weights}"


def alpha_row(pool: Group, question: Question, schema: LabelSchema, resampling: Resampling) -> AgreementRow:
    """Return Krippendorff's alpha of all readers on one question."""
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
    value_of = partial(alpha_of, values=range(len(categories)), level=question.level)
    measure = Measure(question.field, "", f"alpha_{question.level}", value_of, ONE_ANSWER)
    found = Counts(n_units, len(answers) - n_units, _share_on_diagonal(tables))
    return rows_of(pool, [measure], found, tables, resampling)[0]


def _share_on_diagonal(tables: Array) -> float | None:
    total = tables.sum()
    return float(np.trace(tables.sum(axis=0)) / total) if total else None
