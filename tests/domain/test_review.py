"""Review: an image is what people said of the pixels that it has; an exam is what its images are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.review import (
    SETTLED,
    Look,
    ReviewState,
    Said,
    SecondLooks,
    Standing,
    image_standing,
    study_standing,
)

STATES = st.sampled_from([one for one in ReviewState if one != ReviewState.VALUES])
LOOKS = st.lists(
    st.builds(
        Look, st.just("b"), st.sampled_from(["approve", "reject"]), st.sampled_from(["approve", "reject", SETTLED]),
        st.sampled_from(["", "now", "before"]),
    ),
    max_size=3,
)  # fmt: skip


def state(said: Said | None, *looks: Look, is_drawn: bool = False) -> str:
    return image_standing(said, looks, "now", is_drawn=is_drawn).state.value


@pytest.mark.parametrize(
    ("said", "looks", "is_drawn", "expected"),
    [
        (None, (), False, "undecided"),
        (Said("a"), (), False, "approved"),
        (Said("a", "other"), (), False, "rejected"),
        (Said("a"), (), True, "second_look"),
        (Said("a", "other"), (), True, "rejected"),
        (Said("a"), (Look("b", "approve", "approve"),), True, "approved"),
        (Said("a"), (Look("b", "reject", "approve"),), True, "disagreement"),
        (Said("a", "other"), (Look("b", "approve", "reject"),), True, "disagreement"),
        (Said("a"), (Look("b", "reject", "approve"), Look("c", "approve", SETTLED)), True, "approved"),
        (Said("c", "other"), (Look("b", "approve", "approve"), Look("c", "reject", SETTLED)), True, "rejected"),
    ],
)
def test_an_image_follows_from_what_was_said_of_it(
    said: Said | None, looks: tuple[Look, ...], is_drawn: bool, expected: str
) -> None:
    assert state(said, *looks, is_drawn=is_drawn) == expected


def test_what_was_said_of_other_pixels_does_not_hold() -> None:
    assert state(Said("a", pixels="before")) == "undecided"
    assert state(Said("a", pixels="now"), Look("b", "approve", "approve", "before"), is_drawn=True) == "second_look"
    assert state(Said("a", pixels="now"), Look("b", "reject", "approve", "before")) == "approved"


@given(LOOKS, st.booleans())
def test_an_image_that_nobody_decided_about_is_never_approved(looks: list[Look], is_drawn: bool) -> None:
    for said in (None, Said("a", pixels="before"), Said("a", "other", "now")):
        assert image_standing(said, looks, "now", is_drawn=is_drawn).state != ReviewState.APPROVED


@given(LOOKS)
def test_a_drawn_image_is_approved_only_after_a_second_look_at_its_pixels(looks: list[Look]) -> None:
    if image_standing(Said("a", pixels="now"), looks, "now", is_drawn=True).state == ReviewState.APPROVED:
        assert any(look.pixels in ("", "now") for look in looks)


@given(st.lists(STATES, max_size=6))
def test_an_exam_is_approved_once_each_image_is_and_rejected_once_one_is(states: list[ReviewState]) -> None:
    found = study_standing([Standing(one) for one in states]).state
    assert (found == ReviewState.REJECTED) == (ReviewState.REJECTED in states)
    assert (found == ReviewState.APPROVED) == (bool(states) and set(states) == {ReviewState.APPROVED})
    assert found in states or not states


def test_an_exam_tells_the_reason_of_its_rejected_image() -> None:
    images = [Standing(ReviewState.APPROVED), Standing(ReviewState.REJECTED, "image_quality")]
    assert study_standing(images) == Standing(ReviewState.REJECTED, "image_quality")


def test_about_the_share_asked_for_is_drawn_alike_for_every_view() -> None:
    second = SecondLooks(0.05, 3)
    for view in ("L CC", "R MLO"):
        drawn = sum(second.draws(draw, view, is_standard=True) for draw in range(20_000))
        assert 900 < drawn < 1100


@given(st.integers(), st.integers(0, 10**6), st.booleans())
def test_nobody_or_everybody_is_drawn_at_the_ends(seed: int, draw: int, is_standard: bool) -> None:
    assert not SecondLooks(0.0, seed).draws(draw, "L CC", is_standard=is_standard)
    assert SecondLooks(1.0, seed).draws(draw, "L CC", is_standard=is_standard)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 500))
def test_a_greater_share_draws_what_a_smaller_one_did_and_more(one: float, other: float, draw: int) -> None:
    small, great = (SecondLooks(share, 7).draws(draw, "L CC", is_standard=True) for share in sorted((one, other)))
    assert great or not small
