"""Geometry of what is drawn as SVG: values for the templates, no markup."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from mammoset.web.pages.exams import FINAL_LABEL, STATE_LABELS, Collection
from mammoset.web.pictures.hanging import View

BAR_WIDTH = 1000.0

BAR_ORDER = (FINAL_LABEL, *reversed(STATE_LABELS.values()))
"""From what is done on the left to what has not begun on the right."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, of `BAR_WIDTH` units altogether."""

    label: str
    slug: str
    count: int
    x: float
    width: float


def state_bar(collection: Collection) -> tuple[Segment, ...]:
    """Return how the approved exams divide by state; empty when there are none, states without exams left out."""
    counts = Counter(exam.state for exam in collection.exams)
    segments: list[Segment] = []
    x = 0.0
    for label in BAR_ORDER:
        if counts[label]:
            width = BAR_WIDTH * counts[label] / len(collection.exams)
            segments.append(Segment(label, label.replace(" ", "-"), counts[label], round(x, 3), round(width, 3)))
            x += width
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class Tag:
    """The number of a finding in its pane, in the pane's units; `anchor` is the end of the text that stands there."""

    number: int
    x: float
    y: float
    anchor: Literal["start", "end"]


TAG_ROOM = 0.05
"""Share of the pane's height that a number needs above its box; with less it stands inside."""


def tags_of(view: View) -> tuple[Tag, ...]:
    """Return where the numbers of a view's findings stand: above the box, inside it at the top of the pane.

    The text runs towards the middle of the pane, where there is room for it.
    """
    room = TAG_ROOM * view.pane_height
    tags = []
    for mark in view.marks:
        is_at_right = mark.left + mark.right > view.pane_width
        y = mark.top if mark.top >= room else mark.top + room
        x = mark.right if is_at_right else mark.left
        tags.append(Tag(mark.number, round(x, 3), round(y, 3), "end" if is_at_right else "start"))
    return tuple(tags)
