"""Truths without files, for tests of readers and reviewers."""

from __future__ import annotations

from mammoset.model import Box, Breast, Finding, Image
from mammoset.phantom.plans import ExamPlan, generator
from mammoset.phantom.population import draw_population
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.terms.dicom import STANDARD_VIEWS

ROWS, COLUMNS = 440, 350


def truth_of(exam: ExamPlan) -> ExamTruth:
    """Return a truth whose boxes lie anywhere: nothing is drawn."""
    rng = generator(exam.seed, 99)
    images = [
        ImageTruth(f"{exam.number}.{side}.{view}", f"{exam.number}.1", "", "standard", side, view, ROWS, COLUMNS)
        for side, view in STANDARD_VIEWS
    ]
    findings = []
    for image, (side, view) in zip(images, STANDARD_VIEWS, strict=True):
        for lesion in exam.breast(side).lesions:
            if view in lesion.views:
                x, y = rng.integers(20, 280, 2)
                size = int(rng.integers(10, 50))
                box = Box(float(x), float(y), float(x + size), float(y + size))
                findings.append(Finding(image.image_id, box, lesion.categories, lesion.birads))
    breasts = tuple(Breast(breast.laterality, breast.birads, breast.density) for breast in exam.breasts)
    return ExamTruth(
        exam.number, f"{exam.number}", "p", exam.age, True, exam.vendor, breasts, tuple(findings), tuple(images)
    )  # fmt: skip


def truths(n: int, seed: int = 1, *, enriched: bool = False) -> list[ExamTruth]:
    return [truth_of(exam) for exam in draw_population(n, seed=seed, enriched=enriched)]


def images_of(truth: ExamTruth) -> list[Image]:
    """Return the images of an exam as the catalog would know them."""
    return [
        Image(
            one.image_id, one.series_id, truth.study_id, "p", one.laterality, one.view_position, one.rows, one.columns
        )
        for one in truth.images
        if one.laterality is not None and one.view_position is not None
    ]
