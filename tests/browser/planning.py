"""What two readers mean to say of exams whose truth is known, where they differ, and what must become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mammoset.model import Box, Finding
from mammoset.phantom.truth import ExamTruth
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.terms.findings import SUSPICIOUS_LYMPH_NODE
from tests.browser.people import CLOSENESS, Mark, Said

READERS = ("anneliese", "balthasar")
OTHER_BIRADS = {3: 4, 4: 5, 5: 4}
LEAST = 11
"""Pixels of a side of a box, a little more than the least that a reader may draw."""


def differing(truths: Sequence[ExamTruth]) -> dict[str, str]:
    """Return what the second reader says otherwise, of each exam in turn: nothing, BI-RADS, a finding, density."""
    return {truth.study_id: ("", "birads", "finding", "", "density")[n % 5] for n, truth in enumerate(truths)}


def plans_of(truths: Sequence[ExamTruth]) -> dict[str, dict[str, Said]]:
    """Return by reader, then by study, what they mean to say."""
    how = differing(truths)
    first = {truth.study_id: _first(truth, how[truth.study_id], n) for n, truth in enumerate(truths)}
    second = {truth.study_id: _second(truth, how[truth.study_id], n) for n, truth in enumerate(truths)}
    return dict(zip(READERS, (first, second), strict=True))


def own_marks(truths: Sequence[ExamTruth]) -> dict[str, list[Mark]]:
    """Return what the arbiter marks that neither reader has: a node in the first exam that is arbitrated."""
    truth = next(one for one in truths if differing(truths)[one.study_id])
    # beside what is there: where nothing was found a node would be a contradiction
    side = next(one.laterality for one in truth.images if one.image_id == truth.findings[0].image_id)
    views = [one for one in truth.standard_images if one.view_position is ViewPosition.MLO]
    image = next(one for one in views if one.laterality is side)
    rows, columns = image.rows, image.columns
    box = Box(columns // 2 - 15, rows // 8, columns // 2 + 20, rows // 8 + 35)
    return {truth.study_id: [Mark(image.image_id, box, SUSPICIOUS_LYMPH_NODE, None)]}


def _first(truth: ExamTruth, difference: str, number: int) -> Said:
    """Mark what is there, but one view of it where a finding is to be missed."""
    found = list(truth.findings)
    seen = found[1:] if difference == "finding" else found
    marks = _marks(seen, 0.04, 0)
    return Said(*_breasts(truth, seen, "C"), marks, f"filigree{number} of the first")


def _second(truth: ExamTruth, difference: str, number: int) -> Said:
    """Mark the same a little beside, and say one thing otherwise."""
    found = list(truth.findings)
    if difference == "birads":
        found = [replace(one, birads=OTHER_BIRADS[one.birads or 4]) for one in found]
    density = "D" if difference == "density" else "C"
    return Said(*_breasts(truth, found, density), _marks(found, 0.1, 1), f"palimpsest{number} of the second")


def _breasts(truth: ExamTruth, found: Sequence[Finding], density: str) -> tuple[tuple[int, str], tuple[int, str]]:
    side_of = {one.image_id: one.laterality for one in truth.images}

    def highest(side: Laterality, healthy: int) -> int:
        return max((one.birads or 1 for one in found if side_of[one.image_id] is side), default=healthy)

    return (highest(Laterality.R, 1), density), (highest(Laterality.L, 2), "C")


def _marks(found: Sequence[Finding], share: float, turn: int) -> tuple[Mark, ...]:
    return tuple(
        Mark(one.image_id, _around(one.box, share), one.categories[0], one.birads, CLOSENESS[(n + turn) % 3])
        for n, one in enumerate(found)
    )


def _around(box: Box, share: float) -> Box:
    """Return whole pixels around a box, moved by a share of its size."""
    width, height = max(round(box.width), LEAST), max(round(box.height), LEAST)
    x, y = round(box.xmin + share * width), round(box.ymin - share * height / 2)
    return Box(max(x, 1), max(y, 1), max(x, 1) + width, max(y, 1) + height)
