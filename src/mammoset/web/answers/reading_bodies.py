"""What clients send of readings: closed models, every list and text of bounded size."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mammoset.domain.readings_json import LONGEST_NAME
from mammoset.domain.viewed import Viewed
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.read import LONGEST_REASON, Work
from mammoset.terms.dicom import Laterality

MOST_FINDINGS, MOST_CATEGORIES, MOST_STEPS, MOST_IMAGES, MOST_CONFIRMED = 200, 20, 64, 64, 400
LONGEST_COMMENT = 4000
LARGEST_EDGE, MOST_SECONDS = 1e6, 1e7

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00]+$")]
Words = Annotated[str, StringConstraints(max_length=LONGEST_REASON, pattern=r"^[^\x00]*$")]
Comment = Annotated[str, StringConstraints(max_length=LONGEST_COMMENT, pattern=r"^[^\x00]*$")]
Step = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:+-]{1,32}$")]
Edge = Annotated[float, Field(ge=-LARGEST_EDGE, le=LARGEST_EDGE, allow_inf_nan=False)]
Spent = Annotated[float, Field(ge=0, le=MOST_SECONDS, allow_inf_nan=False)]
Seconds = Annotated[dict[Step, Spent], Field(max_length=MOST_STEPS)]
Birads = Annotated[int, Field(ge=0, le=99, strict=True)] | None
Key = Annotated[str, StringConstraints(max_length=128, pattern=r"^[a-z_]+(:[LR])?(:[0-9]{1,4})?$")]
Confirmed = Annotated[list[Key], Field(max_length=MOST_CONFIRMED)]


class Closed(BaseModel):
    """A body without unknown keys."""

    model_config = ConfigDict(extra="forbid")


class ViewedIn(Closed):
    """What was seen of an image: the share of the breast at 1:1 or larger, and for how many seconds of work."""

    share_at_full: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    seconds: Spent
    seconds_at_full: Spent


ViewedByImage = Annotated[dict[Name, ViewedIn], Field(max_length=MOST_IMAGES)]


def viewed_of(said: dict[str, ViewedIn]) -> dict[str, Viewed]:
    """Return what was seen of each image."""
    return {image_id: Viewed(**one.model_dump()) for image_id, one in said.items()}


class BreastIn(Closed):
    """An answer about a breast; null is not answered."""

    laterality: Literal["L", "R"]
    birads: Birads = None
    density: Name | None = None


class FindingIn(Closed):
    """A finding: xmin, ymin, xmax, ymax in stored pixels, half-open."""

    image_id: Name
    box: Annotated[list[Edge], Field(min_length=4, max_length=4)]
    categories: Annotated[list[Name], Field(max_length=MOST_CATEGORIES)]
    birads: Birads = None


class ReadingIn(Closed):
    """An answer; whose and of what follows from the session and the address."""

    breasts: Annotated[list[BreastIn], Field(max_length=4)]
    findings: Annotated[list[FindingIn], Field(max_length=MOST_FINDINGS)] = []
    comment: Comment = ""

    def reading(self, study_id: str, reader_id: str) -> Reading:
        """Return the answer as a person's for a study."""
        breasts = tuple(Breast(Laterality(one.laterality), one.birads, one.density) for one in self.breasts)
        findings = tuple(
            Finding(one.image_id, Box(*one.box), tuple(one.categories), one.birads) for one in self.findings
        )
        return Reading(study_id, reader_id, breasts, findings, self.comment)


class DraftIn(Closed):
    """An answer in the making, the seconds of work so far by hanging step, what was seen, and the step shown now."""

    reading: ReadingIn
    seconds: Seconds = {}
    viewed: ViewedByImage = {}
    stage: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:+-]{0,32}$")] | None = None

    def work(self, study_id: str, reader_id: str) -> Work:
        """Return the answer as a person's for a study."""
        answer = self.reading.reading(study_id, reader_id)
        return Work(answer, self.seconds, self.stage or "", viewed_of(self.viewed))


class SubmissionIn(Closed):
    """An answer to be submitted.

    ``version`` is that of the draft the client saw last; ``confirmed`` are keys of violations that ask back.
    """

    reading: ReadingIn
    version: Annotated[int, Field(ge=0)]
    confirmed: Confirmed = []
    seconds: Seconds = {}
    viewed: ViewedByImage = {}

    def work(self, study_id: str, reader_id: str) -> Work:
        """Return the answer as a person's for a study."""
        return Work(self.reading.reading(study_id, reader_id), self.seconds, viewed=viewed_of(self.viewed))


class AmendmentIn(Closed):
    """Another answer in the place of one's own, and why."""

    reading: ReadingIn
    reason: Words
    confirmed: Confirmed = []
    seconds: Seconds = {}
    viewed: ViewedByImage = {}

    def work(self, study_id: str, reader_id: str) -> Work:
        """Return the answer as a person's for a study."""
        return Work(self.reading.reading(study_id, reader_id), self.seconds, viewed=viewed_of(self.viewed))


class FlagIn(Closed):
    """Why an exam should not be read as it is; never an identifier."""

    kind: Literal["visible_identifier", "image_quality", "other"]
    reason: Annotated[Words, Field(min_length=1)]
    image_id: Name | None = None
