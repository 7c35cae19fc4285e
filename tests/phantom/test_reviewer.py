from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mammoset.model import Box
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.hospital import Hospital
from mammoset.phantom.reviewer import SimulatedReviewer, uncovered
from mammoset.phantom.scanner import MASK
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.terms.reasons import REASONS

TEXT = Box(10, 10, 20, 14)
REVIEWER = SimulatedReviewer()


def exam(*images: ImageTruth) -> ExamTruth:
    return ExamTruth(0, "s", "p", 50, True, "GE", (), (), images)


def image(*texts: Box) -> ImageTruth:
    return ImageTruth("a", "s", "", "standard", Laterality.L, ViewPosition.CC, 100, 100, texts)


def test_an_image_without_text_passes() -> None:
    assert REVIEWER.review(exam(image()), {}) == {"a": None}


def test_an_image_whose_text_is_masked_passes() -> None:
    assert REVIEWER.review(exam(image(TEXT)), {"a": [Box(0, 0, 30, 30)]}) == {"a": None}


def test_text_outside_the_masks_or_only_half_inside_is_rejected_with_a_known_reason() -> None:
    for masks in ([], [Box(50, 50, 60, 60)], [Box(0, 0, 15, 30)]):
        decision = REVIEWER.review(exam(image(TEXT)), {"a": masks})["a"]
        assert decision == "visible_identifier"
        assert decision in REASONS


def test_text_under_two_masks_together_passes() -> None:
    assert REVIEWER.review(exam(image(TEXT)), {"a": [Box(0, 0, 15, 30), Box(15, 0, 30, 30)]}) == {"a": None}


def test_a_region_that_holds_text_is_masked_and_any_other_is_kept() -> None:
    regions = [("a", Box(15, 0, 40, 12)), ("a", Box(20, 10, 40, 30)), ("b", TEXT)]
    assert REVIEWER.decide_regions(exam(image(TEXT)), regions) == ["mask", "keep", "keep"]


def test_what_is_no_mammogram_is_not_reviewed() -> None:
    assert REVIEWER.review(exam(ImageTruth("r", "s", "", "other")), {}) == {}


EDGES = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))


@given(EDGES, st.lists(EDGES, max_size=4))
def test_what_is_uncovered_is_every_pixel_outside_all_masks(
    edges: tuple[int, int, int, int], masks: list[tuple[int, int, int, int]]
) -> None:
    def box(one: tuple[int, int, int, int]) -> Box:
        return Box(min(one[0], one[2]), min(one[1], one[3]), max(one[0], one[2]), max(one[1], one[3]))

    def pixels(one: Box) -> set[tuple[int, int]]:
        return {(x, y) for x in range(int(one.xmin), int(one.xmax)) for y in range(int(one.ymin), int(one.ymax))}

    expected = pixels(box(edges))
    for mask in masks:
        expected -= pixels(box(mask))
    pieces = uncovered(box(edges), [box(mask) for mask in masks])
    assert set().union(*(pixels(piece) for piece in pieces)) == expected
    assert sum(piece.area for piece in pieces) == len(expected)


def test_with_masks_in_the_corners_exactly_the_exams_with_text_elsewhere_are_rejected(hospital: Hospital) -> None:
    for one in hospital.exams:
        masks = {}
        for shown in one.images:
            height, width = MASK[0] * shown.rows, MASK[1] * shown.columns
            left = shown.columns - width if shown.laterality is Laterality.L else 0.0
            masks[shown.image_id] = [Box(left, 0, left + width, height)]
        rejected = [reason for reason in REVIEWER.review(one, masks).values() if reason]
        assert bool(rejected) == (not {Flaw.STRAY_TEXT, Flaw.TISSUE_TEXT}.isdisjoint(one.flaws))
