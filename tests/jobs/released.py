"""A project that went the whole way: a patient with two exams among others, an export, a release."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mammoset import acquire, export, publish, read, split
from mammoset.domain.readings_json import reading_to_json
from mammoset.model import Reader
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.hospital import Hospital, build_hospital
from mammoset.phantom.truth import ExamTruth
from mammoset.project import Project
from mammoset.pseudonymize import pseudonymize
from tests.builders import reading

EXAMS, SEED = 6, 5
FLAWS = {Flaw.FOR_PROCESSING: 0.5, Flaw.MISSING_VIEW: 0.2}
VERSION = "1.0.0"
SETTINGS = """\
[dataset]
name = "released"
license = "CC0-1.0"

[pseudonymize]
text_check = "off"
workers = 1

[review]
required = false

[split]
folds = { training = 0.5, test = 0.5 }

[publish]
transfer_syntax = "uncompressed"
k_anonymity = 1
"""


@dataclass(frozen=True)
class Released:
    """A project, its vault beside it, and the hospital that it comes from."""

    home: Path
    hospital: Hospital

    @property
    def root(self) -> Path:
        return self.home / "project"

    @property
    def vault(self) -> Path:
        return self.home / "project.vault"

    @property
    def archive(self) -> Path:
        return self.hospital.images

    def exams(self, patient_id: str) -> list[ExamTruth]:
        return [exam for exam in self.hospital.exams if exam.patient_id == patient_id]

    @property
    def patient_id(self) -> str:
        """Who has most exams, one of them complete."""
        complete = [exam.patient_id for exam in self.hospital.exams if exam.is_complete]
        return max(complete, key=lambda one: (len(self.exams(one)), one))

    @property
    def other(self) -> str:
        """Another patient with a complete exam."""
        return next(
            one.patient_id for one in self.hospital.exams if one.is_complete and one.patient_id != self.patient_id
        )

    def originals(self, patient_id: str) -> set[str]:
        """Return what tells who a patient is: ids, UIDs, and what stands in the headers."""
        found = {patient_id}
        for exam in self.exams(patient_id):
            found |= {exam.study_id, *(one.image_id for one in exam.images), *(one.series_id for one in exam.images)}
            found |= set(exam.planted_strings)
        others = {one for exam in self.hospital.exams if exam.patient_id != patient_id for one in exam.planted_strings}
        return {one for one in found - others if len(one) > 4}


def build(folder: Path, settings: str = SETTINGS) -> Released:
    hospital = build_hospital(folder / "hospital", n_exams=EXAMS, seed=SEED, size="small", flaws=FLAWS, workers=1)
    made = Released(folder / "home", hospital)
    with Project.create(made.root, settings_text=settings) as project:
        acquire.acquire_folder(project, [made.archive])
        pseudonymize(project, allow_incomplete=True)
        read_everything(project)
        split.split_project(project)
        export.export_project(project)
        publish.publish(project, VERSION, workers=1)
    return made


def read_everything(project: Project) -> None:
    for name in ("one", "two"):
        project.catalog.put_reader(Reader(name, ("reader",), 10, 1000))
    project.catalog.put_reader(Reader("senior", ("arbiter",), 20, 2000))
    read.assign(project)
    studies = project.catalog.approved_studies(review_required=False)
    readings = [reading_to_json(reading(study.study_id, name)) for study in studies for name in ("one", "two")]
    read.import_readings(project, json.dumps({"readings": readings}))


def found_below(folders: Iterable[Path], wanted: Iterable[str]) -> set[str]:
    """Return which of these strings stand in the bytes or the name of any file below some folders."""
    needles = [(text, text.encode()) for text in wanted]
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            name = str(path.relative_to(folder)).encode()
            found |= {text for text, needle in needles if needle in content or needle in name}
    return found
