"""Sheets: a folder with a page to look at and a table to fill in, for the reviewer who prefers that to commands.

Sheets show what nobody has approved yet. They are made for their owner alone, and are to be deleted once decided.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mammoset.content import write_whole
from mammoset.engine import Progress, silent
from mammoset.errors import ConfigError, storing
from mammoset.project import Project
from mammoset.review.contact import PER_SHEET, Cell, as_png, contact_sheets
from mammoset.review.images import ImageToReview
from mammoset.review.recording import REJECTION_REASONS
from mammoset.review.regions import WaitingRegion
from mammoset.review.suspicion import SUSPICIONS
from mammoset.review.value_rows import rows_of
from mammoset.review.values import ElementSummary, Group, count_values
from mammoset.terms.reasons import REASONS

VALUES_CSV, IMAGES_CSV, REGIONS_CSV, PAGE = "values.csv", "images.csv", "regions.csv", "index.html"
VALUES_HEADER = ("element", "value", "group", "images", "examples", "now", "verdict", "reason")
IMAGES_HEADER = ("number", "image_id", "study_id", "view", "score", "suspicions", "pixels", "verdict", "reason")
REGIONS_HEADER = ("number", "region_id", "found_by", "score", "verdict", "reason")
EXCEL = "\ufeff"
"""Before the text: spreadsheets then read it as UTF-8."""

GROUP_WORDS = {
    Group.OTHER: "No rule is known for these: look at each value.",
    Group.TEXT: "Free text of the source, mapped to known words by rule: look at each value.",
    Group.NUMBERS: "Numbers within limits by rule: look at the range, the shape and what lies beyond the fences.",
    Group.CLOSED: "One of a closed list by rule: look through them, then approve them together.",
    Group.KEYED: "Made from the vault's key or given by pattern: nobody can tell anything from them.",
    Group.FIXED: "The same in every file by rule.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was written.

    Attributes
    ----------
    n_items : int
        Values, images or regions to decide about.
    unread : tuple of str
        Images that could not be read, by id.
    """

    folder: Path
    table: Path
    n_items: int
    unread: tuple[str, ...] = ()


def value_sheet(summaries: Sequence[ElementSummary], folder: Path) -> Sheet:
    """Write the page and the table of values."""
    rows = [(one, row) for one in summaries for row in rows_of(one)]
    _prepare(folder, VALUES_CSV)
    cells = (
        (
            row.element,
            row.value,
            one.group.value,
            row.images,
            " ".join(row.examples),
            row.verdict or "undecided",
            "",
            "",
        )
        for one, row in rows
    )
    groups = [(group, [one for one in summaries if one.group == group]) for group in Group]
    page = _page(
        "values.html", groups=[one for one in groups if one[1]], words=GROUP_WORDS, rows_of=rows_of,
        counts=count_values(summaries),
    )  # fmt: skip
    return _write(folder, VALUES_CSV, VALUES_HEADER, cells, page, len(rows))


def image_sheets(
    project: Project, images: Sequence[ImageToReview], folder: Path, *, is_second: bool = False,
    workers: int | None = None, progress: Progress = silent,
) -> Sheet:  # fmt: skip
    """Write contact sheets as PNG, the page that shows them, and the table of images.

    The sheets of a second look do not tell what the first person said, nor what is suspicious.
    """
    _prepare(folder, IMAGES_CSV)
    cells = [_cell(project, one, is_second=is_second) for one in images]
    names, unread = [], []
    for number, (sheet, missing) in enumerate(contact_sheets(cells, workers=workers, progress=progress), start=1):
        names.append(f"sheet-{number:04d}.png")
        unread += [images[place].image_id for place in missing]
        write_whole(folder / names[-1], as_png(sheet))
    rows = (
        (one.number, one.image_id, one.record.image.study_id, one.view, "" if is_second else one.score,
         "" if is_second else " ".join(reason.code for reason in one.suspicions), one.reviewed.pixels, "", "")
        for one in images
    )  # fmt: skip
    sheets = [(name, images[n * PER_SHEET : (n + 1) * PER_SHEET]) for n, name in enumerate(names)]
    page = _page(
        "images.html", sheets=sheets, n_images=len(images), is_second=is_second, suspicions=SUSPICIONS,
        reasons={one: REASONS[one] for one in REJECTION_REASONS},
    )  # fmt: skip
    return _write(folder, IMAGES_CSV, IMAGES_HEADER, rows, page, len(images), tuple(unread))


def region_sheet(regions: Sequence[WaitingRegion], folder: Path) -> Sheet:
    """Write the page and the table of regions. The page shows their pictures from where they lie, without a copy."""
    _prepare(folder, REGIONS_CSV)
    crops = {one.number: os.path.relpath(one.crop, folder.resolve()) for one in regions if one.crop is not None}
    rows = (
        (one.number, one.region.region_id, one.region.found_by, f"{one.region.score:.2f}", "", "") for one in regions
    )
    page = _page("regions.html", regions=regions, crops=crops)
    return _write(folder, REGIONS_CSV, REGIONS_HEADER, rows, page, len(regions))


def _cell(project: Project, one: ImageToReview, *, is_second: bool) -> Cell:
    title = f"{one.number}   {one.view}"
    notes = [] if is_second else [reason.words for reason in one.suspicions[:2]]
    more = [] if is_second or len(one.suspicions) <= len(notes) else [f"+{len(one.suspicions) - len(notes)}"]
    return Cell(project.content.path(one.record.image), title, "; ".join([*notes, *more]))


def _prepare(folder: Path, table: str) -> None:
    """Make the folder, for its owner alone, and empty it of sheets; one with decisions in its table is left alone."""
    file = folder / table
    if file.exists() and _has_decisions(file):
        raise ConfigError(
            f"{file} holds verdicts; record them with 'mammoset review decide --file', or name another folder"
        )
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob("sheet-[0-9]*.png"):
            old.unlink()


def _has_decisions(file: Path) -> bool:
    """Whether somebody has filled in a verdict."""
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return True  # changed by another program: not ours to overwrite
    return any((row.get("verdict") or "").strip() for row in rows)


def _write(
    folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[object]], page: str, n_items: int,
    unread: tuple[str, ...] = (),
) -> Sheet:  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_whole(folder / name, (EXCEL + text.getvalue()).encode())
    write_whole(folder / PAGE, page.encode())
    return Sheet(folder, folder / name, n_items, unread)


def _page(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("mammoset.review"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["short"] = lambda name: f"…{name[-8:]}" if len(name) > 12 else name
    known: Mapping[str, Any] = {"VALUES_CSV": VALUES_CSV, "IMAGES_CSV": IMAGES_CSV, "REGIONS_CSV": REGIONS_CSV}
    return environment.get_template(template).render(**known, **values)
