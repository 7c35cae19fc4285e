"""What a reviewer sees of the review: who gives the second look must not learn what the first person said.

An image that waits for a second look is, to everybody but the one who looked first, just that: neither approved nor
rejected, in no list and in no count. So is its exam.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from mammoset.domain.review import WAITS_FOR_SECOND, ReviewState, Standing, study_standing
from mammoset.review.board import BoardImage, Snapshot
from mammoset.review.recording import is_same_person


class Place(StrEnum):
    """List in which an image stands for one reviewer."""

    PENDING = "pending"
    SECOND = "second"
    """Somebody else has looked, and a second person shall."""
    DISAGREEMENT = "disagreement"
    REJECTED = "rejected"
    APPROVED = "approved"


PLACES = {
    ReviewState.OPEN: Place.PENDING,
    ReviewState.DISAGREEMENT: Place.DISAGREEMENT,
    ReviewState.REJECTED: Place.REJECTED,
    ReviewState.APPROVED: Place.APPROVED,
    ReviewState.SECOND_LOOK: Place.APPROVED,
}
"""State of an image to its list; what waits for a second look is in its own list for who looked first."""


@dataclass(frozen=True)
class Sight:
    """What one reviewer sees at one moment.

    Attributes
    ----------
    viewer : str
        Name of the reviewer.
    """

    snapshot: Snapshot
    viewer: str

    def is_hidden(self, image: BoardImage) -> bool:
        """Whether the verdict about an image must not be told: it waits for a second look, and not theirs."""
        said = image.reviewed.said
        return image.waits and said is not None and not is_same_person(said.by, self.viewer)

    def place_of(self, image: BoardImage) -> Place:
        """Return the list in which an image stands."""
        return Place.SECOND if self.is_hidden(image) else PLACES[image.standing.state]

    def listed(self, place: Place) -> list[BoardImage]:
        """Return a list, suspicious images first.

        Undecided images of exams that are rejected are not in it: nobody need look at them.
        """
        out = self.rejected_studies if place == Place.PENDING else ()
        return [one for one in self.snapshot.images if self.place_of(one) == place and one.study_id not in out]

    def flagged(self) -> list[BoardImage]:
        """Return the images that somebody who reads has flagged and nobody has settled yet."""
        found = (one for image_id in self.snapshot.flags if (one := self.snapshot.image(image_id)) is not None)
        return sorted((one for one in found if self.snapshot.flag_of(one) is not None), key=lambda one: one.rank)

    @cached_property
    def rejected_studies(self) -> frozenset[str]:
        """The exams of which an image is rejected."""
        return frozenset(one.study_id for one in self.snapshot.images if self.place_of(one) == Place.REJECTED)

    def counts(self) -> Mapping[Place, int]:
        """Count the images of each list."""
        out = self.rejected_studies
        places = ((self.place_of(one), one.study_id) for one in self.snapshot.images)
        counted = Counter(place for place, study_id in places if place != Place.PENDING or study_id not in out)
        return {place: counted[place] for place in Place}

    def exam_counts(self) -> Mapping[ReviewState, int]:
        """Count the exams by what holds of them."""
        standings: dict[str, list[Standing]] = {}
        for one in self.snapshot.images:
            shown = WAITS_FOR_SECOND if self.is_hidden(one) else one.standing
            standings.setdefault(one.study_id, []).append(shown)
        blocked = self.snapshot.values.blocked_studies
        return Counter(_exam_state(study_id in blocked, images) for study_id, images in standings.items())


def _exam_state(has_blocked_values: bool, images: Iterable[Standing]) -> ReviewState:
    state = study_standing(images).state
    return ReviewState.VALUES if state == ReviewState.APPROVED and has_blocked_values else state
