"""What a reader in training gets: the exams, and after an answer what was planted beside what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from mammoset.domain.discordance import FindingPair
from mammoset.domain.readings_json import finding_to_json
from mammoset.domain.training import BreastFeedback, Feedback, Score, outcome_of
from mammoset.model import Finding
from mammoset.read.answers import Work
from mammoset.read.training import Trained
from mammoset.read.training_set import TrainingExam, TrainingSet
from mammoset.web.answers.reading import ExamOut, FindingOut, image_out
from mammoset.web.answers.reading_bodies import Closed, Confirmed, ReadingIn, Seconds
from mammoset.web.pages.exams import in_hanging_order
from mammoset.web.training import TrainingShelf

CODE_STREAM = "/api/v1/training/images/{}/codestream"


class ScoreOut(BaseModel):
    """Boxes that were found, missed, and marked where nothing was planted; breasts that agree, of those compared."""

    found: int
    missed: int
    extra: int
    birads_alike: int
    birads_asked: int
    density_alike: int
    density_asked: int


class TrainingItemOut(BaseModel):
    """An exam of the training; the score is null until it is answered in this round."""

    number: int
    score: ScoreOut | None


class TrainingOut(BaseModel):
    """Where a person is in the training; without exams where none were made.

    ``finished_at`` is when they had been through all of it first; ``is_required``: exams are opened only then.
    """

    round: int
    exams: list[TrainingItemOut]
    score: ScoreOut
    is_complete: bool
    next_number: int | None
    finished_at: datetime | None
    is_required: bool


class TrainingBreastOut(BaseModel):
    """A breast; of what was planted null is not compared, of what was given not answered."""

    laterality: Literal["L", "R"]
    planted_birads: int | None
    given_birads: int | None
    planted_density: str | None
    given_density: str | None


class TrainingFindingOut(BaseModel):
    """A finding that was planted, or marked, or both."""

    image_id: str
    outcome: Literal["found", "missed", "extra"]
    planted: FindingOut | None
    given: FindingOut | None


class FeedbackOut(BaseModel):
    """What was planted in an exam beside what was given, and the exam to go on with; null after the last one."""

    number: int
    breasts: list[TrainingBreastOut]
    findings: list[TrainingFindingOut]
    score: ScoreOut
    next_number: int | None


class TrainingAnswerIn(Closed):
    """An answer to an exam of the training; ``confirmed`` are keys of violations that ask back."""

    reading: ReadingIn
    confirmed: Confirmed = Field(default_factory=list)
    seconds: Seconds = Field(default_factory=dict)

    def work(self, study_id: str, reader_id: str) -> Work:
        """Return the answer as a person's."""
        return Work(self.reading.reading(study_id, reader_id), self.seconds)


def training_out(
    exams: TrainingSet | None, at: Trained | None, finished_at: datetime | None, *, is_required: bool
) -> TrainingOut:
    """Return where a person is in the training."""
    told = {} if at is None else at.feedback
    numbers = () if exams is None else tuple(one.number for one in exams.exams)
    items = [
        TrainingItemOut(number=number, score=score_out(told[number].score) if number in told else None)
        for number in numbers
    ]
    return TrainingOut(
        round=1 if at is None else at.round, exams=items, score=score_out(Score() if at is None else at.score),
        is_complete=at is not None and at.is_complete, next_number=None if at is None else next_number(exams, at),
        finished_at=finished_at, is_required=is_required,
    )  # fmt: skip


def next_number(exams: TrainingSet | None, at: Trained) -> int | None:
    """Return the first exam without answer in this round."""
    return next((one.number for one in (exams.exams if exams else ()) if one.number not in at.feedback), None)


def training_exam_out(exam: TrainingExam, shelf: TrainingShelf, labels_version: str) -> ExamOut:
    """Return an exam to be read, as one of the dataset."""
    records, shown = in_hanging_order(exam.records), shelf.shown(exam)
    images = [image_out(record, shown[record.image.image_id], CODE_STREAM) for record in records]
    return ExamOut(
        study_id=exam.study_id, number=exam.number, role="reader", labels_version=labels_version, images=images,
        priors=[],
    )  # fmt: skip


def feedback_out(number: int, feedback: Feedback, following: int | None) -> FeedbackOut:
    """Return what there is to say of an answer."""
    return FeedbackOut(
        number=number, breasts=[_breast_out(one) for one in feedback.breasts],
        findings=[_finding_out(one) for one in feedback.findings], score=score_out(feedback.score),
        next_number=following,
    )  # fmt: skip


def score_out(score: Score) -> ScoreOut:
    """Return how often planted and given agree."""
    return ScoreOut.model_validate(score, from_attributes=True)


def _breast_out(one: BreastFeedback) -> TrainingBreastOut:
    return TrainingBreastOut(
        laterality=one.planted.laterality.value, planted_birads=one.planted.birads, given_birads=one.given.birads,
        planted_density=one.planted.density, given_density=one.given.density,
    )  # fmt: skip


def _finding_out(pair: FindingPair) -> TrainingFindingOut:
    return TrainingFindingOut(
        image_id=pair.findings[0].image_id, outcome=outcome_of(pair), planted=_side_out(pair.first),
        given=_side_out(pair.second),
    )  # fmt: skip


def _side_out(finding: Finding | None) -> FindingOut | None:
    return None if finding is None else FindingOut(**finding_to_json(finding))
