"""What a reader does in the training: answer its exams, see what was planted, begin again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import reduce

from mammoset.catalog.training import FINISHED, TrainingBook, TrainingRound
from mammoset.domain import rules
from mammoset.domain.training import Feedback, Score, asked_of, feedback_on
from mammoset.model import Reading
from mammoset.project import Project
from mammoset.read.answers import Work
from mammoset.read.training_set import TrainingExam, TrainingSet


@dataclass(frozen=True, slots=True)
class Trained:
    """Where a person is in the training.

    Attributes
    ----------
    feedback : mapping of exam number to Feedback
        Of the exams that were answered in this round.
    """

    round: int
    feedback: dict[int, Feedback]
    n_exams: int

    @property
    def is_complete(self) -> bool:
        """Whether every exam of the round is answered."""
        return len(self.feedback) == self.n_exams

    @property
    def score(self) -> Score:
        """Return how often planted and given agree in this round so far."""
        return reduce(Score.__add__, (one.score for one in self.feedback.values()), Score())


def book_of(project: Project) -> TrainingBook:
    """Return what the catalog remembers of the training."""
    return TrainingBook(project.catalog.engine)


def trained(project: Project, exams: TrainingSet, name: str) -> Trained:
    """Return where a person is in the training."""
    return _trained(project, exams, book_of(project).round_of(name, exams.set_id))


def answer_training(
    project: Project, exams: TrainingSet, exam: TrainingExam, name: str, work: Work, confirmed: Collection[str] = ()
) -> Feedback:
    """Record a person's answer to an exam of the training, and return what there is to say of it.

    The first answer of a round counts: another one changes nothing, and is told the same.

    Raises
    ------
    RuleViolation
        As for every reading.
    """
    with book_of(project).turn(name, exams.set_id) as turn:
        if exam.number not in turn.round.answers:
            rules.require(work.reading, exam.images, project.schema, confirmed)
            turn.answer(exam.number, work.reading, work.seconds)
            done = _trained(project, exams, turn.round)
            if done.is_complete:
                turn.append(FINISHED, **asdict(done.score))
        given = turn.round.answers[exam.number]
    return _feedback(project, exam, given)


def train_again(project: Project, exams: TrainingSet, name: str) -> Trained:
    """Begin another round, and return where the person is then."""
    with book_of(project).turn(name, exams.set_id) as turn:
        turn.begin()
        return _trained(project, exams, turn.round)


def _trained(project: Project, exams: TrainingSet, at: TrainingRound) -> Trained:
    answers = at.answers
    told = {one.number: _feedback(project, one, answers[one.number]) for one in exams.exams if one.number in answers}
    return Trained(at.number, told, len(exams.exams))


def _feedback(project: Project, exam: TrainingExam, given: Reading) -> Feedback:
    planted = replace(exam.planted, breasts=asked_of(exam.planted.breasts, project.schema))
    return feedback_on(given, planted, project.schema)
