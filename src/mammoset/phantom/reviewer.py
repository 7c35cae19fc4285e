"""A privacy reviewer who does not exist: masks text on tissue, rejects images on which text can still be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mammoset.model import Box
from mammoset.phantom.truth import ExamTruth

VISIBLE_TEXT = "visible_identifier"
"""The reason, of `mammoset.terms.reasons`."""


@dataclass(frozen=True, slots=True)
class SimulatedReviewer:
    """Looks at every image of an exam.

    Attributes
    ----------
    reviewer_id : str
        Goes into the decisions.
    """

    reviewer_id: str = "reviewer1"

    def review(self, truth: ExamTruth, masked_boxes_by_image: Mapping[str, Sequence[Box]]) -> Mapping[str, str | None]:
        """Decide on every mammogram of an exam.

        Parameters
        ----------
        truth : ExamTruth
            Under the identifiers of the images to be decided on; see `ExamTruth.renamed`.
        masked_boxes_by_image : mapping of str to sequence of Box
            What was blackened, in stored pixels; an image that is not in it was not masked.

        Returns
        -------
        mapping of str to str or None
            Image to the reason for its rejection, None for an image that passes. Rejected is an image with ink of
            burned-in text outside all masks.
        """
        decisions: dict[str, str | None] = {}
        for image in truth.images:
            if image.laterality is not None:
                masks = tuple(masked_boxes_by_image.get(image.image_id, ()))
                is_visible = any(uncovered(box, masks) for box in image.text_boxes)
                decisions[image.image_id] = VISIBLE_TEXT if is_visible else None
        return decisions

    def decide_regions(self, truth: ExamTruth, regions: Sequence[tuple[str, Box]]) -> list[Literal["mask", "keep"]]:
        """Decide about regions on or near the breast in which text was found.

        Parameters
        ----------
        truth : ExamTruth
            As for `review`.
        regions : sequence of (image id, box)

        Returns
        -------
        list of {"mask", "keep"}
            Masked is what holds ink of burned-in text; all else is tissue.
        """
        return ["mask" if any(meets(box, one) for one in truth.text_boxes.get(image, ())) else "keep"
                for image, box in regions]  # fmt: skip


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes have a pixel in common."""
    across = min(one.xmax, other.xmax) - max(one.xmin, other.xmin)
    return across > 0 and min(one.ymax, other.ymax) - max(one.ymin, other.ymin) > 0


def uncovered(box: Box, masks: Sequence[Box]) -> list[Box]:
    """Return the parts of a box that no mask covers, as boxes without overlap."""
    left = [box] if box.area else []
    for mask in masks:
        left = [piece for one in left for piece in _without(one, mask)]
    return left


def _without(box: Box, mask: Box) -> list[Box]:
    xmin, xmax = max(box.xmin, mask.xmin), min(box.xmax, mask.xmax)
    ymin, ymax = max(box.ymin, mask.ymin), min(box.ymax, mask.ymax)
    if xmin >= xmax or ymin >= ymax:
        return [box]
    pieces = (
        Box(box.xmin, box.ymin, box.xmax, ymin),
        Box(box.xmin, ymax, box.xmax, box.ymax),
        Box(box.xmin, ymin, xmin, ymax),
        Box(xmax, ymin, box.xmax, ymax),
    )
    return [piece for piece in pieces if piece.area]
