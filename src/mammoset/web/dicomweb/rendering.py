"""Pictures of images as a client wants them: window, viewport, quality (PS3.18 8.3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from mammoset.catalog import ImageRecord
from mammoset.errors import DatasetDefect
from mammoset.pixels.header import number
from mammoset.pixels.window import Presentation, VoiLutFunction, Window, display_values
from mammoset.web.dicomweb.matching import BadQuestion
from mammoset.web.pictures.previews import Previews

USUAL_QUALITY = 90
LONGEST_SIDE = 10_000
"""Of a viewport: more than any screen, and a picture of it is made in a second."""

ANNOTATIONS = frozenset({"patient", "technique"})
"""What a client may want to have written into a picture (8.3.5.1.1); nothing is."""

FUNCTIONS: dict[str, VoiLutFunction] = {"linear": "LINEAR", "linear-exact": "LINEAR_EXACT", "sigmoid": "SIGMOID"}
LEAST_WIDTH: dict[VoiLutFunction, float] = {"LINEAR": 1.0, "LINEAR_EXACT": 1e-6, "SIGMOID": 1e-6}
"""PS3.3 C.11.2.1.2, C.11.2.1.3."""


class Viewport(NamedTuple):
    """A region of an image and the size that it is brought to, in pixels; None reaches to the edge."""

    width: int
    height: int
    x: float = 0.0
    y: float = 0.0
    region_width: float | None = None
    region_height: float | None = None


class AskedWindow(NamedTuple):
    """A window instead of those of the image; width as `LEAST_WIDTH` allows."""

    center: float
    width: float
    function: VoiLutFunction


THUMBNAIL = Viewport(256, 256)


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a picture is wanted; without window as the image says, without viewport in its own size.

    Attributes
    ----------
    quality : int
        1 to 100, of JPEG.
    """

    window: AskedWindow | None = None
    viewport: Viewport | None = None
    quality: int = USUAL_QUALITY


def rendering_of(parameters: Mapping[str, str]) -> Rendering:
    """Read the parameters of a rendered resource.

    Raises
    ------
    BadQuestion
        If one is not as PS3.18 8.3.5.1 wants it.
    """
    annotations = parameters.get("annotation")
    if annotations is not None and not set(annotations.split(",")) <= ANNOTATIONS:
        raise BadQuestion("annotation is patient, technique or both; neither is drawn")
    quality = parameters.get("quality", str(USUAL_QUALITY))
    if not re.fullmatch(r"[1-9]\d?|100", quality, re.ASCII):
        raise BadQuestion("quality is a whole number from 1 to 100")
    window, viewport = parameters.get("window"), parameters.get("viewport")
    return Rendering(
        None if window is None else _window(window),
        None if viewport is None else viewport_of(viewport),
        int(quality),
    )


def thumbnail_of(parameters: Mapping[str, str]) -> Rendering:
    """Read the parameters of a thumbnail: width and height alone (8.3.5.2)."""
    viewport = parameters.get("viewport")
    if viewport is None:
        return Rendering(viewport=THUMBNAIL)
    if viewport.count(",") != 1:
        raise BadQuestion("the viewport of a thumbnail is width,height")
    return Rendering(viewport=viewport_of(viewport))


def _window(text: str) -> AskedWindow:
    words = text.split(",")
    if len(words) == 3 and words[2].strip() in FUNCTIONS:
        center, width, function = number(words[0]), number(words[1]), FUNCTIONS[words[2].strip()]
        if center is not None and width is not None and width >= LEAST_WIDTH[function]:
            return AskedWindow(center, width, function)
    raise BadQuestion("a window is center,width,function with linear, linear-exact or sigmoid, and a width above 0")


def viewport_of(text: str) -> Viewport:
    """Read a viewport: width, height and, if wanted, x, y, width and height of the region (8.3.5.1.3)."""
    words = [word.strip() for word in text.split(",")]
    numbers = [number(word) if word else None for word in words]
    is_form = 2 <= len(words) <= 6 and all(
        one is not None or not word for one, word in zip(numbers, words, strict=True)
    )
    if is_form and all(re.fullmatch(r"\d{1,5}", word, re.ASCII) for word in words[:2]):
        width, height = int(words[0]), int(words[1])
        x, y, region_width, region_height = (*numbers[2:], None, None, None, None)[:4]
        has_inside = region_width != 0 and region_height != 0
        if 1 <= width <= LONGEST_SIDE and 1 <= height <= LONGEST_SIDE and has_inside:
            return Viewport(width, height, abs(x or 0.0), abs(y or 0.0), region_width, region_height)
    raise BadQuestion(f"a viewport is width,height[,x,y,width,height], width and height from 1 to {LONGEST_SIDE}")


