"""The exams as the pages show them: what is approved, what is final, what may be told; remembered until it changes.

Two rules decide what is shown at all. An exam is shown once its images are approved in review (where the settings ask
for review), because before that nobody has said that no identifier is visible; what waits for a reviewer is apart, for
the review alone. And answers are shown once the reading
phase is over, that is when it was closed or no exam waits for a reader or an arbiter: a concordant answer is what both
readers said, and a reader who still reads must not see what others say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import func, select

from mammoset.catalog import ImageRecord
from mammoset.catalog.tables import DecisionRow, FactRow, ImageRow, PoolRow, ReviewFactRow, SplitRow
from mammoset.domain.workflow import Fact, StudyState, reference_from, standing_of
from mammoset.jobs.status import Status, status_of
from mammoset.model import Finding, Reference, Study
from mammoset.project import Project
from mammoset.publish.agreement import pooled_agreement
from mammoset.read import ReaderProgress, progress_of, readings_by_study
from mammoset.terms.dicom import Laterality
from mammoset.web.pages.waiting import Waiting, waiting_in
from mammoset.web.pictures.hanging import HANGING_ORDER
from mammoset.web.pictures.remembering import MadeInBackground, Remembered

STATE_LABELS = {
    StudyState.UNASSIGNED: "not assigned",
    StudyState.AWAITING_READS: "with the readers",
    StudyState.AWAITING_ARBITRATION: "with the arbiter",
    StudyState.HELD: "held back",
    StudyState.EXCLUDED: "left out",
}
"""Short words for the states in which an exam has no final answer; every other state is `FINAL_LABEL`."""
FINAL_LABEL = "final"

OPEN_STATES = frozenset({StudyState.UNASSIGNED, StudyState.AWAITING_READS, StudyState.AWAITING_ARBITRATION})
"""States in which somebody still reads."""


def state_label(state: StudyState) -> str:
    """Return what the pages call a state."""
    return STATE_LABELS.get(state, FINAL_LABEL)


@dataclass(frozen=True, slots=True)
class Exam:
    """An approved exam and what may be told of it.

    Attributes
    ----------
    number : int
        Its place among the approved exams in the order of the draw, from 1.
    records : tuple of ImageRecord
        The standard views in hanging order, then the further ones.
    state : str
        As the pages call it.
    reference : Reference or None
        None while not final, or while the reading phase is open.
    fold : str
        Empty before the split.
    """

    number: int
    study: Study
    records: tuple[ImageRecord, ...]
    state: str
    reference: Reference | None
    fold: str

    @property
    def study_id(self) -> str:
        """Pseudonym of the study."""
        return self.study.study_id

    @property
    def vendor(self) -> str:
        """Manufacturer of the first image; empty when not known."""
        return str(self.records[0].attributes.get("manufacturer") or "") if self.records else ""

    @property
    def standard(self) -> tuple[ImageRecord, ...]:
        """The records of the four views, in hanging order."""
        return tuple(record for record in self.records if record.image.is_standard)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Reference findings, in the order in which their views hang, then from top to bottom."""
        place = {record.image.image_id: index for index, record in enumerate(self.records)}
        found = self.reference.findings if self.reference else ()
        return tuple(sorted(found, key=lambda one: (place.get(one.image_id, len(place)), one.box.ymin, one.box.xmin)))

    @property
    def highest_birads(self) -> int | None:
        """The higher category of the two breasts; None when neither has an answer that may be told."""
        given = [one.birads for one in self.reference.breasts if one.birads is not None] if self.reference else []
        return max(given, default=None)

    def birads(self, laterality: str) -> int | None:
        """Return the category of a breast; None when not known or not to be told."""
        return self.reference.breast(Laterality(laterality)).birads if self.reference else None

    def density(self, laterality: str) -> str | None:
        """Return the density of a breast; None when not known or not to be told."""
        return self.reference.breast(Laterality(laterality)).density if self.reference else None

    def record(self, image_id: str) -> ImageRecord | None:
        """Return one image of the exam, None when it has none of that id."""
        return next((one for one in self.records if one.image.image_id == image_id), None)


@dataclass(frozen=True)
class Collection:
    """The approved exams, in the order of the draw.

    Attributes
    ----------
    n_open : int
        Exams that still wait for a reader or an arbiter; answers are told when there is none. 0 once the phase is
        closed.
    waiting : tuple of Waiting
        Exams that passed the gate and wait for a reviewer.
    """

    exams: tuple[Exam, ...]
    n_open: int
    waiting: tuple[Waiting, ...] = ()

    @property
    def n_waiting(self) -> int:
        """How many exams wait for a reviewer."""
        return len(self.waiting)

    @property
    def is_phase_over(self) -> bool:
        """Whether the reading phase is over, so that answers and agreement may be told."""
        return bool(self.exams) and self.n_open == 0

    @cached_property
    def by_study(self) -> dict[str, Exam]:
        """The exams by study."""
        return {exam.study_id: exam for exam in self.exams}

    @cached_property
    def by_image(self) -> dict[str, ImageRecord]:
        """The images of all approved exams."""
        return {record.image.image_id: record for exam in self.exams for record in exam.records}

    @property
    def references(self) -> dict[str, Reference]:
        """The answers that may be told, by study."""
        return {exam.study_id: exam.reference for exam in self.exams if exam.reference is not None}

    @property
    def folds(self) -> dict[str, str]:
        """Fold by study; studies without are left out."""
        return {exam.study_id: exam.fold for exam in self.exams if exam.fold}


