"""Which end of an image is up; what its header does not say and its pixels do not show is not known."""

from __future__ import annotations

import numpy as np
import pytest

from mammoset.phantom.render import ViewPlan, render
from mammoset.pseudonymize.gate import rebuild
from mammoset.terms.dicom import Laterality, ViewPosition
from tests.pseudonymize.hostile import (
    NAMES,
    Elements,
    breast_pixels,
    changed,
    code,
    file_of,
    item,
    mammogram,
    read,
    tag,
)


def oblique(said: str | None, *, is_upside_down: bool) -> Elements:
    plan = ViewPlan(1, 2, Laterality.L, ViewPosition.MLO, "C", (), 440, 350, 0.68, 12)
    pixels = np.ascontiguousarray(render(plan).pixels[:: -1 if is_upside_down else 1])
    view = code("R-10226", "SRT", "medio-lateral oblique") | {tag("ViewModifierCodeSequence"): ("SQ", b"")}
    elements = mammogram(pixels) | {tag("ViewCodeSequence"): ("SQ", item(view))}
    return elements if said is None else changed(elements, PatientOrientation=said)


@pytest.mark.parametrize(
    ("said", "is_upside_down", "written", "known_from"),
    [
        (None, False, ["A", "FR"], "pixels"),
        (None, True, ["A", "HL"], "pixels"),
        ("A\\R", True, ["A", "HL"], "pixels"),
        ("P\\FL", True, ["A", "HL"], "pixels"),
        ("A\\FR", True, ["A", "FR"], "header"),
        ("A\\H", True, ["A", "H"], "header"),
    ],
)
def test_where_the_header_does_not_tell_which_end_is_up_the_axilla_does(
    said: str | None, is_upside_down: bool, written: list[str], known_from: str
) -> None:
    rebuilt = rebuild(read(file_of(oblique(said, is_upside_down=is_upside_down))), NAMES)
    assert list(rebuilt.dataset.PatientOrientation) == written
    assert rebuilt.attributes["upright_known_from"] == known_from


@pytest.mark.parametrize(("said", "known_from"), [("A\\R", "header"), (None, "usual"), ("nonsense", "usual")])
def test_of_a_view_from_above_nothing_but_the_header_tells_which_end_is_up(said: str | None, known_from: str) -> None:
    elements = mammogram(breast_pixels(on_left=True))
    told = elements if said is None else changed(elements, PatientOrientation=said)
    rebuilt = rebuild(read(file_of(told)), NAMES)
    assert rebuilt.attributes["upright_known_from"] == known_from
