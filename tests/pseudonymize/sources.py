"""Sources as the gate makes them, for tests of what is kept of a header: without a look at the pixels."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset

from mammoset.pixels.breast import ChestWall
from mammoset.pixels.codec import decode, file_bytes, with_pixels
from mammoset.pixels.header import quietly
from mammoset.pixels.views import view_of
from mammoset.pixels.window import Presentation, in_stored_values
from mammoset.pseudonymize.actions import Pseudonyms, Source
from mammoset.pseudonymize.keeping import kept_values
from mammoset.pseudonymize.options import Options
from mammoset.terms.dicom import EXPLICIT_VR_LE
from tests.pseudonymize.hostile import NAMES, Elements, file_of, read


def kept(
    elements: Elements,
    options: Options | None = None,
    *,
    names: Pseudonyms = NAMES,
    rejected: frozenset[tuple[str, str]] = frozenset(),
) -> Dataset:
    """Return the data set that is written of a header under these switches."""
    return kept_of(read(file_of(elements)), options or Options(), names, rejected)


def kept_of(
    dataset: Dataset, options: Options, names: Pseudonyms, rejected: frozenset[tuple[str, str]] = frozenset()
) -> Dataset:
    """Return the same of a data set."""
    with quietly():
        view = view_of(dataset)
        assert view is not None
        presentation = in_stored_values(Presentation.of(dataset))
        pixels = decode(dataset)
        extremes = int(pixels.min()), int(pixels.max())
        wall = ChestWall("left", 1.0)
        source = Source(dataset, names, presentation.layout, presentation, view, wall, *extremes, options, rejected)
        return kept_values(source)


def written(dataset: Dataset, elements: Elements) -> bytes:
    """Return a data set with the pixels of its source as an uncompressed file."""
    pixels: Any = decode(read(file_of(elements)))
    return file_bytes(with_pixels(dataset, pixels, EXPLICIT_VR_LE))
