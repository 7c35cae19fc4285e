"""How much of a view its reader has looked at, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Viewed(NamedTuple):
    """What was seen of one image of an exam while it was answered.

    Attributes
    ----------
    share_at_full : float
        Share of the breast that was on the screen at 1:1 or larger, 0 to 1, in cells of 5 mm.
    seconds, seconds_at_full : float
        Seconds of work with the image on the screen, and those of them at 1:1 or larger. Several images are on the
        screen at once, so the seconds of an exam's images add up to more than the time spent on it.
    """

    share_at_full: float = 0.0
    seconds: float = 0.0
    seconds_at_full: float = 0.0


NOT_VIEWED = Viewed()


def most_of(one: Mapping[str, Viewed], other: Mapping[str, Viewed]) -> dict[str, Viewed]:
    """Return by image the larger of each number: what was seen does not become less."""
    found = {}
    for image_id in {**one, **other}:
        pair = one.get(image_id, NOT_VIEWED), other.get(image_id, NOT_VIEWED)
        found[image_id] = Viewed(*map(max, *pair))
    return found


def covers(one: Mapping[str, Viewed], other: Mapping[str, Viewed]) -> bool:
    """Whether nothing of the other is more than in the one."""
    return most_of(one, other) == dict(one)


def viewed_to_json(viewed: Mapping[str, Viewed]) -> dict[str, dict[str, float]]:
    """Return what was seen as JSON values, by image id in order."""
    return {image_id: one._asdict() for image_id, one in sorted(viewed.items())}


def viewed_from_json(value: Mapping[str, Any] | None) -> dict[str, Viewed]:
    """Return what `viewed_to_json` gave; empty of None: it was not measured."""
    return {image_id: Viewed(**one) for image_id, one in (value or {}).items()}
