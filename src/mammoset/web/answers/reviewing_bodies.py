"""What the review sends and is sent, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MOST_DECIDED = 1000
Words = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Uid = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9]+(\.[0-9]+)+$")]
Element = Annotated[str, StringConstraints(max_length=255, pattern=r"^[A-Za-z(][^=:\x00]*$")]
Value = Annotated[str, StringConstraints(max_length=65536, pattern=r"^[^\x00]*$")]
MarkText = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]+$")]
Verdict = Literal["approve", "reject"]
RegionVerdict = Literal["mask", "keep"]
Reason = Literal["visible_identifier", "image_quality", "other"]
"""`mammoset.review.recording.REJECTION_REASONS`"""
PlaceName = Literal["pending", "second", "disagreement", "rejected", "approved", "flagged"]


class ReviewedValueCounts(BaseModel):
    """Different values that files hold, by what was said of them."""

    pending: int
    approved: int
    rejected: int


class ReviewedImageCounts(BaseModel):
    """Images of each list; `second_look` are those that the asker may look at, and are in no other list for them."""

    pending: int
    approved: int
    rejected: int
    second_look: int
    disagreement: int


class ReviewedExamCounts(BaseModel):
    """Exams that passed the gate by what holds of them; `values` wait for a value of their files alone."""

    pending: int
    approved: int
    rejected: int
    second_look: int
    disagreement: int
    values: int


class ReviewSummaryOut(BaseModel):
    """How far the review is. What waits for the asker's second look is counted as nothing else."""

    values: ReviewedValueCounts
    images: ReviewedImageCounts
    exams: ReviewedExamCounts
    regions: int
    flags: int
    is_required: bool


class ReviewElementOut(BaseModel):
    """An element and how far its values are; `mark` names the values that it has now."""

    element: str
    name: str
    group: str
    kind: str
    n_values: int
    n_pending: int
    n_rejected: int
    n_images: int
    suspicious: bool
    mark: str


class ReviewHistogram(BaseModel):
    """Counts between neighbouring edges."""

    edges: list[float]
    counts: list[int]


class ReviewRangeOut(BaseModel):
    """How numbers spread; what lies outside of the fences is far out (Tukey)."""

    low: float
    q1: float
    median: float
    q3: float
    high: float
    n: int
    n_distinct: int
    fences: Annotated[list[float], Field(min_length=2, max_length=2)]
    histogram: ReviewHistogram


class ReviewValueOut(BaseModel):
    """A value, or a range of numbers, to decide about: `value` is what a decision names."""

    value: str
    n_images: int
    verdict: Verdict | None
    range: ReviewRangeOut | None
    suspicion: Literal["outlier", "rare"] | None
    example_image_id: str | None


class ReviewSuspicionOut(BaseModel):
    """Why an image is looked at early."""

    code: str
    words: str


class ReviewSaidOut(BaseModel):
    """What a person said of an image."""

    by: str
    verdict: Verdict
    reason: str | None


class ReviewFlagOut(BaseModel):
    """Why somebody who reads the exam holds an image unfit to be read."""

    kind: str
    reason: str


class ReviewDecidedRegionOut(BaseModel):
    """A region of an image that a person decided about before the gate made it: xmin, ymin, xmax, ymax."""

    region_id: str
    box: list[int]
    verdict: str


class ReviewImageOut(BaseModel):
    """An image to look at.

    `pixels` goes back with the decision. `said` is null while nobody decided, and while the asker is to give the second
    look; `second` is what another person said after it, where the two differ.
    """

    image_id: str
    study_id: str
    number: int
    view: str
    rows: int
    columns: int
    pixels: str
    place: str
    suspicions: list[ReviewSuspicionOut]
    regions: list[ReviewDecidedRegionOut]
    preview_url: str
    flag: ReviewFlagOut | None
    said: ReviewSaidOut | None
    second: ReviewSaidOut | None


class ReviewRegionOut(BaseModel):
    """A region on or near the breast that holds its exam: xmin, ymin, xmax, ymax in stored pixels, half-open."""

    region_id: str
    image_id: str
    study_id: str
    box: list[int]
    found_by: str
    score: float
    crop_url: str | None


class ClosedBody(BaseModel):
    """A body without unknown keys."""

    model_config = ConfigDict(extra="forbid")


class ReviewValueIn(ClosedBody):
    """A verdict about one value, a range ``low..high`` or ``*``; about all values of an element without one.

    An approval of all of them needs the mark under which they were shown.
    """

    element: Element
    value: Value | None = None
    verdict: Verdict
    reason: Words = ""
    mark: MarkText | None = None

    @model_validator(mode="after")
    def _has_mark(self) -> Self:
        if self.value is None and self.mark is None:
            raise ValueError("all values of an element are decided about under the mark that they were shown with")
        return self


class ReviewImageIn(ClosedBody):
    """A verdict about an image as it was shown, with the reason where it is rejected."""

    image_id: Uid
    verdict: Verdict
    reason: Reason | None = None
    pixels: MarkText

    @model_validator(mode="after")
    def _has_reason(self) -> Self:
        if (self.verdict == "reject") != (self.reason is not None):
            raise ValueError("a rejection has a reason, an approval none")
        return self


class ReviewRegionIn(ClosedBody):
    """A verdict about a region."""

    region_id: Annotated[str, StringConstraints(max_length=128, pattern=r"^[0-9.]+@[0-9]+(,[0-9]+){3}$")]
    verdict: RegionVerdict
    reason: Words = ""


class ReviewDecisionsIn(ClosedBody):
    """What a person says at once; all of it is recorded, or nothing."""

    values: Annotated[list[ReviewValueIn], Field(max_length=MOST_DECIDED)] = []
    images: Annotated[list[ReviewImageIn], Field(max_length=MOST_DECIDED)] = []
    regions: Annotated[list[ReviewRegionIn], Field(max_length=MOST_DECIDED)] = []


class ReviewRecordedCounts(BaseModel):
    """How much was recorded; a whole element counts as often as it has values or ranges."""

    images: int
    second_looks: int
    values: int
    regions: int


class ReviewRecordedOut(BaseModel):
    """What was recorded."""

    recorded: ReviewRecordedCounts
