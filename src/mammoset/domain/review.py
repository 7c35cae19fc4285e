"""From decisions about images to a verdict about their study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def study_verdict(image_ids: Sequence[str], reason_of: Mapping[str, str]) -> str | None:
    """Derive what the review says of a study.

    Parameters
    ----------
    image_ids : sequence of str
        All images of the study.
    reason_of : mapping of image id to reason
        The decisions so far: empty for approved, a reason for rejected.

    Returns
    -------
    str or None
        The reason of the first rejected image; empty when every image is approved; None while one is undecided.
    """
    rejected = next((reason_of[one] for one in image_ids if reason_of.get(one)), None)
    if rejected:
        return rejected
    return "" if image_ids and all(one in reason_of for one in image_ids) else None
