"""Builds the archive of a hospital that does not exist: DICOM files in an export folder, and the truth beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mammoset import engine
from mammoset.model import Breast, Finding
from mammoset.phantom.acquisition import objects_of
from mammoset.phantom.files import MadeObject, make
from mammoset.phantom.flaws import ARCHIVE_FLAWS, Flaw
from mammoset.phantom.identities import identity_of
from mammoset.phantom.plans import ExamPlan
from mammoset.phantom.population import draw_population
from mammoset.phantom.scanner import Size
from mammoset.phantom.truth import ExamTruth, HospitalTruth, ImageTruth, Planted
from mammoset.terms.dicom import Laterality

IMAGES = "archive"
TRUTH = "truth.json"


@dataclass(frozen=True, slots=True)
class Hospital:
    """A built archive.

    Attributes
    ----------
    folder : Path
        Holds ``archive/`` (the DICOM files) and ``truth.json``.
    truth : HospitalTruth
    """

    folder: Path
    truth: HospitalTruth

    @property
    def images(self) -> Path:
        """The folder of DICOM files: what a hospital would hand over."""
        return self.folder / IMAGES

    @property
    def exams(self) -> tuple[ExamTruth, ...]:
        """The truth of every exam, in the order of the pool."""
        return self.truth.exams

    @property
    def planted_strings(self) -> tuple[str, ...]:
        """Every text and UID whose presence in a release is a leak, each once, sorted."""
        return tuple(sorted({text for exam in self.exams for text in exam.planted_strings}))

    @classmethod
    def load(cls, folder: Path) -> Hospital:
        """Open an archive that `build_hospital` built.

        Raises
        ------
        FileNotFoundError
            When it was not built to its end: the truth is written last.
        """
        return cls(folder, HospitalTruth.read(folder / TRUTH))


def build_hospital(
    folder: Path,
    *,
    n_exams: int,
    seed: int,
    size: Size = "full",
    enriched: bool = False,
    flaws: Mapping[Flaw, float] = ARCHIVE_FLAWS,
    workers: int | None = None,
    progress: engine.Progress = engine.silent,
) -> Hospital:
    """Write the archive of an invented hospital.

    Parameters
    ----------
    folder : Path
        Made if it is not there; gets ``archive/PAT…/STU…/….dcm`` and ``truth.json``.
    n_exams : int
        Size of the pool, complete exams or not; see `pool_size`.
    seed : int
        Same seed and settings, same bytes, whatever the number of workers.
    size : {"full", "half", "small"}
        Pixels of the images: as the detectors', half, or an eighth in each direction.
    enriched, flaws
        See `draw_population`.
    """
    exams = draw_population(n_exams, seed=seed, enriched=enriched, flaws=flaws)
    images = folder / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    truths: list[ExamTruth] = []
    for truth in engine.run(partial(write_exam, images, size), exams, workers=workers):
        if isinstance(truth, engine.Failure):
            raise RuntimeError(f"exam {truth.item.number} of the phantom could not be made: {truth.kind}")
        truths.append(truth)
        progress("exams", len(truths), n_exams)
    hospital = Hospital(folder, HospitalTruth(seed, size, tuple(truths)))
    hospital.truth.write(folder / TRUTH)
    return hospital


def write_exam(images: Path, size: Size, exam: ExamPlan) -> ExamTruth:
    """Write the files of one exam and return what is true of it."""
    identity = identity_of(exam)
    home = Path(f"PAT{exam.patient.number:05d}") / f"STU{exam.number:05d}"
    (images / home).mkdir(parents=True, exist_ok=True)
    found: list[ImageTruth] = []
    findings: list[Finding] = []
    planted: dict[Planted, None] = {}
    for plan in objects_of(exam):
        made = make(exam, plan, size)
        path = home / f"{plan.number:04d}.dcm"
        temporary = images / f"{path}.part"
        temporary.write_bytes(made.content)
        temporary.replace(images / path)
        planted |= dict.fromkeys(made.planted)
        shape = made.shot.picture.pixels.shape if made.shot else (0, 0)
        text_boxes = made.shot.text_boxes if made.shot else ()
        found.append(
            ImageTruth(
                made.sop_instance_uid, made.series_instance_uid, str(path), plan.role, plan.laterality,
                plan.view_position, shape[0], shape[1], text_boxes,
            )
        )  # fmt: skip
        if plan.role == "standard":
            findings += _findings(exam, plan.laterality, made)
    return ExamTruth(
        number=exam.number,
        study_id=identity.uid(1),
        patient_id=exam.patient.patient_id,
        age_years=exam.age,
        is_complete=exam.is_complete,
        vendor=exam.vendor,
        breasts=tuple(Breast(breast.laterality, breast.birads, breast.density) for breast in exam.breasts),
        findings=tuple(findings),
        images=tuple(found),
        flaws=tuple(sorted(exam.flaws)),
        planted=tuple(planted),
    )


def _findings(exam: ExamPlan, laterality: Laterality | None, made: MadeObject) -> list[Finding]:
    """Return the boxes on one image that stands for its view."""
    if made.shot is None or laterality is None:
        return []
    lesions = exam.breast(laterality).lesions
    return [
        Finding(made.sop_instance_uid, box, lesions[index].categories, lesions[index].birads)
        for index, box in made.shot.boxes
    ]
