"""How often two readings of one exam differ, and in what."""

from __future__ import annotations

from typing import get_args

import numpy as np

from mammoset.domain.agreement_rows import AgreementRow, Counts, Group, Measure, Resampling, rows_of
from mammoset.domain.discordance import compare
from mammoset.domain.labels import DisagreementKind, LabelSchema
from mammoset.domain.reliability import Array, ratio

ARBITRATION = "arbitration"
FIELDS: tuple[str, ...] = (ARBITRATION, *get_args(DisagreementKind))
"""Differences that call for an arbiter, then each kind of difference whether it calls for one or not."""


def discordance_rows(group: Group, schema: LabelSchema, resampling: Resampling) -> list[AgreementRow]:
    """Return for each of `FIELDS` the share of exams whose readings differ in it, at either breast or any finding."""
    patients = group.patients()
    differ = np.zeros((len(patients), len(FIELDS) + 1))  # the last column counts pairs of readings
    for patient, one, other in group.pairs():
        found = compare(one, other, schema)
        kinds = {difference.kind for difference in found}
        opens = any(difference.opens_arbitration for difference in found)
        differ[patients[patient]] += [opens, *(kind in kinds for kind in FIELDS[1:]), 1]
    n_pairs = int(differ[:, -1].sum())
    rows: list[AgreementRow] = []
    for place, field in enumerate(FIELDS):
        sums = differ[:, [place, -1]]
        observed = 1 - float(sums[:, 0].sum()) / n_pairs if n_pairs else None
        measure = Measure(field, "", "discordance", _share, "")
        rows += rows_of(group, [measure], Counts(n_pairs, 0, observed), sums, resampling)
    return rows


def _share(sums: Array) -> Array:
    return ratio(sums[..., 0], sums[..., 1])
