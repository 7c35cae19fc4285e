"""Grey values as the Standard defines them; pydicom's own implementation is the second opinion."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_voi, apply_windowing

from mammoset.pixels.codec import PixelLayout
from mammoset.pixels.window import (
    Presentation,
    VoiLut,
    Window,
    display_values,
    grey_table,
    in_stored_values,
    preview,
)

LAYOUT = PixelLayout(1, 4096, 16, 12, 11, False, "MONOCHROME2")
INVERTED = PixelLayout(1, 4096, 16, 12, 11, False, "MONOCHROME1")
RAMP = np.arange(4096, dtype=np.uint16).reshape(1, 4096)


def header(**values: Any) -> Dataset:
    dataset = Dataset()
    base = {
        "Rows": 1, "Columns": 4096, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16, "BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0,
    }  # fmt: skip
    for keyword, value in (base | values).items():
        setattr(dataset, keyword, value)
    return dataset


def lut_item(first: int, data: list[int], bits: int = 12, explanation: str = "NORMAL") -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(data), first, bits])
    item.LUTExplanation = explanation
    item.add_new("LUTData", "US", data)
    return item


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(2048, 4096), (1000.5, 300), (2047, 2), (300, 1500)])
@pytest.mark.parametrize(("slope", "intercept"), [(1, 0), (2, -100), (0.5, 10)])
def test_windows_agree_with_pydicom(function: Any, center: float, width: float, slope: float, intercept: float) -> None:
    presentation = Presentation(LAYOUT, slope, intercept, (Window(center, width),), function)
    dataset = header(WindowCenter=center, WindowWidth=width, VOILUTFunction=function)
    dataset.RescaleSlope, dataset.RescaleIntercept = slope, intercept
    output = RAMP.astype(np.float64) * slope + intercept
    low, high = intercept, 4095 * slope + intercept
    with np.errstate(over="ignore"):
        expected = (apply_windowing(output, dataset) - low) / (high - low) * 255
    assert np.abs(display_values(RAMP, presentation) - expected).max() <= 0.51


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("slope", "intercept"), [(2.0, -100.0), (0.25, 10.0), (1.0, -1024.0)])
def test_a_window_restated_in_stored_values_shows_the_same(function: Any, slope: float, intercept: float) -> None:
    before = Presentation(LAYOUT, slope, intercept, (Window(500, 700), Window(900.5, 33)), function)
    after = in_stored_values(before)
    assert (after.rescale_slope, after.rescale_intercept) == (1, 0)
    for choice in range(2):
        shown, again = (display_values(RAMP, one, choice).astype(int) for one in (before, after))
        assert np.abs(shown - again).max() <= 1


def test_a_table_restated_in_stored_values_shows_the_same() -> None:
    lut = VoiLut(-50, 12, tuple(range(0, 4000, 10)))
    before = Presentation(LAYOUT, 1, -100, voi_luts=(lut,))
    assert np.array_equal(display_values(RAMP, before), display_values(RAMP, in_stored_values(before)))
    assert in_stored_values(Presentation(LAYOUT, 2, 0, voi_luts=(lut,))).voi_luts == ()


def test_a_linear_window_is_black_below_and_white_above_as_in_the_standard() -> None:
    # PS3.3 C.11.2.1.2.1: c 2048, w 4096 maps 0 to black and 4095 to white
    table = grey_table(Presentation(LAYOUT, windows=(Window(2048, 4096),)))
    assert (table[0], table[4095]) == (0, 255)
    step = grey_table(Presentation(LAYOUT, windows=(Window(100, 1),)))
    assert (step[99], step[100]) == (0, 255)


def test_a_voi_table_agrees_with_pydicom() -> None:
    data = [int(value) for value in np.linspace(0, 4095, 1000)]
    dataset = header(VOILUTSequence=[lut_item(500, data)])
    expected = apply_voi(RAMP, dataset) / 4095 * 255
    assert np.abs(display_values(RAMP, Presentation.of(dataset)) - expected).max() <= 0.51


def test_tables_come_behind_the_windows() -> None:
    dataset = header(WindowCenter=[100, 200], WindowWidth=[10, 20], VOILUTSequence=[lut_item(0, [0, 4095])])
    presentation = Presentation.of(dataset)
    assert grey_table(presentation, 2)[:3].tolist() == [0, 255, 255]
    with pytest.raises(IndexError, match="2 windows and 1 tables"):
        grey_table(presentation, 3)
    with pytest.raises(IndexError):
        grey_table(presentation, -1)


def test_small_values_are_bright_in_monochrome1() -> None:
    table = grey_table(Presentation(INVERTED, windows=(Window(2048, 4096),)))
    assert (table[0], table[4095]) == (255, 0)


@pytest.mark.parametrize("layout", [LAYOUT, INVERTED])
def test_padding_is_black(layout: PixelLayout) -> None:
    table = grey_table(Presentation(layout, windows=(Window(2048, 4096),), padding=(2000, 2100)))
    assert not table[2000:2101].any()
    assert table[1999]
    assert table[2101]


def test_without_window_and_table_the_values_that_are_not_padding_fill_the_range() -> None:
    pixels = np.array([[0, 100, 200, 300]], np.uint16)
    assert display_values(pixels, Presentation(LAYOUT, padding=(0, 0))).tolist() == [[0, 0, 128, 255]]
    assert display_values(pixels[:, :1], Presentation(LAYOUT, padding=(0, 0))).tolist() == [[0]]


def test_signed_values_have_their_place_in_the_table() -> None:
    layout = PixelLayout(1, 4, 16, 12, 11, True, "MONOCHROME2")
    pixels = np.array([[-2048, -1, 0, 2047]], np.int16)
    shown = display_values(pixels, Presentation(layout, windows=(Window(0, 4096),)))
    assert shown.tolist() == [[0, 127, 128, 255]]


@pytest.mark.parametrize(
    "values",
    [
        {"WindowCenter": [1, 2], "WindowWidth": [100]},
        {"WindowCenter": 1, "WindowWidth": 0},
        {"WindowCenter": 1, "WindowWidth": -5},
        {"VOILUTSequence": [lut_item(0, [0, 70000 % 65536])]},
        {"VOILUTSequence": [Dataset()]},
    ],
)
def test_a_malformed_window_or_table_counts_as_absent(values: dict[str, Any]) -> None:
    presentation = Presentation.of(header(**values))
    assert (presentation.windows, presentation.voi_luts) == ((), ())


def test_packed_and_bytewise_tables_are_read() -> None:
    wide, packed = Dataset(), Dataset()
    for item, data in ((wide, np.arange(256, dtype="<u2").tobytes()), (packed, bytes(range(256)))):
        item.add_new("LUTDescriptor", "US", [256, 0, 8])
        item.add_new("LUTData", "OW", data)
    presentation = Presentation.of(header(VOILUTSequence=[wide, packed]))
    assert [lut.data for lut in presentation.voi_luts] == [tuple(range(256))] * 2


def test_padding_may_be_given_from_either_end() -> None:
    assert Presentation.of(header(PixelPaddingValue=40, PixelPaddingRangeLimit=10)).padding == (10, 40)
    assert Presentation.of(header(PixelPaddingValue=40)).padding == (40, 40)
    assert Presentation.of(header()).padding is None


def test_a_preview_keeps_proportions_and_means() -> None:
    pixels = np.zeros((400, 200), np.uint16)
    pixels[:, 100:] = 4095
    layout = PixelLayout(400, 200, 16, 12, 11, False, "MONOCHROME2")
    presentation = Presentation(layout, windows=(Window(2048, 4096),))
    small = preview(pixels, presentation, 100)
    assert small.shape == (100, 50)
    assert (small[50, 10], small[50, 40]) == (0, 255)
    assert preview(pixels, presentation, 1000).shape == (400, 200)


@settings(max_examples=50, deadline=None)
@given(
    center=st.floats(-5000, 9000),
    width=st.floats(1, 9000),
    function=st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    inverted=st.booleans(),
)
def test_grey_never_turns_back(center: float, width: float, function: Any, inverted: bool) -> None:
    layout = INVERTED if inverted else LAYOUT
    table = grey_table(Presentation(layout, windows=(Window(center, width),), voi_lut_function=function)).astype(int)
    steps = np.diff(table)
    assert (steps <= 0).all() if inverted else (steps >= 0).all()
