"""Contact sheets: many images on one picture, each twice, as it is shown and so that faint writing shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from mammoset.engine import Failure, Progress, run
from mammoset.pixels.codec import decode
from mammoset.pixels.stretch import stretched
from mammoset.pixels.window import Presentation, preview

PER_SHEET, PER_ROW = 20, 4
ROWS, COLUMNS = 640, 530
"""Of each picture of an image: writing of 46 rows of 3518, as devices burn it in, is 8 high and can be read."""
CAPTION, GAP = 40, 16
INK, PAPER, QUIET_INK, FRAME = 235, 26, 150, 70
SUSPICIOUS_INK = 255
_FONT = cv2.FONT_HERSHEY_SIMPLEX

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Cell:
    """An image on a sheet; picklable.

    Attributes
    ----------
    title, note : str
        Above it, in ASCII: number and view; what is suspicious.
    """

    path: Path
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """An image as it is shown with its first window, and contrast-stretched."""

    windowed: Grey
    stretched: Grey


def pictures_of(cell: Cell) -> Pictures:
    """Draw both pictures of an image from the content store: the workers' function."""
    dataset = dcmread(cell.path)
    pixels, presentation = decode(dataset), Presentation.of(dataset)
    rows = min(ROWS, max(1, int(COLUMNS * pixels.shape[0] / pixels.shape[1])))
    return Pictures(preview(pixels, presentation, rows), stretched(pixels, presentation, rows))


def contact_sheets(
    cells: Sequence[Cell], *, workers: int | None, progress: Progress
) -> Iterator[tuple[Grey, list[int]]]:
    """Yield sheets of at most `PER_SHEET` images, and the places of cells whose image could not be read.

    Yields
    ------
    (array of shape (rows, columns), list of int)
    """
    results = run(pictures_of, cells, workers=workers)
    for first in range(0, len(cells), PER_SHEET):
        chosen, drawn, unread = cells[first : first + PER_SHEET], [], []
        for place, cell in enumerate(chosen, start=first):
            result = next(results)
            if isinstance(result, Failure):
                unread.append(place)
            drawn.append(_drawn(cell, None if isinstance(result, Failure) else result))
            progress("images drawn", place + 1, len(cells))
        yield _laid_out(drawn), unread


def _drawn(cell: Cell, pictures: Pictures | None) -> Grey:
    width = 2 * COLUMNS + 4
    picture = np.full((CAPTION + ROWS, width), PAPER, np.uint8)
    picture[CAPTION:, :] = 0
    cv2.putText(picture, cell.title, (4, 28), _FONT, 0.9, INK, 2, cv2.LINE_AA)
    (title_width, _), _ = cv2.getTextSize(cell.title, _FONT, 0.9, 2)
    cv2.putText(picture, cell.note, (title_width + 24, 28), _FONT, 0.6, QUIET_INK, 1, cv2.LINE_AA)
    picture[CAPTION:, COLUMNS + 1 : COLUMNS + 3] = FRAME
    if pictures is None:
        cv2.putText(picture, "this image cannot be read", (40, CAPTION + ROWS // 2), _FONT, 1, INK, 2, cv2.LINE_AA)
        return picture
    for left, shown in ((0, pictures.windowed), (COLUMNS + 4, pictures.stretched)):
        rows, columns = (min(had, room) for had, room in zip(shown.shape, (ROWS, COLUMNS), strict=True))
        top = CAPTION + (ROWS - rows) // 2
        start = left + (COLUMNS - columns) // 2
        picture[top : top + rows, start : start + columns] = shown[:rows, :columns]
    return picture


def _laid_out(drawn: Sequence[Grey]) -> Grey:
    height, width = drawn[0].shape
    n_columns = min(PER_ROW, len(drawn))
    n_rows = -(-len(drawn) // n_columns)
    sheet = np.full((GAP + n_rows * (height + GAP), GAP + n_columns * (width + GAP)), PAPER, np.uint8)
    for place, picture in enumerate(drawn):
        top, left = (GAP + number * (length + GAP) for number, length in
                     zip(divmod(place, n_columns), (height, width), strict=True))  # fmt: skip
        sheet[top : top + height, left : left + width] = picture
    return sheet


def as_png(sheet: NDArray[Any]) -> bytes:
    """Return a sheet as PNG."""
    is_done, png = cv2.imencode(".png", sheet)
    if not is_done:
        raise ValueError("a contact sheet cannot be encoded")
    return bytes(png)
