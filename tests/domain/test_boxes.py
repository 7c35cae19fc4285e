"""Matching: as many pairs as possible, then the best overlap, whoever is named first."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.boxes import center_in, iou, match
from mammoset.model import Box

SIDES = st.integers(0, 12)


@st.composite
def small_boxes(draw: st.DrawFn) -> Box:
    x, y = draw(SIDES), draw(SIDES)
    return Box(x, y, x + draw(st.integers(1, 9)), y + draw(st.integers(1, 9)))


FEW = st.lists(small_boxes(), max_size=4, unique=True)


def may_pair(a: Box, b: Box) -> bool:
    return iou(a, b) >= 0.1 or center_in(a, b) or center_in(b, a)


def test_overlap_is_what_is_shared_of_what_either_covers() -> None:
    # 4 × 4 and 4 × 4, shifted by (2, 2): 2 × 2 shared, 16 + 16 - 4 covered
    assert iou(Box(0, 0, 4, 4), Box(2, 2, 6, 6)) == pytest.approx(4 / 28)


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert iou(Box(0, 0, 4, 4), Box(4, 0, 8, 4)) == 0


def test_boxes_without_inside_do_not_overlap() -> None:
    assert iou(Box(1, 1, 1, 1), Box(1, 1, 1, 1)) == 0
    assert iou(Box(5, 5, 1, 1), Box(0, 0, 9, 9)) == 0


def test_a_center_on_the_far_edge_is_outside_as_boxes_are_half_open() -> None:
    assert center_in(Box(-1, -1, 1, 1), Box(0, 0, 4, 4))
    assert not center_in(Box(3, 0, 5, 4), Box(0, 0, 4, 4))


@given(small_boxes(), small_boxes())
def test_overlap_is_symmetric_and_a_share(a: Box, b: Box) -> None:
    assert iou(a, b) == iou(b, a)
    assert 0 <= iou(a, b) <= 1
    assert iou(a, a) == 1


def test_a_small_box_inside_a_large_one_means_the_same_finding_unless_the_rule_is_off() -> None:
    large, small = [Box(0, 0, 100, 100)], [Box(45, 45, 55, 55)]  # IoU 0.01
    assert match(large, small) == [(0, 0)]
    assert match(large, small, center=False) == []


def test_more_pairs_come_before_a_better_overlap() -> None:
    # a greedy choice takes 0–0, the best overlap of all, and leaves the other two alone
    first = [Box(0, 0, 10, 10), Box(4, 0, 14, 10)]
    second = [Box(1, 0, 11, 10), Box(-6, 0, 4, 10)]
    assert iou(first[0], second[0]) > iou(first[1], second[0])
    assert not may_pair(first[1], second[1])
    assert match(first, second) == [(0, 1), (1, 0)]


def test_of_equally_many_pairs_those_with_the_best_overlap_are_taken() -> None:
    first = [Box(0, 0, 10, 10), Box(5, 0, 15, 10)]
    second = [Box(5, 0, 15, 10), Box(0, 0, 10, 10)]
    assert match(first, second) == [(0, 1), (1, 0)]


def test_nothing_matches_nothing() -> None:
    assert match([], [Box(0, 0, 1, 1)]) == []
    assert match([Box(0, 0, 1, 1)], []) == []


@given(FEW, FEW)
def test_no_other_pairing_is_better(first: list[Box], second: list[Box]) -> None:
    def worth(pairs: list[tuple[Box, Box]]) -> tuple[int, float]:
        allowed = [(a, b) for a, b in pairs if may_pair(a, b)]
        return len(allowed), sum(iou(a, b) for a, b in allowed)

    few, many = sorted((first, second), key=len)
    best = max(worth(list(zip(few, chosen, strict=True))) for chosen in permutations(many, len(few)))
    found = worth([(first[i], second[j]) for i, j in match(first, second)])
    assert found[0] == best[0]
    assert found[1] == pytest.approx(best[1])


@given(FEW, FEW)
def test_it_does_not_matter_who_is_named_first(first: list[Box], second: list[Box]) -> None:
    assert sorted((i, j) for j, i in match(second, first)) == match(first, second)


@given(FEW, FEW)
def test_it_does_not_matter_in_which_order_the_boxes_were_drawn(first: list[Box], second: list[Box]) -> None:
    pairs = {(first[i], second[j]) for i, j in match(first, second)}
    turned = first[::-1]
    assert {(turned[i], second[j]) for i, j in match(turned, second)} == pairs


@given(FEW, FEW)
def test_each_box_has_at_most_one_partner_and_only_an_allowed_one(first: list[Box], second: list[Box]) -> None:
    pairs = match(first, second)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(may_pair(first[i], second[j]) for i, j in pairs)


@given(FEW)
def test_a_reading_matches_itself(boxes: list[Box]) -> None:
    assert match(boxes, boxes) == [(i, i) for i in range(len(boxes))]
