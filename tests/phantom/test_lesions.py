"""Lesions: where they lie, what they change, and that their boxes say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.model import Box
from mammoset.phantom.anatomy import build
from mammoset.phantom.lesions import place
from mammoset.phantom.render import render
from mammoset.terms import findings
from mammoset.terms.dicom import Laterality, ViewPosition
from tests.phantom.view_plans import BOTH, CC, MLO, L, R, breast_of, lesion, view

SPACING = 0.56
category_sets = st.one_of(
    st.sampled_from(findings.FINDING_CATEGORIES).map(lambda name: (name,)),
    st.lists(st.sampled_from(findings.FINDING_CATEGORIES), min_size=2, max_size=3, unique=True).map(tuple),
)


def only_box(boxes: tuple[tuple[int, Box], ...]) -> Box:
    assert [index for index, _ in boxes] == [0]
    return boxes[0][1]


def padded(box: Box, margin: float, shape: tuple[int, ...]) -> np.ndarray:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    inside_rows = (rows >= box.ymin - margin) & (rows < box.ymax + margin)
    return inside_rows & (columns >= box.xmin - margin) & (columns < box.xmax + margin)


@given(
    categories=category_sets,
    birads=st.sampled_from([3, 4, 5, None]),
    seed=st.integers(0, 2**63),
    patient=st.integers(0, 2**31),
    size=st.floats(4.0, 40.0),
    side=st.sampled_from(Laterality),
    position=st.sampled_from(BOTH),
)
@settings(max_examples=120, deadline=None)
def test_every_visible_lesion_has_a_box_within_the_image_and_on_the_breast(
    categories: tuple[str, ...],
    birads: int | None,
    seed: int,
    patient: int,
    size: float,
    side: Laterality,
    position: ViewPosition,
) -> None:
    one = lesion(*categories, birads=birads, seed=seed, size=size)
    drawn = render(view(lesions=(one,), patient_seed=patient, laterality=side, view_position=position))
    box = only_box(drawn.boxes)
    assert 0 <= box.xmin < box.xmax <= 350
    assert 0 <= box.ymin < box.ymax <= 440
    inside = breast_of(drawn)[int(box.ymin) : int(box.ymax), int(box.xmin) : int(box.xmax)]
    assert inside.mean() > 0.3


@given(category=st.sampled_from(findings.FINDING_CATEGORIES), seed=st.integers(0, 2**31), patient=st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_a_lesion_changes_the_picture_in_its_box_and_not_far_from_it(category: str, seed: int, patient: int) -> None:
    plan = view(patient_seed=patient, view_position=MLO)
    clean = render(plan).pixels.astype(np.int64)
    one = lesion(category, seed=seed, size=16.0)
    drawn = render(view(patient_seed=patient, view_position=MLO, lesions=(one,)))
    change = np.abs(drawn.pixels.astype(np.int64) - clean)
    box = only_box(drawn.boxes)
    inside = change[int(box.ymin) : int(box.ymax), int(box.xmin) : int(box.xmax)]
    assert np.percentile(inside, 95) > 60
    assert change[~padded(box, 30.0 / SPACING, change.shape)].max() == 0


@pytest.mark.parametrize("category", findings.LESION_CATEGORIES)
@pytest.mark.parametrize("patient", range(4))
def test_a_lesion_stands_out_from_the_same_place_without_it(category: str, patient: int) -> None:
    drawn = render(view(patient_seed=patient, lesions=(lesion(category, seed=patient),)))
    clean = render(view(patient_seed=patient)).pixels.astype(np.float64)
    box = only_box(drawn.boxes)
    part = (slice(int(box.ymin), int(box.ymax)), slice(int(box.xmin), int(box.xmax)))
    assert np.percentile(drawn.pixels[part], 98) > np.percentile(clean[part], 98) + 100


@given(seed=st.integers(0, 2**63), patient=st.integers(0, 2**31), size=st.floats(6.0, 20.0))
@settings(max_examples=40, deadline=None)
def test_a_lesion_is_as_far_from_the_nipple_in_both_views(seed: int, patient: int, size: float) -> None:
    away = []
    for position in BOTH:
        anatomy = build(patient, 1, L, position, 196.0, 246.4)
        (placed,) = place((lesion(findings.MASS, seed=seed, size=size),), anatomy)
        away.append(float(np.hypot(placed.center[0] - anatomy.nipple[0], placed.center[1] - anatomy.nipple[1])))
    assert away[0] == pytest.approx(away[1], rel=0.3)


def test_an_asymmetry_of_one_view_has_no_box_in_the_other() -> None:
    single = lesion(findings.ASYMMETRY, views=(MLO,))
    assert render(view(view_position=MLO, lesions=(single,))).boxes
    assert render(view(view_position=CC, lesions=(single,))).boxes == ()


@pytest.mark.parametrize("birads", [3, 4, 5])
@pytest.mark.parametrize("size", [8.0, 14.0, 24.0])
def test_the_box_of_a_mass_is_about_as_large_as_the_mass(birads: int, size: float) -> None:
    box = only_box(render(view(lesions=(lesion(findings.MASS, birads=birads, size=size),))).boxes)
    assert max(box.width, box.height) * SPACING == pytest.approx(size, rel=0.35)


def test_a_global_asymmetry_is_large_however_small_it_was_planned() -> None:
    drawn = render(view(lesions=(lesion(findings.GLOBAL_ASYMMETRY, size=6.0),)))
    anatomy = build(11, 5, L, CC, 350 * SPACING, 440 * SPACING)
    assert only_box(drawn.boxes).width * SPACING > 0.4 * anatomy.depth


def test_a_suspicious_node_lies_in_the_armpit() -> None:
    drawn = render(view(view_position=MLO, lesions=(lesion(findings.SUSPICIOUS_LYMPH_NODE, views=(MLO,)),)))
    assert only_box(drawn.boxes).center[1] < 440 * 0.35


def test_a_mass_that_retracts_the_skin_shares_one_box_with_the_dent() -> None:
    both = render(view(lesions=(lesion(findings.MASS, findings.SKIN_RETRACTION),)))
    box = only_box(both.boxes)
    lost = breast_of(render(view())) & ~breast_of(both)
    assert lost.any()
    assert padded(box, 8.0, lost.shape)[lost].mean() > 0.9


def test_a_retracted_nipple_takes_the_bump_away() -> None:
    plain, drawn = render(view()), render(view(lesions=(lesion(findings.NIPPLE_RETRACTION, birads=None),)))
    farthest = [int(np.flatnonzero(breast_of(one).any(axis=0))[-1]) for one in (plain, drawn)]
    assert farthest[1] < farthest[0]


def test_lesions_of_one_breast_keep_apart() -> None:
    several = tuple(lesion(findings.MASS, seed=seed, size=12.0) for seed in range(3))
    boxes = [box for _, box in render(view(patient_seed=2, lesions=several)).boxes]
    assert len(boxes) == 3
    for first, second in ((0, 1), (0, 2), (1, 2)):
        one, other = boxes[first].center, boxes[second].center
        assert np.hypot(one[0] - other[0], one[1] - other[1]) * SPACING > 10.0


def test_a_box_is_mirrored_with_the_picture() -> None:
    box = only_box(render(view(laterality=R, lesions=(lesion(findings.MASS),))).boxes)
    drawn = render(view(laterality=R, lesions=(lesion(findings.MASS),))).pixels.astype(np.int64)
    change = np.abs(drawn - render(view(laterality=R)).pixels)
    columns = np.flatnonzero(change.max(axis=0) > 100)
    assert columns[0] >= box.xmin - 6
    assert columns[-1] < box.xmax + 6
