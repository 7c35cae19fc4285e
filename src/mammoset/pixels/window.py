"""From stored values to grey values: modality, VOI and presentation transformations (PS3.3 C.11.1, C.11.2, C.11.6).

A transformation of single values is a table over the values that Bits Stored allows, so an image costs one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from mammoset.pixels.codec import PixelLayout, layout_of
from mammoset.pixels.header import integer, items, numbers, terms, values

VoiLutFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
WHITE = 255


@dataclass(frozen=True, slots=True)
class Window:
    """A window of an image, in output units of the modality transformation; `width` is above 0."""

    center: float
    width: float
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class VoiLut:
    """A VOI look-up table: output of the modality transformation to P-values (PS3.3 C.11.2.1.1).

    Attributes
    ----------
    first : int
        The input that maps to ``data[0]``; smaller ones map to it too, and greater than the last to the last.
    bits : int
        Of the entries, 8 to 16: white is ``2**bits - 1``.
    """

    first: int
    bits: int
    data: tuple[int, ...]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Presentation:
    """How an image wants to be shown.

    Attributes
    ----------
    windows, voi_luts
        Choices of a reader, in the order of the header: first the windows, then the tables.
    padding : (low, high) or None
        Stored values, both included, that are background; None when the header names none.
    """

    layout: PixelLayout
    rescale_slope: float = 1.0
    rescale_intercept: float = 0.0
    windows: tuple[Window, ...] = ()
    voi_lut_function: VoiLutFunction = "LINEAR"
    voi_luts: tuple[VoiLut, ...] = ()
    padding: tuple[int, int] | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> Presentation:
        """Read from a header; what is malformed there counts as absent.

        Raises
        ------
        RefusedObject
            As `mammoset.pixels.codec.layout_of`.
        """
        slope = (numbers(dataset, "RescaleSlope") or (1.0,))[0]
        function = (*terms(dataset, "VOILUTFunction"), "LINEAR")[0]
        return cls(
            layout=layout_of(dataset),
            rescale_slope=slope or 1.0,
            rescale_intercept=(numbers(dataset, "RescaleIntercept") or (0.0,))[0],
            windows=windows_of(dataset),
            voi_lut_function=cast(VoiLutFunction, function if function in FUNCTIONS else "LINEAR"),
            voi_luts=voi_luts_of(dataset),
            padding=padding_of(dataset),
        )

    @property
    def is_inverted(self) -> bool:
        """Whether small stored values are bright: MONOCHROME1, whose Presentation LUT Shape is INVERSE."""
        return self.layout.photometric_interpretation == "MONOCHROME1"

    @property
    def stored_range(self) -> tuple[int, int]:
        """Smallest and greatest value that Bits Stored allows."""
        half = 1 << (self.layout.bits_stored - 1)
        return (-half, half - 1) if self.layout.is_signed else (0, 2 * half - 1)


def in_stored_values(presentation: Presentation) -> Presentation:
    """Return the same presentation with windows and tables over stored values, rescale slope 1 and intercept 0.

    Every value keeps its grey: a window of function LINEAR is restated by its own formula, in which ½ and 1 do not
    scale (PS3.3 C.11.2.1.2.1). Tables are kept where the slope is 1 and the intercept whole, else dropped.

    Raises
    ------
    ValueError
        If the slope is not above 0.
    """
    slope, intercept = presentation.rescale_slope, presentation.rescale_intercept
    if slope <= 0:
        raise ValueError("rescale slope is not above 0")
    half, one = (0.5, 1.0) if presentation.voi_lut_function == "LINEAR" else (0.0, 0.0)
    windows = tuple(
        replace(
            window, center=(window.center - half - intercept) / slope + half, width=(window.width - one) / slope + one
        )
        for window in presentation.windows
    )
    is_shift = slope == 1 and float(intercept).is_integer()
    luts = tuple(replace(lut, first=lut.first - int(intercept)) for lut in presentation.voi_luts) if is_shift else ()
    return replace(presentation, rescale_slope=1.0, rescale_intercept=0.0, windows=windows, voi_luts=luts)


def windows_of(dataset: Dataset) -> tuple[Window, ...]:
    """Read the windows of a header; none where center and width are not pairs of numbers or a width is below 1.

    LINEAR wants a width of at least 1, the other functions one above 0 (PS3.3 C.11.2.1.2, C.11.2.1.3).
    """
    centers, widths = numbers(dataset, "WindowCenter") or (), numbers(dataset, "WindowWidth") or ()
    if len(centers) != len(widths):
        return ()
    said = tuple(str(value) for value in values(dataset, "WindowCenterWidthExplanation"))
    padded = said + ("",) * (len(centers) - len(said))
    least = 1.0 if (*terms(dataset, "VOILUTFunction"), "LINEAR")[0] not in ("LINEAR_EXACT", "SIGMOID") else 1e-6
    pairs = zip(centers, widths, padded, strict=False)
    return tuple(Window(center, width, text) for center, width, text in pairs if width >= least)


def voi_luts_of(dataset: Dataset) -> tuple[VoiLut, ...]:
    """Read the VOI look-up tables of a header; an item whose descriptor and data disagree is left out."""
    found = (_voi_lut(item) for item in items(dataset, "VOILUTSequence"))
    return tuple(one for one in found if one is not None)


def _voi_lut(item: Dataset) -> VoiLut | None:
    descriptor = numbers(item, "LUTDescriptor")
    if descriptor is None or len(descriptor) != 3:
        return None
    # 0 entries stand for 65536 (PS3.3 C.11.1.1)
    count, first, bits = int(descriptor[0]) % 65536 or 65536, int(descriptor[1]), int(descriptor[2])
    data = _lut_data(item, count)
    if not 8 <= bits <= 16 or len(data) != count or max(data) >= 1 << bits or min(data) < 0:
        return None
    said = [str(value) for value in values(item, "LUTExplanation")]
    return VoiLut(first, bits, data, said[0] if said else "")


def _lut_data(item: Dataset, count: int) -> tuple[int, ...]:
    found = values(item, "LUTData")
    if len(found) == 1 and isinstance(found[0], bytes):
        raw = found[0]
        # OW; entries of 8 bits may be packed two to a word
        kind = "<u2" if len(raw) >= 2 * count else "u1"
        return tuple(np.frombuffer(raw[: count * np.dtype(kind).itemsize], kind).tolist())
    return tuple(found) if all(type(one) is int for one in found) else ()


def padding_of(dataset: Dataset) -> tuple[int, int] | None:
    """Read the range of stored values that are background (PS3.3 C.7.5.1.1.2); None when there is none."""
    value = integer(dataset, "PixelPaddingValue")
    if value is None:
        return None
    limit = integer(dataset, "PixelPaddingRangeLimit")
    return (value, value) if limit is None else (min(value, limit), max(value, limit))


def grey_table(
    presentation: Presentation, window: int = 0, value_range: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Return the grey value of every value that Bits Stored allows, from the smallest on.

    Parameters
    ----------
    presentation : Presentation
    window : int
        Index among the windows and, after them, the VOI tables.
    value_range : (low, high) or None
        Stored values shown from black to white when the header offers neither window nor table;
        None takes the whole range.

    Raises
    ------
    IndexError
        If there is no such choice; the first one is there always.
    """
    low, high = presentation.stored_range
    stored = np.arange(low, high + 1)
    output = stored * presentation.rescale_slope + presentation.rescale_intercept
    n_windows = len(presentation.windows)
    if not n_windows and not presentation.voi_luts and window == 0:
        first, last = value_range or (low, high)
        ends = sorted(end * presentation.rescale_slope + presentation.rescale_intercept for end in (first, last))
        share = np.clip((output - ends[0]) / max(ends[1] - ends[0], 1e-9), 0, 1)
    elif 0 <= window < n_windows:
        share = _windowed(output, presentation.windows[window], presentation.voi_lut_function)
    elif 0 <= window < n_windows + len(presentation.voi_luts):
        share = _looked_up(output, presentation.voi_luts[window - n_windows])
    else:
        raise IndexError(
            f"window {window}: the image offers {n_windows} windows and {len(presentation.voi_luts)} tables"
        )
    grey: NDArray[np.uint8] = np.rint((1 - share if presentation.is_inverted else share) * WHITE).astype(np.uint8)
    if presentation.padding is not None:
        grey[(stored >= presentation.padding[0]) & (stored <= presentation.padding[1])] = 0
    return grey


