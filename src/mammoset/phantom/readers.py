"""Radiologists who do not exist: they read an exam from its truth, with errors like those of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from numpy.random import Generator

from mammoset.domain.boxes import match
from mammoset.model import Box, Breast, Finding, Reader, Reading
from mammoset.phantom.plans import generator
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.terms import findings as f
from mammoset.terms.birads import RECALL_FROM
from mammoset.terms.dicom import Laterality

SIDES = (Laterality.R, Laterality.L)
SMALLEST_BOX = 10.0
"""Pixels; the default of labels.toml."""

BIRADS_ERRORS: dict[int, dict[int, float]] = {
    1: {2: 0.1, 3: 0.01},
    2: {1: 0.22, 3: 0.025},
    3: {1: 0.05, 2: 0.17, 4: 0.14},
    4: {2: 0.05, 3: 0.2, 5: 0.06},
    5: {3: 0.02, 4: 0.2},
}
"""Share of breasts of a category read as another by a reader of skill 0.8; a perfect one makes none."""
DENSITY_ERRORS: dict[str, dict[str, float]] = {
    "A": {"B": 0.2},
    "B": {"A": 0.02, "C": 0.14},
    "C": {"B": 0.018, "D": 0.03},
    "D": {"C": 0.14},
}
REFERENCE_SKILL = 0.8
OVERLOOKED = {None: 0.15, 3: 0.14, 4: 0.08, 5: 0.04}
"""Share of boxes not seen, by the finding's BI-RADS, at the skill of reference."""
CONFUSED = {f.MASS: f.FOCAL_ASYMMETRY, f.FOCAL_ASYMMETRY: f.MASS, f.ARCHITECTURAL_DISTORTION: f.FOCAL_ASYMMETRY}
CONFUSION, SECOND_CATEGORY_MISSED, FALSE_FINDING = 0.07, 0.2, 0.05
FALSE_CATEGORIES = (f.FOCAL_ASYMMETRY, f.MASS, f.SUSPICIOUS_CALCIFICATION)
JITTER = 0.08
"""Spread of an edge of a box, as a share of its size, at the skill of reference."""

ARBITER_RIGHT = 0.88
"""Share of disagreements that the arbiter settles as the truth has it."""
FOUND_BY_NEITHER, FALSE_KEPT = 0.25, 0.1
"""Share of findings that the arbiter adds, and of wrong ones that stay."""


