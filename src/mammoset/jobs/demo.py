"""The demo: the whole way from a phantom hospital's PACS to a verified release, nobody needed.

The simulated reviewer, readers and arbiter know the phantoms' truth; everything else is the real program.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mammoset import acquire, export, pseudonymize, publish, read, review, split
from mammoset.catalog import passwords
from mammoset.domain.flow import Flow
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import standing_of
from mammoset.engine import Progress, silent
from mammoset.errors import AcquireError, ConfigError
from mammoset.jobs.status import flow_of, rejected_in_review
from mammoset.jobs.training import make_training
from mammoset.model import Box, Reader
from mammoset.phantom import readers as simulated
from mammoset.phantom.flaws import DEMO_FLAWS, pool_size
from mammoset.phantom.hospital import Hospital, build_hospital
from mammoset.phantom.pacs import EmbeddedPacs
from mammoset.phantom.reviewer import SimulatedReviewer
from mammoset.phantom.scanner import Size
from mammoset.phantom.truth import ExamTruth
from mammoset.project import Project
from mammoset.review.images import images_to_review, is_undecided, second_look_of
from mammoset.review.regions import waiting_regions

VERSION = "1.0.0"
PEER = "phantom"
REVIEWER, SECOND_REVIEWER, ADMINISTRATOR = "reviewer", "second-reviewer", "admin"
BEYOND_THE_SAMPLE = 1 / 6
"""Share of the released exams that the phantom hospital has besides, so that a sample is drawn."""
ENRICHED_BELOW = 200
"""A small demo has more findings than a screening population, so that there is something to see."""

SETTINGS = """\
# Settings of the demo; 'mammoset init' writes the commented ones.
[dataset]
name = "phantom-mammo"
title = "Phantom-Mammo: a demonstration dataset of synthetic mammograms"
description = "Every image is drawn by a program and every reading simulated; no patient is in it."
license = "CC0-1.0. The images are synthetic."

[acquire]
port = 0
seed = {seed}

[acquire.peers.{peer}]
host = "127.0.0.1"
port = {port}
ae_title = "PACS"
method = "get"

[read]
seed = {seed}

