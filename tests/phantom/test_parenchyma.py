"""Tissue: how much of the breast is gland, and where chance comes from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.phantom.anatomy import Grid, build
from mammoset.phantom.parenchyma import DENSITY_LOOKS, gland, rasterize, strands
from mammoset.phantom.texture import Stream, cloud_tile, sample, smoothstep, stream
from tests.phantom.view_plans import CC, MLO, L

GRID = Grid(rows=220, columns=175, pitch=1.12)


@pytest.mark.parametrize("position", [CC, MLO])
@pytest.mark.parametrize("density", list(DENSITY_LOOKS))
def test_the_share_of_gland_is_that_of_the_density(position: object, density: str) -> None:
    anatomy = build(3, 3, L, position, 196.0, 246.4)  # type: ignore[arg-type]
    raster = rasterize(anatomy, GRID)
    share = gland(anatomy, raster, density, (3, 0, int(anatomy.oblique)))
    breast = (raster.cover > 0.5) & (raster.muscle < 0.1)
    assert float(share[breast].mean()) == pytest.approx(DENSITY_LOOKS[density].fraction, abs=0.12)
    assert 0.0 <= share.min() <= share.max() <= 1.0


def test_no_tissue_is_in_the_air() -> None:
    anatomy = build(3, 3, L, CC, 196.0, 246.4)
    raster = rasterize(anatomy, GRID)
    assert gland(anatomy, raster, "D", (3, 0, 0))[raster.cover == 0].max() == 0


def test_strands_differ_between_the_sides() -> None:
    raster = rasterize(build(3, 3, L, CC, 196.0, 246.4), GRID)
    assert not np.array_equal(strands(raster, (3, 0, 0)), strands(raster, (3, 1, 0)))


@given(seeds=st.lists(st.integers(min_value=-(2**80), max_value=2**80), max_size=4))
@settings(max_examples=25)
def test_a_stream_depends_on_purpose_and_seeds_alone(seeds: list[int]) -> None:
    first, again = stream(Stream.BODY, *seeds), stream(Stream.BODY, *seeds)
    assert first.random(3).tolist() == again.random(3).tolist()
    assert stream(Stream.SIDE, *seeds).random() != stream(Stream.BODY, *seeds).random()


def test_a_tile_repeats_without_a_seam() -> None:
    tile = cloud_tile()
    size = tile.shape[0] - 1
    u = np.linspace(-3.0 * size, 2.0 * size, 41, dtype=np.float32)[None, :]
    v = np.full_like(u, 17.25)
    np.testing.assert_allclose(sample(tile, u, v), sample(tile, u + np.float32(size), v), atol=0.02)


def test_a_smooth_step_may_rise_or_fall() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0], dtype=np.float32)
    assert smoothstep(values, 1.0, 2.0).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert smoothstep(values, 2.0, 1.0).tolist() == [1.0, 1.0, 0.0, 0.0]
