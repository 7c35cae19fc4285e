"""readings.json: all readings and arbitrations, who, when and why.

::

    {"format_version": 3, "dataset": "...", "label_schema": {...}, "readers": [...],
     "studies": [{"study_id": ..., "patient_id": ..., "draw": 0, "age_years": 57, "split": "training",
                  "state": "concordant", "is_approved": true, "images": [...], "facts": [...],
                  "readings": ["r1", "r2"], "arbiter": null, "senior": null, "flags": [],
                  "disagreements": [...], "reference": {...}}],
     "facts_about_all": [...], "agreement": {...}}

``facts`` are the history in full, as they were appended: drafts, amended and withdrawn readings, arbitrations, senior
reads, flags; each reading has the shape of `mammoset.domain.readings_json`, which ``mammoset read import`` reads, and
``is_in_force`` says whether it is the person's answer now. ``readings`` names those whose answers count, in the order
of submission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mammoset.domain.agreement_report import AgreementReport, report_of
from mammoset.domain.discordance import Disagreement
from mammoset.domain.labels import LabelSchema
from mammoset.domain.labels import to_json as schema_to_json
from mammoset.domain.readings_json import finding_to_json, reading_to_json
from mammoset.domain.viewed import viewed_to_json
from mammoset.domain.workflow import Fact, FactKind, Standing, StudyState
from mammoset.model import Image, Reader, Reference, Study

FORMAT_VERSION = 3
"""3: what was seen of each image.
2: seconds and whether a reading is in force, senior reads, flags, approval; agreement as a report of tables."""
ANSWERS = frozenset({FactKind.SUBMITTED, FactKind.AMENDED, FactKind.ARBITRATED})
NOBODY = Standing(StudyState.UNASSIGNED)
ABOUT_ALL = ""
"""Study id of facts that are about every study."""


@dataclass(frozen=True, slots=True)
class Everything:
    """What an export holds.

    Attributes
    ----------
    studies : tuple of Study
        By study id.
    approved : frozenset of str
        Those that may be read now; only they have references and count for the agreement.
    """

    dataset: str
    schema: LabelSchema
    readers: tuple[Reader, ...]
    studies: tuple[Study, ...]
    facts: Mapping[str, Sequence[Fact]]
    references: Mapping[str, Reference]
    folds: Mapping[str, str]
    approved: frozenset[str]
    standings: Mapping[str, Standing]

    def agreement(self) -> AgreementReport:
        """Measure how well the readers agree, on the approved exams."""
        studies = [study for study in self.studies if study.study_id in self.approved]
        experience = {one.reader_id: one.years_experience for one in self.readers}
        return report_of(self.standings, studies, self.schema, experience=experience)

    def own_facts(self, study: Study) -> list[Fact]:
        """Return the facts of a study but for those that are about every study."""
        return [fact for fact in self.facts.get(study.study_id, ()) if fact.study_id != ABOUT_ALL]

    def answers(self, study: Study) -> list[Fact]:
        """Return the facts that gave the answers in force, in the order in which they came in."""
        standing = self.standings[study.study_id]
        return [fact for fact in self.own_facts(study) if _is_in_force(fact, standing)]


def as_text(value: object) -> Iterator[str]:
    """Yield the text of JSON values in pieces: in one it would be several times as large as the values."""
    yield from json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False).iterencode(value)
    yield "\n"


def readings_as_json(found: Everything, agreement: AgreementReport) -> dict[str, Any]:
    """Return readings.json as JSON values, in the shape of the module's docstring."""
    return {
        "format_version": FORMAT_VERSION,
        "dataset": found.dataset,
        "label_schema": schema_to_json(found.schema),
        "readers": [asdict(reader) for reader in found.readers],
        "studies": [_study(found, study) for study in found.studies],
        "facts_about_all": [_fact(fact, NOBODY) for fact in _about_all(found)],
        "agreement": agreement.to_json(),
    }


def _about_all(found: Everything) -> list[Fact]:
    """Return the facts that are about every study, once each; the catalog gives them with each study's own."""
    general = {fact.number: fact for facts in found.facts.values() for fact in facts if fact.study_id == ABOUT_ALL}
    return [general[number] for number in sorted(general)]


def _study(found: Everything, study: Study) -> dict[str, Any]:
    standing = found.standings[study.study_id]
    reference = found.references.get(study.study_id)
    return {
        "study_id": study.study_id,
        "patient_id": study.patient_id,
        "draw": study.draw,
        "age_years": study.age_years,
        "split": found.folds.get(study.study_id),
        "state": standing.state.value,
        "is_approved": study.study_id in found.approved,
        "images": [_image(image) for image in study.images],
        "facts": [_fact(fact, standing) for fact in found.own_facts(study)],
        "readings": list(standing.submitted),
        "arbiter": standing.arbiter,
        "senior": standing.senior,
        "flags": list(standing.flags),
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


def _fact(fact: Fact, standing: Standing) -> dict[str, Any]:
    return {
        "number": fact.number,
        "kind": fact.kind.value,
        "by": fact.reader_id,
        "role": fact.role,
        "at": fact.at.isoformat(),
        "reason": fact.reason,
        "seconds": dict(sorted(fact.seconds.items())),
        "viewed": viewed_to_json(fact.viewed),
        "is_in_force": _is_in_force(fact, standing),
        "reading": None if fact.reading is None else reading_to_json(fact.reading),
    }


def _is_in_force(fact: Fact, standing: Standing) -> bool | None:
    """Whether the fact's reading is the person's answer now; None of facts without an answer."""
    if fact.kind not in ANSWERS:
        return None
    return fact.reading is not None and standing.answer_of(fact.reader_id, fact.role) is fact.reading


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
