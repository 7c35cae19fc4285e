"""Exams that are unlike each other, read twice and arbitrated in the browser, are published as they were drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from mammoset.model import Box
from tests.browser.people import off_by
from tests.browser.planning import READERS
from tests.browser.whole_way import ARBITER, Way
from tests.running import Run

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]


def edges(box: Box) -> tuple[float, float, float, float]:
    return box.xmin, box.ymin, box.xmax, box.ymax


def mean(one: Box, other: Box) -> Box:
    return Box(*((a + b) / 2 for a, b in zip(edges(one), edges(other), strict=True)))


def answers(way: Way, study_id: str, kind: str = "submitted") -> dict[str, dict[str, Any]]:
    """Return what each person said of a study, as it was exported."""
    facts = way.exported[study_id]["facts"]
    return {fact["by"]: fact["reading"] for fact in facts if fact["kind"] == kind}


def found(findings: Iterable[dict[str, Any]]) -> list[Any]:
    return sorted((one["image_id"], one["box"], one["categories"], one["birads"]) for one in findings)


def test_every_box_is_within_a_pixel_of_the_screen_of_where_it_was_meant(way: Way) -> None:
    drawn = [one for by_study in way.drawn.values() for marks in by_study.values() for one in marks]
    assert len(drawn) >= 3 * len(way.truths)
    assert {one.mark.closeness for one in drawn} == {"overview", "pair", "full"}
    assert [one for one in drawn if one.error > 1] == []


def test_no_reading_is_lost_and_none_is_another(way: Way) -> None:
    for name in READERS:
        for study_id, said in way.plans[name].items():
            answer = answers(way, study_id)[name]
            marks = way.drawn[name][study_id]
            assert answer["comment"] == said.comment
            assert {one["laterality"]: (one["birads"], one["density"]) for one in answer["breasts"]} == {
                "R": said.right, "L": said.left,
            }  # fmt: skip
            assert found(answer["findings"]) == sorted(
                (one.mark.image_id, list(edges(one.box)), [one.mark.category], one.mark.birads) for one in marks
            )


def test_the_release_has_the_boxes_that_were_drawn(way: Way) -> None:
    """Of concordant readings the mean, of others what stood on the arbiter's screen."""
    for study_id, rows in way.released.items():
        boxes = sorted(edges(one.box) for one in rows if one.box is not None)
        if study_id in way.differing:
            assert boxes == sorted(map(edges, way.decided[study_id]))
            continue
        first, second = (sorted(way.drawn[name][study_id], key=lambda one: one.mark.image_id) for name in READERS)
        pairs = list(zip(first, second, strict=True))
        assert boxes == sorted(edges(mean(a.box, b.box)) for a, b in pairs)


def test_the_arbiter_has_taken_a_reader_s_boxes_and_added_their_own(way: Way) -> None:
    assert way.decided.keys() == way.differing.keys()
    assert way.differing
    for study_id, boxes in way.decided.items():
        drawn = [one.box for name in (*READERS, ARBITER) for one in way.drawn[name][study_id]]
        assert set(boxes) <= set(drawn)
        marked = {one.mark.image_id: one for name in READERS for one in way.drawn[name][study_id]}
        assert len(boxes) == len(marked) + len(way.drawn[ARBITER][study_id])


def test_what_is_published_is_near_what_is_true(way: Way) -> None:
    """By no path of the program's: from the truth of the phantoms, turned as they were stored."""
    for truth in way.truths:
        for finding in truth.findings:
            own = [row.box for row in way.released[truth.study_id] if row.image_id == finding.image_id]
            size = max(finding.box.width, finding.box.height, 12)
            assert any(box is not None and off_by(box, finding.box) < 0.35 * size for box in own), (finding, own)


def test_a_blinded_reader_is_told_nothing_of_the_other_reading(way: Way) -> None:
    assert way.leaks == []
    assert min(way.answers.values()) > 10 * len(way.differing)
    # it would be seen: the arbiter is told all of it but the names
    comments = {
        said.comment.encode() for name in READERS for study, said in way.plans[name].items() if study in way.differing
    }
    heard = {secret for _, secret in way.heard}
    assert comments <= heard
    assert not {name.encode() for name in READERS} & heard
    assert len(heard) > len(comments) + len(way.differing)


def test_the_release_verifies(way: Way, run: Run) -> None:
    done = run("verify", way.release)
    assert done.code == 0, done.err
    assert f"{len(way.truths)} exams, {4 * len(way.truths)} images" in done.out