class Region(NamedTuple):
    """What of an image is shown, in its pixels, in which size, and whether mirrored."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int
    is_flipped: bool = False
    is_upside_down: bool = False


def region_of(viewport: Viewport | None, rows: int, columns: int) -> Region:
    """Return what a viewport shows of an image: as large as possible, in its proportions.

    Raises
    ------
    BadQuestion
        If nothing of the image is in it.
    """
    if viewport is None:
        return Region(0, 0, columns, rows, columns, rows)
    left, top = round(viewport.x), round(viewport.y)
    across = columns - left if viewport.region_width is None else round(abs(viewport.region_width))
    down = rows - top if viewport.region_height is None else round(abs(viewport.region_height))
    right, bottom = min(left + across, columns), min(top + down, rows)
    if left >= right or top >= bottom:
        raise BadQuestion("the viewport's region is outside the image")
    scale = min(viewport.width / (right - left), viewport.height / (bottom - top))
    return Region(
        left, top, right, bottom, max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)),
        (viewport.region_width or 1) < 0, (viewport.region_height or 1) < 0,
    )  # fmt: skip


def picture(previews: Previews, record: ImageRecord, rendering: Rendering, media_type: str) -> bytes:
    """Return a picture of an image in stored orientation, in a media type of `ENCODERS`."""
    region = region_of(rendering.viewport, record.image.height, record.image.width)
    rows = min(record.image.height, -(-record.image.height * region.height // (region.bottom - region.top)))
    pixels = previews.pixels(record, rows)
    scale = pixels.shape[0] / record.image.height
    shown = pixels[
        round(region.top * scale) : max(round(region.bottom * scale), round(region.top * scale) + 1),
        round(region.left * scale) : max(round(region.right * scale), round(region.left * scale) + 1),
    ]
    presentation = _with_window(previews.presentation(record), rendering.window)
    grey = _resized(display_values(shown, presentation), region)
    return ENCODERS[media_type](grey, rendering.quality)


def _with_window(presentation: Presentation, window: AskedWindow | None) -> Presentation:
    if window is None:
        return presentation
    chosen = (Window(window.center, window.width),)
    return replace(presentation, windows=chosen, voi_lut_function=window.function, voi_luts=())


def _resized(grey: NDArray[np.uint8], region: Region) -> NDArray[np.uint8]:
    size = (region.width, region.height)
    if (grey.shape[1], grey.shape[0]) != size:
        is_smaller = region.height < grey.shape[0]
        grey = np.asarray(
            cv2.resize(grey, size, interpolation=cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR), np.uint8
        )
    grey = grey[:, ::-1] if region.is_flipped else grey
    return np.ascontiguousarray(grey[::-1] if region.is_upside_down else grey)


def _by_opencv(suffix: str, *parameters: int) -> Callable[[NDArray[np.uint8], int], bytes]:
    def encode(grey: NDArray[np.uint8], quality: int) -> bytes:
        said = [cv2.IMWRITE_JPEG_QUALITY, quality] if suffix == ".jpg" else list(parameters)
        is_done, data = cv2.imencode(suffix, grey, said)
        if not is_done:
            raise DatasetDefect("an image is too large for a picture of this kind")
        return bytes(data.tobytes())

    return encode


def _as_gif(grey: NDArray[np.uint8], _quality: int) -> bytes:
    return bytes(imagecodecs.gif_encode(grey))


ENCODERS: dict[str, Callable[[NDArray[np.uint8], int], bytes]] = {
    "image/jpeg": _by_opencv(".jpg"),
    "image/png": _by_opencv(".png", cv2.IMWRITE_PNG_COMPRESSION, 3),
    "image/gif": _as_gif,
}
"""Rendered media type to encoder of grey values and a quality (PS3.18 table 8.7.4-1)."""
