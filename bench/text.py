"""What the search for burned-in text finds, what it takes for text, and its time: ``python -m bench.text [FOLDER]``.

Real images in a folder named on the command line are searched too, and only counted.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom import dcmread

from mammoset.phantom.inscriptions import InscribedView, Inscription, inscribed_views
from mammoset.phantom.inscriptions_decoys import CleanView, clean_views
from mammoset.pixels.codec import PixelLayout, decode
from mammoset.pixels.text import Detections, Effort, find_text
from mammoset.pixels.window import Presentation

SEED = 1
EFFORTS: tuple[Effort, ...] = ("fast", "thorough")
AIMS_S: dict[Effort, float] = {"fast": 1.0, "thorough": 3.5}
FOUND_SHARE = 0.9
"""Of the ink that rectangles cover when a text counts as found."""
HEAD = ("what", "of", "fast", "thorough")


@dataclass(frozen=True, slots=True)
class TextFinds:
    """Counts of one effort.

    Attributes
    ----------
    hits, texts : Counter
        By group of texts.
    held, clean : Counter
        Clean views with a detection on tissue, and all of them, by kind.
    lost : int
        Breast pixels inside rectangles that lie "outside".
    specks : int
        Rectangles in the air of clean views.
    seconds : list of float
        Processor time of each full-size image of at most 3600 rows.
    """

    hits: Counter[str]
    texts: Counter[str]
    held: Counter[str]
    clean: Counter[str]
    lost: int
    specks: int
    seconds: list[float]


def measure_text(seed: int = SEED, rounds: int = 4) -> dict[Effort, TextFinds]:
    """Search every inscribed and every clean view with both efforts."""
    found = {effort: TextFinds(Counter(), Counter(), Counter(), Counter(), 0, 0, []) for effort in EFFORTS}
    for view in _views(seed, rounds):
        for effort, before in found.items():
            found[effort] = _counted(view, effort, before)
    return found


def _views(seed: int, rounds: int) -> Iterator[InscribedView | CleanView]:
    yield from inscribed_views(seed)
    yield from clean_views(seed, rounds)


def _counted(view: InscribedView | CleanView, effort: Effort, before: TextFinds) -> TextFinds:
    start = time.process_time()
    found = find_text(view.pixels, presentation_of(view), spacing_mm=view.spacing_mm, effort=effort)
    if 2000 < view.pixels.shape[0] <= 3600:
        before.seconds.append(time.process_time() - start)
    specks = before.specks
    if isinstance(view, InscribedView):
        for one in view.inscriptions:
            before.texts[one.group] += 1
            before.hits[one.group] += covered(one, found) >= FOUND_SHARE
    else:
        before.clean[view.kind] += 1
        before.held[view.kind] += bool(found.tissue)
        specks += len(found.outside)
    lost = sum(int(view.breast[top:bottom, left:right].sum()) for left, top, right, bottom in _rectangles(found))
    return TextFinds(before.hits, before.texts, before.held, before.clean, before.lost + lost, specks, before.seconds)


def _rectangles(found: Detections) -> Iterable[tuple[int, int, int, int]]:
    return (one.rectangle for one in found.outside)


def presentation_of(view: InscribedView | CleanView) -> Presentation:
    """Return what a header would say of a view."""
    rows, columns = view.pixels.shape
    photometric = "MONOCHROME1" if view.inverted else "MONOCHROME2"
    layout = PixelLayout(rows, columns, 16, view.bits_stored, view.bits_stored - 1, False, photometric)
    padding = getattr(view, "padding", None)
    return Presentation(layout, padding=None if padding is None else (padding, padding))


def covered(text: Inscription, found: Detections) -> float:
    """Return the share of a text's ink that rectangles cover."""
    left, top = text.rectangle[:2]
    inside = np.zeros(text.ink.shape, np.bool_)
    for one in found.found:
        x0, y0, x1, y1 = one.rectangle
        inside[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = True
    return float((inside & text.ink).sum() / text.ink.sum())


def rows_of(measured: dict[Effort, TextFinds]) -> list[Sequence[str]]:
    """Return the rows of a table with the columns of `HEAD`."""
    fast, thorough = measured["fast"], measured["thorough"]
    rows: list[Sequence[str]] = [
        (f"found: {group}", str(count), str(fast.hits[group]), str(thorough.hits[group]))
        for group, count in thorough.texts.items()
    ]
    total = sum(thorough.texts.values())
    rows.append(("found: all", str(total), str(sum(fast.hits.values())), str(sum(thorough.hits.values()))))
    rows += [
        (f"held without text: {kind}", str(count), str(fast.held[kind]), str(thorough.held[kind]))
        for kind, count in thorough.clean.items()
    ]
    clean = sum(thorough.clean.values())
    rows.append(("held without text: all", str(clean), str(sum(fast.held.values())), str(sum(thorough.held.values()))))
    rows.append(("rectangles in clean air", str(clean), str(fast.specks), str(thorough.specks)))
    rows.append(("breast pixels in them, all views", "", str(fast.lost), str(thorough.lost)))
    for word, number in (("mean", np.mean), ("greatest", np.max)):
        values = [f"{number(one.seconds):.2f}" for one in (fast, thorough)]
        rows.append((f"s of a core an image, {word} (aims {AIMS_S['fast']}, {AIMS_S['thorough']})", "", *values))
    return rows


def count_real(folder: Path) -> Iterator[tuple[Effort, int, int, int]]:
    """Yield effort, images, rectangles outside and images held, of the DICOM files in a folder."""
    for effort in EFFORTS:
        images = outside = held = 0
        for path in sorted(folder.rglob("*.dcm")):
            dataset = dcmread(path)
            spacing = dataset.get("ImagerPixelSpacing") or [None]
            found = find_text(
                decode(dataset), Presentation.of(dataset),
                spacing_mm=float(spacing[0]) if spacing[0] else None, effort=effort,
            )  # fmt: skip
            images, outside, held = images + 1, outside + len(found.outside), held + bool(found.tissue)
        yield effort, images, outside, held


if __name__ == "__main__":
    for row in [HEAD, *rows_of(measure_text())]:
        print(f"{row[0]:60}", *(f"{cell:>9}" for cell in row[1:]))
    for name in sys.argv[1:]:
        for counts in count_real(Path(name)):
            print(f"real, {counts[0]}: {counts[1]} images, {counts[2]} rectangles outside, {counts[3]} held")
