"""Import of VinDr Lab's export: readings of the people who made them, whole or not at all, everything else named."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mammoset.domain.workflow import Fact, FactKind, StudyState, standing_of
from mammoset.errors import ConfigError
from mammoset.model import Box, Breast, Finding
from mammoset.project import Project
from mammoset.read.vindr_lab import LabSummary, import_vindr_lab
from mammoset.read.vindr_lab_labels import parse_map
from tests.domain.exams import HEIGHT, MOMENT, SCHEMA, WIDTH, L, R
from tests.read.lab import LABELS, answers, lab_text, label, make_lab_project, mark, objects, tags

pytestmark = pytest.mark.only_on("sqlite")  # what the database does is asked in test_vindr_lab_round_trip
BOX = (20, 30, 80, 110)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_lab_project(tmp_path / "p") as made:
        yield made


def done(project: Project, text: str, given: str = "", *, dry_run: bool = False) -> LabSummary:
    return import_vindr_lab(project, text, parse_map(given, project.schema), dry_run=dry_run)


def why(project: Project, text: str, given: str = "") -> str:
    """Import a file whose one reading is left out; return why."""
    summary = done(project, text, given)
    assert (dict(summary.recorded), answers(project)) == ({}, {})
    [one] = summary.left_out
    return f"{one.place} | {one.reason}"


def findings_of(project: Project, *marks: dict[str, Any], **more: Any) -> tuple[Finding, ...]:
    """Import r1's reading of s1, right breast BI-RADS 4, with these marks; return its findings."""
    summary = done(project, lab_text(marks, tags(right=4), **more))
    assert summary.left_out == ()
    return answers(project)["s1", "r1", "reader"].findings


def test_tags_speak_of_the_breast_of_their_image_and_boxes_become_findings(project: Project) -> None:
    box = mark("R-MLO", ["BI-RADS 4", "Mass"], BOX)
    summary = done(project, lab_text([box], tags(1, 4), comments=[{"id": "t r1 s1", "content": "dense"}]))
    assert dict(summary.recorded) == {"reader": 1}
    reading = answers(project)["s1", "r1", "reader"]
    assert reading.breasts == (Breast(L, 1, "B"), Breast(R, 4, "B"))
    assert reading.findings == (Finding("s1-R-MLO", Box(20, 30, 80, 110), ("Mass",), 4),)
    assert reading.comment == "dense"
    assert standing_of(project.catalog.facts()["s1"], SCHEMA).state == StudyState.AWAITING_READS


def test_corners_may_be_dragged_either_way_and_over_the_edge(project: Project) -> None:
    [found] = findings_of(project, mark("R-CC", ["Mass", "BI-RADS 4"], (WIDTH + 9.5, 110, -3, 30.25)))
    assert found.box == Box(0, 30.25, WIDTH, 110)


def test_a_polygon_is_taken_as_the_box_around_it(project: Project) -> None:
    corners = [{"x": 50, "y": 20}, {"x": 90, "y": 100}, {"x": 30, "y": HEIGHT + 5}]
    polygon = mark("R-CC", ["Mass", "BI-RADS 4"], BOX, type="POLYGON", data=corners)
    summary = done(project, lab_text([polygon], tags(right=4)))
    assert summary.counts == {"polygons": 1, "clamped": 1}
    assert answers(project)["s1", "r1", "reader"].findings[0].box == Box(30, 20, 90, HEIGHT)


def test_a_mark_whose_object_is_missing_is_placed_by_its_own_uids(project: Project) -> None:
    box = mark("R-CC", ["Mass", "BI-RADS 4"], BOX)
    summary = done(project, lab_text([box], tags(right=4), objects=[]))
    assert (dict(summary.recorded), summary.counts) == ({"reader": 1}, {"missing_objects": 3})


def test_what_stands_there_twice_counts_once_and_the_newer_state_of_a_mark_counts(project: Project) -> None:
    box = mark("R-CC", ["Mass", "BI-RADS 4"], BOX, name="a1")
    moved = mark("R-CC", ["Mass", "BI-RADS 4"], (25, 30, 80, 110), name="a1", event="UPDATED", created=1700000000001)
    again = moved | {"id": "a2"}
    assert [one.box.xmin for one in findings_of(project, box, moved, again, moved)] == [25]


