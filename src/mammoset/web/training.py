"""The training exams as the server gives them, looked for anew when they were made again while it runs."""

from __future__ import annotations

from pathlib import Path

from mammoset.read.training_set import FOLDER, MANIFEST, TrainingExam, TrainingSet, training_content
from mammoset.web.answers.reading import Shown
from mammoset.web.dicomweb.stored import StoredObjects
from mammoset.web.pictures.previews import Previews

LITTLE_MEMORY = 1 << 20
"""Bytes for previews, of which the training shows none."""


class TrainingShelf:
    """The training exams of a project, and what is remembered of their objects."""

    def __init__(self, root: Path) -> None:
        self.stored = StoredObjects(training_content(root))
        self._root = root
        self._pictures = Previews(training_content(root), LITTLE_MEMORY)
        self._known: tuple[tuple[int, int] | None, TrainingSet | None] = (None, None)

    @property
    def exams(self) -> TrainingSet | None:
        """The exams as they are now; None where none were made."""
        stamp, found = self._known
        newest = self._stamp()
        if newest != stamp:
            found = TrainingSet.load(self._root)
            self._known = newest, found
        return found

    def shown(self, exam: TrainingExam) -> dict[str, Shown]:
        """Return how each image of an exam wants to be shown, by its id."""
        pictures = self._pictures
        return {one.image.image_id: Shown(pictures.presentation(one), pictures.extent(one)) for one in exam.records}

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._root / FOLDER / MANIFEST).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino
