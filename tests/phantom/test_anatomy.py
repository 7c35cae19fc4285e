"""The shape of the breast, in millimetres."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.phantom.anatomy import Anatomy, Grid, build, smooth_curve
from mammoset.phantom.parenchyma import rasterize
from tests.phantom.view_plans import BOTH, CC, MLO, L, R

FRAMES = [(196.0, 246.0), (153.0, 183.0)]
seeds = st.integers(min_value=-(2**70), max_value=2**70)


def anatomy(patient: int = 1, view: int = 1, side: object = L, position: object = CC) -> Anatomy:
    return build(patient, view, side, position, *FRAMES[0])  # type: ignore[arg-type]


@given(patient=seeds, view=seeds, position=st.sampled_from(BOTH), frame=st.sampled_from(FRAMES))
@settings(max_examples=40, deadline=None)
def test_a_breast_fits_its_frame(patient: int, view: int, position: object, frame: tuple[float, float]) -> None:
    found = build(patient, view, L, position, *frame)  # type: ignore[arg-type]
    width, height = frame
    assert 0.2 * width < found.nipple[0] < 0.85 * width
    assert 0.2 * height < found.nipple[1] < 0.8 * height
    assert found.outline[:, 0].max() < width


@given(patient=seeds, position=st.sampled_from(BOTH))
@settings(max_examples=30, deadline=None)
def test_the_nipple_is_the_part_farthest_from_the_chest_or_nearly_so(patient: int, position: object) -> None:
    found = anatomy(patient, position=position)
    assert found.nipple[0] > 0.95 * found.bare[:, 0].max()


def test_both_views_of_a_breast_have_the_same_depth() -> None:
    assert anatomy(position=CC).depth == anatomy(position=MLO).depth


def test_both_breasts_of_a_patient_are_alike_but_not_the_same() -> None:
    left, right = anatomy(side=L), anatomy(side=R)
    assert left.depth == pytest.approx(right.depth, rel=0.05)
    assert left.depth != right.depth


def test_only_an_oblique_view_shows_the_chest_muscle() -> None:
    assert anatomy(position=CC).muscle is None
    muscle = anatomy(position=MLO).muscle
    assert muscle is not None
    assert muscle[0, 0] > 20.0, "wide at the top"
    assert anatomy(position=MLO).muscle_distance((2.0, 5.0)) < 0
    assert anatomy(position=MLO).muscle_distance((2.0, 240.0)) > 0


def test_the_distance_to_the_skin_is_positive_inside_and_negative_in_the_air() -> None:
    found = anatomy()
    inside = (0.5 * found.nipple[0], found.nipple[1])
    assert found.skin_distance(inside) > 5
    assert found.skin_distance((found.width - 1, 1.0)) < 0


def test_a_dent_moves_the_skin_inwards_at_its_center_and_nowhere_else() -> None:
    found = anatomy()
    spot = tuple(found.outline[80])
    dented = found.dented(spot, reach=8.0, pull=5.0)
    moved = np.hypot(*(dented.outline - found.outline).T)
    assert moved[80] == pytest.approx(5.0, abs=0.2)
    far = np.hypot(*(found.outline - found.outline[80]).T) > 30
    assert moved[far].max() < 0.01
    assert found.skin_distance(tuple(dented.outline[80])) > 3


def test_a_retracted_nipple_leaves_a_hollow() -> None:
    found = anatomy()
    assert found.outline[:, 0].max() > found.nipple[0] + 1
    assert found.with_retracted_nipple().skin_distance(found.nipple) < -3


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = np.array([[0.0, 0.0], [10.0, 4.0], [20.0, -3.0], [25.0, 9.0]])
    curve = smooth_curve(points)
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9


def test_a_grid_gives_the_centers_of_its_samples_and_takes_them_back() -> None:
    grid = Grid(rows=4, columns=6, pitch=0.5, x0=10.0, y0=20.0)
    x, y = grid.coordinates()
    assert (float(x[0, 0]), float(y[0, 0])) == (10.25, 20.25)
    assert grid.to_samples(np.array([[10.25, 20.25]])).tolist() == [[0.5, 0.5]]


def test_a_part_of_a_grid_has_its_point_as_origin_and_none_lies_outside() -> None:
    grid = Grid(rows=100, columns=80, pitch=0.5)
    part = grid.around((20.0, 10.0), reach=5.0)
    assert part is not None
    small, window = part
    whole_x, whole_y = grid.coordinates()
    x, y = small.coordinates()
    np.testing.assert_allclose(x + 20.0, whole_x[window], atol=1e-5)
    np.testing.assert_allclose(y + 10.0, whole_y[window], atol=1e-5)
    assert grid.around((200.0, 10.0), reach=5.0) is None
    assert not grid.holds((200.0, 10.0))


def test_the_raster_measures_depth_from_the_skin() -> None:
    found = anatomy()
    grid = Grid(rows=440, columns=350, pitch=0.56)
    raster = rasterize(found, grid)
    assert raster.depth[raster.cover == 0].max() == 0
    row, column = int(found.nipple[1] / 0.56), int(0.5 * found.nipple[0] / 0.56)
    assert raster.depth[row, column] == pytest.approx(
        found.skin_distance((0.5 * found.nipple[0], found.nipple[1])), rel=0.1
    )
