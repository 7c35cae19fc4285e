"""What a reader in training is told: boxes by the rule of the project, breasts by what was planted."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.labels import default_labels
from mammoset.domain.training import Score, asked_of, feedback_on, outcome_of
from mammoset.model import Box, Breast, Finding, Reading
from mammoset.terms.dicom import Laterality

LABELS = default_labels()
BREASTS = (Breast(Laterality.R, 4, "B"), Breast(Laterality.L, 1, "B"))
MASS = Finding("2.25.1", Box(100, 100, 200, 200), ("Mass",), 4)
PLANTED = Reading("2.25.9", "planted", BREASTS, (MASS,))

edges = st.integers(0, 300).map(float)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), edges, edges, st.integers(1, 90), st.integers(1, 90))
findings = st.lists(
    st.builds(Finding, st.sampled_from(["2.25.1", "2.25.2"]), boxes, st.just(("Mass",)), st.just(4)), max_size=5
)


def answered(*marked: Finding, breasts: tuple[Breast, ...] = BREASTS) -> Reading:
    return Reading("2.25.9", "lan", breasts, marked)


def test_a_box_with_its_center_in_the_planted_one_finds_it_and_one_beside_it_does_not() -> None:
    small = replace(MASS, box=Box(140, 140, 160, 160))
    beside = replace(MASS, box=Box(210, 100, 310, 200))
    assert feedback_on(answered(small), PLANTED, LABELS).score.found == 1
    told = feedback_on(answered(beside), PLANTED, LABELS)
    assert sorted(map(outcome_of, told.findings)) == ["extra", "missed"]


def test_breasts_count_as_alike_by_what_was_planted() -> None:
    given_breasts = (Breast(Laterality.R, 3, "B"), Breast(Laterality.L, 1, "C"))
    score = feedback_on(answered(MASS, breasts=given_breasts), PLANTED, LABELS).score
    assert score == Score(found=1, birads_alike=1, birads_asked=2, density_alike=1, density_asked=2)


def test_what_a_project_does_not_ask_is_not_compared() -> None:
    labels = replace(LABELS, densities=("low", "high"))
    planted = replace(PLANTED, breasts=asked_of(PLANTED.breasts, labels))
    score = feedback_on(answered(MASS), planted, labels).score
    assert (score.density_asked, score.birads_asked) == (0, 2)


@given(findings, findings)
def test_every_planted_box_is_found_or_missed_and_every_other_one_too_many(
    planted: list[Finding], marked: list[Finding]
) -> None:
    score = feedback_on(answered(*marked), replace(PLANTED, findings=tuple(planted)), LABELS).score
    assert score.found + score.missed == len(planted)
    assert score.found + score.extra == len(marked)
    assert (score + score).found == 2 * score.found
