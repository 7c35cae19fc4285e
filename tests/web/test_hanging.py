from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread

from mammoset.catalog import ImageRecord
from mammoset.model import Box, Finding, Image
from mammoset.phantom.acquisition import objects_of
from mammoset.phantom.files import make
from mammoset.phantom.population import draw_population
from mammoset.pixels.views import view_of
from mammoset.terms.dicom import Laterality, ViewPosition
from mammoset.web.pages.drawing import tags_of
from mammoset.web.pictures.hanging import Turn, View, chest_wall_of, hang, spacing_of, turn_of

L, R = Laterality.L, Laterality.R
CC, MLO = ViewPosition.CC, ViewPosition.MLO


def record(
    laterality: Laterality = L, view: ViewPosition = CC, rows: int = 400, columns: int = 300, **attributes: Any
) -> ImageRecord:
    image = Image(f"{laterality}{view}", "s", "study", "p", laterality, view, rows, columns)
    return ImageRecord(image, 0, (1,), "", "", 0, (), attributes)


def point(view: View, x: float, y: float) -> tuple[float, float]:
    """Return where a stored pixel lies in the pane, by the transformation that the browser is given."""
    a, b, c, d, e, f = (float(one) for one in re.findall(r"-?[\d.]+", view.transform))
    return a * x + c * y + e, b * x + d * y + f


@pytest.mark.parametrize(
    ("laterality", "view", "orientation", "turn"),
    [
        (L, CC, ["A", "R"], Turn()),
        (R, CC, ["P", "L"], Turn()),
        (L, MLO, ["A", "FR"], Turn()),
        (R, MLO, "P\\FL", Turn()),
        (L, CC, ["P", "R"], Turn(is_flipped=True)),
        (R, MLO, ["A", "FL"], Turn(is_flipped=True)),
        (L, CC, ["A", "L"], Turn(is_upside_down=True)),
        (R, MLO, ["P", "HR"], Turn(is_upside_down=True)),
        (L, MLO, ["P", "H"], Turn(True, True)),
        (L, CC, None, Turn()),
        (R, CC, ["A"], Turn()),
    ],
)
def test_images_are_turned_to_the_standard_orientation(
    laterality: Laterality, view: ViewPosition, orientation: object, turn: Turn
) -> None:
    """PS3.3 C.7.6.1.1.1 and the IHE profile: CC L A\\R, R P\\L; MLO L A\\F, R P\\F."""
    one = record(laterality, view, patient_orientation=orientation)
    assert turn_of(one, chest_wall_of(one.attributes)) == turn


def test_phantoms_hang_as_they_are_stored() -> None:
    """Their lateral side is at the top of a CC view, their chest wall where it is expected: nothing is turned."""
    (exam,) = draw_population(1, seed=3)
    seen = set()
    for plan in objects_of(replace(exam, flaws=frozenset())):
        stored = dcmread(BytesIO(make(exam, plan, "small").content), force=True)
        view = view_of(stored)
        if view is None or view.view_position not in (CC, MLO):
            continue
        one = record(view.laterality, view.view_position, patient_orientation=list(stored.PatientOrientation))
        assert turn_of(one, chest_wall_of(one.attributes)) == Turn()
        seen.add((view.laterality, view.view_position))
    assert len(seen) == 4


def test_what_the_gate_saw_goes_before_the_header() -> None:
    assert chest_wall_of({"chest_wall": "right", "patient_orientation": ["A", "R"]}) == "right"


def test_millimetres_are_those_in_the_breast() -> None:
    assert spacing_of({"imager_pixel_spacing": [0.1, 0.2]}) == (0.1, 0.2)
    magnified = {"imager_pixel_spacing": ["0.18", "0.18"], "estimated_radiographic_magnification_factor": 1.8}
    assert spacing_of(magnified) == pytest.approx((0.1, 0.1))


@pytest.mark.parametrize(
    "attributes",
    [{}, {"imager_pixel_spacing": None}, {"imager_pixel_spacing": [0, 0]}, {"imager_pixel_spacing": ["x", 1]}],
)
def test_unknown_spacing_is_not_guessed(attributes: dict[str, Any]) -> None:
    assert spacing_of(attributes) is None
    (view,) = hang([record(**attributes)], {}, [Finding("LCC", Box(0, 0, 10, 10), ("Mass",), 4)])
    assert view.marks[0].size_mm is None


turns = st.builds(Turn, st.booleans(), st.booleans())
sizes = st.integers(50, 5000)
pitches = st.floats(0.03, 0.3)


@given(st.data(), turns, sizes, sizes, pitches, st.sampled_from([L, R]), st.sampled_from([CC, MLO]))
def test_the_chest_wall_meets_the_middle_and_the_size_is_true(
    data: st.DataObject,
    turn: Turn,
    rows: int,
    columns: int,
    pitch: float,
    laterality: Laterality,
    position: ViewPosition,
) -> None:
    other = record(L if laterality is R else R, position, 300, 260, imager_pixel_spacing=[0.1, 0.1])
    one = record(laterality, position, rows, columns, imager_pixel_spacing=[pitch, pitch])
    view = hang([one, other], {one.image.image_id: turn})[0]
    corners = [point(view, x, y) for x in (0, columns) for y in (0, rows)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    assert right - left == pytest.approx(columns * pitch, abs=0.01)
    assert bottom - top == pytest.approx(rows * pitch, abs=0.01)
    assert (
        (right == pytest.approx(view.pane_width, abs=0.01)) if laterality is R else (left == pytest.approx(0, abs=0.01))
    )
    assert top == pytest.approx((view.pane_height - rows * pitch) / 2 if position is CC else 0, abs=0.01)
    x = data.draw(st.floats(0, columns))
    mirrored = point(view, x, 0)[0] == pytest.approx(
        (right - x * pitch) if turn.is_flipped else (left + x * pitch), abs=0.01
    )
    assert mirrored


@given(turns, st.sampled_from([L, R]), st.floats(0.01, 1))
def test_air_is_cut_off_but_never_a_finding(turn: Turn, laterality: Laterality, reach: float) -> None:
    one = record(laterality, CC, 400, 300, imager_pixel_spacing=[0.5, 0.5])
    finding = Finding(one.image.image_id, Box(250, 10, 290, 50), ("Mass",), 4)
    (view,) = hang([one], {one.image.image_id: turn}, [finding], {one.image.image_id: reach})
    mark = view.marks[0]
    assert mark.left >= -0.001
    assert mark.right <= view.pane_width + 0.001
    assert view.pane_width <= 150.001
    assert mark.size_mm == (20, 20)


def test_the_number_of_a_finding_stands_above_it_or_inside_at_the_top() -> None:
    one = record(L, CC, 400, 300, imager_pixel_spacing=[0.5, 0.5])
    boxes = (Box(10, 0, 40, 30), Box(10, 200, 40, 230), Box(260, 200, 290, 230))
    (view,) = hang([one], {}, [Finding("LCC", box, ("Mass",), 4) for box in boxes])
    top, middle, right = tags_of(view)
    assert (top.x, top.anchor) == (5, "start")
    assert 0 < top.y <= 15
    assert (middle.x, middle.y) == (5, 100)
    assert (right.x, right.anchor) == (145, "end")
