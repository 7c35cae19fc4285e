"""What the routes of the reading room share while the server runs: where studies stand, open streams, the questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from mammoset.project import Project
from mammoset.read import Board
from mammoset.web.answers.dashboard import Dashboard
from mammoset.web.answers.labels import LabelsOut, labels_out
from mammoset.web.answers.signals import Signals
from mammoset.web.training import TrainingShelf


@dataclass(frozen=True)
class Room:
    """The reading room of a project."""

    project: Project
    board: Board
    signals: Signals = field(default_factory=Signals)

    @classmethod
    def of(cls, project: Project) -> Room:
        """Open the reading room of a project."""
        return cls(project, Board(project))

    @cached_property
    def labels(self) -> LabelsOut:
        """What readers are asked; labels.toml is read when the project is opened, not later."""
        return labels_out(self.project.schema)

    @cached_property
    def training(self) -> TrainingShelf:
        """The exams on which readers train."""
        return TrainingShelf(self.project.root)

    @cached_property
    def dashboard(self) -> Dashboard:
        """The numbers of the project."""
        return Dashboard(self.project, self.board)