def draw_other(errors: Mapping[int, float] | Mapping[str, float], scale: float, rng: Generator) -> object | None:
    """Return the wrong answer that is given, or None for the right one."""
    draw = rng.random()
    for answer, share in errors.items():
        draw -= share * scale
        if draw < 0:
            return answer
    return None


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """A radiologist.

    Attributes
    ----------
    reader_id : str
        Goes into the readings.
    seed : int
        With the exam's number it decides everything; pseudonyms do not.
    skill : float
        0 to 1; with 1 the truth is read as it is.
    years_experience, annual_volume : int
    """

    reader_id: str
    seed: int
    skill: float = REFERENCE_SKILL
    years_experience: int = 10
    annual_volume: int = 5_000
    roles: tuple[str, ...] = ("reader",)

    @property
    def reader(self) -> Reader:
        """Who this is, as the catalog wants to know it."""
        return Reader(self.reader_id, self.roles, self.years_experience, self.annual_volume)

    @property
    def _scale(self) -> float:
        return (1.0 - self.skill) / (1.0 - REFERENCE_SKILL)

    def read(self, truth: ExamTruth) -> Reading:
        """Return this reader's reading of an exam; it keeps every rule of the default labels without confirmation.

        Parameters
        ----------
        truth : ExamTruth
            With the identifiers that the reading shall have; see `ExamTruth.renamed`.
        """
        rng = generator(self.seed, truth.number)
        breasts: list[Breast] = []
        findings: list[Finding] = []
        density_error = {side: rng.random() for side in SIDES}
        if truth.breast(SIDES[0]).density == truth.breast(SIDES[1]).density:
            density_error[SIDES[1]] = density_error[SIDES[0]]
        for side in SIDES:
            # One stream per side: what happens on the right changes nothing on the left.
            own = generator(self.seed, truth.number, SIDES.index(side) + 1)
            birads, found = self._assess(truth, side, own)
            density = self._density(truth.breast(side).density, density_error[side])
            breasts.append(Breast(side, birads, density))
            findings += found
        return Reading(truth.study_id, self.reader_id, tuple(breasts), tuple(findings))

    def _density(self, density: str | None, draw: float) -> str | None:
        for answer, share in DENSITY_ERRORS.get(density or "", {}).items():
            draw -= share * self._scale
            if draw < 0:
                return answer
        return density

    def _assess(self, truth: ExamTruth, side: Laterality, rng: Generator) -> tuple[int, list[Finding]]:
        actual = truth.breast(side).birads or 1
        images = {image.image_id: image for image in truth.standard_images if image.laterality == side}
        other = draw_other(BIRADS_ERRORS.get(actual, {}), self._scale, rng)
        birads = actual if other is None else int(str(other))
        present = [finding for finding in truth.findings if finding.image_id in images]
        seen = [self._mark(one, images[one.image_id], birads - actual, rng) for one in present if self._sees(one, rng)]
        if birads < RECALL_FROM or not images:
            return min(birads, RECALL_FROM - 1), []
        if present and not seen:
            seen = [self._mark(present[0], images[present[0].image_id], birads - actual, rng)]
        if not seen or rng.random() < FALSE_FINDING * self._scale:
            seen.append(_false_finding(tuple(images.values()), rng))
        return birads, within_rules(seen, birads)

    def _sees(self, finding: Finding, rng: Generator) -> bool:
        return bool(rng.random() >= OVERLOOKED.get(finding.birads, 0.1) * self._scale)

    def _mark(self, finding: Finding, image: ImageTruth, shift: int, rng: Generator) -> Finding:
        categories = list(finding.categories)
        first, second, edges = rng.random(), rng.random(), rng.normal(0.0, JITTER * self._scale, 4)
        if first < CONFUSION * self._scale and categories[0] in CONFUSED:
            categories[0] = CONFUSED[categories[0]]
        if second < SECOND_CATEGORY_MISSED * self._scale:
            categories = categories[:1]
        # In the order of the labels, each once.
        ordered = tuple(category for category in f.FINDING_CATEGORIES if category in categories)
        needs = bool(set(ordered) & set(f.LESION_CATEGORIES))
        birads = (finding.birads or RECALL_FROM) + shift if needs else None
        width, height = finding.box.width, finding.box.height
        box = Box(
            finding.box.xmin + edges[0] * width,
            finding.box.ymin + edges[1] * height,
            finding.box.xmax + edges[2] * width,
            finding.box.ymax + edges[3] * height,
        )
        return Finding(finding.image_id, fitted(box, image), ordered, birads)


def fitted(box: Box, image: ImageTruth) -> Box:
    """Return a box in whole pixels, inside its image and not below the smallest size."""
    xmin, xmax = _fitted_edge(box.xmin, box.xmax, image.columns)
    ymin, ymax = _fitted_edge(box.ymin, box.ymax, image.rows)
    return Box(xmin, ymin, xmax, ymax)


def _fitted_edge(low: float, high: float, length: int) -> tuple[float, float]:
    size = min(max(round(high - low), SMALLEST_BOX), float(length))
    start = min(max(round((low + high - size) / 2), 0.0), length - size)
    return float(start), float(start + size)


def within_rules(findings: Sequence[Finding], birads: int) -> list[Finding]:
    """Return findings whose categories lie between 3 and that of their breast; none where the breast is below 3."""
    if birads < RECALL_FROM:
        return []
    return [
        one if one.birads is None else replace(one, birads=min(max(one.birads, RECALL_FROM), birads))
        for one in findings
    ]