class Exams:
    """The exams of a project; reads the catalog again when something was added to it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._content = Remembered(self._read_content)
        self._facts = Remembered(project.catalog.facts)
        self._collection = Remembered(self._gather)
        self.measuring = MadeInBackground(self._measure)
        self._status = Remembered(lambda: status_of(project))
        self._progress = Remembered(lambda: progress_of(project))

    def collection(self) -> Collection:
        """Return the exams as of now."""
        return self._collection.at(self._revision())

    def content(self) -> tuple[Sequence[ExamFiles], Sequence[ExamFiles]]:
        """Return the approved exams and those that wait for a reviewer, with their images, both as of now."""
        found = self._content.at(self._revision().content)
        return found.exams, tuple((one.study, one.records) for one in found.waiting)

    def facts(self) -> Mapping[str, list[Fact]]:
        """Return the facts by study, as of now; for counting, never for showing."""
        return self._facts.at(self._revision().facts)

    def agreement(self) -> list[dict[str, Any]] | None:
        """Return how well the first reads agree, over all readers together; to be shown when the phase is over.

        Rows as in release.json, see `mammoset.publish.agreement.pooled_agreement`. None while they are computed:
        thousands of exams take some seconds, and no page waits for them.
        """
        revision = self._revision()
        return self.measuring.at((revision.content, revision.facts))

    def status(self) -> Status:
        """Return where the project stands as of now; the releases are those on disk, which no catalog knows."""
        versions = sorted(path.parent.name for path in self.project.releases.glob("*/release.json"))
        return replace(self._status.at(self._revision()), releases=tuple(versions))

    def warm_up(self) -> None:
        """Read everything that the first page needs, so that who opens it need not wait for that."""
        self.status()
        self.progress()
        if self.collection().is_phase_over:
            self.agreement()

    def progress(self) -> list[ReaderProgress]:
        """Return how far each reader is, as of now."""
        return self._progress.at(self._revision().facts)

    def _revision(self) -> _Revision:
        newest = (
            func.count(PoolRow.study_id),
            func.max(DecisionRow.number),
            func.max(ReviewFactRow.number),
            func.count(ImageRow.image_id),
            func.max(FactRow.number),
            func.max(SplitRow.number),
        )
        with self.project.catalog.engine.connect().execution_options(read_only=True) as connection:
            pool, decisions, said, images, facts, splits = (connection.scalar(select(one)) or 0 for one in newest)
        return _Revision((pool, decisions, said, images), facts, splits)

    def _read_content(self) -> _Content:
        catalog = self.project.catalog
        records: dict[str, list[ImageRecord]] = defaultdict(list)
        for record in catalog.image_records():
            records[record.image.study_id].append(record)
        approved = self.project.approved_studies()
        hung = {study_id: in_hanging_order(found) for study_id, found in records.items()}
        pairs = tuple((study, hung.get(study.study_id, ())) for study in approved)
        return _Content(pairs, waiting_in(self.project, hung))

    def _measure(self) -> list[dict[str, Any]]:
        approved = {exam.study_id: exam.study.patient_id for exam in self.collection().exams}
        readings = readings_by_study(self.project)
        return pooled_agreement({one: readings.get(one, []) for one in approved}, approved, self.project.schema)

    def _gather(self) -> Collection:
        revision, schema = self._revision(), self.project.schema
        content = self._content.at(revision.content)
        facts = self._facts.at(revision.facts)
        split = self.project.catalog.split()
        folds = split.folds if split else {}
        experience = {one.reader_id: one.years_experience for one in self.project.catalog.readers()}
        standings = {study.study_id: standing_of(facts.get(study.study_id, []), schema) for study, _ in content.exams}
        is_closed = any(one.is_closed for one in standings.values())
        n_open = 0 if is_closed else sum(one.state in OPEN_STATES for one in standings.values())
        exams = []
        for number, (study, records) in enumerate(content.exams, start=1):
            standing = standings[study.study_id]
            reference = None if n_open else reference_from(standing, schema, images=study.images, experience=experience)
            fold = folds.get(study.study_id, "")
            exams.append(Exam(number, study, records, state_label(standing.state), reference, fold))
        return Collection(tuple(exams), n_open, content.waiting)


class _Revision(NamedTuple):
    """Numbers of which at least one grows with everything that is written to the catalog."""

    content: tuple[int, int, int, int]
    facts: int
    splits: int


ExamFiles = tuple[Study, tuple[ImageRecord, ...]]
"""An exam and its images, in hanging order."""


class _Content(NamedTuple):
    exams: tuple[ExamFiles, ...]
    waiting: tuple[Waiting, ...]


def in_hanging_order(records: Sequence[ImageRecord]) -> tuple[ImageRecord, ...]:
    """Return images of an exam with the standard views first, as they hang, then the further ones."""

    def place(record: ImageRecord) -> tuple[bool, int, str]:
        image = record.image
        hung = HANGING_ORDER.index(image.view) if image.view in HANGING_ORDER else len(HANGING_ORDER)
        return not image.is_standard, hung, image.image_id

    return tuple(sorted(records, key=place))
