"""An archive of exams chosen for what can hang wrong: four makers, and headers and pixels that are unlike the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.model import Box, Finding
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.hospital import write_exam
from mammoset.phantom.lesions import Lesion
from mammoset.phantom.plans import BreastPlan, ExamPlan
from mammoset.phantom.population import draw_population
from mammoset.phantom.scanner import Size
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.pixels.codec import decode, file_bytes, with_pixels
from mammoset.terms.dicom import EXPLICIT_VR_LE, Laterality, ViewPosition
from mammoset.terms.findings import FOCAL_ASYMMETRY, MASS, SUSPICIOUS_CALCIFICATION

SEED = 11
BOTH_SIDES, RIGHT, LEFT = (Laterality.R, Laterality.L), (Laterality.R,), (Laterality.L,)
BOTH_VIEWS = (ViewPosition.CC, ViewPosition.MLO)
SMALLER = 0.8
OPPOSITE = str.maketrans("APLRFH", "PARLHF")


@dataclass(frozen=True, slots=True)
class Twist:
    """How the objects of an exam are unlike what the phantom writes, though they show the same breasts.

    Attributes
    ----------
    mirrored, upside_down, coarser : tuple of Laterality
        The sides that are stored with left and right exchanged, with top and bottom exchanged, with larger pixels.
    of_views : tuple of ViewPosition
        The views in which top and bottom are exchanged.
    tells_orientation : bool
        Whether Patient Orientation says how they are stored; without it only the pixels tell where the chest wall is.
    """

    mirrored: tuple[Laterality, ...] = ()
    upside_down: tuple[Laterality, ...] = ()
    coarser: tuple[Laterality, ...] = ()
    of_views: tuple[ViewPosition, ...] = BOTH_VIEWS
    tells_orientation: bool = True

    def is_upside_down(self, side: Laterality | None, view: ViewPosition | None) -> bool:
        """Whether an image is stored with top and bottom exchanged."""
        return side in self.upside_down and view in self.of_views

    def pixels(self, pixels: NDArray[np.uint16], image: ImageTruth) -> NDArray[np.uint16]:
        """Return the pixels as they are stored then."""
        side = image.laterality
        scale = self._scale(side)
        reduced = pixels if scale == 1 else cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        turned = np.asarray(reduced, np.uint16)[:: -1 if self.is_upside_down(side, image.view_position) else 1]
        return np.ascontiguousarray(turned[:, :: -1 if side in self.mirrored else 1])

    def box(self, box: Box, image: ImageTruth, shape: tuple[int, int]) -> Box:
        """Return where a box is then, in pixels that have this shape then."""
        side = image.laterality
        scale, (rows, columns) = self._scale(side), shape
        xs, ys = [box.xmin * scale, box.xmax * scale], [box.ymin * scale, box.ymax * scale]
        xs = [columns - x for x in reversed(xs)] if side in self.mirrored else xs
        ys = [rows - y for y in reversed(ys)] if self.is_upside_down(side, image.view_position) else ys
        return Box(xs[0], ys[0], xs[1], ys[1])

    def tell(self, dataset: Dataset, image: ImageTruth) -> None:
        """Write into a header what is so then."""
        side = image.laterality
        across, down = dataset.PatientOrientation
        across = across.translate(OPPOSITE) if side in self.mirrored else across
        down = down.translate(OPPOSITE) if self.is_upside_down(side, image.view_position) else down
        dataset.PatientOrientation = [across, down] if self.tells_orientation else None
        spacing = [round(float(one) / self._scale(side), 6) for one in dataset.ImagerPixelSpacing]
        dataset.ImagerPixelSpacing = dataset.PixelSpacing = spacing

    def _scale(self, side: Laterality | None) -> float:
        return SMALLER if side in self.coarser else 1


@dataclass(frozen=True, slots=True)
class Case:
    """An exam: whose machine, what is unlike the rest, what is in the right and in the left breast."""

    vendor: str
    twist: Twist | None = None
    flaws: frozenset[Flaw] = frozenset()
    right: tuple[Lesion, ...] = ()
    left: tuple[Lesion, ...] = ()


MASS_4 = Lesion((MASS,), 4, BOTH_VIEWS, 21, 20.0)
MASS_5 = Lesion((MASS,), 5, BOTH_VIEWS, 22, 26.0)
CALCIFICATION = Lesion((SUSPICIOUS_CALCIFICATION,), 4, BOTH_VIEWS, 23, 16.0)
ASYMMETRY = Lesion((FOCAL_ASYMMETRY,), 3, (ViewPosition.MLO,), 24, 24.0)
INVERTED = frozenset({Flaw.MONOCHROME1})
LETTERED = frozenset({Flaw.CORNER_TEXT})

CASES = (
    Case("GE", Twist(upside_down=RIGHT, of_views=(ViewPosition.MLO,), tells_orientation=False), right=(MASS_4,)),
    Case("SIEMENS", None, INVERTED, left=(CALCIFICATION,)),
    Case("IMS", Twist(coarser=LEFT), right=(ASYMMETRY,), left=(MASS_5,)),
    Case("Planmed", Twist(BOTH_SIDES, BOTH_SIDES), right=(MASS_5,)),
    Case("SIEMENS", Twist(mirrored=RIGHT, tells_orientation=False), right=(MASS_4,)),
    Case("GE", left=(ASYMMETRY,)),
    Case("IMS", None, LETTERED, right=(CALCIFICATION,)),
    Case("Planmed", Twist(tells_orientation=False), INVERTED | LETTERED, left=(MASS_4,)),
    Case("SIEMENS", Twist(LEFT, RIGHT, RIGHT), right=(MASS_5,), left=(MASS_4,)),
    Case("GE", None, LETTERED | {Flaw.REPEAT}, right=(CALCIFICATION,)),
)
"""What ten exams are; the first ones have what most easily hangs wrong."""


def write_archive(folder: Path, cases: tuple[Case, ...], size: Size) -> list[ExamTruth]:
    """Write the files of exams; return what is true of each."""
    folder.mkdir(parents=True)
    drawn = draw_population(len(cases), seed=SEED)
    return [_write(folder, case, plan, size) for case, plan in zip(cases, drawn, strict=True)]


def _write(folder: Path, case: Case, drawn: ExamPlan, size: Size) -> ExamTruth:
    breasts = [
        BreastPlan(side, max((one.birads or 1 for one in lesions), default=1), "C", lesions)
        for side, lesions in ((Laterality.R, case.right), (Laterality.L, case.left))
    ]
    exam = replace(drawn, vendor=case.vendor, flaws=case.flaws, breasts=(breasts[0], breasts[1]))
    truth = write_exam(folder, size, exam)
    if case.twist is None:
        return truth
    findings = {
        one.image_id: [each for each in truth.findings if each.image_id == one.image_id] for one in truth.images
    }
    twisted: list[Finding] = []
    for image in truth.images:
        shape = _rewrite(folder / image.path, case.twist, image)
        found = findings[image.image_id]
        twisted += [replace(one, box=case.twist.box(one.box, image, shape)) for one in found]
    return replace(truth, findings=tuple(twisted))


def _rewrite(path: Path, twist: Twist, image: ImageTruth) -> tuple[int, int]:
    """Twist a file; return its rows and columns then."""
    dataset = dcmread(path)
    pixels = twist.pixels(decode(dataset), image)
    twist.tell(dataset, image)
    dataset.Rows, dataset.Columns = pixels.shape
    path.write_bytes(file_bytes(with_pixels(dataset, pixels, EXPLICIT_VR_LE)))
    return pixels.shape[0], pixels.shape[1]
