"""Agreement as a release tells it: over all readers together, never of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mammoset.domain.agreement import AgreementRow, pooled_agreement_of
from mammoset.domain.labels import LabelSchema
from mammoset.model import Reading

DECIMALS = 4
"""More would be noise, and might differ between machines in the last place of a float."""

_WORDS = {
    "birads": "breast BI-RADS",
    "density": "breast density",
    "recall": "recall (BI-RADS 3–5)",
    "alpha_nominal": "Krippendorff's alpha, nominal",
    "alpha_ordinal": "Krippendorff's alpha, ordinal",
    "f1": "positive agreement (F1) of boxes",
    "f1_images": "positive agreement (F1) of images",
    "mean_iou": "mean IoU of boxes marked by both",
}

HEADER = ("question", "measure", "cases", "observed", "value", "95% interval")


def pooled_agreement(
    readings_by_study: Mapping[str, Sequence[Reading]], patient_of: Mapping[str, str], schema: LabelSchema
) -> list[dict[str, Any]]:
    """Return the agreement of all readers together, without naming them: pairs are nobody's business outside.

    Empty for a dataset that was read once.
    """
    return [_to_json(row) for row in pooled_agreement_of(readings_by_study, patient_of, schema)]


def _to_json(row: AgreementRow) -> dict[str, Any]:
    measured = {name: getattr(row, name) for name in ("observed", "value", "low", "high")}
    return {
        "field": row.field,
        "category": row.category,
        "statistic": row.statistic,
        "n_patients": row.n_patients,
        "n_studies": row.n_studies,
        "n_units": row.n_units,
        "n_left_out": row.n_left_out,
        **{name: None if value is None else round(value, DECIMALS) for name, value in measured.items()},
    }


def agreement_rows(agreement: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return header and rows of the table of agreement in README.md."""
    return HEADER, tuple(_row(one) for one in agreement)


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    field, category = one["field"], one["category"]
    question = _WORDS.get(field, field) if not category else f"{field}: {category}"
    interval = "–" if one["low"] is None else f"{one['low']:.3f} to {one['high']:.3f}"
    numbers = ("–" if one[name] is None else f"{one[name]:.3f}" for name in ("observed", "value"))
    return (question, _WORDS.get(one["statistic"], one["statistic"]), f"{one['n_units']:,}", *numbers, interval)
