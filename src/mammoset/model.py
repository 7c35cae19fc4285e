"""The words for the data, as frozen values: patient ⊃ study ⊃ image, breast, finding, reading.

Boxes are in stored, unflipped image pixels, origin at the top left, half-open: a box of
``xmin=0, xmax=10`` covers the columns 0 to 9. It is said here once and holds everywhere.

Identifiers in these values are pseudonyms, never originals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mammoset.terms.dicom import STANDARD_VIEWS, Laterality, ViewPosition


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle in stored image pixels, half-open (see the module's docstring)."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.xmax - self.xmin

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.ymax - self.ymin

    @property
    def area(self) -> float:
        """Area in square pixels; 0 for a box without inside."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def center(self) -> tuple[float, float]:
        """Center as (x, y)."""
        return (self.xmin + self.xmax) / 2, (self.ymin + self.ymax) / 2


@dataclass(frozen=True, slots=True)
class Image:
    """One 2D mammogram: one view of one breast.

    Attributes
    ----------
    image_id, series_id, study_id, patient_id : str
        Pseudonyms; the first three are the UIDs in the file.
    height, width : int
        Rows and Columns of the stored pixels.
    is_standard : bool
        Whether the image stands for its view in the four-view exam; False for repeats and further views.
    """

    image_id: str
    series_id: str
    study_id: str
    patient_id: str
    laterality: Laterality
    view_position: ViewPosition
    height: int
    width: int
    is_standard: bool = True

    @property
    def view(self) -> tuple[Laterality, ViewPosition]:
        """Side and projection."""
        return self.laterality, self.view_position


@dataclass(frozen=True, slots=True)
class Study:
    """An exam of one patient.

    Attributes
    ----------
    draw : int
        Position in which the exam entered the project, from 0; an order that depends on neither key nor pseudonym.
    age_years : int or None
        Age at the exam, ages over 89 given as 90; None where the archive does not say.
    """

    study_id: str
    patient_id: str
    images: tuple[Image, ...]
    draw: int = 0
    age_years: int | None = None

    @property
    def standard_images(self) -> tuple[Image, ...]:
        """The images of the four standard views, in the order of `STANDARD_VIEWS`; missing ones left out."""
        chosen = {image.view: image for image in self.images if image.is_standard}
        return tuple(chosen[view] for view in STANDARD_VIEWS if view in chosen)

    @property
    def is_four_view(self) -> bool:
        """Whether all four standard views are there."""
        return len(self.standard_images) == len(STANDARD_VIEWS)


@dataclass(frozen=True, slots=True)
class Breast:
    """What was said of one breast of one exam.

    Attributes
    ----------
    birads : int or None
        BI-RADS assessment category; None while not answered, never "negative".
    density : str or None
        Breast density A–D; None while not answered.
    """

    laterality: Laterality
    birads: int | None = None
    density: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A box on one image with one or more categories.

    Attributes
    ----------
    categories : tuple of str
        Names of the label schema, in its order.
    birads : int or None
        The finding's own BI-RADS category; None where its categories need none.
    """

    image_id: str
    box: Box
    categories: tuple[str, ...]
    birads: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's complete answer for one study: the right and the left breast, and the findings."""

    study_id: str
    reader_id: str
    breasts: tuple[Breast, ...]
    findings: tuple[Finding, ...] = ()
    comment: str = ""

    def breast(self, laterality: Laterality) -> Breast:
        """Return the answer for one side; an unanswered one when the reading has none."""
        return next((breast for breast in self.breasts if breast.laterality == laterality), Breast(laterality))


ReferenceOrigin = Literal["concordant", "arbitrated", "single"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The final answer for one study.

    Attributes
    ----------
    origin : {"concordant", "arbitrated", "single"}
        Both readers agreed (fields that may differ resolved by the rules of labels.toml), an arbiter decided,
        or the project asks for one reading only.
    """

    study_id: str
    breasts: tuple[Breast, ...]
    findings: tuple[Finding, ...] = ()
    origin: ReferenceOrigin = "concordant"

    def breast(self, laterality: Laterality) -> Breast:
        """Return the answer for one side; an unanswered one when there is none."""
        return next((breast for breast in self.breasts if breast.laterality == laterality), Breast(laterality))


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who reads, arbitrates or reviews.

    Attributes
    ----------
    reader_id : str
        Short name in the project; no part of a release.
    roles : tuple of str
        Of ``reader``, ``arbiter``, ``reviewer``, ``admin``.
    years_experience, annual_volume : int or None
        As in the papers' table of readers; None when not said.
    is_available : bool
        Whether studies are drawn for the person; who is away keeps what they have.
    workload_cap : int or None
        So many studies at most are assigned to the person in one role; None for no limit.
    """

    reader_id: str
    roles: tuple[str, ...] = ("reader",)
    years_experience: int | None = None
    annual_volume: int | None = None
    is_available: bool = True
    workload_cap: int | None = None
