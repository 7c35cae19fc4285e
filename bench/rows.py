"""What the catalog costs: each stage's work on rows, without pixels, at 500 and at 5,000 exams.

The work grows as the exams do when ten times the exams take ten times the time. Where a stage comes to one exam after
the other (``is_each``), the time of one exam is given; it should stay the same.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.acquire.made import encoded, exam, study_uid
from tests.builders import images_of, reading, record_of

from mammoset import export, read, review, split
from mammoset.acquire.admit import Admission, extend_pool, open_vault
from mammoset.acquire.quarantine import arrival_of
from mammoset.acquire.summary import complete_exams
from mammoset.catalog import Decision, ImageRecord, PoolEntry, StudyRecord
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import standing_of
from mammoset.jobs.status import status_of, whereabouts_of
from mammoset.model import Image, Reader, Reading
from mammoset.project import Project
from mammoset.publish.selection import select
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Original

SETTINGS = '[dataset]\nname = "bench"\n\n[review]\nsecond_look = 0\n'
N_READERS = 6
SAMPLE = 20
"""Exams over which the time of one is averaged."""


@dataclass(frozen=True, slots=True)
class RowTimes:
    """CPU seconds of one kind of work at two sizes; of all exams, or of one where it is done exam by exam."""

    what: str
    is_each: bool
    small: float
    large: float


def measure_rows(sizes: tuple[int, int] = (500, 5000)) -> list[RowTimes]:
    """Time every kind of work at both sizes."""
    found = [dict(_times(size)) for size in sizes]
    return [RowTimes(what, is_each, found[0][what, is_each], spent) for (what, is_each), spent in found[1].items()]


def _times(n: int) -> Iterator[tuple[tuple[str, bool], float]]:
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "p", settings_text=SETTINGS) as project:
        yield ("fill the catalog", False), _seconds(lambda: _fill(project, n))
        yield from _acquire_times(project, n)
        yield from _review_times(project)
        yield from _reading_times(project)
        for what, work in AFTERWARDS.items():
            yield (what, False), _seconds(partial(work, project))


AFTERWARDS: dict[str, Callable[[Project], Any]] = {
    "read agreement and progress": lambda project: (read.progress_of(project), read.readings_by_study(project)),
    "status": status_of,
    "status by exam": whereabouts_of,
    "export": export.export_project,
    "split": split.split_project,
    "publish: choose": select,
}


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _fill(project: Project, n: int) -> None:
    """Put n exams into the catalog as the gate does, one transaction each."""
    project.catalog.put_pool(PoolEntry(f"2.25.{one}", one, "bench") for one in range(n))
    for one in range(n):
        study_id, images = f"2.25.{one}", images_of(one, one)
        decisions = [Decision(stage, study_id, Outcome.KEPT) for stage in (Stage.ACQUIRE, Stage.PSEUDONYMIZE)]
        decisions += [Decision(Stage.ACQUIRE, study_id, Outcome.KEPT, image_id=image.image_id) for image in images]
        project.catalog.admit(StudyRecord(study_id, f"P{one}", 50, "F"), map(_record, images), decisions)
    for number in range(N_READERS):
        project.catalog.put_reader(Reader(f"r{number}", ("reader",), 10 + number, 1000))
    for number in range(2):
        project.catalog.put_reader(Reader(f"a{number}", ("arbiter",), 20, 2000))


def _record(image: Image) -> ImageRecord:
    """Return a record with a digest of its own: one picture under two patients is not published."""
    return replace(record_of(image), pixel_sha256=hashlib.sha256(image.image_id.encode()).hexdigest())


def _acquire_times(project: Project, n: int) -> Iterator[tuple[tuple[str, bool], float]]:
    """Take in a few exams more, as from pushes, with a vault that knows as many as the catalog."""
    with _throw_away_vault(project, n) as vault:
        admission = Admission(project, vault)
        inbox = vault.incoming

        def admit(number: int) -> None:
            arrivals = []
            for image, dataset in enumerate(exam(number)):
                path = inbox / f"{number}.{image}"
                path.write_bytes(encoded(dataset))
                arrivals.append(arrival_of(path))
            extend_pool(project, vault, [study_uid(number)], 1, "listen")
            admission.admit(study_uid(number), arrivals)

        def admit_all() -> None:
            for number in range(SAMPLE):
                admit(number)

        yield ("acquire", True), _seconds(admit_all) / SAMPLE
        yield ("acquire: count the complete exams", False), _seconds(lambda: complete_exams(project))
        project.catalog.decide(
            Decision(Stage.ACQUIRE, vault.keys.pseudonym_uid(study_uid(number)), Outcome.EXCLUDED, "missing_views")
            for number in range(SAMPLE)
        )


@contextmanager
def _throw_away_vault(project: Project, n: int) -> Iterator[Any]:
    # the key would be refused for a project that has a pool: it is made here as a restored one would be
    root = project.vault_path
    root.mkdir(mode=0o700)
    (root / "key").write_text("00" * 32)
    vault = open_vault(project)
    vault.admit(*(
        Original(image.image_id, image.study_id, image.series_id, f"P{one}", root / image.image_id, "", 1)
        for one in range(n)
        for image in images_of(one, one)
    ))  # fmt: skip
    yield vault


def _review_times(project: Project) -> Iterator[tuple[tuple[str, bool], float]]:
    yield ("review: what is pending", False), _seconds(lambda: review.pending(project))
    waiting = review.pending(project)
    few, rest = waiting[:SAMPLE], waiting[SAMPLE:]

    def decide() -> None:
        for study in few:
            review.decide(project, {one.image_id: None for one in study.images}, by="reviewer")

    yield ("review: decide", True), _seconds(decide) / SAMPLE
    verdicts = {one.image_id: None for study in rest for one in study.images}
    yield ("review: decide at once", False), _seconds(lambda: review.decide(project, verdicts, by="reviewer"))


def _reading_times(project: Project) -> Iterator[tuple[tuple[str, bool], float]]:
    yield ("read: assign readers", False), _seconds(lambda: read.assign(project))
    first = list(_first_reads(project))
    few, rest = first[:SAMPLE], first[SAMPLE:]

    def submit() -> None:
        for one in few:
            read.import_readings(project, _json([one]))

    yield ("read: import one reading", True), _seconds(submit) / SAMPLE
    yield ("read: import readings", False), _seconds(lambda: read.import_readings(project, _json(rest)))
    yield ("read: assign arbiters", False), _seconds(lambda: read.assign(project))
    text = _json(list(_arbitrations(project)), role="arbiter")
    yield ("read: import arbitrations", False), _seconds(lambda: read.import_readings(project, text))


def _first_reads(project: Project) -> Iterator[Reading]:
    """Read every exam; in every fourth the second reader sees another density, which opens arbitration."""
    for number, (study_id, facts) in enumerate(project.catalog.facts().items()):
        for place, name in enumerate(sorted(standing_of(facts, project.schema).pending)):
            density = "C" if place and number % 4 == 0 else "B"
            yield reading(study_id, name, birads=1 + (number % 2), density=density)


def _arbitrations(project: Project) -> Iterator[Reading]:
    for study_id, facts in project.catalog.facts().items():
        standing = standing_of(facts, project.schema)
        if standing.arbiter is not None:
            yield reading(study_id, standing.arbiter, birads=standing.readings[0].breasts[1].birads or 1)


def _json(readings: list[Reading], **more: str) -> str:
    return json.dumps({"readings": [reading_to_json(one) | more for one in readings]})


if __name__ == "__main__":
    for one in measure_rows():
        print(one)
