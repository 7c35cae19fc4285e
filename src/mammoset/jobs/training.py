"""Makes the exams on which readers train: phantoms, through the gate and the encoder that every exam goes through."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mammoset import engine
from mammoset.content import object_path
from mammoset.errors import DatasetDefect, storing
from mammoset.model import Reading
from mammoset.phantom.acquisition import ORDER
from mammoset.phantom.hospital import write_exam
from mammoset.phantom.plans import ExamPlan
from mammoset.phantom.scanner import Size
from mammoset.phantom.training import VERSION, training_exams
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.project import Project
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.gate import Treatment
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.treat import GateTask, Passed, treat
from mammoset.read.training_set import TrainingExam, TrainingSet, training_content

USUAL_SIZE: Size = "full"
PLANTED_BY = "planted"
AS_DRAWN = Treatment(Options())
"""Nothing is searched for or filled: what is drawn here shows nobody's name."""


@dataclass(frozen=True, slots=True)
class TrainingMade:
    """Where the training is, and whether it was made now or was there already."""

    folder: Path
    exams: int
    images: int
    is_new: bool


def make_training(
    project: Project, *, size: Size | None = None, workers: int | None = None,
    dry_run: bool = False, progress: engine.Progress = engine.silent,
) -> TrainingMade:  # fmt: skip
    """Make the training exams of a project where they are not there; killed at any moment, to be run again.

    Parameters
    ----------
    size : {"full", "half", "small"} or None
        Pixels of the images: as a detector's, half, or an eighth in each direction. None is satisfied with any size
        that is there, and makes `USUAL_SIZE`.
    dry_run : bool
        Make nothing, and say what would be made.

    Raises
    ------
    DatasetDefect
        If an exam could not be made.
    """
    wanted = {_set_id(one) for one in (("full", "half", "small") if size is None else (size,))}
    content = training_content(project.root)
    with project.lock("training", may_wait=True):
        there = TrainingSet.load(project.root)
        if there is not None and there.set_id in wanted and _is_whole(there, content.root):
            return _made(content.root, there, is_new=False)
        if dry_run:
            n_exams = len(training_exams())
            return TrainingMade(content.root.parent, n_exams, n_exams * len(ORDER), is_new=True)
        made = _make(content.root, size or USUAL_SIZE, workers, progress)
        made.write(project.root)
        _remove_others(made, content.root)
        return _made(content.root, made, is_new=True)


def _make(content: Path, size: Size, workers: int | None, progress: engine.Progress) -> TrainingSet:
    plans, exams = training_exams(), list[TrainingExam]()
    for exam in engine.run(partial(_make_exam, content, size), plans, workers=workers):
        if isinstance(exam, engine.Failure):
            raise DatasetDefect(f"training exam {exam.item.number} could not be made: {exam.kind} {exam.reason}")
        exams.append(exam)
        progress("training exams", len(exams), len(plans))
    return TrainingSet(_set_id(size), tuple(exams))


def _make_exam(content: Path, size: Size, plan: ExamPlan) -> TrainingExam:
    with TemporaryDirectory(prefix="mammoset-") as folder:
        originals = Path(folder)
        truth = write_exam(originals, size, plan)
        study_id = _uid(size, plan, "study")
        names = {one.image_id: _uid(size, plan, f"{one.laterality} {one.view_position}") for one in truth.images}
        records = []
        for image in truth.images:
            passed = treat(GateTask(originals / image.path, content, _named(image, names, size, plan), AS_DRAWN))
            if not isinstance(passed, Passed):
                raise DatasetDefect(f"training exam {plan.number}: an image was held")
            records.append(passed.record)
    return TrainingExam(plan.number, study_id, tuple(records), _planted(truth, study_id, names))


def _named(image: ImageTruth, names: dict[str, str], size: Size, plan: ExamPlan) -> Pseudonyms:
    return Pseudonyms(names[image.image_id], _uid(size, plan, "series"), _uid(size, plan, "study"), f"T{plan.number}")


def _planted(truth: ExamTruth, study_id: str, names: dict[str, str]) -> Reading:
    renamed = truth.renamed(names)
    return Reading(study_id, PLANTED_BY, renamed.breasts, renamed.findings)


def _set_id(size: Size) -> str:
    return f"{VERSION}-{size}"


def _uid(size: Size, plan: ExamPlan, what: str) -> str:
    """Return a UID that follows from what it names (PS3.5 B.2), so that a set made again is the same."""
    digest = hashlib.sha256(f"mammoset training {_set_id(size)} {plan.number} {what}".encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16])}"


def _is_whole(there: TrainingSet, content: Path) -> bool:
    return all((content / object_path(image)).exists() for exam in there.exams for image in exam.images)


def _remove_others(made: TrainingSet, content: Path) -> None:
    """Remove exams of other sizes and versions; whoever looks at one of them loads the page again."""
    kept = {object_path(image).parent for exam in made.exams for image in exam.images}
    with storing(content):
        for folder in content.glob("*/*"):
            if folder.relative_to(content) not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _made(content: Path, exams: TrainingSet, *, is_new: bool) -> TrainingMade:
    return TrainingMade(content.parent, len(exams.exams), sum(len(one.records) for one in exams.exams), is_new)
