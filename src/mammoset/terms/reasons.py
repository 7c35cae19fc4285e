"""Outcomes and reasons that decisions are counted by; closed, so that every count has a name."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Stages that take decisions about studies and images."""

    ACQUIRE = "acquire"
    PSEUDONYMIZE = "pseudonymize"
    REVIEW = "review"


class Outcome(StrEnum):
    """What was decided."""

    NOT_DRAWN = "not_drawn"
    """In the pool, beyond the sample."""
    KEPT = "kept"
    """Goes on to the next stage."""
    EXCLUDED = "excluded"
    """Left out, for a reason that more work does not change."""
    FAILED = "failed"
    """Could not be had or treated this time; running the stage again tries once more."""
    HELD = "held"
    """Waits for a person to decide about a part of it."""


class ReviewKind(StrEnum):
    """What a reviewer said something about, besides whole images."""

    VALUE = "value"
    """One value of one element."""
    RANGE = "range"
    """All numbers of one element from one to another."""
    SECOND = "second"
    """An image that another reviewer had decided about: the second pair of eyes."""
    FLAG = "flag"
    """An image that was approved, and that whoever reads its exam holds unfit to be read."""
    REGION = "region"
    """A part of an image on or near the breast in which text was found."""
    WAIVER = "waiver"
    """A threshold that shall not hold, say that of k-anonymity."""


REASONS: dict[str, str] = {
    "not_needed": "the sample was complete before its turn came",
    "no_images": "the archive delivered no object of it",
    "not_mammography": "no 2D presentation mammogram among its objects",
    "missing_views": "one or more of the four standard views are missing",
    "several_patients": "its images belong to different patients",
    "arrived_late": "it arrived after its exam had been pseudonymized",
    "peer_failed": "the archive did not deliver it",
    "not_in_archive": "an entry of a list of which the archive has nothing",
    "wrong_sop_class": "not a Digital Mammography X-Ray Image For Presentation",
    "for_processing": "presentation intent is FOR PROCESSING",
    "tomosynthesis": "breast tomosynthesis",
    "synthesized": "a 2D image synthesized from tomosynthesis",
    "not_dicom": "not a DICOM file",
    "unreadable": "a DICOM file that cannot be read to its end",
    "no_identity": "an object without study, series or instance UID",
    "unknown_view": "its side or view cannot be told",
    "repeat": "a later image of the same view was chosen",
    "further_view": "a view beside the four standard ones",
    "duplicate": "the same object had arrived before",
    "conflicting_copy": "an object of the same UID but other content had arrived before",
    "not_decodable": "its pixels cannot be decoded",
    "pixel_size": "its pixel data do not fit its rows and columns",
    "not_grayscale": "not a single-channel grayscale image",
    "invalid_value": "a required attribute has a value outside its vocabulary or range",
    "multi_frame": "more than one frame",
    "text_on_tissue": "text on or near the breast waits for a person's decision",
    "rejected_value": "a reviewer rejected a value that a mammogram cannot do without",
    "withdrawn": "its patient was withdrawn",
    "undecided": "a person has yet to look at one of its images",
    "second_look": "a second person has yet to look at one of its images",
    "disagreement": "two people said different things about one of its images",
    "values": "a value of its files is not approved",
    "visible_identifier": "an identifier is still visible",
    "image_quality": "the image is not fit for reading",
    "reader_flag": "a reader flagged the exam",
    "other": "another reason, given in words",
}
"""Reason code to what it means."""


def reason_text(reason: str) -> str:
    """Return what a reason code means, or the code itself when unknown to this version."""
    return REASONS.get(reason, reason)
