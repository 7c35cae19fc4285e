"""Bright dots of 2 × 2 pixels, as small as a microcalcification: whether they are seen when a view fits the window.

A dot is visible when within two pixels of the screen of its place one is at least `STEP` greys of 255 brighter than
what is around. Looked at are the pixels that the browser shows.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from playwright.sync_api import Page, ViewportSize

from mammoset.catalog import Decision, PoolEntry, StudyRecord
from mammoset.model import Image
from mammoset.project import Project
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from tests.web.building import add_image, uid

ROWS, COLUMNS, SPACING = 3518, 2800, 0.085
GREY, BRIGHT = 1200, 3200
WINDOW = ((1900.0, 2600.0, "NORMAL"),)
DOT, CELL = 2, 64
"""Pixels of a dot along one side; of the squares of which each holds one dot."""
STEP, AROUND = 4, 2
LEAST_INSIDE = 0.95
"""Share of the dots that must lie within their pane: else the view does not fit the window."""
NUMBER = 9999

Places = NDArray[np.int64]
Greys = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Dots:
    """An exam of dots: where they begin (x, y) in each of its images."""

    study_id: str
    places: dict[str, Places]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of the dots in a window.

    Attributes
    ----------
    scale : float
        Pixels of the screen for a stored pixel.
    level : int
        Resolution level that was shown.
    visible : float
        Share of the dots, 0 to 1.
    faintest : float
        Greys by which all but one in a hundred dots are brighter than what is around.
    """

    scale: float
    level: int
    visible: float
    faintest: float


def dotted(seed: int) -> tuple[NDArray[np.uint16], Places]:
    """Draw a dot at a random place in each square of a grid on flat grey; return the picture and the places."""
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(COLUMNS // CELL), np.arange(ROWS // CELL)), axis=-1).reshape(-1, 2)
    # away from the edges of the square, so that the dots' surroundings never touch
    at = grid * CELL + random.integers(CELL // 4, 3 * CELL // 4, grid.shape)
    pixels = np.full((ROWS, COLUMNS), GREY, np.uint16)
    for dx in range(DOT):
        for dy in range(DOT):
            pixels[at[:, 1] + dy, at[:, 0] + dx] = BRIGHT
    return pixels, at


def add_dots(project: Project) -> Dots:
    """Add an approved exam of full size whose images are grey with dots."""
    study_id, patient_id = uid(1, NUMBER), "P-DOTS"
    project.catalog.put_pool([PoolEntry(study_id, NUMBER, "phantom")])
    records, places = [], {}
    for index, view in enumerate(STANDARD_VIEWS):
        pixels, places[uid(2, NUMBER, index)] = dotted(index)
        image = Image(uid(2, NUMBER, index), uid(3, NUMBER), study_id, patient_id, *view, ROWS, COLUMNS)
        records.append(add_image(project, image, pixels, spacing=SPACING, windows=WINDOW))
    kept = [Decision(one, study_id, Outcome.KEPT) for one in (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)]
    project.catalog.admit(StudyRecord(study_id, patient_id, 50, "F"), records, kept)
    return Dots(study_id, places)


def look_at_dots(page: Page, dots: Dots, width: int, height: int) -> Seen:
    """Count the dots that are seen in a window of some size, in which the exam of dots is open and without texts."""
    page.set_viewport_size(ViewportSize(width=width, height=height))
    page.wait_for_function(
        """() => {
            const stage = document.querySelector('[data-stage][data-settled=true]')
            return stage !== null && stage.viewport.snapshot().viewing.room.rect.width === stage.clientWidth
        }"""
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    stage = page.locator("[data-stage]")
    greys = np.asarray(Picture.open(io.BytesIO(stage.screenshot())).convert("L"), np.int16)
    shown = {image_id: _shown(page, image_id, at) for image_id, at in dots.places.items()}
    contrasts = np.concatenate([contrasts_of(greys, at) for at in shown.values()])
    assert len(contrasts) >= LEAST_INSIDE * sum(map(len, shown.values())), "the views do not fit the window"
    image_id, at = next(iter(shown.items()))
    scale = float(np.ptp(at[:, 0]) / np.ptp(dots.places[image_id][:, 0]))
    level = int(page.locator(f'[data-image="{image_id}"]').get_attribute("data-level") or 0)
    return Seen(scale, level, float(np.mean(contrasts >= STEP)), float(np.percentile(contrasts, 1)))


def _shown(page: Page, image_id: str, at: Places) -> NDArray[np.float64]:
    """Return where the middles of dots are on the stage."""
    found = page.locator("[data-stage]").evaluate(
        "(stage, [id, all]) => all.map(([x, y]) => Object.values(stage.viewport.toPage(id, { x, y })))",
        [image_id, (at + DOT / 2).tolist()],
    )
    return np.array(found)


def contrasts_of(greys: Greys, at: NDArray[np.float64]) -> Greys:
    """Return by how much each dot that lies on the picture is brighter than what is around all of them."""
    columns, rows = np.floor(at).astype(int).T
    height, width = greys.shape
    near, far = AROUND, AROUND + 1
    is_inside = (columns >= near) & (rows >= near) & (columns < width - far) & (rows < height - far)
    steps = range(-AROUND, AROUND + 1)
    around = np.array([greys[rows[is_inside] + dy, columns[is_inside] + dx] for dy in steps for dx in steps])
    return np.asarray(around.max(axis=0) - np.int16(np.median(around)), np.int16)
