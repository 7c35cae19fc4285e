"""What a search for text found, and rectangles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Rectangle = tuple[int, int, int, int]
"""xmin, ymin, xmax, ymax in stored pixels, half-open."""
Effort = Literal["air", "fast", "thorough"]
Place = Literal["outside", "tissue"]
FoundBy = Literal["component", "text"]
GRID = 8
"""Rectangles end on multiples of it, or at the image's edge: arithmetic that differs by a bit between machines then
mostly gives the same."""
METHODS: dict[Effort, str] = {
    "air": "components outside the breast",
    "fast": "components outside the breast; PP-OCRv4 text detection on it (fast)",
    "thorough": "components outside the breast; PP-OCRv4 text detection on it (thorough)",
}


@dataclass(frozen=True, slots=True)
class Detection:
    """A thing that may be text.

    Attributes
    ----------
    rectangle : (xmin, ymin, xmax, ymax)
        Stored pixels, half-open, on multiples of `GRID` or at the image's edge.
    found_by : {"component", "text"}
        A thing in the air, whatever it is; or text, by the look of it.
    place : {"outside", "tissue"}
        Wholly outside the breast and its margin, so that it may be filled; or not.
    score : float
        0 to 1: how much it looks like text; of a component how far it stands out.
    """

    rectangle: Rectangle
    found_by: FoundBy
    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class Detections:
    """What was found in an image, from top to bottom."""

    found: tuple[Detection, ...]
    effort: Effort

    @property
    def outside(self) -> tuple[Detection, ...]:
        """Those that touch neither the breast nor its margin."""
        return tuple(one for one in self.found if one.place == "outside")

    @property
    def tissue(self) -> tuple[Detection, ...]:
        """Those on or near tissue, about which a person decides."""
        return tuple(one for one in self.found if one.place == "tissue")

    @property
    def method(self) -> str:
        """In words, for the record; the same for every image."""
        return METHODS[self.effort]


def on_grid(rectangle: tuple[float, float, float, float], shape: tuple[int, ...]) -> Rectangle:
    """Return the rectangle made larger until it ends on the grid, or at the edges of an image of some shape."""
    left, top, right, bottom = rectangle
    return (
        max(0, int(left // GRID) * GRID),
        max(0, int(top // GRID) * GRID),
        min(shape[1], -int(-right // GRID) * GRID),
        min(shape[0], -int(-bottom // GRID) * GRID),
    )


def touching(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles share a pixel or an edge."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def united(rectangles: Iterable[Rectangle]) -> Rectangle:
    """Return what encloses all rectangles, of which there is one at least."""
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def merged(detections: Iterable[Detection]) -> tuple[Detection, ...]:
    """Unite detections on tissue that touch, and order all from top to bottom.

    Those outside stay as they are: what encloses two of them may touch the breast.
    """
    found = list(detections)
    waiting = [one for one in found if one.place == "tissue"]
    done = {one.rectangle: one for one in found if one.place == "outside"}
    while waiting:
        one = waiting.pop()
        others = [other for other in waiting if touching(one.rectangle, other.rectangle)]
        if not others:
            done[one.rectangle] = one
            continue
        waiting = [other for other in waiting if other not in others]
        best = max([one, *others], key=lambda found: (found.found_by == "text", found.score))
        whole = united(found.rectangle for found in [one, *others])
        waiting.append(Detection(whole, best.found_by, one.place, best.score))
    return tuple(sorted(done.values(), key=lambda found: (found.rectangle[1], found.rectangle)))
