"""How an image is to be shown, as values of which the client makes grey values just as the pixel functions do."""

from __future__ import annotations

from base64 import b64encode
from typing import Literal

import numpy as np
from pydantic import BaseModel

from mammoset.pixels.window import Presentation, VoiLut


class WindowOut(BaseModel):
    """A window in output units of the modality transformation; the explanation is empty where there is none."""

    center: float
    width: float
    explanation: str


class VoiLutOut(BaseModel):
    """A VOI look-up table: its first input, the bits of its entries, and those as base64 of 16 bits, little endian."""

    first: int
    bits: int
    explanation: str
    data: str


class PresentationOut(BaseModel):
    """How an image wants to be shown (PS3.3 C.11.1, C.11.2, C.11.6), read from its header as the server reads it.

    ``is_inverted`` where small values are bright. ``padding`` are the first and last stored value that are background.
    """

    bits_stored: int
    is_signed: bool
    is_inverted: bool
    rescale_slope: float
    rescale_intercept: float
    windows: list[WindowOut]
    voi_lut_function: Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
    voi_luts: list[VoiLutOut]
    padding: tuple[int, int] | None


def presentation_out(presentation: Presentation) -> PresentationOut:
    """Return how an image wants to be shown."""
    return PresentationOut(
        bits_stored=presentation.layout.bits_stored, is_signed=presentation.layout.is_signed,
        is_inverted=presentation.is_inverted, rescale_slope=presentation.rescale_slope,
        rescale_intercept=presentation.rescale_intercept,
        windows=[
            WindowOut(center=one.center, width=one.width, explanation=one.explanation) for one in presentation.windows
        ],
        voi_lut_function=presentation.voi_lut_function,
        voi_luts=[_lut_out(one) for one in presentation.voi_luts], padding=presentation.padding,
    )  # fmt: skip


def _lut_out(lut: VoiLut) -> VoiLutOut:
    data = b64encode(np.asarray(lut.data, "<u2").tobytes()).decode()
    return VoiLutOut(first=lut.first, bits=lut.bits, explanation=lut.explanation, data=data)
