"""From what reviewers said of images to what holds of an image, and from images to their exam.

An image is decided about by one person. A share of the images, drawn by a seed, is looked at by a second one who does
not know what the first said; where they differ, the image is open again until somebody decides. What was said holds
for the pixels that were looked at: an image made again with other pixels is open again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mammoset.domain.review_values import Verdict


class ReviewState(StrEnum):
    """What holds of an image or an exam; in the order in which states of images decide about their exam."""

    REJECTED = "rejected"
    OPEN = "undecided"
    """Nobody has decided about it, or not about the pixels that it has now."""
    DISAGREEMENT = "disagreement"
    """Two people said different things."""
    SECOND_LOOK = "second_look"
    """It waits for a second person."""
    VALUES = "values"
    """Of an exam: its images are approved, but a value of its files is not, or was rejected and is still there."""
    APPROVED = "approved"


class Standing(NamedTuple):
    """State, and the reason where it was rejected."""

    state: ReviewState
    reason: str = ""


APPROVED, WAITS_FOR_SECOND = Standing(ReviewState.APPROVED), Standing(ReviewState.SECOND_LOOK)


class Said(NamedTuple):
    """The decision in force about an image.

    Attributes
    ----------
    reason : str
        Why rejected; empty when approved.
    pixels : str
        Mark of the pixels that were looked at (`mark_of`); empty when not known.
    """

    by: str
    reason: str = ""
    pixels: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return what was said in one word."""
        return "reject" if self.reason else "approve"


class Look(NamedTuple):
    """What a second person said of an image, or that a decision after it has settled the matter.

    Attributes
    ----------
    first : {"approve", "reject", "settled"}
        What the first person had said; ``settled`` when this is the decision that came after both.
    reason : str
        Why rejected, where that is known.
    """

    by: str
    verdict: Verdict
    first: str
    pixels: str = ""
    reason: str = ""

    @property
    def is_settlement(self) -> bool:
        """Whether this is the last word after two people had looked."""
        return self.first == SETTLED


SETTLED = "settled"
MARK_LENGTH = 16


def mark_of(pixel_sha256: str) -> str:
    """Return the short mark of an image's pixels by which decisions say what they are about."""
    return pixel_sha256[:MARK_LENGTH]


def image_standing(said: Said | None, looks: Iterable[Look], pixels: str, *, is_drawn: bool) -> Standing:
    """Derive what holds of an image.

    Parameters
    ----------
    said : Said or None
        The decision in force.
    looks : iterable of Look
        What was said after it by second people, oldest first.
    pixels : str
        Mark of the pixels that the image has now.
    is_drawn : bool
        Whether a second person shall look at it.
    """
    if said is None or not _is_about(said.pixels, pixels):
        return Standing(ReviewState.OPEN)
    look = latest_look(looks, pixels)
    if look is not None and not look.is_settlement and look.verdict != said.verdict:
        return Standing(ReviewState.DISAGREEMENT)
    if said.reason:
        return Standing(ReviewState.REJECTED, said.reason)
    return WAITS_FOR_SECOND if look is None and is_drawn else APPROVED


def latest_look(looks: Iterable[Look], pixels: str) -> Look | None:
    """Return the latest look at these pixels; None when there was none."""
    found = [look for look in looks if _is_about(look.pixels, pixels)]
    return found[-1] if found else None


def _is_about(said: str, pixels: str) -> bool:
    return not said or said == pixels


def study_standing(images: Iterable[Standing]) -> Standing:
    """Derive what holds of an exam from its images: one rejected image rejects it, one open image leaves it open."""
    return min(images, key=lambda one: _ORDER[one.state], default=Standing(ReviewState.OPEN))


_ORDER = {state: place for place, state in enumerate(ReviewState)}


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """Which images a second person looks at.

    Attributes
    ----------
    share : float
        Chance of each image, 0 to 1.
    seed : int
    """

    share: float = 0.0
    seed: int = 0

    def draws(self, draw: int, view: str, *, is_standard: bool) -> bool:
        """Whether an image is in the sample.

        Parameters
        ----------
        draw : int
            The exam's place in the order of the draw. No pseudonym enters, so that two projects of the same originals
            draw alike; images that come later change nothing for those that were there.
        view : str
            Side and projection. Further images of one exam and view are drawn together.
        is_standard : bool
        """
        if self.share <= 0:
            return False
        lot = hashlib.sha256(f"{self.seed} {draw} {view} {is_standard:d}".encode()).digest()
        return int.from_bytes(lot[:7]) < self.share * 2**56