def test_a_mark_that_says_two_things_at_once_is_named(project: Project) -> None:
    marks = [mark("R-CC", ["Mass", "BI-RADS 4"], (x, 30, 80, 110), name="a1") for x in (20, 25)]
    assert (
        why(project, lab_text(marks, tags(right=4)))
        == "finding[0] | finding[1]: it stands there twice and says two things"
    )


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        (mark("R-CC", ["Mass", "BI-RADS 4"], BOX, type="MASK", data={"segment": "0 5"}), "neither two corners"),
        (mark("R-CC", ["Mass", "BI-RADS 4"], BOX, data=[{"x": 1, "y": 2}]), "neither two corners"),
        (mark("R-CC", ["Mass", "BI-RADS 4"], BOX, data=[{"x": 1, "y": 2}, {"x": "5", "y": 9}]), "neither two corners"),
        (mark("R-CC", ["Mass", "BI-RADS 4", "BI-RADS 5"], BOX), "two BI-RADS categories on one box"),
        (mark("R-CC", ["Mass", "DENSITY B"], BOX), "a density on a box"),
        (mark("R-CC", ["Mass", "elsewhere"], BOX), "one of its labels is not in the file"),
        (mark("R-CC", ["Mass", "BI-RADS 4"], BOX, event="DELETED"), "neither created nor updated"),
        (mark("R-CC", ["Mass"]), "a category of findings without a box"),
        (mark("R-MLO", ["BI-RADS 5"]), "right breast has two BI-RADS categories"),
        (mark("R-XX", ["Mass", "BI-RADS 4"], BOX), "it is on no image of this exam"),
        (mark("R-CC", ["BI-RADS 4"], BOX), "no category; choose one or more"),
        (mark("L-CC", ["Mass", "BI-RADS 4"], BOX), "its breast is BI-RADS 1"),
        (mark("R-CC", ["Mass", "BI-RADS 4"], (20, 30, 20, 30)), "smaller than"),
    ],
)  # fmt: skip
def test_a_reading_of_which_a_part_cannot_be_read_is_left_out_whole(
    project: Project, spoiled: dict[str, Any], reason: str
) -> None:
    good = mark("R-CC", ["Mass", "BI-RADS 4"], (100, 120, 150, 180))
    assert reason in why(project, lab_text([good, spoiled], tags(right=4)))


def test_a_label_that_nobody_knows_is_named_by_its_place_only(project: Project) -> None:
    box = mark("R-CC", ["Mass", "BI-RADS 4", "Jane Doe"], BOX)
    text = lab_text([box], tags(right=4), labels=[*LABELS, label("Jane Doe")])
    assert (
        why(project, text)
        == f"finding[0] | finding[0]: nobody says what labels[{len(LABELS)}] means; name it in the map"
    )


def test_a_map_says_what_labels_and_people_are(project: Project) -> None:
    strange = [label("Lump"), label("worrying"), label("Very dense"), label("good quality")]
    marks = [mark("R-CC", ["Lump", "worrying", "good quality"], BOX, who="Dr R")]
    impression = [
        mark("L-CC", ["BI-RADS 1", "Very dense"], who="Dr R"), mark("R-CC", ["worrying", "Very dense"], who="Dr R")
    ]  # fmt: skip
    given = """
        category = {Lump = "Mass"}
        birads = {worrying = 4}
        density = {"very dense" = "D"}
        ignored = {names = ["Good quality"]}
        people = {"Dr R" = "r2"}
    """
    summary = done(project, lab_text(marks, impression, labels=[*LABELS, *strange]), given)
    assert (summary.left_out, summary.counts) == ((), {"ignored_labels": 1})
    reading = answers(project)["s1", "r2", "reader"]
    assert reading.breasts == (Breast(L, 1, "D"), Breast(R, 4, "D"))
    assert reading.findings[0].categories == ("Mass",)


@pytest.mark.parametrize(
    ("name", "parent", "birads"),
    [("birads_4", "", 4), ("BI-RADS 4A", "", 4), ("B4", "", 4), ("4", "BI-RADS", 4), ("BI-RADS 4 - suspicious", "", 4)],
)  # fmt: skip
def test_usual_spellings_of_birads_are_understood(project: Project, name: str, parent: str, birads: int) -> None:
    labels = [*LABELS, label(name, parent), *([label(parent)] if parent else [])]
    [found] = findings_of(project, mark("R-CC", ["Mass", name], BOX), labels=labels)
    assert found.birads == birads


