"""Frames of the older lossless encodings, which more programs read than the store's own."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray


def encode_jpeg_ls(pixels: NDArray[Any]) -> bytes:
    """Encode losslessly as JPEG-LS (1.2.840.10008.1.2.4.80); signed values as their two's complement."""
    unsigned = pixels.view(np.dtype(f"u{pixels.dtype.itemsize}"))
    return bytes(imagecodecs.jpegls_encode(np.ascontiguousarray(unsigned)))


def encode_jpeg_2000(pixels: NDArray[Any], bits_stored: int) -> bytes:
    """Encode losslessly as a JPEG 2000 code stream of the stated precision (1.2.840.10008.1.2.4.90)."""
    return bytes(
        imagecodecs.jpeg2k_encode(pixels, level=0, reversible=True, codecformat="j2k", bitspersample=bits_stored)
    )
