"""The exams on which readers train, as they lie in the project's folder ``training/``: apart from the dataset.

Nothing of them is in the catalog, the content store, an export or a release. Their objects are as those of the content
store, made by the same encoder, so that the same viewer reads them; ``training.json`` says what they are and what was
planted in them, and is written last: as long as it is not there, there is no set.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mammoset.catalog import ImageRecord
from mammoset.content import ContentStore, write_whole
from mammoset.errors import DatasetDefect
from mammoset.model import Image, Reading

FOLDER, MANIFEST, CONTENT = "training", "training.json", "content"


@dataclass(frozen=True, slots=True)
class TrainingExam:
    """One exam of a set.

    Attributes
    ----------
    number : int
        From 1, in the order in which they are read.
    planted : Reading
        What was planted in it, as an answer; its reader is ``planted``.
    """

    number: int
    study_id: str
    records: tuple[ImageRecord, ...]
    planted: Reading

    @property
    def images(self) -> tuple[Image, ...]:
        """The images of the exam."""
        return tuple(record.image for record in self.records)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The exams of a project's training.

    Attributes
    ----------
    set_id : str
        Another one for other pictures or another truth.
    """

    set_id: str
    exams: tuple[TrainingExam, ...]

    @classmethod
    def load(cls, root: Path) -> TrainingSet | None:
        """Return the set of the project at `root`; None where none was made.

        Raises
        ------
        DatasetDefect
            If its list cannot be read.
        """
        try:
            return _ADAPTER.validate_json((root / FOLDER / MANIFEST).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            raise DatasetDefect(
                f"{FOLDER}/{MANIFEST} is damaged; delete the folder {FOLDER} and run 'mammoset read training'"
            ) from None

    def write(self, root: Path) -> None:
        """Make this the set of the project at `root`; its objects are there already."""
        write_whole(root / FOLDER / MANIFEST, _ADAPTER.dump_json(self) + b"\n")

    def exam(self, number: int) -> TrainingExam | None:
        """Return an exam by its number; None where there is none."""
        return next((one for one in self.exams if one.number == number), None)

    def record(self, image_id: str) -> ImageRecord | None:
        """Return an image of any exam; None where there is none."""
        records = (record for exam in self.exams for record in exam.records)
        return next((one for one in records if one.image.image_id == image_id), None)


def training_content(root: Path) -> ContentStore:
    """Return where the objects of the training of the project at `root` lie."""
    return ContentStore(root / FOLDER / CONTENT)


_ADAPTER = TypeAdapter(TrainingSet)
