"""The two neural networks of PP-OCRv4 that rapidocr-onnxruntime carries: where text is, and what it says.

Each is loaded once per process, at first use, and runs on one thread: workers are processes. Nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mammoset.errors import MammosetError

DETECTOR = "ch_PP-OCRv4_det_infer.onnx"
RECOGNIZER = "ch_PP-OCRv4_rec_infer.onnx"
_STRIDE = 32
"""The detector's input has sides of multiples of it."""
_LINE_HEIGHT = 48
_LINE_WIDTHS = (96, 1600)
"""Of the recognizer's input, whose height is 48."""
FORMS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""What a lone letter may be. Large, small and full-width S look the same alone, and share the certainty of one."""


def text_probability(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return for each pixel how likely it is within a line of text.

    Parameters
    ----------
    grey : array of uint8, shape (rows, columns)

    Returns
    -------
    array of float32, same shape
        0 to 1; about the inner half of a line's height.
    """
    rows, columns = grey.shape
    below, right = -rows % _STRIDE, -columns % _STRIDE
    whole = cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REPLICATE)
    found = _session(DETECTOR).run(None, {_input(DETECTOR): _channels(np.asarray(whole, np.uint8))})[0]
    return np.asarray(found, np.float32)[0, 0, :rows, :columns]


def read_line(grey: NDArray[np.uint8]) -> tuple[str, float]:
    """Return what a picture of one line says, and the mean certainty of its letters; ("", 0.0) for nothing.

    Parameters
    ----------
    grey : array of uint8, shape (rows, columns)
        The line upright, and little around it.
    """
    likely = _read(grey)
    best = likely.argmax(axis=1)
    # a letter seen at several places in a row is one letter; 0 is none
    starts = np.flatnonzero((best > 0) & (best != np.concatenate([[0], best[:-1]])))
    if not len(starts):
        return "", 0.0
    letters = _letters()
    return "".join(letters[best[place]] for place in starts), float(likely[starts, best[starts]].mean())


def letter_likelihood(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how likely each letter is somewhere in a picture, whether large or small.

    Parameters
    ----------
    grey : array of uint8, shape (rows, columns)
        The letter upright, and little around it.

    Returns
    -------
    array of float32, shape (36,)
        0 to 1, in the order of `FORMS`.
    """
    likely = _read(grey)
    return np.asarray([likely[:, places].sum(axis=1).max() for places in _places()], np.float32)


def _read(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how likely each letter of the recognizer is at each place along a line."""
    rows, columns = grey.shape
    width = min(_LINE_WIDTHS[1], max(8, round(_LINE_HEIGHT * columns / rows)))
    way = cv2.INTER_AREA if rows > _LINE_HEIGHT else cv2.INTER_LINEAR
    line = np.full((_LINE_HEIGHT, max(_LINE_WIDTHS[0], width)), 127, np.uint8)
    line[:, :width] = cv2.resize(grey, (width, _LINE_HEIGHT), interpolation=way)
    found = _session(RECOGNIZER).run(None, {_input(RECOGNIZER): _channels(line)})[0][0]
    return np.asarray(found, np.float32)


def _channels(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled = grey.astype(np.float32) * np.float32(2 / 255) - np.float32(1)
    return np.ascontiguousarray(np.broadcast_to(scaled, (1, 3, *grey.shape)))


@cache
def _session(name: str) -> Any:
    import onnxruntime  # noqa: PLC0415 - 20 MB and a tenth of a second, which most commands have no use for

    options = onnxruntime.SessionOptions()  # type: ignore[attr-defined]
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(str(_model(name)), options, providers=providers)  # type: ignore[attr-defined]


@cache
def _input(name: str) -> str:
    return str(_session(name).get_inputs()[0].name)


@cache
def _letters() -> Sequence[str]:
    listed = _session(RECOGNIZER).get_modelmeta().custom_metadata_map["character"]
    return ("", *listed.splitlines(), " ")


@cache
def _places() -> Sequence[NDArray[np.int64]]:
    """Return which letters of the recognizer are each of `FORMS`."""
    plain = np.array([unicodedata.normalize("NFKC", letter).casefold() for letter in _letters()])
    return tuple(np.flatnonzero(plain == form) for form in FORMS)


def _model(name: str) -> Path:
    # found without importing the package: its own Python needs libraries that are not installed
    found = importlib.util.find_spec("rapidocr_onnxruntime")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise MammosetError(
        f"The model {name} of rapidocr-onnxruntime is not installed; install mammoset with its dependencies again."
    )
