"""What is true of a hospital that does not exist: labels, boxes, burned-in text, every identifier planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from mammoset.model import Box, Breast, Finding
from mammoset.phantom.flaws import Flaw
from mammoset.terms.dicom import Laterality, ViewPosition

Role = Literal["standard", "repeat", "further", "other"]
"""Stands for one of the four views; an earlier take of one; a view beside them; no presentation mammogram."""

PlantedKind = Literal["text", "uid", "date", "age"]

SHORTEST_SEARCHED = 6
"""Characters; shorter texts occur by chance in any file."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier that was written into an object of an exam.

    Attributes
    ----------
    text : str
        As written, after what the character set of the file made of it.
    where : str
        Keyword, ``private (gggg,eeee)``, ``preamble``, ``pixels``, ``overlay`` or ``file meta: Keyword``.
    kind : {"text", "uid", "date", "age"}
        Dates and ages are no proof of a leak when the same digits turn up elsewhere; texts and UIDs are.
    """

    text: str
    where: str
    kind: PlantedKind = "text"


@dataclass(frozen=True, slots=True)
class ImageTruth:
    """One object of an exam.

    Attributes
    ----------
    image_id, series_id : str
        Original UIDs, or pseudonyms after `ExamTruth.renamed`.
    path : str
        File, relative to the folder of images.
    laterality, view_position : Laterality, ViewPosition or None
        None for what is no mammogram.
    text_boxes : tuple of Box
        Ink of burned-in text, in stored pixels.
    """

    image_id: str
    series_id: str
    path: str
    role: Role
    laterality: Laterality | None = None
    view_position: ViewPosition | None = None
    rows: int = 0
    columns: int = 0
    text_boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamTruth:
    """One exam of the pool and what is true of it.

    Attributes
    ----------
    number : int
        Place in the pool; depends on no pseudonym.
    study_id, patient_id : str
        Originals, or pseudonyms after `renamed`.
    age_years : int or None
        Not capped; None where the archive does not say.
    is_complete : bool
        Whether the four standard views are in the archive.
    findings : tuple of Finding
        On the images that stand for the four views.
    planted : tuple of Planted
        Every identifier in the files of this exam, each once per place; empty after `renamed`.
    """

    number: int
    study_id: str
    patient_id: str
    age_years: int | None
    is_complete: bool
    vendor: str
    breasts: tuple[Breast, ...]
    findings: tuple[Finding, ...]
    images: tuple[ImageTruth, ...]
    flaws: tuple[Flaw, ...] = ()
    planted: tuple[Planted, ...] = ()

    @property
    def standard_images(self) -> tuple[ImageTruth, ...]:
        """The images that stand for the four views, in the order of acquisition."""
        return tuple(image for image in self.images if image.role == "standard")

    @property
    def text_boxes(self) -> dict[str, tuple[Box, ...]]:
        """Image to the boxes of its burned-in text; images without any are left out."""
        return {image.image_id: image.text_boxes for image in self.images if image.text_boxes}

    @property
    def planted_strings(self) -> tuple[str, ...]:
        """Texts and UIDs whose presence in a release is a leak, each once, sorted."""
        found = {one.text for one in self.planted if one.kind in ("text", "uid")}
        return tuple(sorted(text for text in found if len(text) >= SHORTEST_SEARCHED))

    def breast(self, laterality: Laterality) -> Breast:
        """Return what is true of one side."""
        return next(breast for breast in self.breasts if breast.laterality == laterality)

    def renamed(self, mapping: Mapping[str, str]) -> ExamTruth:
        """Return the exam under other identifiers, without its images and findings that have no new name.

        Parameters
        ----------
        mapping : mapping of str to str
            Original study, series, instance UIDs and patient IDs to pseudonyms. Series and patients that are not
            in it keep an empty name; the planted identifiers are dropped.
        """
        images = tuple(
            replace(image, image_id=mapping[image.image_id], series_id=mapping.get(image.series_id, ""), path="")
            for image in self.images
            if image.image_id in mapping
        )
        findings = tuple(
            replace(finding, image_id=mapping[finding.image_id])
            for finding in self.findings
            if finding.image_id in mapping
        )
        return replace(
            self,
            study_id=mapping.get(self.study_id, ""),
            patient_id=mapping.get(self.patient_id, ""),
            images=images,
            findings=findings,
            planted=(),
        )


@dataclass(frozen=True, slots=True)
class HospitalTruth:
    """All exams of a pool, and what they were drawn from."""

    seed: int
    size: str
    exams: tuple[ExamTruth, ...]

    def write(self, path: Path) -> None:
        """Write it as JSON; the same values give the same bytes."""
        path.write_bytes(_ADAPTER.dump_json(self) + b"\n")

    @classmethod
    def read(cls, path: Path) -> HospitalTruth:
        """Read what `write` wrote."""
        return _ADAPTER.validate_json(path.read_bytes())


_ADAPTER = TypeAdapter(HospitalTruth)
