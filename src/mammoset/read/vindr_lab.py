"""Import of VinDr Lab's export: its annotations as readings of the people who made them.

Exams are found by our pseudonyms: the file must come from a VinDr Lab into which the pseudonymized objects were
loaded, or from ``mammoset export --format vindr-lab``. A reading that cannot be read as a whole is left out and named,
because a reading without one of its findings would say that there is none. The others are recorded, all in one
transaction; running the import again adds what is missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mammoset.catalog import now
from mammoset.domain.labels import LabelSchema
from mammoset.domain.readings_json import reading_from_json, reading_to_json
from mammoset.domain.rules import CONFIRMATIONS, check
from mammoset.domain.vindr_lab import task_id
from mammoset.domain.workflow import ROLES, Fact, FactKind, Role, check_next, standing_of
from mammoset.errors import ConfigError, MammosetError
from mammoset.model import Image, Reader, Reading, Study
from mammoset.project import Project
from mammoset.read.vindr_lab_answers import Answer, Interpreter, Mark
from mammoset.read.vindr_lab_file import LabFile, Uids, read_file
from mammoset.read.vindr_lab_labels import LabelMap
from mammoset.terms.dicom import Laterality

REASON = "imported from VinDr Lab"
STRANGE = (
    "none of its {n} annotations is about an exam of this project. Exams are found by the pseudonymous UIDs of the "
    "objects that mammoset wrote; a file with the hospital's own UIDs could be joined only through the vault, which "
    "reading does not open. Load the pseudonymized objects into VinDr Lab and export again"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A reading that was not recorded.

    Attributes
    ----------
    place : str
        Where its first mark stands in the file.
    reader_id : str
        Empty where nobody here has that name.
    reason : str
        Every problem with it; nothing of the file is quoted.
    """

    place: str
    study_id: str
    reader_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabSummary:
    """What an import did.

    Attributes
    ----------
    recorded : mapping of role to number of readings
    already : int
        Readings that had been recorded before.
    left_out : tuple of LeftOut
    counts : mapping of str to int
        ``strange`` annotations about no exam of this project, ``missing_objects`` (found by the annotation's own UIDs
        where possible), ``duplicates``, ``clamped`` boxes that left their image, ``polygons`` taken as boxes,
        ``ignored_labels``, ``unasked`` questions that labels.toml asks and VinDr Lab did not, ``archived`` exams.
    """

    recorded: Mapping[str, int]
    already: int
    left_out: tuple[LeftOut, ...]
    counts: Mapping[str, int]


def import_vindr_lab(
    project: Project, text: str, given: LabelMap | None = None, *, source: str = "readings", dry_run: bool = False
) -> LabSummary:
    """Record the readings of an export of VinDr Lab.

    Who is not assigned to an exam they read is assigned to it. As what somebody read follows from the task, where the
    file is ours; else from what they are assigned as or, where they are not, from their roles.

    Parameters
    ----------
    given : LabelMap or None
        Names that mean something else than by default.
    source : str
        What messages call the text.

    Raises
    ------
    ConfigError
        If the text is no such export, or is about none of the exams of this project.
    """
    file = read_file(text, source)
    counts: Counter[str] = Counter(archived=file.n_archived)
    tasks = _by_task(file, project.catalog.studies(), counts)
    if file.annotations and not tasks:
        raise ConfigError(f"{source}: {STRANGE.format(n=len(file.annotations))}")
    interpreter = Interpreter(file, project.schema, given or LabelMap())
    answers = [interpreter.answer(*task) for task in tasks]
    counts.update(interpreter.counts)
    approved = set(project.approved_study_ids())
    book = _Book(project.schema, {one.reader_id: one for one in project.catalog.readers()}, approved, counts)
    with project.lock("read"):
        book.known.update(project.catalog.facts({one.study.study_id for one in answers}))
        book.enter(answers)
        if book.facts and not dry_run:
            project.catalog.append(book.facts, book.check)
    recorded = Counter(str(fact.role) for fact in book.facts if fact.reading is not None)
    return LabSummary(dict(recorded), book.already, tuple(book.left_out), {k: n for k, n in counts.items() if n})


class _Task(NamedTuple):
    """The marks of a task on an exam, at least one, and the places of those that are on nothing known."""

    name: str
    marks: list[Mark]
    strays: list[str]


