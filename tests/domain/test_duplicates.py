"""Equal pictures form groups, whatever the order; what would leak is found and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.duplicates import Picture, leaks, same_pixels


@st.composite
def hospitals(draw: st.DrawFn) -> list[Picture]:
    digests = draw(st.lists(st.sampled_from("abcdef"), max_size=12))
    studies = [draw(st.integers(0, 5)) for _ in digests]
    return [Picture(f"i{n}", f"s{studies[n]}", f"p{studies[n] // 2}", digest) for n, digest in enumerate(digests)]


@given(hospitals())
def test_groups_hold_every_image_that_has_a_twin_once_in_any_order(pictures: list[Picture]) -> None:
    found = same_pixels(pictures)
    members = [one for group in found for one in group.pictures]
    twins = [one for one in pictures if sum(other.digest == one.digest for other in pictures) > 1]
    assert sorted(one.image_id for one in members) == sorted(one.image_id for one in twins)
    assert all(len({one.digest for one in group.pictures}) == 1 for group in found)
    assert same_pixels(pictures[::-1]) == found


@given(hospitals(), st.lists(st.sampled_from(["training", "test"]), min_size=6, max_size=6))
def test_a_group_leaks_when_two_of_its_images_are_apart(pictures: list[Picture], names: list[str]) -> None:
    folds = {f"s{study}": name for study, name in enumerate(names)}
    apart = {
        one.digest
        for one in pictures
        for other in pictures
        if one.digest == other.digest
        and (one.patient_id != other.patient_id or folds[one.study_id] != folds[other.study_id])
    }
    assert {group.pictures[0].digest for group in leaks(pictures, folds)} == apart


def test_a_group_says_how_far_it_is_spread_and_never_its_digest() -> None:
    one, two, three = (Picture(f"i{n}", f"s{n // 2}", "p", "secret") for n in range(3))
    assert same_pixels([one, two])[0].span == "views"
    assert same_pixels([one, three])[0].span == "exams"
    assert same_pixels([one, Picture("i9", "s9", "q", "secret")])[0].span == "patients"
    assert "secret" not in str(same_pixels([one, two])[0].to_json())