def _windowed(output: NDArray[Any], window: Window, function: VoiLutFunction) -> NDArray[Any]:
    """Return the share of white, 0 to 1 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.1, C.11.2.1.3.2)."""
    center, width = window.center, window.width
    if function == "SIGMOID":
        return 1 / (1 + np.exp(np.clip(-4 * (output - center) / width, -700, 700)))
    if function == "LINEAR_EXACT":
        return np.clip((output - center) / width + 0.5, 0, 1)
    if width <= 1:
        return (output > center - 0.5).astype(np.float64)
    return np.clip((output - (center - 0.5)) / (width - 1) + 0.5, 0, 1)


def _looked_up(output: NDArray[Any], lut: VoiLut) -> NDArray[Any]:
    index = np.clip(np.rint(output).astype(np.int64) - lut.first, 0, len(lut.data) - 1)
    shares: NDArray[np.float64] = np.asarray(lut.data, np.float64)[index] / ((1 << lut.bits) - 1)
    return shares


def display_values(pixels: NDArray[Any], presentation: Presentation, window: int = 0) -> NDArray[np.uint8]:
    """Return the grey values to show, 0 black to 255 white; padding is black also in MONOCHROME1.

    Parameters
    ----------
    pixels : array of integers, shape (rows, columns)
        Stored values, at full or reduced resolution.
    presentation : Presentation
    window : int
        As in `grey_table`.
    """
    offers_choice = presentation.windows or presentation.voi_luts
    value_range = None if offers_choice else _range_without_padding(pixels, presentation)
    table = grey_table(presentation, window, value_range)
    low, _ = presentation.stored_range
    if not low:
        return np.take(table, pixels, mode="clip")
    return np.take(table, pixels.astype(np.int32) - low, mode="clip")


def _range_without_padding(pixels: NDArray[Any], presentation: Presentation) -> tuple[int, int]:
    shown = pixels
    if presentation.padding is not None:
        low, high = presentation.padding
        shown = pixels[(pixels < low) | (pixels > high)]
    return (int(shown.min()), int(shown.max())) if shown.size else presentation.stored_range


def preview(
    pixels: NDArray[Any], presentation: Presentation, max_height: int = 512, window: int = 0
) -> NDArray[np.uint8]:
    """Return the grey values of an image reduced to at most `max_height` rows, each the mean of those it covers."""
    grey = display_values(pixels, presentation, window)
    rows, columns = grey.shape
    if rows <= max_height:
        return grey
    size = (max(1, round(columns * max_height / rows)), max_height)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
