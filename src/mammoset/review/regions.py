"""Regions on or near the breast in which text was found: a person says whether each is masked or kept.

The picture of a region may show a name. It is deleted with the decision; where the program was killed in between, the
next command of the review deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mammoset.catalog import HeldRegion, ReviewFact
from mammoset.content import crop_path
from mammoset.errors import storing
from mammoset.project import Project
from mammoset.terms.reasons import ReviewKind

VERDICTS = ("mask", "keep")


@dataclass(frozen=True, slots=True)
class WaitingRegion:
    """A region that waits for a person.

    Attributes
    ----------
    number : int
        Its place among those that wait, from 1.
    crop : Path or None
        Its picture; None where that is not there.
    """

    number: int
    region: HeldRegion
    crop: Path | None


def region_name(image_id: str, box: str) -> str:
    """Return how a region is called in commands and sheets: as `HeldRegion.region_id`."""
    return f"{image_id}@{box}"


def box_text(region: HeldRegion) -> str:
    """Return a region's box as facts name it: ``xmin,ymin,xmax,ymax``."""
    return ",".join(map(str, region.box))


def decided_regions(project: Project) -> dict[str, ReviewFact]:
    """Return what is in force about regions, by their names."""
    facts = project.catalog.review_book.facts(ReviewKind.REGION)
    return {region_name(fact.image_id, fact.value): fact for fact in facts}


def waiting_regions(project: Project) -> list[WaitingRegion]:
    """Return the regions that nobody decided about, in the order they were found."""
    decided = decided_regions(project)
    open_ones = [one for one in project.catalog.review_book.held_regions() if one.region_id not in decided]
    found = []
    for number, region in enumerate(open_ones, start=1):
        crop = crop_path(project.held, region.image_id, region.box)
        found.append(WaitingRegion(number, region, crop if crop.exists() else None))
    return found


def delete_decided(project: Project) -> int:
    """Delete the pictures of regions that somebody decided about; return how many there were."""
    if not project.held.is_dir():
        return 0
    n_deleted = 0
    with storing(project.held):
        for fact in decided_regions(project).values():
            xmin, ymin, xmax, ymax = map(int, fact.value.split(","))
            path = crop_path(project.held, fact.image_id, (xmin, ymin, xmax, ymax))
            if path.exists():
                path.unlink()
                n_deleted += 1
            if path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
    return n_deleted
