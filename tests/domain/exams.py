"""Exams and readings to test the domain with, and strategies that draw them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from mammoset.domain.labels import LabelSchema, default_labels
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.model import Box, Breast, Finding, Image, Reading, Study
from mammoset.terms.dicom import STANDARD_VIEWS, Laterality, ViewPosition

SCHEMA = default_labels()
L, R = Laterality.L, Laterality.R
HEIGHT, WIDTH = 300, 200
MOMENT = datetime(2024, 5, 17, 8, 0, tzinfo=UTC)
BOX = Box(20.0, 30.0, 80.0, 110.0)


def image(side: Laterality, view: str, study: str = "s1", *, is_standard: bool = True) -> Image:
    name = f"{study}-{side}-{view}"
    return Image(name, f"{name}-series", study, study, side, ViewPosition(view), HEIGHT, WIDTH, is_standard)


def images(study: str = "s1") -> tuple[Image, ...]:
    return tuple(image(side, view, study) for side, view in STANDARD_VIEWS)


def exam(study: str = "s1", draw: int = 0) -> Study:
    return Study(study, study, images(study), draw)


def finding(
    view: str = "R-CC",
    box: Box = BOX,
    categories: tuple[str, ...] = ("Mass",),
    birads: int | None = 4,
    study: str = "s1",
) -> Finding:
    return Finding(f"{study}-{view}", box, categories, birads)


def reading(
    reader: str = "r1",
    *findings: Finding,
    left: int | None = 1,
    right: int | None = 1,
    density: str | None = "B",
    study: str = "s1",
) -> Reading:
    return Reading(study, reader, (Breast(L, left, density), Breast(R, right, density)), findings)


def fact(
    kind: FactKind | str,
    who: str,
    role: Role = "reader",
    answer: Reading | None = None,
    reason: str = "",
    study: str = "s1",
) -> Fact:
    return Fact(FactKind(kind), study, who, MOMENT, role, answer, reason)


def assigned(*readers: str) -> list[Fact]:
    return [fact("assigned", one) for one in readers]


def submitted(*readings: Reading) -> list[Fact]:
    return [fact("submitted", one.reader_id, answer=one) for one in readings]


CORNERS = st.tuples(st.floats(0, WIDTH - 20), st.floats(0, HEIGHT - 20))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    xmin, ymin = draw(CORNERS)
    xmax = draw(st.floats(xmin + 11, WIDTH)) if xmin + 11 < WIDTH else WIDTH
    ymax = draw(st.floats(ymin + 11, HEIGHT)) if ymin + 11 < HEIGHT else HEIGHT
    return Box(xmin, ymin, float(xmax), float(ymax))


@st.composite
def readings(
    draw: st.DrawFn, reader: str = "r1", study: str = "s1", schema: LabelSchema = SCHEMA, max_findings: int = 3
) -> Reading:
    """Draw a reading that keeps every rule but for what may be confirmed."""
    breasts = {
        side: Breast(side, draw(st.sampled_from(schema.breast_birads)), draw(st.sampled_from(schema.densities)))
        for side in Laterality
    }
    found = []
    for _ in range(draw(st.integers(0, max_findings))):
        side, view = draw(st.sampled_from(STANDARD_VIEWS))
        limit = breasts[side].birads or 0
        if limit == 1:
            continue
        names = draw(st.lists(st.sampled_from(schema.category_names), min_size=1, max_size=3, unique=True))
        allowed = [one for one in schema.finding_birads if one <= limit]
        names = names if allowed else [one for one in names if not schema.needs_birads([one])]
        if not names:
            continue
        needs = schema.needs_birads(names)
        birads = draw(st.sampled_from(allowed)) if needs or (allowed and draw(st.booleans())) else None
        found.append(Finding(f"{study}-{side}-{view}", draw(boxes()), schema.in_order(names), birads))
    return Reading(study, reader, tuple(breasts.values()), tuple(found))
