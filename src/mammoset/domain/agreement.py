"""Agreement of readers, as rows of one table: for each pair of readers, over all of them, and with the final answers.

One door to several modules: `agreement_rows` (what a row is), `agreement_breasts`, `agreement_findings`,
`agreement_discordance` (what is measured), `reliability` (the statistics and their intervals).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from mammoset.domain.agreement_breasts import QUESTIONS, alpha_row, kappa_rows
from mammoset.domain.agreement_discordance import discordance_rows
from mammoset.domain.agreement_findings import finding_rows
from mammoset.domain.agreement_rows import ANY_CATEGORY, COLUMNS, AgreementRow, Group, Resampling
from mammoset.domain.labels import LabelSchema
from mammoset.domain.reliability import Interval, clustered_interval, cohen_kappa, krippendorff_alpha
from mammoset.errors import UndefinedMetric
from mammoset.model import Reading, Reference

__all__ = [
    "ANY_CATEGORY",
    "COLUMNS",
    "REFERENCE",
    "AgreementRow",
    "Interval",
    "Resampling",
    "agreement_of",
    "agreement_with_reference",
    "clustered_interval",
    "cohen_kappa",
    "discordance_of",
    "krippendorff_alpha",
    "pairwise_agreement_of",
    "pooled_agreement_of",
]

Readings = Mapping[str, Sequence[Reading]]
DEFAULT = Resampling()
REFERENCE = "reference"
"""Stands for the final answers where the rows name a reader."""


def agreement_of(
    readings_by_study: Readings, patient_of: Mapping[str, str], schema: LabelSchema, resampling: Resampling = DEFAULT
) -> tuple[AgreementRow, ...]:
    """Measure how well readers agree: the rows of `pairwise_agreement_of`, then those of `pooled_agreement_of`."""
    pairs = pairwise_agreement_of(readings_by_study, patient_of, schema, resampling)
    return (*pairs, *pooled_agreement_of(readings_by_study, patient_of, schema, resampling))


def pairwise_agreement_of(
    readings_by_study: Readings, patient_of: Mapping[str, str], schema: LabelSchema, resampling: Resampling = DEFAULT
) -> tuple[AgreementRow, ...]:
    """Measure how well each two readers agree, on the studies they share.

    Parameters
    ----------
    readings_by_study : mapping of study id to readings
        Independent readings, one per reader; no arbitrations, which are not independent.
    patient_of : mapping of study id to patient id
        Intervals resample patients, not breasts.

    Returns
    -------
    tuple of AgreementRow
        For each pair of readers with studies in common: kappas of BI-RADS (plain, quadratic weights), density (plain,
        linear, quadratic) and recall, and the agreement on findings. Empty when no study was read twice.

    Raises
    ------
    UndefinedMetric
        When the patient of a study is not given.
    """
    shared = _shared(readings_by_study, patient_of)
    return tuple(row for pair in _pairs(shared, patient_of) for row in _pair_rows(pair, schema, resampling))


def pooled_agreement_of(
    readings_by_study: Readings, patient_of: Mapping[str, str], schema: LabelSchema, resampling: Resampling = DEFAULT
) -> tuple[AgreementRow, ...]:
    """Measure how well all readers together agree.

    Parameters and errors as in `pairwise_agreement_of`.

    Returns
    -------
    tuple of AgreementRow
        Krippendorff's alpha of BI-RADS, density and recall; the agreement on findings, then on those of each category.
    """
    return _pool_rows(_shared(readings_by_study, patient_of), patient_of, schema, resampling)


def discordance_of(
    readings_by_study: Readings, patient_of: Mapping[str, str], schema: LabelSchema, resampling: Resampling = DEFAULT
) -> tuple[AgreementRow, ...]:
    """Measure how often two readings of one study differ, and in what.

    Parameters and errors as in `pairwise_agreement_of`.
    """
    shared = _shared(readings_by_study, patient_of)
    return tuple(discordance_rows(_everybody(shared, patient_of), schema, resampling)) if shared else ()


def agreement_with_reference(
    readings_by_study: Readings,
    references: Mapping[str, Reference],
    patient_of: Mapping[str, str],
    schema: LabelSchema,
    resampling: Resampling = DEFAULT,
) -> tuple[AgreementRow, ...]:
    """Measure how well readings agree with the final answers, which they had no part in.

    Parameters
    ----------
    readings_by_study : mapping of study id to readings
        Those of senior readers, say; readings that the final answer was made from would agree with themselves.
    references : mapping of study id to Reference
        Studies without one are left out.

    Returns
    -------
    tuple of AgreementRow
        As for a pair of readers, of whom the second is `REFERENCE`.
    """
    groups: dict[str, dict[str, Sequence[Reading]]] = defaultdict(dict)
    for study, readings in sorted(readings_by_study.items()):
        final = references.get(study)
        for reading in readings:
            if final is not None:
                groups[reading.reader_id][study] = (reading, Reading(study, REFERENCE, final.breasts, final.findings))
    for studies in groups.values():
        _require_patients(studies, patient_of)
    pairs = [Group((reader, REFERENCE), studies, patient_of) for reader, studies in sorted(groups.items())]
    return tuple(row for pair in pairs for row in _pair_rows(pair, schema, resampling))


def _shared(readings_by_study: Readings, patient_of: Mapping[str, str]) -> dict[str, Sequence[Reading]]:
    shared = {study: readings for study, readings in sorted(readings_by_study.items()) if len(readings) > 1}
    _require_patients(shared, patient_of)
    return shared


def _require_patients(studies: Readings, patient_of: Mapping[str, str]) -> None:
    strangers = [study for study in studies if study not in patient_of]
    if strangers:
        raise UndefinedMetric(f"agreement: the patient of {len(strangers)} studies is not given, say of {strangers[0]}")


def _pairs(shared: Readings, patient_of: Mapping[str, str]) -> list[Group]:
    pairs: dict[tuple[str, str], dict[str, Sequence[Reading]]] = defaultdict(dict)
    for study, readings in shared.items():
        in_order = sorted(readings, key=lambda reading: reading.reader_id)
        for one, other in combinations(in_order, 2):
            pairs[one.reader_id, other.reader_id][study] = (one, other)
    return [Group(readers, studies, patient_of) for readers, studies in sorted(pairs.items())]


def _everybody(shared: Readings, patient_of: Mapping[str, str]) -> Group:
    readers = tuple(sorted({reading.reader_id for readings in shared.values() for reading in readings}))
    return Group(readers, shared, patient_of)


def _pair_rows(pair: Group, schema: LabelSchema, resampling: Resampling) -> Iterator[AgreementRow]:
    for question in QUESTIONS:
        yield from kappa_rows(pair, question, schema, resampling)
    yield from finding_rows(pair, None, schema, resampling)


def _pool_rows(
    shared: Readings, patient_of: Mapping[str, str], schema: LabelSchema, resampling: Resampling
) -> tuple[AgreementRow, ...]:
    if not shared:
        return ()
    pool = _everybody(shared, patient_of)
    rows = [alpha_row(pool, question, schema, resampling) for question in QUESTIONS]
    for name in (None, *schema.category_names):
        rows += finding_rows(pool, name, schema, resampling)
    return tuple(rows)
