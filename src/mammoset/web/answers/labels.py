"""What readers are asked and the rules of an answer, as one table from which a client builds its form and checks."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Literal

from pydantic import BaseModel

from mammoset.domain import rules
from mammoset.domain.labels import LabelSchema, to_json

VERSION_LENGTH = 16


class BiradsOut(BaseModel):
    """A BI-RADS category of a breast, and what it means."""

    value: int
    meaning: str


class DensityOut(BaseModel):
    """A breast density, and what it means."""

    value: str
    meaning: str


class BreastLabelsOut(BaseModel):
    """What is asked of each breast."""

    birads: list[BiradsOut]
    densities: list[DensityOut]


class FindingLabelsOut(BaseModel):
    """What is asked of each finding; the size in stored pixels."""

    birads: list[int]
    min_box_size: float


class CategoryOut(BaseModel):
    """A category of findings."""

    name: str
    definition: str
    needs_birads: bool
    group: str
    once_per_breast: bool


class RuleOut(BaseModel):
    """A rule: at which places it is asked (`scope`), when it is broken, and what is said then.

    ``when`` is a condition as `mammoset.domain.conditions` describes it, over the names of the scope.
    """

    code: str
    level: Literal["error", "confirm"]
    scope: Literal["side", "finding", "finding_category", "side_category"]
    message: str
    when: list[Any]


class LabelsOut(BaseModel):
    """What readers are asked; `version` changes with whatever else is in it."""

    version: str
    breast: BreastLabelsOut
    finding: FindingLabelsOut
    categories: list[CategoryOut]
    rules: list[RuleOut]


def labels_out(schema: LabelSchema) -> LabelsOut:
    """Return a label schema and the rules as a client gets them."""
    told = to_json(schema)
    body = {
        "breast": told["breast"], "finding": told["finding"], "categories": told["category"],
        "rules": rules.to_json()["rules"],
    }  # fmt: skip
    text = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return LabelsOut.model_validate({"version": sha256(text.encode()).hexdigest()[:VERSION_LENGTH], **body})