[split]
seed = {seed}
"""


class Entrance(NamedTuple):
    """How a person of the demo signs in: with a password that is drawn by lot each time the demo runs."""

    name: str
    password: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Where everything is, who can sign in, and what was verified."""

    hospital: Path
    project: Path
    vault: Path
    export: Path
    release: Path
    flow: Flow
    n_studies: int
    n_images: int
    n_files: int
    entrances: tuple[Entrance, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        paths = ("hospital", "project", "vault", "export", "release")
        counts = {"studies": self.n_studies, "images": self.n_images, "files": self.n_files}
        people = [one._asdict() for one in self.entrances]
        told = {"flow": self.flow.to_json(), "people": people}
        return {name: str(getattr(self, name)) for name in paths} | counts | told


def run_demo(
    directory: Path, *, exams: int = 12, seed: int = 7, size: Size = "full", progress: Progress = silent
) -> DemoResult:
    """Run the whole way in one folder.

    Parameters
    ----------
    directory : Path
        Gets ``hospital/``, ``project/`` and, unless MAMMOSET_VAULT says otherwise, ``project.vault/``. A demo that
        was stopped goes on when started again with the same arguments.
    exams : int
        Exams in the release.
    seed : int
        Of the phantoms, the draw, the assignment, the readers and the split.
    size : {"full", "half", "small"}
        Pixels of the phantoms.

    Raises
    ------
    ConfigError
        If the folder holds a demo made with other arguments.
    """
    directory = directory.resolve()
    hospital = _hospital(directory, exams, seed, size, progress)
    with EmbeddedPacs(hospital.images) as pacs, _project(directory, seed, pacs.port) as project:
        truths = _collect(project, hospital, exams, progress)
    with Project.open(directory / "project") as project:
        _read(project, truths, seed)
        exported = export.export_project(project, progress=progress)
        split.split_project(project)
        release = project.releases / VERSION
        if not release.exists():
            waiver = publish.Waiver("synthetic patients", REVIEWER)
            publish.publish(project, VERSION, waiver=waiver, progress=progress)
        verified = publish.verify(release, progress=progress)
        make_training(project, size=size, progress=progress)
        return DemoResult(
            hospital.folder, project.root, project.vault_path, exported.folder, release, flow_of(project),
            verified.n_studies, verified.n_images, verified.n_files, _let_in(project),
        )  # fmt: skip


def _let_in(project: Project) -> tuple[Entrance, ...]:
    """Give everybody of the demo a new password; they are told to whoever runs it, and need not be changed."""
    found = []
    people = {one.reader_id: one for one in (Reader(ADMINISTRATOR, ("admin",)), *project.catalog.readers())}
    for person in people.values():
        password = passwords.generated()
        project.catalog.accounts.put_person(
            person, by="demo", password_hash=passwords.hashed(password), must_change=False
        )
        found.append(Entrance(person.reader_id, password, person.roles))
    return tuple(found)


def _hospital(directory: Path, exams: int, seed: int, size: Size, progress: Progress) -> Hospital:
    directory.mkdir(parents=True, exist_ok=True)
    arguments = {"exams": exams, "seed": seed, "size": size}
    note = directory / "demo.json"
    if note.exists() and json.loads(note.read_text()) != arguments:
        raise ConfigError(f"{directory} holds a demo made with {note.read_text().strip()}; take another folder")
    folder = directory / "hospital"
    if note.exists() and (folder / "truth.json").exists():
        return Hospital.load(folder)
    pool = pool_size(exams, DEMO_FLAWS) + math.ceil(exams * BEYOND_THE_SAMPLE)
    hospital = build_hospital(
        folder, n_exams=pool, seed=seed, size=size, enriched=exams < ENRICHED_BELOW, flaws=DEMO_FLAWS, progress=progress
    )
    note.write_text(json.dumps(arguments) + "\n")
    return hospital


def _project(directory: Path, seed: int, port: int) -> Project:
    root = directory / "project"
    text = SETTINGS.format(seed=seed, port=port, peer=PEER)
    if not (root / "mammoset.toml").exists():
        return Project.create(root, settings_text=text)
    (root / "mammoset.toml").write_text(text)  # the embedded PACS has a new port each time
    return Project.open(root)


def _collect(project: Project, hospital: Hospital, exams: int, progress: Progress) -> dict[str, ExamTruth]:
    """Acquire, pseudonymize and review until enough exams are approved; return their truth by pseudonym."""
    while True:
        before = review.summary(project)
        acquire.acquire_pacs(
            project, PEER, sample=exams, progress=progress, exclude_from_count=rejected_in_review(project)
        )
        pseudonymize.pseudonymize(project, progress=progress)
        truths = _pseudonymized_truths(project, hospital)
        if _decide_regions(project, truths):
            pseudonymize.pseudonymize(project, progress=progress)
        _review(project, truths)
        after = review.summary(project)
        if after.approved >= exams:
            return truths
        if after == before:
            raise AcquireError(
                f"demo: the phantom hospital has only {after.approved} exams that pass, {exams} were asked for; "
                "take another seed"
            )


def _decide_regions(project: Project, truths: Mapping[str, ExamTruth]) -> bool:
    """Decide about the regions that hold exams; return whether there were any."""
    waiting = [one.region for one in waiting_regions(project)]
    said = []
    for one in waiting:
        (verdict,) = SimulatedReviewer().decide_regions(truths[one.study_id], [(one.image_id, Box(*one.box))])
        said.append(review.Saying(verdict, one.region_id))
    review.record(project, review.words_of(project, said, by=REVIEWER), by=REVIEWER)
    return bool(waiting)


def _review(project: Project, truths: Mapping[str, ExamTruth]) -> None:
    """Approve every value, decide about every image, and have another person look at those that are drawn."""
    said = [review.Saying("approve", one.element) for one in review.elements(project) if one.pending]
    review.record(project, review.words_of(project, said, by=REVIEWER), by=REVIEWER)
    for person in (REVIEWER, SECOND_REVIEWER):
        waiting = second_look_of(person) if person == SECOND_REVIEWER else is_undecided
        chosen = {one.image_id: one.record for one in images_to_review(project, waiting)}
        verdicts: dict[str, str | None] = {}
        for study_id in {record.image.study_id for record in chosen.values()}:
            decided = SimulatedReviewer(person).review(truths[study_id], _masked_boxes(project, study_id))
            verdicts |= {image_id: reason for image_id, reason in decided.items() if image_id in chosen}
        review.decide(project, verdicts, by=person)


def _masked_boxes(project: Project, study_id: str) -> dict[str, list[Box]]:
    records = project.catalog.image_records(study_id)
    return {record.image.image_id: [Box(*edges) for edges in record.masked] for record in records}


def _pseudonymized_truths(project: Project, hospital: Hospital) -> dict[str, ExamTruth]:
    studies = acquire.study_pseudonyms_of(project, [exam.study_id for exam in hospital.exams])
    images = acquire.pseudonyms_of(project, [image.image_id for exam in hospital.exams for image in exam.images])
    renamed = [exam.renamed(studies | images) for exam in hospital.exams]
    return {exam.study_id: exam for exam in renamed}


def _read(project: Project, truths: Mapping[str, ExamTruth], seed: int) -> None:
    """Let the simulated readers read what is assigned, and the arbiter what is discordant."""
    profiles = simulated.default_readers(seed)
    people = {one.reader_id: one for one in profiles}
    arbiters = {one.reader_id: one for one in profiles if isinstance(one, simulated.SimulatedArbiter)}
    for one in profiles:
        project.catalog.put_reader(one.reader)
    for name in (REVIEWER, SECOND_REVIEWER):
        project.catalog.put_reader(Reader(name, ("reviewer",)))
    read.assign(project)
    readings = []
    for study_id, facts in project.catalog.facts().items():
        standing = standing_of(facts, project.schema)
        readings += [people[name].read(truths[study_id]) for name in standing.pending]
    _import(project, [reading_to_json(one) for one in readings])
    read.assign(project)
    arbitrations = []
    for study_id, facts in project.catalog.facts().items():
        standing = standing_of(facts, project.schema)
        if standing.arbiter is not None and standing.arbitration is None:
            first, second = standing.readings
            reading = arbiters[standing.arbiter].arbitrate(truths[study_id], first, second)
            arbitrations.append(reading_to_json(reading) | {"role": "arbiter"})
    _import(project, arbitrations)


def _import(project: Project, readings: list[dict[str, Any]]) -> None:
    if readings:
        read.import_readings(project, json.dumps({"readings": readings}), source="simulated readings")
