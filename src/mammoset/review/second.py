"""The second pair of eyes: who may look at what, and how well two people agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mammoset.catalog import ReviewedImage, ReviewFact
from mammoset.domain.agreement import cohen_kappa
from mammoset.domain.review import SETTLED, ReviewState
from mammoset.errors import UndefinedMetric
from mammoset.review.recording import is_same_person

VERDICTS = ("approve", "reject")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well first and second looks agree.

    Attributes
    ----------
    n : int
        Second looks.
    share : float or None
        Of them that said the same as the first; None without any.
    kappa : float or None
        Cohen's kappa; None where undefined, say when everybody approved everything.
    note : str
        Why there is no kappa; empty when there is one.
    """

    n: int
    n_agreed: int
    share: float | None
    kappa: float | None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the agreement as JSON values."""
        return {"n": self.n, "agreed": self.n_agreed, "share": self.share, "kappa": self.kappa, "note": self.note}


class SecondLookCounts(NamedTuple):
    """How far the third pass is, in images."""

    drawn: int
    """Of those that somebody decided about."""
    done: int
    waiting: int
    disagreed: int
    """Open again, until somebody decides."""


def agreement_of(looks: Iterable[ReviewFact]) -> Agreement:
    """Return how well the second looks agree with the first; what settled a disagreement is none of them."""
    pairs = [(look.value, look.verdict) for look in looks if look.value != SETTLED]
    if not pairs:
        return Agreement(0, 0, None, None, "no second look yet")
    first, second = zip(*pairs, strict=True)
    n_agreed = sum(one == other for one, other in pairs)
    try:
        kappa, note = cohen_kappa(first, second, categories=VERDICTS), ""
    except UndefinedMetric:
        kappa, note = None, "kappa is undefined: both said the same of every image"
    return Agreement(len(pairs), n_agreed, n_agreed / len(pairs), kappa, note)


def second_look_counts(images: Sequence[ReviewedImage]) -> SecondLookCounts:
    """Count how far the second looks are."""
    decided = [one for one in images if one.is_drawn and one.standing.state != ReviewState.OPEN]
    waiting = sum(one.waits_for_second_look for one in decided)
    disagreed = sum(one.standing.state == ReviewState.DISAGREEMENT for one in images)
    return SecondLookCounts(len(decided), len(decided) - waiting, waiting, disagreed)


def looks_by_person(images: Iterable[ReviewedImage], people: Iterable[str]) -> dict[str, int]:
    """Return how many of the second looks that wait each person may do: those of images that another decided about."""
    waiting = Counter(
        image.said.by for image in images if image.waits_for_second_look and image.said is not None
    )  # fmt: skip
    return {
        name: sum(count for first, count in waiting.items() if not is_same_person(first, name))
        for name in sorted(set(people))
    }
