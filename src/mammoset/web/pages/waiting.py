"""The exams that passed the gate and wait for a person's decision; what is decided about is not among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mammoset.catalog import ImageRecord
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
    """

    study: Study
    records: tuple[ImageRecord, ...]

    @property
    def study_id(self) -> str:
        """Pseudonym of the study."""
        return self.study.study_id


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
    return tuple(Waiting(study, tuple(records_of.get(study.study_id, ()))) for study in pending(project))
