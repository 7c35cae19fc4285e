"""The same picture under two ids: which images share their pixels, and which of them would leak from fold to fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Span = Literal["patients", "exams", "views"]

SPANS: Mapping[Span, str] = {
    "patients": "under two patients",
    "exams": "in two exams of one patient",
    "views": "twice in one exam",
}
"""How far a picture is spread, worst first, and what that is called."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image and the digest of its pixels, all under pseudonyms.

    Attributes
    ----------
    digest : str
        Of the decoded pixels; equal for equal pictures of equal size. It is of use inside the project only.
    """

    image_id: str
    study_id: str
    patient_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class SamePixels:
    """Two or more images that hold the same picture, in the order of their ids."""

    pictures: tuple[Picture, ...]

    @property
    def study_ids(self) -> tuple[str, ...]:
        """The exams it is in, sorted."""
        return tuple(sorted({one.study_id for one in self.pictures}))

    @property
    def patient_ids(self) -> tuple[str, ...]:
        """The patients it is under, sorted."""
        return tuple(sorted({one.patient_id for one in self.pictures}))

    @property
    def span(self) -> Span:
        """How far it is spread, a key of `SPANS`."""
        if len(self.patient_ids) > 1:
            return "patients"
        return "exams" if len(self.study_ids) > 1 else "views"

    def to_json(self) -> dict[str, Any]:
        """Return the group as JSON values, without the digest: with it the hospital's own copy could be found."""
        keys = ("image_id", "study_id", "patient_id")
        return {"span": self.span, "images": [{key: getattr(one, key) for key in keys} for one in self.pictures]}


def same_pixels(pictures: Iterable[Picture]) -> tuple[SamePixels, ...]:
    """Group images that hold the same picture.

    Parameters
    ----------
    pictures : iterable of Picture
        Each image once, in any order.

    Returns
    -------
    tuple of SamePixels
        Groups of two or more images; an image is in one at most. The most spread come first, then by image id.
    """
    found: dict[str, list[Picture]] = defaultdict(list)
    for one in pictures:
        found[one.digest].append(one)
    groups = [
        SamePixels(tuple(sorted(group, key=lambda one: one.image_id))) for group in found.values() if len(group) > 1
    ]
    order = list(SPANS)
    return tuple(sorted(groups, key=lambda group: (order.index(group.span), group.pictures[0].image_id)))


def leaks(pictures: Iterable[Picture], folds: Mapping[str, str]) -> tuple[SamePixels, ...]:
    """Return the groups that make a test invalid: the same picture under two patients, or in two folds.

    Parameters
    ----------
    folds : mapping of study id to fold
        A study without one counts as a fold of its own.
    """
    return tuple(
        group
        for group in same_pixels(pictures)
        if group.span == "patients" or len({folds.get(one, one) for one in group.study_ids}) > 1
    )