def _by_task(file: LabFile, studies: Sequence[Study], counts: Counter[str]) -> list[_Task]:
    """Return the marks by task; those about no exam of the project are counted."""
    by_study = {study.study_id: study for study in studies}
    images = {image.image_id: image for study in studies for image in study.images}
    found: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    strays: dict[str, list[str]] = defaultdict(list)
    for annotation in file.annotations:
        counts["missing_objects"] += annotation.object_id not in file.objects
        uids = file.objects.get(annotation.object_id, annotation.uids)
        image = _image_of(uids, images)
        study = by_study.get(uids.study if image is None else image.study_id)
        task = annotation.task_id or f"without task\n{annotation.creator}"
        if study is None:
            counts["strange"] += 1
            strays[task].append(annotation.place)
        else:
            found[study.study_id, task].append(Mark(annotation, study, uids, image))
    return [_Task(task, marks, strays[task]) for (_, task), marks in found.items()]


def _image_of(uids: Uids, images: Mapping[str, Image]) -> Image | None:
    image = images.get(uids.sop)
    return image if image is not None and uids.study in ("", image.study_id) else None


@dataclass
class _Book:
    """Answers on their way into the catalog: each is asked after all that come before it."""

    schema: LabelSchema
    people: Mapping[str, Reader]
    approved: Collection[str]
    counts: Counter[str]
    known: dict[str, list[Fact]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    already: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    images: dict[str, tuple[Image, ...]] = field(default_factory=dict)

    def enter(self, answers: Sequence[Answer]) -> None:
        """Take the answers in: readers before seniors and arbiters, who need them."""
        roles = [(self._role_of(one), one) for one in answers]
        # whose role is open comes last: it depends on who has read
        in_order = sorted(roles, key=lambda pair: (pair[0] is None, ROLES.index(pair[0] or "reader"), pair[1].created))
        for role, answer in in_order:
            why = "; ".join([*self._objections(answer), *answer.problems]) or self._enter(answer, role)
            if why:
                name = answer.reading.reader_id if answer.reading.reader_id in self.people else ""
                self.left_out.append(LeftOut(answer.place, answer.study.study_id, name, why))

    def check(self, known: Mapping[str, list[Fact]], fact: Fact) -> None:
        """Ask again inside the transaction."""
        images = self.images[fact.study_id]
        check_next(known[fact.study_id], fact, images, self.schema, confirmed=CONFIRMATIONS)

    def _objections(self, answer: Answer) -> list[str]:
        found = []
        if answer.reading.reader_id not in self.people:
            found.append("nobody here has the name of its creator; add them, or name them in the map")
        if answer.study.study_id not in self.approved:
            found.append("the exam is not open for reading")
        try:
            reading_from_json(reading_to_json(answer.reading), answer.place)
        except ConfigError as error:
            found.append(str(error))
        violations = check(answer.reading, answer.study.images, self.schema)
        self.counts["unasked"] += sum(one.level == "confirm" for one in violations)
        if answer.problems:  # what could not be read would be missed by the rules as well
            return found
        return found + [one.message for one in violations if one.level == "error"]

    def _role_of(self, answer: Answer) -> Role | None:
        """Return as what somebody read, None where that depends on who else did."""
        study_id, name = answer.study.study_id, answer.reading.reader_id
        for role in ROLES:
            if task_id(study_id, role, answer.creator) == answer.task_id:
                return role
        standing = standing_of(self.known.get(study_id, ()), self.schema)
        assigned = standing.role_of(name)
        if assigned is not None or name not in self.people:
            return assigned
        roles = {"reader", "arbiter"} & set(self.people[name].roles)
        return "arbiter" if roles == {"arbiter"} else "reader" if roles == {"reader"} else None

    def _enter(self, answer: Answer, role: Role | None) -> str:
        """Take one answer in; return why not, empty when it was."""
        study_id, reading = answer.study.study_id, answer.reading
        history = self.known.setdefault(study_id, [])
        standing = standing_of(history, self.schema)
        if role is None:
            role = "reader" if len(standing.readers) < self.schema.readers_per_study else "arbiter"
        given = standing.answer_of(reading.reader_id, role)
        if given is not None:
            self.already += _is_same(given, reading)
            return "" if _is_same(given, reading) else "another answer of this person is recorded already"
        new = [] if (reading.reader_id, role) in standing.people else [FactKind.ASSIGNED]
        new.append(FactKind.ARBITRATED if role == "arbiter" else FactKind.SUBMITTED)
        facts = [
            Fact(kind, study_id, reading.reader_id, now(), role, None if kind == FactKind.ASSIGNED else reading, REASON)
            for kind in new
        ]
        self.images[study_id] = answer.study.images
        for number, fact in enumerate(facts):
            try:
                self.check({study_id: [*history, *facts[:number]]}, fact)
            except MammosetError as error:
                return str(error)
        history += facts
        self.facts += facts
        return ""


def _is_same(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same, in whatever order their breasts stand."""
    breasts = all(one.breast(side) == other.breast(side) for side in Laterality)
    return breasts and (one.findings, one.comment) == (other.findings, other.comment)
