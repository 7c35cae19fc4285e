"""Which objects an exam leaves in the archive: the four views, and what its flaws add, spoil or take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from numpy.random import Generator

from mammoset.phantom.flaws import Flaw
from mammoset.phantom.plans import ExamPlan, generator, seeds
from mammoset.phantom.truth import Role
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    IMPLICIT_VR_LE,
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
    Laterality,
    ViewModifier,
    ViewPosition,
)


class ObjectKind(StrEnum):
    """What sort of DICOM object."""

    PRESENTATION = "presentation"
    PROCESSING = "processing"
    SECONDARY_CAPTURE = "secondary_capture"
    STRUCTURED_REPORT = "structured_report"
    ULTRASOUND = "ultrasound"


class Text(StrEnum):
    """Burned-in text."""

    NONE = "none"
    CORNER = "corner"
    STRAY = "stray"
    TISSUE = "tissue"


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """One object of an exam.

    Attributes
    ----------
    number : int
        Instance number, from 1, in the order of acquisition.
    delay : int
        Seconds after the exam began.
    modifiers : tuple of ViewModifier
        With magnification the picture is enlarged.
    """

    kind: ObjectKind
    role: Role
    laterality: Laterality | None = None
    view_position: ViewPosition | None = None
    modifiers: tuple[ViewModifier, ...] = ()
    text: Text = Text.NONE
    inverted: bool = False
    number: int = 0
    delay: int = 0
    seed: int = 0

    @property
    def is_magnified(self) -> bool:
        """Whether it shows an enlarged part of the breast."""
        return ViewModifier.MAGNIFICATION in self.modifiers


ORDER = (
    (Laterality.R, ViewPosition.CC),
    (Laterality.L, ViewPosition.CC),
    (Laterality.R, ViewPosition.MLO),
    (Laterality.L, ViewPosition.MLO),
)
"""In which the views are taken."""

EXTRA_VIEWS: tuple[tuple[ViewPosition, tuple[ViewModifier, ...]], ...] = (
    (ViewPosition.CC, (ViewModifier.SPOT_COMPRESSION, ViewModifier.MAGNIFICATION)),
    (ViewPosition.MLO, (ViewModifier.MAGNIFICATION,)),
    (ViewPosition.CC, (ViewModifier.SPOT_COMPRESSION,)),
    (ViewPosition.ML, ()),
    (ViewPosition.XCCL, ()),
)

TRANSFER_SYNTAXES: dict[str, float] = {
    EXPLICIT_VR_LE: 0.76,
    IMPLICIT_VR_LE: 0.12,
    JPEG_LOSSLESS_SV1: 0.09,
    JPEG_LS_LOSSLESS: 0.03,
}
"""Share of exams stored in each."""


def transfer_syntax_of(exam: ExamPlan) -> str:
    """Return how the pixel data of an exam's images are stored."""
    draw = generator(exam.seed, 11).random()
    for syntax, share in TRANSFER_SYNTAXES.items():
        draw -= share
        if draw < 0:
            return syntax
    return EXPLICIT_VR_LE


def objects_of(exam: ExamPlan) -> tuple[ObjectPlan, ...]:
    """Return the objects of an exam in the order in which they were made."""
    rng = generator(exam.seed, 12)
    if Flaw.OTHER_MODALITY in exam.flaws:
        found = [ObjectPlan(ObjectKind.ULTRASOUND, "other") for _ in range(3)]
    else:
        found = _mammograms(exam.flaws, rng)
    if Flaw.FOR_PROCESSING in exam.flaws:
        twins = [replace(one, kind=ObjectKind.PROCESSING, role="other", text=Text.NONE, inverted=True) for one in found]
        found = [one for both in zip(twins, found, strict=True) for one in both]
    if Flaw.SECONDARY_CAPTURE in exam.flaws:
        found.append(ObjectPlan(ObjectKind.SECONDARY_CAPTURE, "other"))
    if Flaw.STRUCTURED_REPORT in exam.flaws:
        found.append(ObjectPlan(ObjectKind.STRUCTURED_REPORT, "other"))
    delays = rng.integers(35, 95, len(found)).cumsum()
    return tuple(
        replace(one, number=index + 1, delay=int(delay), seed=seed)
        for index, (one, delay, seed) in enumerate(zip(found, delays, seeds(rng, len(found)), strict=True))
    )


def _mammograms(flaws: frozenset[Flaw], rng: Generator) -> list[ObjectPlan]:
    inverted = Flaw.MONOCHROME1 in flaws
    text = Text.CORNER if Flaw.CORNER_TEXT in flaws else Text.NONE
    views = [ObjectPlan(ObjectKind.PRESENTATION, "standard", *view, (), text, inverted) for view in ORDER]
    absent, twice, stray, side, extra = (int(rng.integers(count)) for count in (4, 4, 4, 2, len(EXTRA_VIEWS)))
    if Flaw.STRAY_TEXT in flaws:
        views[stray] = replace(views[stray], text=Text.STRAY)
    if Flaw.TISSUE_TEXT in flaws:
        views[stray] = replace(views[stray], text=Text.TISSUE)
    further: list[ObjectPlan] = []
    if Flaw.EXTRA_VIEW in flaws:
        position, modifiers = EXTRA_VIEWS[extra]
        further.append(replace(views[side], role="further", view_position=position, modifiers=modifiers))
    if Flaw.IMPLANT_DISPLACED in flaws:
        displaced = (ViewModifier.IMPLANT_DISPLACED,)
        further += [replace(one, role="further", modifiers=displaced) for one in views]
    if Flaw.REPEAT in flaws:
        views.insert(twice, replace(views[twice], role="repeat"))
    if Flaw.MISSING_VIEW in flaws:
        gone = views[absent].laterality, views[absent].view_position
        views = [one for one in views if (one.laterality, one.view_position) != gone]
    return views + [replace(one, text=text) for one in further]
