"""The places of a reading at which a rule is asked, and the values that each place gives under their names.

What a rule's ``scope`` says:

``side``
    The left breast, then the right one.
``finding``
    Each finding in the reading's order.
``finding_category``
    Each different category of each finding, in the finding's order.
``side_category``
    The left breast, then the right one, with each category that is marked on an image of it, by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from mammoset.domain.labels import LabelSchema
from mammoset.model import Finding, Image, Reading
from mammoset.terms.dicom import Laterality

Scope = Literal["side", "finding", "finding_category", "side_category"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

NAMES: Mapping[Scope, Mapping[str, str]] = {
    "side": {
        "side.is_shown": "whether the exam has an image of this breast",
        "side.n_answers": "how many of the reading's breasts have this laterality",
        "side.n_findings": "how many findings lie on an image of this breast",
        "breast.birads": "what was answered; null where not, or where there is not exactly one answer",
        "breast.density": "likewise",
    },
    "finding": {
        "finding.birads": "its own BI-RADS, or null",
        "finding.n_categories": "how many categories it has, repeated ones counted",
        "finding.needs_birads": "whether a category of it must carry a BI-RADS",
        "finding.needing": "its categories that must, in its order",
        "finding.width": "xmax - xmin",
        "finding.height": "ymax - ymin",
        "finding.xmin": "of its box", "finding.ymin": "of its box", "finding.xmax": "of its box",
        "finding.ymax": "of its box",
        "image.is_known": "whether its image is one of the images of the exam",
        "image.is_of_exam": "whether that image belongs to the reading's exam; null where not known",
        "image.is_standard": "whether that is one of the four standard views; null where not known",
        "image.width": "columns; null where not known",
        "image.height": "rows; null where not known",
        "breast.birads": "of the first answer for the side of that image; null where there is none, or not known",
    },
    "finding_category": {
        "category.name": "the category",
        "category.is_known": "whether labels.toml has it",
        "category.count": "how often the finding has it",
    },
    "side_category": {
        "category.name": "the category",
        "category.once_per_breast": "whether it is by definition visible in one view only; false where not known",
        "category.n_views": "on how many different view positions of this breast it is marked",
    },
}  # fmt: skip
"""Scope to the names that it gives and what they mean; `SCHEMA_NAMES` are given everywhere."""

SCHEMA_NAMES: Mapping[str, str] = {
    "schema.breast_birads": "allowed for a breast",
    "schema.densities": "allowed for a breast",
    "schema.finding_birads": "allowed for a finding",
    "schema.min_finding_birads": "the lowest of them",
    "schema.min_box_size": "smallest width and height of a box in stored pixels",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A reading beside what it is judged by."""

    reading: Reading
    images: Mapping[str, Image]
    schema: LabelSchema


class Place(NamedTuple):
    """A place at which a rule is asked, and what holds there."""

    values: dict[str, Any]
    laterality: Laterality | None = None
    finding_index: int | None = None


def places_of(case: Case) -> dict[Scope, list[Place]]:
    """Return every place of a reading, by scope, in the order in which violations are listed."""
    schema = _schema_values(case.schema)
    return {
        scope: [place._replace(values=schema | place.values) for place in find(case)] for scope, find in _FIND.items()
    }


def _schema_values(schema: LabelSchema) -> dict[str, Any]:
    return {
        "schema.breast_birads": schema.breast_birads, "schema.densities": schema.densities,
        "schema.finding_birads": schema.finding_birads, "schema.min_finding_birads": schema.min_finding_birads,
        "schema.min_box_size": schema.min_box_size,
    }  # fmt: skip


def _on_known_images(case: Case) -> Iterator[tuple[Finding, Image]]:
    for finding in case.reading.findings:
        if finding.image_id in case.images:
            yield finding, case.images[finding.image_id]


def _sides(case: Case) -> Iterator[Place]:
    shown = {image.laterality for image in case.images.values()}
    marked = Counter(image.laterality for _, image in _on_known_images(case))
    for side in Laterality:
        answers = [breast for breast in case.reading.breasts if breast.laterality == side]
        only = answers[0] if len(answers) == 1 else None
        values = {
            "side.is_shown": side in shown, "side.n_answers": len(answers), "side.n_findings": marked[side],
            "breast.birads": only and only.birads, "breast.density": only and only.density,
        }  # fmt: skip
        yield Place(values, side)


def _findings(case: Case) -> Iterator[Place]:
    for index, finding in enumerate(case.reading.findings):
        image, box = case.images.get(finding.image_id), finding.box
        needing = [name for name in finding.categories if case.schema.needs_birads([name])]
        values = {
            "finding.birads": finding.birads, "finding.n_categories": len(finding.categories),
            "finding.needs_birads": bool(needing), "finding.needing": needing,
            "finding.width": box.width, "finding.height": box.height,
            "finding.xmin": box.xmin, "finding.ymin": box.ymin, "finding.xmax": box.xmax, "finding.ymax": box.ymax,
            "image.is_known": image is not None,
            "image.is_of_exam": image and image.study_id == case.reading.study_id,
            "image.is_standard": image and image.is_standard,
            "image.width": image and image.width, "image.height": image and image.height,
            "breast.birads": image and case.reading.breast(image.laterality).birads,
        }  # fmt: skip
        yield Place(values, None if image is None else image.laterality, index)


def _finding_categories(case: Case) -> Iterator[Place]:
    for index, finding in enumerate(case.reading.findings):
        image = case.images.get(finding.image_id)
        for name, count in Counter(finding.categories).items():
            is_known = case.schema.category(name) is not None
            values = {"category.name": name, "category.is_known": is_known, "category.count": count}
            yield Place(values, None if image is None else image.laterality, index)


def _side_categories(case: Case) -> Iterator[Place]:
    views: dict[tuple[Laterality, str], set[str]] = defaultdict(set)
    for finding, image in _on_known_images(case):
        for name in finding.categories:
            views[image.laterality, name].add(image.view_position)
    for (side, name), seen in sorted(views.items()):
        category = case.schema.category(name)
        values = {
            "category.name": name, "category.n_views": len(seen),
            "category.once_per_breast": category is not None and category.once_per_breast,
        }  # fmt: skip
        yield Place(values, side)


_FIND: Mapping[Scope, Callable[[Case], Iterator[Place]]] = {
    "side": _sides, "finding": _findings, "finding_category": _finding_categories, "side_category": _side_categories,
}  # fmt: skip


def images_by_id(images: Sequence[Image]) -> dict[str, Image]:
    """Return images by their ids."""
    return {image.image_id: image for image in images}
