"""The whole way of odd exams: from an archive through the gate to people in browsers, and on to a verified release.

``MAMMOSET_TEST_WAY="10 full"`` goes it with ten exams of full size instead of three small ones; add ``--timeout 0``.
``MAMMOSET_TEST_PICTURES`` names a folder for pictures of what people saw.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser

from mammoset import acquire, export, pseudonymize, publish, read, review, split
from mammoset.catalog import passwords
from mammoset.domain.tables import FINDING_FILE, FindingRow, read_finding_csv
from mammoset.model import Box, Reader
from mammoset.phantom.scanner import Size
from mammoset.phantom.truth import ExamTruth
from mammoset.project import Project
from mammoset.review.images import images_to_review, is_undecided
from mammoset.review.regions import waiting_regions
from mammoset.web import create_app
from tests.browser.hospital import Case, write_archive
from tests.browser.opening import PASSWORD, serving, watched
from tests.browser.people import Arbiter, Drawn, Person, Said
from tests.browser.planning import READERS, differing, own_marks, plans_of
from tests.browser.wire import Listener, Wire, told
from tests.builders import SETTINGS

ARBITER, REVIEWER = "caecilia", "ruprecht"
VERSION = "1.0.0"
_EXAMS, _SIZE = os.environ.get("MAMMOSET_TEST_WAY", "3 small").split()
EXAMS, SIZE = int(_EXAMS), cast(Size, _SIZE)
PICTURES = Path(os.environ["MAMMOSET_TEST_PICTURES"]) if "MAMMOSET_TEST_PICTURES" in os.environ else None


@dataclass
class Way:
    """What was meant, what was drawn, and what came out.

    Attributes
    ----------
    plans : by reader, then by study
    drawn : by person, then by study
    decided : by study
        The boxes on the arbiter's screen when they submitted.
    leaks : list of (address, bytes)
        Answers to a reader that hold anything of the other one's reading.
    heard : list of (address, bytes)
        The same of the arbiter, who may hear it: what a leak would look like.
    answers : dict of person to int
        How many answers of the server each browser had.
    seconds : dict
        Of each part.
    """

    project: Path
    truths: Sequence[ExamTruth] = ()
    plans: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)
    drawn: dict[str, Mapping[str, Sequence[Drawn]]] = field(default_factory=dict)
    decided: Mapping[str, Sequence[Box]] = field(default_factory=dict)
    leaks: list[tuple[str, bytes]] = field(default_factory=list)
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def release(self) -> Path:
        """The folder of the release."""
        return self.project / "releases" / VERSION

    @property
    def differing(self) -> dict[str, str]:
        """The exams that the arbiter has, and in what the readings differ."""
        return {study_id: what for study_id, what in differing(self.truths).items() if what}

    @property
    def exported(self) -> dict[str, dict[str, Any]]:
        """Each study as it stands in readings.json."""
        (path,) = self.project.glob("exports/*/readings.json")
        return {one["study_id"]: one for one in json.loads(path.read_text())["studies"]}

    @property
    def released(self) -> dict[str, list[FindingRow]]:
        """The findings of each study as the release has them."""
        rows = [one for one in read_finding_csv((self.release / FINDING_FILE).read_text()) if one.is_finding]
        return {one.study_id: [row for row in rows if row.study_id == one.study_id] for one in self.truths}


def go(
    folder: Path, browser: Browser, cases: tuple[Case, ...], size: Size = "small", pictures: Path | None = None
) -> Way:
    """Go the whole way with these exams; see `Way`."""
    way = Way(folder / "project")
    with _timed(way, "archive"):
        originals = write_archive(folder / "archive", cases, size)
    with Project.create(way.project, settings_text=SETTINGS) as project:
        with _timed(way, "gate and review"):
            way.truths = _take_in(project, folder / "archive", originals)
        _hire(project)
        read.assign(project)
        way.plans = plans_of(way.truths)
        wire = Wire(create_app(project))
        with serving(wire) as address:
            _work(way, project, wire, Desk(browser, address, pictures))
        with _timed(way, "export, split, publish"):
            export.export_project(project)
            split.split_project(project)
            publish.publish(project, VERSION, waiver=publish.Waiver("synthetic patients", REVIEWER))
    return way


def _take_in(project: Project, archive: Path, originals: Sequence[ExamTruth]) -> list[ExamTruth]:
    """Acquire, pseudonymize and approve everything; return what is true under pseudonyms."""
    acquire.acquire_folder(project, [archive])
    pseudonymize.pseudonymize(project)
    # in small pictures tissue may look like letters
    regions = [review.Saying("keep", one.region.region_id) for one in waiting_regions(project)]
    review.record(project, review.words_of(project, regions, by=REVIEWER), by=REVIEWER)
    pseudonymize.pseudonymize(project)
    values = [review.Saying("approve", one.element) for one in review.elements(project) if one.pending]
    review.record(project, review.words_of(project, values, by=REVIEWER), by=REVIEWER)
    verdicts = {one.image_id: None for one in images_to_review(project, is_undecided)}
    review.decide(project, verdicts, by=REVIEWER)
    assert len(project.approved_studies()) == len(originals)
    studies = acquire.study_pseudonyms_of(project, [one.study_id for one in originals])
    images = acquire.pseudonyms_of(project, [image.image_id for one in originals for image in one.images])
    return [one.renamed(studies | images) for one in originals]


def _hire(project: Project) -> None:
    roles = dict.fromkeys(READERS, "reader") | {ARBITER: "arbiter"}
    for name, role in roles.items():
        hashed = passwords.hashed(PASSWORD)
        person = Reader(name, (role,), 10, 2000)
        project.catalog.accounts.put_person(person, by="test", password_hash=hashed, must_change=False)


@dataclass(frozen=True)
class Desk:
    """Where people work."""

    browser: Browser
    address: str
    pictures: Path | None


def _work(way: Way, project: Project, wire: Wire, desk: Desk) -> None:
    """Have all exams read twice, then those arbitrated whose readings differ."""
    with ExitStack() as open_ones:
        contexts = {name: open_ones.enter_context(watched(desk.browser)) for name in (*READERS, ARBITER)}
        listeners = {name: Listener(context, wire) for name, context in contexts.items()}
        readers = [Person(contexts[name].new_page(), desk.address, name, desk.pictures) for name in READERS]
        with _timed(way, "readings"):
            for one in readers:
                one.read_all(way.plans[one.name])
            for one in readers:
                one.look_around(next(iter(way.differing)))
        read.assign(project)
        arbiter = Arbiter(contexts[ARBITER].new_page(), desk.address, ARBITER, desk.pictures)
        with _timed(way, "arbitrations"):
            way.decided = arbiter.arbitrate_all(own_marks(way.truths), len(way.differing))
        way.drawn = {one.name: one.drawn for one in (*readers, arbiter)}
        for name, listener in listeners.items():
            sent = listener.received(desk.address)
            way.answers[name] = len(sent)
            secrets = [one for other in READERS if other != name for one in secrets_of(way, other)]
            (way.heard if name == ARBITER else way.leaks).extend(told(sent, secrets))


def secrets_of(way: Way, reader: str) -> list[bytes]:
    """Return what an answer that tells of somebody's reading holds: their name, a comment, or one of their boxes."""
    words = [reader, *(said.comment for said in way.plans[reader].values())]
    drawn = [one.box for marks in way.drawn[reader].values() for one in marks]
    edges = [(box.xmin, box.ymin, box.xmax, box.ymax) for box in drawn]
    for separator in (",", ", "):
        words += [separator.join(str(edge) for edge in one) for one in edges]
        words += [separator.join(f"{edge:.0f}" for edge in one) for one in edges]
    return [word.encode() for word in words]


@contextmanager
def _timed(way: Way, part: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    way.seconds[part] = time.perf_counter() - start
