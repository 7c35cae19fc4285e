"""The training: exams of phantoms, their code streams, answers, and what there is to say of them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from mammoset.domain.rules import check
from mammoset.errors import RuleViolation
from mammoset.model import Reading
from mammoset.read.training import answer_training, book_of, train_again, trained
from mammoset.read.training_set import TrainingExam, TrainingSet
from mammoset.web.answers.reading import ExamOut, violation_out
from mammoset.web.answers.training import (
    CODE_STREAM,
    FeedbackOut,
    TrainingAnswerIn,
    TrainingOut,
    feedback_out,
    next_number,
    training_exam_out,
    training_out,
)
from mammoset.web.door.access import Viewer, Who
from mammoset.web.door.problems import Refused, not_found
from mammoset.web.routes.codestreams import MEDIA_TYPE, code_stream_of
from mammoset.web.site import Here, Site

router = APIRouter(prefix="/api/v1/training", tags=["training"])


@router.get("")
def training(site: Here, who: Who) -> TrainingOut:
    """Return where the asker is in the training."""
    exams = site.room.training.exams
    at = None if exams is None else trained(site.project, exams, who.name)
    finished = book_of(site.project).finished().get(who.name)
    is_required = site.project.settings.read.training == "required"
    return training_out(exams, at, finished, is_required=is_required)


@router.post("/rounds")
def begin_again(site: Here, who: Who) -> TrainingOut:
    """Begin another round; what was answered before stays on record."""
    train_again(site.project, _exams(site), who.name)
    return training(site, who)


@router.get("/exams/{number}")
def exam(site: Here, number: int) -> ExamOut:
    """Return an exam of the training to be read; nothing of what was planted in it."""
    return training_exam_out(_exam(site, number), site.room.training, site.room.labels.version)


@router.post("/exams/{number}/reading")
def submit(site: Here, who: Who, number: int, body: TrainingAnswerIn) -> FeedbackOut:
    """Answer an exam of the training, and hear what was planted; of a round the first answer counts."""
    found = _exam(site, number)
    work = body.work(found.study_id, who.name)
    try:
        answer_training(site.project, _exams(site), found, who.name, work, body.confirmed)
    except RuleViolation as error:
        raise _broken(site, found, work.reading, body.confirmed, str(error)) from None
    return _told(site, who, number)


@router.get("/exams/{number}/feedback")
def feedback(site: Here, who: Who, number: int) -> FeedbackOut:
    """Return what was planted in an exam beside what the asker has answered in this round."""
    _exam(site, number)
    return _told(site, who, number)


@router.get(
    "/images/{name}/codestream", response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 206: {"content": {MEDIA_TYPE: {}}, "description": "A range"}},
)  # fmt: skip
def codestream(request: Request, site: Here, name: str) -> Response:
    """Return the code stream of an image of the training, or the range of it that is asked for."""
    record = _exams(site).record(name)
    if record is None:
        raise not_found()
    return code_stream_of(request, site.room.training.stored, record, CODE_STREAM.format(name))


def _exams(site: Site) -> TrainingSet:
    found = site.room.training.exams
    if found is None:
        raise Refused(404, "there is no training here yet; 'mammoset read training' makes it", code="no_training")
    return found


def _exam(site: Site, number: int) -> TrainingExam:
    found = _exams(site).exam(number)
    if found is None:
        raise not_found()
    return found


def _told(site: Site, who: Viewer, number: int) -> FeedbackOut:
    exams = _exams(site)
    at = trained(site.project, exams, who.name)
    if number not in at.feedback:
        raise Refused(404, "you have not answered this exam in this round", code="not_submitted")
    return feedback_out(number, at.feedback[number], next_number(exams, at))


def _broken(site: Site, exam: TrainingExam, reading: Reading, confirmed: list[str], told: str) -> Refused:
    found = check(reading, exam.images, site.project.schema, confirmed=confirmed)
    return Refused(422, told, code="rules", more={"violations": [violation_out(one) for one in found]})
