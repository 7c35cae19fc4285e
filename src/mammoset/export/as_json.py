"""readings.json: all readings and arbitrations, who, when and why.

::

    {"format_version": 1, "dataset": "...", "label_schema": {...}, "readers": [...],
     "studies": [{"study_id": ..., "patient_id": ..., "draw": 0, "age_years": 57, "split": "training",
                  "state": "concordant", "images": [...], "facts": [...], "readings": ["r1", "r2"],
                  "disagreements": [...], "reference": {...}}],
     "facts_about_all": [...], "agreement": [...]}

``facts`` are the history in full, as they were appended, drafts and replaced readings included; each reading has the
shape of `mammoset.domain.readings_json`, which ``mammoset read import`` reads. ``readings`` names those whose answers
count, in the order of submission.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mammoset.domain.agreement import AgreementRow
from mammoset.domain.discordance import Disagreement
from mammoset.domain.labels import LabelSchema
from mammoset.domain.labels import to_json as schema_to_json
from mammoset.domain.readings_json import finding_to_json, reading_to_json
from mammoset.domain.workflow import Fact, Standing, standing_of
from mammoset.model import Image, Reader, Reference, Study

FORMAT_VERSION = 1
ABOUT_ALL = ""
"""Study id of facts that are about every study."""


@dataclass(frozen=True, slots=True)
class Everything:
    """What an export holds; `studies` are sorted by id."""

    dataset: str
    schema: LabelSchema
    readers: tuple[Reader, ...]
    studies: tuple[Study, ...]
    facts: Mapping[str, Sequence[Fact]]
    references: Mapping[str, Reference]
    folds: Mapping[str, str]
    agreement: tuple[AgreementRow, ...] = field(default=())

    def standing(self, study: Study) -> Standing:
        """Return what follows from the facts of a study."""
        return standing_of(self.facts.get(study.study_id, ()), self.schema, images=study.images)

    def with_agreement(self, agreement: Sequence[AgreementRow]) -> Everything:
        """Return a copy that holds the agreement of the readers."""
        return replace(self, agreement=tuple(agreement))


def as_text(value: object) -> str:
    """Return JSON values as text."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def readings_as_json(found: Everything) -> dict[str, Any]:
    """Return readings.json as JSON values, in the shape of the module's docstring."""
    return {
        "format_version": FORMAT_VERSION,
        "dataset": found.dataset,
        "label_schema": schema_to_json(found.schema),
        "readers": [asdict(reader) for reader in found.readers],
        "studies": [_study(found, study) for study in found.studies],
        "facts_about_all": [_fact(fact) for fact in _about_all(found)],
        "agreement": [asdict(row) for row in found.agreement],
    }


def _about_all(found: Everything) -> list[Fact]:
    """Return the facts that are about every study, once each; the catalog gives them with each study's own."""
    general = {fact.number: fact for facts in found.facts.values() for fact in facts if fact.study_id == ABOUT_ALL}
    return [general[number] for number in sorted(general)]


def _study(found: Everything, study: Study) -> dict[str, Any]:
    standing = found.standing(study)
    reference = found.references.get(study.study_id)
    return {
        "study_id": study.study_id,
        "patient_id": study.patient_id,
        "draw": study.draw,
        "age_years": study.age_years,
        "split": found.folds.get(study.study_id),
        "state": standing.state.value,
        "images": [_image(image) for image in study.images],
        "facts": [_fact(fact) for fact in found.facts.get(study.study_id, ()) if fact.study_id != ABOUT_ALL],
        "readings": list(standing.submitted),
        "disagreements": [_disagreement(one) for one in standing.disagreements],
        "reference": None if reference is None else _reference(reference),
    }


def _image(image: Image) -> dict[str, Any]:
    return {
        "image_id": image.image_id,
        "series_id": image.series_id,
        "laterality": image.laterality.value,
        "view_position": image.view_position.value,
        "height": image.height,
        "width": image.width,
        "is_standard": image.is_standard,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "number": fact.number,
        "kind": fact.kind.value,
        "by": fact.reader_id,
        "role": fact.role,
        "at": fact.at.isoformat(),
        "reason": fact.reason,
        "reading": None if fact.reading is None else reading_to_json(fact.reading),
    }


def _disagreement(one: Disagreement) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "laterality": None if one.laterality is None else one.laterality.value,
        "image_id": one.image_id,
        "first": one.first,
        "second": one.second,
        "opens_arbitration": one.opens_arbitration,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "origin": reference.origin,
        "breasts": [
            {"laterality": breast.laterality.value, "birads": breast.birads, "density": breast.density}
            for breast in reference.breasts
        ],
        "findings": [finding_to_json(finding) for finding in reference.findings],
    }
