"""Rows of the catalog as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mammoset.model import Image
from mammoset.terms.reasons import Outcome, ReviewKind, Stage


def now() -> datetime:
    """Return the present time in UTC, whole seconds: finer would only tell how fast somebody worked."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a stage decided about a study (``image_id`` empty) or about one of its images.

    Appended, never changed: the latest of a stage about a thing is in force.

    Attributes
    ----------
    study_id, image_id : str
        Pseudonyms.
    reason : str
        A code of `mammoset.terms.reasons.REASONS`; empty when there is nothing to explain.
    detail : str
        For a person; never an original value.
    by : str
        The reviewer's name for decisions of people, ``mammoset`` otherwise.
    """

    stage: Stage
    study_id: str
    outcome: Outcome
    reason: str = ""
    image_id: str = ""
    detail: str = ""
    by: str = "mammoset"
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """A study of the pool that an acquisition draws from.

    Attributes
    ----------
    draw : int
        Its place in the seeded permutation, from 0.
    source : str
        The peer's or folder's name in the settings; never a path.
    """

    study_id: str
    draw: int
    source: str


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image that passed the gate, and what later stages need to know of its file.

    Attributes
    ----------
    codestream_offset : int
        Where the compressed code stream begins in the file, in bytes.
    tile_part_ends : tuple of int
        End of each tile-part, in bytes from the code stream's begin: the prefix up to the n-th decodes to level n.
    pixel_sha256, file_sha256 : str
        Of the decoded pixels (little-endian, row by row) and of the file.
    masked : tuple of (xmin, ymin, xmax, ymax)
        Rectangles blacked out, in stored pixels.
    attributes : mapping
        DICOM keyword in snake_case to a JSON value: what metadata tables and filters use (manufacturer, window…).
    cleaning : mapping
        What was done about burned-in text, as JSON values: ``effort`` (how it was looked for, or ``off``),
        ``found`` (regions outside the breast that were filled), ``decided`` (regions that a person decided about, with
        the verdict) and ``breast_pixels_lost``.
    elements : tuple of int
        Numbers of the values that the file holds (`ReviewBook.number_values`): every element of it.
    rules : str
        Digest of the rules and settings that the file was made under; another one means it must be made again.
    """

    image: Image
    codestream_offset: int
    tile_part_ends: tuple[int, ...]
    pixel_sha256: str
    file_sha256: str
    size: int
    masked: tuple[tuple[int, int, int, int], ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    cleaning: Mapping[str, Any] = field(default_factory=dict)
    elements: tuple[int, ...] = ()
    rules: str = ""


@dataclass(frozen=True, slots=True)
class HeldRegion:
    """A part of an image on or near the breast in which text was found: a person decides whether it is masked.

    Attributes
    ----------
    box : tuple of int
        xmin, ymin, xmax, ymax in stored pixels, half-open.
    found_by : str
        ``component`` or ``text``.
    score : float
        0 to 1.
    """

    study_id: str
    image_id: str
    box: tuple[int, int, int, int]
    found_by: str
    score: float

    @property
    def region_id(self) -> str:
        """Return the region's name: the image's id, ``@`` and the box."""
        return f"{self.image_id}@{','.join(map(str, self.box))}"


@dataclass(frozen=True, slots=True)
class ElementValue:
    """A value that files of the content store hold in one element.

    Attributes
    ----------
    element : str
        Keywords from the outermost to the innermost element: ``ViewCodeSequence.CodeMeaning``.
    value : str
        As text; keyed UIDs and pseudonyms as their pattern, such as ``<keyed UID>``.
    """

    number: int
    element: str
    value: str


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """Something a reviewer said. Appended, never changed: the latest about a thing is in force.

    Attributes
    ----------
    kind : ReviewKind
        What it is about: decides which of the other fields say what.
    verdict : str
        ``approve`` or ``reject``; of a region ``mask`` or ``keep``; of a threshold ``waive``.
    study_id, image_id : str
        Pseudonyms; of a region, a second look.
    element, value : str
        Of a value, a range (``low..high``) or a region (its box).
    reason : str
        In words; never an original value.
    """

    kind: ReviewKind
    verdict: str
    by: str
    study_id: str = ""
    image_id: str = ""
    element: str = ""
    value: str = ""
    reason: str = ""
    at: datetime = field(default_factory=now)
    number: int = 0


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """A study that passed the gate.

    Attributes
    ----------
    age_years : int or None
        Over 89 given as 90; None when the archive does not say.
    sex : str
        ``F``, ``M``, ``O`` or empty.
    """

    study_id: str
    patient_id: str
    age_years: int | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class SplitRun:
    """One run of the split: fold names by study, and its report."""

    folds: Mapping[str, str]
    report: Mapping[str, Any]
    at: datetime = field(default_factory=now)