@pytest.mark.parametrize(("name", "parent"), [("Breast density: C", ""), ("ACR c", ""), ("C", "Density")])
def test_usual_spellings_of_density_are_understood(project: Project, name: str, parent: str) -> None:
    labels = [*LABELS, label(name, parent), *([label(parent)] if parent else [])]
    done(project, lab_text([], [mark(f"{side}-CC", ["BI-RADS 1", name]) for side in "LR"], labels=labels))
    assert answers(project)["s1", "r1", "reader"].breast(R).density == "C"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("[category]\nLump = 'Bump'", r"\[category\] leads to something that is no category"),
        ("[birads]\nbad = 7", "no BI-RADS category"),
        ("[density]\nbad = 'E'", "no density"),
        ("[labels]", "unknown table 'labels'"),
        ("ignored = 3", "'ignored' must be a table"),
        ("[people]\nA = 3", "no name"),
        ("category =", "not valid TOML"),
    ],
)
def test_a_map_with_a_mistake_is_explained(given: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        parse_map(given, SCHEMA)


def test_what_is_not_said_stays_unknown_and_makes_no_reading(project: Project) -> None:
    told = why(project, lab_text([], [mark("R-CC", ["BI-RADS 1", "DENSITY B"]), mark("L-CC", ["BI-RADS 1"])]))
    assert "left breast: no density" in told
    assert "left breast: no answer" in why(project, lab_text([], [mark("R-CC", ["BI-RADS 1", "DENSITY B"])]))


def test_a_tag_on_a_series_speaks_of_the_side_of_its_images_and_one_on_an_exam_of_none(project: Project) -> None:
    def on(view: str, uids: dict[str, str]) -> str:
        places = [*objects(), {"id": "wide", "meta": uids}]
        tag = mark(view, ["BI-RADS 1", "DENSITY B"], object_id="wide")
        return lab_text([], [mark("L-CC", ["BI-RADS 1", "DENSITY B"]), tag], objects=places)

    exam = {"study_instance_uid": "s1"}
    assert "nobody can say of which breast" in why(project, on("R-CC", exam))
    assert done(project, on("R-CC", exam | {"series_instance_uid": "s1-R-CC-series"})).left_out == ()


def test_other_readings_are_recorded_when_one_is_left_out(project: Project) -> None:
    text = lab_text([], [*tags(), *tags(study="s2", who="nobody"), *tags(study="s3", who="r2")])
    summary = done(project, text)
    assert dict(summary.recorded) == {"reader": 2}
    [one] = summary.left_out
    assert (one.place, one.study_id, one.reader_id) == ("impression[2]", "s2", "")
    assert "nobody here has the name of its creator" in one.reason


def test_nothing_of_the_file_is_repeated(project: Project) -> None:
    name, comment = "Doe^Jane", {"id": "t r1 s1", "content": "Jane\x00Doe"}
    marks = [mark("R-CC", [name, "BI-RADS 4"], BOX), mark("R-CC", ["Mass"], BOX, who=name)]
    text = lab_text(marks, tags(right=4), labels=[*LABELS, label(name)], comments=[comment])
    summary = done(project, text)
    assert len(summary.left_out) == 2
    assert "Jane" not in repr(summary)


def test_an_export_with_other_uids_is_refused_and_says_why(project: Project) -> None:
    theirs = lab_text(
        [mark("R-CC", ["Mass"], BOX, study="1.2.840.1")], tags(study="1.2.840.1"), objects=objects(["1.2.840.1"])
    )
    with pytest.raises(ConfigError, match="through the vault, which reading does not open") as caught:
        done(project, theirs)
    assert "1.2.840" not in str(caught.value)


def test_a_mark_of_the_same_task_that_is_on_nothing_known_spoils_its_reading(project: Project) -> None:
    lost = mark("R-CC", ["Mass", "BI-RADS 4"], BOX, object_id="gone", meta={})
    assert "finding[0]: it is of the same task" in why(project, lab_text([lost], tags(right=4)))


def test_marks_about_other_exams_are_counted(project: Project) -> None:
    text = lab_text([], [*tags(), *tags(study="1.2.840.1")])
    summary = done(project, text)
    assert (dict(summary.recorded), summary.counts) == ({"reader": 1}, {"strange": 2, "missing_objects": 2})


@pytest.mark.parametrize("text", ["[]", "{}", '{"readings": []}'])
def test_a_file_of_another_form_is_explained(project: Project, text: str) -> None:
    with pytest.raises(ConfigError, match="no export of VinDr Lab"):
        done(project, text)


def test_lists_may_be_null_as_the_program_writes_empty_ones(project: Project) -> None:
    value = json.loads(lab_text([], tags(), comments=None, archives=["o1"])) | {"finding": None}
    assert done(project, json.dumps(value)).counts == {"archived": 1}
    nothing = json.dumps({"finding": None, "impression": None, "labels": None, "objects": None})
    assert done(project, nothing).recorded == {}


def test_running_it_again_adds_nothing(project: Project) -> None:
    text = lab_text([], tags())
    done(project, text)
    before = project.catalog.facts()
    again = done(project, text)
    assert (again.already, dict(again.recorded), project.catalog.facts()) == (1, {}, before)


def test_another_answer_of_the_same_person_is_left_out(project: Project) -> None:
    done(project, lab_text([], tags()))
    [one] = done(project, lab_text([], tags(2, 2))).left_out
    assert one.reason == "another answer of this person is recorded already"


def test_a_dry_run_says_the_same_and_records_nothing(project: Project) -> None:
    text = lab_text([], [*tags(), *tags(who="r2")])
    rehearsed = done(project, text, dry_run=True)
    assert project.catalog.facts() == {}
    assert done(project, text) == rehearsed


def test_who_only_arbitrates_is_the_arbiter_once_both_readings_are_in(project: Project) -> None:
    final = tags(2, 2, who="chief")
    assert "'assigned' is not possible" in why(project, lab_text([], final))
    summary = done(project, lab_text([], [*final, *tags(1, 2), *tags(2, 2, who="r2")]))
    assert dict(summary.recorded) == {"reader": 2, "arbiter": 1}
    assert standing_of(project.catalog.facts()["s1"], SCHEMA).state == StudyState.FINAL


def test_an_exam_that_has_its_readers_takes_no_third(project: Project) -> None:
    project.catalog.append([Fact(FactKind.ASSIGNED, "s1", name, MOMENT) for name in ("r2", "r3")])
    assert "it has its 2 reader(s) already" in done(project, lab_text([], tags())).left_out[0].reason


def test_an_exam_that_is_not_approved_takes_no_reading(tmp_path: Path) -> None:
    with make_lab_project(tmp_path / "q", approved=False) as closed:
        assert "not open for reading" in why(closed, lab_text([], tags()))


def test_questions_that_nobody_was_asked_are_counted(project: Project) -> None:
    assert done(project, lab_text([], tags(right=4))).counts == {"unasked": 1}


JUNK = st.sampled_from([None, 3, -1.5, 1e400, "", "x" * 5000, "\ud800", "s1-R-CC", [], [None], {}, {"x": "1"}, True])


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a value."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places_in(one, (*path, key))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_a_file_is_read_left_out_or_explained(project: Project, data: st.DataObject) -> None:
    boxes = [mark("R-CC", ["Mass", "BI-RADS 4"], BOX), mark("R-MLO", ["Mass", "BI-RADS 4"], BOX)]
    value = json.loads(lab_text(boxes, tags(right=4), comments=[{"id": "t r1 s1", "content": "dense"}]))
    for *way, last in data.draw(st.lists(st.sampled_from(list(places_in(value))), min_size=1, max_size=4)):
        inner = value
        try:
            for key in way:
                inner = inner[key]
            inner[last] = data.draw(JUNK)
        except (TypeError, KeyError, IndexError):
            continue  # an earlier change has taken the place away
    with contextlib.suppress(ConfigError):
        summary = done(project, json.dumps(value), dry_run=True)
        assert sum(summary.recorded.values()) + len(summary.left_out) + summary.counts.get("strange", 0) > 0
