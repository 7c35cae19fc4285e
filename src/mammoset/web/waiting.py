"""The exams that passed the gate and wait for a person's decision; what is decided about is not among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mammoset.catalog import ImageRecord
from mammoset.domain.review import ReviewState
from mammoset.model import Study
from mammoset.project import Project
from mammoset.review import pending


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exam that waits for review. It has no answers: nobody reads before it is approved.

    Attributes
    ----------
    records : tuple of ImageRecord
        All images, the standard views in hanging order, then the further ones.
    approved : frozenset of str
        Images of it that were approved one by one already.
    """

    study: Study
    records: tuple[ImageRecord, ...]
    approved: frozenset[str] = frozenset()

    @property
    def study_id(self) -> str:
        """Pseudonym of the study."""
        return self.study.study_id

    @property
    def n_further(self) -> int:
        """How many images are beside the standard views."""
        return sum(not record.image.is_standard for record in self.records)

    @property
    def vendor(self) -> str:
        """Manufacturer of the first image; empty when not known."""
        return str(self.records[0].attributes.get("manufacturer") or "") if self.records else ""

    def record(self, image_id: str) -> ImageRecord | None:
        """Return one image of the exam, None when it has none of that id."""
        return next((one for one in self.records if one.image.image_id == image_id), None)


def waiting_in(project: Project, records_of: Mapping[str, Sequence[ImageRecord]]) -> tuple[Waiting, ...]:
    """Return what waits for review, in the order of the draw; nothing where the settings ask for no review.

    Parameters
    ----------
    project : Project
    records_of : mapping of study id to ImageRecords
        In hanging order.
    """
    if not project.settings.review.required:
        return ()
    # not those that wait for a second look: who gives it is not to know what the first one said
    approved = {
        one.image_id
        for one in project.catalog.reviewed_images(project.second_looks)
        if one.standing.state == ReviewState.APPROVED
    }
    return tuple(
        Waiting(
            study, tuple(records_of.get(study.study_id, ())), frozenset(one.image_id for one in study.images) & approved
        )
        for study in pending(project)
    )
