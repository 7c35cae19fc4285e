"""Our label schema as labels of VinDr Lab: flat, in one group, named as in the published tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from mammoset.domain.labels import LabelSchema
from mammoset.domain.vindr_lab import BOX, TAG, id_of
from mammoset.model import Breast, Finding, Reading
from mammoset.terms.birads import birads_label, density_label
from mammoset.terms.dicom import Laterality

GROUP = "Mammography"


class _Form(NamedTuple):
    """What a label says, what it is put on, and how: a box of a finding, or a tag."""

    about: str
    kind: str
    annotation_type: str
    color: str


FINDING = _Form("category", "FINDING", BOX, "#f44336")
FINDING_BIRADS = _Form("finding_birads", "FINDING", BOX, "#ff9800")
BREAST_BIRADS = _Form("birads", "IMPRESSION", TAG, "#4caf50")
BREAST_DENSITY = _Form("density", "IMPRESSION", TAG, "#2196f3")


def _label_id(form: _Form, name: str) -> str:
    return id_of("label", form.about, name)


def finding_labels(finding: Finding) -> list[str]:
    """Return the ids of the labels of a finding: its categories, then its BI-RADS where it has one."""
    found = [_label_id(FINDING, name) for name in finding.categories]
    return found + ([] if finding.birads is None else [_label_id(FINDING_BIRADS, birads_label(finding.birads))])


def breast_labels(breast: Breast) -> list[str]:
    """Return the ids of the labels of a breast; a question that was not answered has none."""
    found = [] if breast.birads is None else [_label_id(BREAST_BIRADS, birads_label(breast.birads))]
    return found + ([] if breast.density is None else [_label_id(BREAST_DENSITY, density_label(breast.density))])


def labels_of(schema: LabelSchema, readings: Sequence[Reading], creator_id: str) -> list[dict[str, Any]]:
    """Return the labels of a project: those of its schema, and those that only older answers hold."""
    words = dict.fromkeys((form, name) for form, name in (*_in_schema(schema), *_in_answers(readings)))
    told = {category.name: category.definition for category in schema.categories}
    return [
        {
            "id": _label_id(form, name),
            "type": form.kind,
            "scope": "IMAGE",
            "annotation_type": form.annotation_type,
            "name": name,
            "short_name": "".join(word[0] for word in name.split()),
            "parent_label_id": "",
            "description": told.get(name, "") if form == FINDING else "",
            "color": form.color,
            "creator_id": creator_id,
            "label_group_id": id_of("label_group", GROUP),
            "children_select_type": "",
            "order": order,
        }
        for order, (form, name) in enumerate(words, start=1)
    ]


def _in_schema(schema: LabelSchema) -> Iterator[tuple[_Form, str]]:
    yield from ((FINDING, name) for name in schema.category_names)
    yield from ((FINDING_BIRADS, birads_label(value)) for value in schema.finding_birads)
    yield from ((BREAST_BIRADS, birads_label(value)) for value in schema.breast_birads)
    yield from ((BREAST_DENSITY, density_label(value)) for value in schema.densities)


def _in_answers(readings: Iterable[Reading]) -> list[tuple[_Form, str]]:
    """Return the labels that answers hold, by name; an answer may be older than the schema."""
    found: set[tuple[_Form, str]] = set()
    for reading in readings:
        for finding in reading.findings:
            found |= {(FINDING, name) for name in finding.categories}
            found |= set() if finding.birads is None else {(FINDING_BIRADS, birads_label(finding.birads))}
        for breast in map(reading.breast, Laterality):
            found |= set() if breast.birads is None else {(BREAST_BIRADS, birads_label(breast.birads))}
            found |= set() if breast.density is None else {(BREAST_DENSITY, density_label(breast.density))}
    return sorted(found)
