"""Contact sheets of corners, for choosing by eye the rectangles that are filled: the paper's way, as an option.

They show what devices wrote into the pictures, so they are written into the vault and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from mammoset.content import write_whole
from mammoset.engine import Progress, silent
from mammoset.errors import RefusedObject
from mammoset.pixels.breast import find_chest_wall
from mammoset.pixels.codec import decode
from mammoset.pixels.header import quietly
from mammoset.pixels.window import Presentation
from mammoset.project import Project
from mammoset.pseudonymize.masks import CornerShares, corners
from mammoset.vault import Vault

SHOWN = CornerShares(height=0.25, width=0.5)
"""Of each corner so much is shown, to see what a rectangle would miss."""
TILE = (360, 220)
"""Width and height of a corner on the sheet, in pixels."""
ROWS = 12
"""Images on a sheet; each has its two corners side by side."""
LINE = (0, 190, 255)


def corner_sheets(project: Project, *, limit: int = 48, progress: Progress = silent) -> tuple[Path, ...]:
    """Draw the corners away from the chest wall of some quarantined images, with the rectangles of the settings.

    Parameters
    ----------
    limit : int
        Images at most, spread evenly over what is in quarantine.

    Returns
    -------
    tuple of Path
        PNG files in ``<vault>/sheets``; those of an earlier call are replaced.
    """
    settings = project.settings.pseudonymize
    shares = CornerShares(settings.corner_height, settings.corner_width)
    with Vault(project.vault_path, project.settings.dataset.name, project.ask_passphrase) as vault:
        paths = [one.path for one in vault.originals()]
        folder = vault.root / "sheets"
    folder.mkdir(mode=0o700, exist_ok=True)
    for old in folder.glob("corners-*.png"):
        old.unlink()
    chosen = _spread(paths, limit)
    strips = _strips(chosen, shares, progress)
    written: list[Path] = []
    while rows := list(islice(strips, ROWS)):
        written.append(folder / f"corners-{len(written) + 1:02d}.png")
        write_whole(written[-1], _png(np.vstack(rows)))
    return tuple(written)


def _spread(paths: Sequence[Path], limit: int) -> list[Path]:
    if len(paths) <= limit:
        return list(paths)
    return [paths[place] for place in np.linspace(0, len(paths) - 1, limit).round().astype(int)]


def _strips(paths: Sequence[Path], shares: CornerShares, progress: Progress) -> Iterator[NDArray[np.uint8]]:
    progress("images", 0, len(paths))
    for done, path in enumerate(paths, 1):
        strip = _strip(path, shares)
        if strip is not None:
            yield strip
        progress("images", done, len(paths))


def _strip(path: Path, shares: CornerShares) -> NDArray[np.uint8] | None:
    """Draw one image's corners; None when it cannot be decoded, which the gate will say of it."""
    try:
        with quietly():
            dataset = dcmread(path, force=True)
            pixels, presentation = decode(dataset), Presentation.of(dataset)
    except (RefusedObject, ValueError, TypeError, AttributeError, KeyError, NotImplementedError):
        return None
    side = find_chest_wall(pixels, presentation).side
    rows, columns = pixels.shape
    shown = corners(rows, columns, side, SHOWN)
    filled = corners(rows, columns, side, shares)
    tiles = [_tile(pixels, presentation, *pair) for pair in zip(shown, filled, strict=True)]
    return np.hstack(tiles)


def _tile(
    pixels: NDArray[Any],
    presentation: Presentation,
    shown: tuple[int, int, int, int],
    filled: tuple[int, int, int, int],
) -> NDArray[np.uint8]:
    """Draw a corner so that faint writing shows, with the rectangle that would be filled."""
    left, top, right, bottom = shown
    part = pixels[top:bottom, left:right].astype(np.float32)
    if presentation.is_inverted:
        part = part.max() - part
    part -= part.min()
    # the square root lifts what is barely brighter than air
    grey = (255 * np.sqrt(part / max(1.0, float(part.max())))).astype(np.uint8)
    picture = cv2.cvtColor(cv2.resize(grey, TILE, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
    across, down = TILE[0] / (right - left), TILE[1] / (bottom - top)
    first = round((filled[0] - left) * across), round((filled[1] - top) * down)
    last = round((filled[2] - left) * across) - 1, round((filled[3] - top) * down) - 1
    cv2.rectangle(picture, first, last, LINE, 1)
    cv2.rectangle(picture, (0, 0), (TILE[0] - 1, TILE[1] - 1), (60, 60, 60), 1)
    return np.asarray(picture, np.uint8)


def _png(picture: NDArray[np.uint8]) -> bytes:
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise ValueError("a sheet cannot be encoded")
    return bytes(data)
