"""What a reader in training is told of an answer: what was planted and what was given, side by side.

Boxes are paired by the rule by which labels.toml pairs those of two readers (`discordance.pair_findings`): a planted
finding is found when a marked box overlaps it enough, or the center of one lies in the other. Nothing is demanded of a
new reader that readers do not demand of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from mammoset.domain.discordance import FindingPair, pair_findings
from mammoset.domain.labels import LabelSchema
from mammoset.model import Breast, Reading

Outcome = Literal["found", "missed", "extra"]
"""Planted and marked; planted and not marked; marked where nothing was planted."""


@dataclass(frozen=True, slots=True)
class Score:
    """How often planted and given agree, in one exam or, added up with ``+``, in several.

    Attributes
    ----------
    found, missed, extra : int
        Boxes, by `Outcome`.
    birads_alike, birads_asked : int
        Breasts whose BI-RADS is the planted one, of those for which one was planted.
    density_alike, density_asked : int
        The same for density.
    """

    found: int = 0
    missed: int = 0
    extra: int = 0
    birads_alike: int = 0
    birads_asked: int = 0
    density_alike: int = 0
    density_asked: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class BreastFeedback:
    """One breast: what was planted, and what was given; None of what is given is not answered.

    Of what is planted, None is what labels.toml of this project does not ask: it is not compared.
    """

    planted: Breast
    given: Breast


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that is told of an answer.

    Attributes
    ----------
    breasts : tuple of BreastFeedback
        In the order in which they were planted.
    findings : tuple of FindingPair
        What was planted first, what was given second; every finding once.
    """

    breasts: tuple[BreastFeedback, ...]
    findings: tuple[FindingPair, ...]

    @property
    def score(self) -> Score:
        """Return how often planted and given agree."""
        outcomes = [outcome_of(pair) for pair in self.findings]
        birads = [one.planted.birads == one.given.birads for one in self.breasts if one.planted.birads is not None]
        densities = [
            one.planted.density == one.given.density for one in self.breasts if one.planted.density is not None
        ]
        return Score(
            outcomes.count("found"), outcomes.count("missed"), outcomes.count("extra"), sum(birads), len(birads),
            sum(densities), len(densities),
        )  # fmt: skip


def outcome_of(pair: FindingPair) -> Outcome:
    """Return what became of a planted finding, first of the pair, or that there is none."""
    if pair.first is None:
        return "extra"
    return "missed" if pair.second is None else "found"


def feedback_on(given: Reading, planted: Reading, schema: LabelSchema) -> Feedback:
    """Compare an answer with what was planted in its exam.

    Parameters
    ----------
    planted : Reading
        As whoever planted it would answer; see `asked_of`.
    """
    breasts = tuple(BreastFeedback(one, given.breast(one.laterality)) for one in planted.breasts)
    return Feedback(breasts, pair_findings(planted.findings, given.findings, schema))


def asked_of(planted: Sequence[Breast], schema: LabelSchema) -> tuple[Breast, ...]:
    """Return planted breasts without the answers that a label schema does not know, which nobody could give."""
    return tuple(
        Breast(
            one.laterality, one.birads if one.birads in schema.breast_birads else None,
            one.density if one.density in schema.densities else None,
        )
        for one in planted
    )  # fmt: skip
