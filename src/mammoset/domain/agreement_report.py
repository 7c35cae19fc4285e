"""All that is said of agreement in a project, in one value: what the tables, an export and the dashboard show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mammoset.domain.agreement import (
    AgreementRow,
    Resampling,
    agreement_with_reference,
    discordance_of,
    pairwise_agreement_of,
    pooled_agreement_of,
)
from mammoset.domain.labels import LabelSchema
from mammoset.domain.workflow import Standing, reference_from
from mammoset.model import Study

TABLES = ("pairs", "pool", "discordance", "seniors")


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The tables of agreement.

    Attributes
    ----------
    n_studies : int
        Exams with two first readings or more.
    n_senior : int
        Exams that a senior reader has read.
    is_phase_closed : bool
        Whether the reading phase is closed, so that who reads may be told what others said.
    pairs : tuple of AgreementRow
        Of each two readers with exams in common.
    pool : tuple of AgreementRow
        Of all readers together.
    discordance : tuple of AgreementRow
        How often two first readings differ, and in what.
    seniors : tuple of AgreementRow
        Of each senior reader with the final answers; a senior's reading has no part in those.
    """

    n_studies: int
    n_senior: int
    is_phase_closed: bool
    pairs: tuple[AgreementRow, ...]
    pool: tuple[AgreementRow, ...]
    discordance: tuple[AgreementRow, ...]
    seniors: tuple[AgreementRow, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        tables = {name: [row.to_json() for row in getattr(self, name)] for name in TABLES}
        return {
            "n_studies": self.n_studies,
            "n_senior": self.n_senior,
            "is_phase_closed": self.is_phase_closed,
            **tables,
        }


def report_of(
    standings: Mapping[str, Standing],
    studies: Sequence[Study],
    schema: LabelSchema,
    *,
    experience: Mapping[str, int | None] | None = None,
    resampling: Resampling | None = None,
) -> AgreementReport:
    """Measure agreement over studies.

    Parameters
    ----------
    standings : mapping of study id to Standing
        Where the readings of each study stand; one that is absent has none.
    studies : sequence of Study
        Those that count.
    experience
        As in `reference.settle`.

    Raises
    ------
    ConfigError
        When a difference is to be settled by the senior reader and the readers' experience is not known.
    """
    resampling = resampling or Resampling()
    patient_of = {study.study_id: study.patient_id for study in studies}
    known = {one: standings[one] for one in sorted(patient_of) if one in standings}
    readings = {study_id: standing.readings for study_id, standing in known.items()}
    quality = {study_id: (one.quality,) for study_id, one in known.items() if one.quality is not None}
    images = {study.study_id: study.images for study in studies}
    settled = {
        study_id: reference_from(known[study_id], schema, images=images[study_id], experience=experience)
        for study_id in quality
    }
    references = {study_id: reference for study_id, reference in settled.items() if reference is not None}
    return AgreementReport(
        n_studies=sum(len(found) > 1 for found in readings.values()),
        n_senior=len(quality),
        is_phase_closed=any(one.is_closed for one in known.values()),
        pairs=pairwise_agreement_of(readings, patient_of, schema, resampling),
        pool=pooled_agreement_of(readings, patient_of, schema, resampling),
        discordance=discordance_of(readings, patient_of, schema, resampling),
        seniors=agreement_with_reference(quality, references, patient_of, schema, resampling),
    )