def _false_finding(images: tuple[ImageTruth, ...], rng: Generator) -> Finding:
    """Return a box where nothing is, in the part of an image where the breast lies."""
    image = images[int(rng.integers(len(images)))]
    category = FALSE_CATEGORIES[int(rng.integers(len(FALSE_CATEGORIES)))]
    size, depth = image.columns * rng.uniform(0.06, 0.14), image.columns * rng.uniform(0.12, 0.4)
    x = depth if image.laterality is Laterality.L else image.columns - depth
    y = image.rows * rng.uniform(0.35, 0.65)
    box = Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    return Finding(image.image_id, fitted(box, image), (category,), RECALL_FROM)


@dataclass(frozen=True, slots=True)
class SimulatedArbiter(SimulatedReader):
    """The senior radiologist who decides where two readers differ."""

    roles: tuple[str, ...] = ("arbiter",)

    def arbitrate(self, truth: ExamTruth, first: Reading, second: Reading) -> Reading:
        """Return the decision, made from both readings and mostly what is true.

        The order of the two readings does not matter beyond which of two equally near answers is taken.
        """
        breasts: list[Breast] = []
        findings: list[Finding] = []
        for side in SIDES:
            rng = generator(self.seed, truth.number, 10 + SIDES.index(side))
            actual, one, other = truth.breast(side), first.breast(side), second.breast(side)
            birads = _settled(actual.birads, one.birads, other.birads, rng)
            density = _settled(actual.density, one.density, other.density, rng)
            images = {image.image_id: image for image in truth.standard_images if image.laterality == side}
            settled = int(str(birads))
            found = self._decide(truth, images, (first, second), rng)
            kept = within_rules(found, settled)
            if settled >= RECALL_FROM and not kept:
                settled = RECALL_FROM - 1
            breasts.append(Breast(side, settled, str(density)))
            findings += kept
        return Reading(truth.study_id, self.reader_id, tuple(breasts), tuple(findings))

    def _decide(
        self, truth: ExamTruth, images: Mapping[str, ImageTruth], readings: tuple[Reading, Reading], rng: Generator
    ) -> list[Finding]:
        """Return the findings of one side: true ones that a reader found, some that none did, few wrong ones."""
        kept: list[Finding] = []
        for image_id, image in images.items():
            actual = [one for one in truth.findings if one.image_id == image_id]
            marked = [[one for one in reading.findings if one.image_id == image_id] for reading in readings]
            boxes = [one.box for one in actual]
            pairs = [dict(match(boxes, [one.box for one in side])) for side in marked]
            for index, finding in enumerate(actual):
                found = [side[pair[index]].box for side, pair in zip(marked, pairs, strict=True) if index in pair]
                if found or rng.random() < FOUND_BY_NEITHER:
                    kept.append(replace(finding, box=fitted(_mean(found or [finding.box]), image)))
            for side, pair in zip(marked, pairs, strict=True):
                wrong = [one for index, one in enumerate(side) if index not in pair.values()]
                kept += [one for one in wrong if rng.random() < FALSE_KEPT]
        return kept


def _settled(actual: object, one: object, other: object, rng: Generator) -> object:
    """Return what both said, or the truth, or now and then one of the two."""
    draw = rng.random()
    if one == other:
        return one
    if draw < ARBITER_RIGHT:
        return actual
    return one if draw < (1 + ARBITER_RIGHT) / 2 else other


def _mean(boxes: list[Box]) -> Box:
    count = len(boxes)
    return Box(
        sum(box.xmin for box in boxes) / count,
        sum(box.ymin for box in boxes) / count,
        sum(box.xmax for box in boxes) / count,
        sum(box.ymax for box in boxes) / count,
    )


def default_readers(seed: int = 0) -> tuple[SimulatedReader, SimulatedReader, SimulatedArbiter]:
    """Return three radiologists with the experience of those of the papers; the third arbitrates."""
    return (
        SimulatedReader("reader1", 3 * seed + 101, 0.78, 14, 10_000),
        SimulatedReader("reader2", 3 * seed + 102, 0.81, 21, 15_000),
        SimulatedArbiter("reader3", 3 * seed + 103, 0.88, 22, 15_000),
    )
