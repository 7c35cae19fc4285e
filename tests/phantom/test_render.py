"""Pictures: alike where they should be, different where they should be, and the same bytes every time."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.phantom.render import invert, render
from mammoset.terms import findings
from mammoset.terms.dicom import Laterality, ViewPosition
from tests.phantom.view_plans import BOTH, MLO, L, R, breast_of, lesion, share_brighter, view

DIGEST = """
import hashlib
from mammoset.phantom.render import render
from tests.phantom.view_plans import MLO, lesion, view
print(hashlib.sha256(render(view(view_position=MLO, lesions=(lesion("Mass"),))).pixels.tobytes()).hexdigest())
"""


def coarse(pixels: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 8.0)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(coarse(one).ravel(), coarse(other).ravel())[0, 1])


@given(patient=st.integers(0, 2**63), seed=st.integers(0, 2**63), position=st.sampled_from(BOTH))
@settings(max_examples=8, deadline=None)
def test_the_same_plan_gives_the_same_bytes(patient: int, seed: int, position: ViewPosition) -> None:
    plan = view(patient_seed=patient, view_seed=seed, view_position=position, lesions=(lesion(findings.MASS),))
    first = render(plan)
    render(view(patient_seed=patient + 1))
    again = render(plan)
    assert first.pixels.tobytes() == again.pixels.tobytes()
    assert first.boxes == again.boxes


def test_another_process_gives_the_same_bytes() -> None:
    runs = {
        subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_the_number_of_threads_does_not_change_the_bytes() -> None:
    before = cv2.getNumThreads()
    try:
        found = []
        for threads in (1, 4):
            cv2.setNumThreads(threads)
            found.append(render(view(view_position=MLO)).pixels.tobytes())
    finally:
        cv2.setNumThreads(before)
    assert found[0] == found[1]


@pytest.mark.parametrize("bits", [12, 13, 14])
@pytest.mark.parametrize("density", ["A", "D"])
def test_values_fit_the_bits_and_use_them(bits: int, density: str) -> None:
    bright = lesion(findings.SUSPICIOUS_CALCIFICATION, birads=5)
    pixels = render(view(bits_stored=bits, density=density, lesions=(bright,))).pixels
    assert pixels.dtype == np.uint16
    assert (1 << bits) * 0.6 < pixels.max() < (1 << bits)


@pytest.mark.parametrize(("rows", "columns", "spacing"), [(440, 350, 0.56), (287, 239, 0.75), (383, 299, 0.64)])
def test_a_picture_has_the_size_it_was_planned_with(rows: int, columns: int, spacing: float) -> None:
    drawn = render(view(rows=rows, columns=columns, spacing_mm=spacing, view_position=MLO))
    assert drawn.pixels.shape == (rows, columns)
    assert drawn.pixels.flags.c_contiguous


def test_a_full_field_view_shows_the_same_breast_as_a_small_one() -> None:
    small = render(view(lesions=(lesion(findings.MASS),)))
    large = render(view(rows=3520, columns=2800, spacing_mm=0.07, lesions=(lesion(findings.MASS),)))
    shrunk = cv2.resize(large.pixels.astype(np.float32), (350, 440), interpolation=cv2.INTER_AREA)
    assert likeness(small.pixels, shrunk) > 0.99
    assert np.array(large.boxes[0][1].center) / 8 == pytest.approx(np.array(small.boxes[0][1].center), abs=3)


@pytest.mark.parametrize("position", [*BOTH, ViewPosition.ML, ViewPosition.XCCL])
@pytest.mark.parametrize("side", [L, R])
def test_the_chest_wall_is_at_the_edge_of_its_side(side: Laterality, position: ViewPosition) -> None:
    columns = np.asarray(breast_of(render(view(laterality=side, view_position=position))).any(axis=0))
    assert bool(columns[0]) is (side is L)
    assert bool(columns[-1]) is (side is R)


def test_air_is_constant() -> None:
    drawn = render(view())
    assert set(np.unique(drawn.pixels[:, -20:])) == {drawn.background}


@given(patient=st.integers(0, 2**31))
@settings(max_examples=12, deadline=None)
def test_denser_breasts_are_brighter_in_their_order(patient: int) -> None:
    shares = [share_brighter(render(view(patient_seed=patient, density=density)), 0.45) for density in "ABCD"]
    assert shares == sorted(shares)
    assert shares[0] < 0.12
    assert shares[3] > 0.6
    assert np.diff(shares).min() > 0.03


@pytest.mark.parametrize("position", BOTH)
@pytest.mark.parametrize("density", ["B", "C"])
def test_both_breasts_of_a_patient_mirror_each_other_without_findings(position: ViewPosition, density: str) -> None:
    left, right, stranger = (
        render(view(laterality=side, patient_seed=patient, view_seed=seed, view_position=position, density=density))
        for side, patient, seed in ((L, 11, 1), (R, 11, 2), (R, 12, 3))
    )
    mirrored = right.pixels[:, ::-1]
    assert likeness(left.pixels, mirrored) > 0.93
    assert likeness(left.pixels, mirrored) > likeness(left.pixels, stranger.pixels[:, ::-1])
    assert not np.array_equal(left.pixels, mirrored)


def test_a_repeated_view_differs_in_noise_and_little_else() -> None:
    first, second = render(view(view_seed=1)), render(view(view_seed=2))
    assert not np.array_equal(first.pixels, second.pixels)
    assert likeness(first.pixels, second.pixels) > 0.95


@pytest.mark.parametrize("patient", range(5))
def test_the_chest_muscle_is_brighter_than_fat(patient: int) -> None:
    pixels = render(view(patient_seed=patient, view_position=MLO, density="A")).pixels
    muscle = pixels[2:30, 2:20]
    fat = pixels[300:330, 20:60]
    assert np.median(muscle) > 1.3 * np.median(fat)


def test_a_magnified_view_shows_a_part_enlarged() -> None:
    calcified = lesion(findings.SUSPICIOUS_CALCIFICATION, size=10.0)
    plain = render(view(lesions=(calcified,)))
    large = render(view(lesions=(calcified,), magnified=True))
    ratio = large.boxes[0][1].width / plain.boxes[0][1].width
    assert ratio == pytest.approx(1.8, rel=0.25)
    assert breast_of(large).mean() > breast_of(plain).mean()


def test_the_window_holds_most_of_the_breast() -> None:
    drawn = render(view(density="C"))
    center, width = drawn.window
    tissue = drawn.pixels[breast_of(drawn)]
    assert ((tissue > center - width / 2) & (tissue < center + width / 2)).mean() > 0.9


def test_inverting_twice_changes_nothing_and_air_becomes_the_highest_value() -> None:
    drawn = render(view())
    dark = invert(drawn.pixels, 12)
    assert dark.dtype == np.uint16
    assert dark[0, -1] == 4095 - drawn.background
    assert np.array_equal(invert(dark, 12), drawn.pixels)
