"""What is wrong, or merely untidy, in a real archive, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Flaw(StrEnum):
    """A way in which an exam of an archive differs from four clean images."""

    MISSING_VIEW = "missing_view"
    """One of the four standard views was never taken or never sent: not a complete exam."""
    OTHER_MODALITY = "other_modality"
    """An ultrasound study among the mammography."""
    STRAY_TEXT = "stray_text"
    """Burned-in text in the air but not in a corner: corner masks miss it, a reviewer must not."""
    CORNER_TEXT = "corner_text"
    """Burned-in text in a corner away from the chest wall."""
    REPEAT = "repeat"
    """A view taken twice; the later one stands."""
    EXTRA_VIEW = "extra_view"
    """A spot or magnification view, ML or XCCL beside the four."""
    IMPLANT_DISPLACED = "implant_displaced"
    """Implants: a second, displaced view of each projection."""
    FOR_PROCESSING = "for_processing"
    """For Processing twins beside the presentation images."""
    STRUCTURED_REPORT = "structured_report"
    SECONDARY_CAPTURE = "secondary_capture"
    MONOCHROME1 = "monochrome1"
    """Stored inverted: air is the highest value."""
    TISSUE_TEXT = "tissue_text"
    """Burned-in text across the breast: nobody but a person may decide what becomes of it."""


FATAL = (Flaw.MISSING_VIEW, Flaw.OTHER_MODALITY)
"""The exam is not complete."""

EXCLUSIVE = (*FATAL, Flaw.STRAY_TEXT, Flaw.TISSUE_TEXT)
"""An exam has at most one of these, so that what becomes of it has one reason."""

NO_FLAWS: Mapping[Flaw, float] = {}

ARCHIVE_FLAWS: Mapping[Flaw, float] = {
    Flaw.MISSING_VIEW: 0.04,
    Flaw.OTHER_MODALITY: 0.01,
    Flaw.STRAY_TEXT: 0.005,
    Flaw.CORNER_TEXT: 0.35,
    Flaw.REPEAT: 0.04,
    Flaw.EXTRA_VIEW: 0.06,
    Flaw.IMPLANT_DISPLACED: 0.01,
    Flaw.FOR_PROCESSING: 0.03,
    Flaw.STRUCTURED_REPORT: 0.04,
    Flaw.SECONDARY_CAPTURE: 0.03,
    Flaw.MONOCHROME1: 0.08,
    Flaw.TISSUE_TEXT: 0.002,
}
"""Shares of exams in an archive of some size."""

DEMO_FLAWS: Mapping[Flaw, float] = {
    Flaw.MISSING_VIEW: 0.08,
    Flaw.OTHER_MODALITY: 0.06,
    Flaw.STRAY_TEXT: 0.06,
    Flaw.CORNER_TEXT: 0.5,
    Flaw.REPEAT: 0.12,
    Flaw.EXTRA_VIEW: 0.12,
    Flaw.IMPLANT_DISPLACED: 0.06,
    Flaw.FOR_PROCESSING: 0.1,
    Flaw.STRUCTURED_REPORT: 0.1,
    Flaw.SECONDARY_CAPTURE: 0.1,
    Flaw.MONOCHROME1: 0.15,
    Flaw.TISSUE_TEXT: 0.06,
}
"""So that a pool of a dozen exams has one of nearly every kind."""


def flaw_count(share: float, n_exams: int) -> int:
    """Return how many of some exams have a flaw of a share: rounded half up, so that it depends on no chance."""
    return int(share * n_exams + 0.5)


def pool_size(n_released: int, flaws: Mapping[Flaw, float]) -> int:
    """Return how large a pool must be so that this many exams are complete.

    Parameters
    ----------
    n_released : int
        Exams that must remain.
    flaws : mapping
        Shares of exams.
    """
    size = n_released
    while size - sum(flaw_count(flaws.get(flaw, 0.0), size) for flaw in FATAL) < n_released:
        size += 1
    return size
