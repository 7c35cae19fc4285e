"""VinDr Lab's JSON: its keys and forms, every answer in force with its person, our pseudonyms as UIDs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mammoset.domain.workflow import Fact, FactKind
from mammoset.export import Format, export_project
from mammoset.project import Project
from tests.domain.exams import MOMENT, finding
from tests.domain.exams import reading as said
from tests.read.lab import make_lab_project

# research note on VinDr Lab's export, from its source: top-level keys in the order of a Go map, the rest as structs
KEYS = ["archives", "comments", "finding", "impression", "label_groups", "labels", "objects", "studies"]
ANNOTATION = {
    "id", "object_id", "project_id", "creator_id", "description", "type", "event", "created", "meta", "label_ids",
    "task_id", "study_id", "creator_name",
}  # fmt: skip
LABEL = {
    "id", "type", "scope", "annotation_type", "name", "short_name", "parent_label_id", "description", "color",
    "creator_id", "label_group_id", "children_select_type", "order",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """s1: read twice, r1's reading amended, arbitrated; s2: one reading; s3: nobody's."""
    with make_lab_project(tmp_path / "p") as made:
        first = said("r1", finding("R-CC", categories=("Mass", "Skin Retraction")), right=4)
        second = replace(said("r2", right=1), comment="“fatty”")
        third = said("chief", finding("R-CC", birads=5), right=5)
        facts = [Fact(FactKind.ASSIGNED, "s1", name, MOMENT) for name in ("r1", "r2")]
        facts += [
            Fact(FactKind.SUBMITTED, "s1", "r1", MOMENT, reading=said("r1", right=2)),
            Fact(FactKind.AMENDED, "s1", "r1", MOMENT, reading=first, reason="looked again"),
            Fact(FactKind.SUBMITTED, "s1", "r2", MOMENT, reading=second),
            Fact(FactKind.ASSIGNED, "s1", "chief", MOMENT, "arbiter"),
            Fact(FactKind.ARBITRATED, "s1", "chief", MOMENT, "arbiter", third),
            Fact(FactKind.ASSIGNED, "s2", "r2", MOMENT),
            Fact(FactKind.SUBMITTED, "s2", "r2", MOMENT, reading=said("r2", study="s2")),
        ]
        made.catalog.append(facts)
        yield made


def text_of(project: Project) -> str:
    return (export_project(project, Format.VINDR_LAB).folder / "vindr_lab.json").read_text()


def exported(project: Project) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text_of(project))
    return value


def test_the_file_has_all_keys_in_alphabetical_order_and_stands_alone(project: Project) -> None:
    done = export_project(project, Format.VINDR_LAB)
    assert done.files == ("vindr_lab.json",)
    assert list(exported(project)) == KEYS


def test_the_same_answers_give_the_same_bytes(project: Project) -> None:
    assert text_of(project) == text_of(project)


def test_a_finding_is_a_box_of_two_corners_with_its_categories_and_birads_as_labels(project: Project) -> None:
    found = exported(project)
    first = next(one for one in found["finding"] if one["creator_name"] == "r1")
    assert set(first) == ANNOTATION | {"data"}
    assert (first["type"], first["event"], first["created"]) == ("BOUNDING_BOX", "UPDATED", 1715932800000)
    assert first["data"] == [{"x": 20.0, "y": 30.0}, {"x": 80.0, "y": 110.0}]
    names = {one["id"]: one["name"] for one in found["labels"]}
    assert [names[one] for one in first["label_ids"]] == ["Mass", "Skin Retraction", "BI-RADS 4"]
    masked = first["meta"]["masked_sop_instance_uid"]
    assert masked == f"{first['project_id']}.s1-R-CC"


def test_what_is_said_of_a_breast_is_a_tag_on_each_of_its_images(project: Project) -> None:
    found = exported(project)
    tags = [one for one in found["impression"] if one["creator_name"] == "chief"]
    assert all(set(one) == ANNOTATION and one["type"] == "TAG" for one in tags)
    names = {one["id"]: one["name"] for one in found["labels"]}
    place = {one["id"]: one["meta"].get("sop_instance_uid") for one in found["objects"]}
    told = {place[one["object_id"]]: [names[label] for label in one["label_ids"]] for one in tags}
    assert told == {
        "s1-L-CC": ["BI-RADS 1", "DENSITY B"], "s1-L-MLO": ["BI-RADS 1", "DENSITY B"],
        "s1-R-CC": ["BI-RADS 5", "DENSITY B"], "s1-R-MLO": ["BI-RADS 5", "DENSITY B"],
    }  # fmt: skip


def test_first_reads_are_there_beside_the_arbitration_each_a_task_of_its_person(project: Project) -> None:
    found = exported(project)
    people = {(one["study_id"], one["creator_name"]) for one in found["impression"]}
    tasks = {(one["study_id"], one["task_id"]) for one in found["impression"]}
    assert len(people) == len(tasks) == 4
    assert {name for _, name in people} == {"r1", "r2", "chief"}
    assert [one["content"] for one in found["comments"]] == ["“fatty”"]
    assert found["comments"][0]["id"] in {task for _, task in tasks}


def test_every_exam_series_and_image_is_an_object_and_every_exam_has_a_status(project: Project) -> None:
    found = exported(project)
    kinds = [one["type"] for one in found["objects"]]
    assert (kinds.count("STUDY"), kinds.count("SERIES"), kinds.count("IMAGE")) == (3, 12, 12)
    assert len({one["id"] for one in found["objects"]}) == 27
    assert [(one["code"], one["status"]) for one in found["studies"]] == [
        ("MG-1", "COMPLETED"), ("MG-2", "ASSIGNED"), ("MG-3", "UNASSIGNED")
    ]  # fmt: skip
    assert {one["object_id"] for one in found["studies"]} <= {one["id"] for one in found["objects"]}


def test_labels_are_those_of_the_schema_in_one_group(project: Project) -> None:
    found = exported(project)
    [group] = found["label_groups"]
    assert {"id", "name", "color", "created", "creator_id"} <= set(group)
    assert all(set(one) == LABEL and one["label_group_id"] == group["id"] for one in found["labels"])
    assert len({one["id"] for one in found["labels"]}) == len(found["labels"]) == 10 + 3 + 5 + 4
    mass = found["labels"][0]
    assert (mass["name"], mass["type"], mass["scope"], mass["order"]) == ("Mass", "FINDING", "IMAGE", 1)
    assert mass["description"]


def test_an_answer_that_is_older_than_the_schema_keeps_its_labels(project: Project) -> None:
    labels = (project.root / "labels.toml").read_text()
    (project.root / "labels.toml").write_text(labels.replace('name = "Mass"', 'name = "Lump"'))
    with Project.open(project.root) as again:
        found = exported(again)
    assert {"Mass", "Lump"} <= {one["name"] for one in found["labels"]}


def test_an_exam_with_a_flag_is_archived(project: Project) -> None:
    project.catalog.append([Fact(FactKind.FLAGGED, "s2", "r2", MOMENT, reason="a name on the film")])
    found = exported(project)
    assert found["archives"] == [found["studies"][1]["object_id"]]
    assert "a name on the film" not in json.dumps(found)


def test_withdrawn_answers_are_not_in_force_and_stay_out(project: Project) -> None:
    project.catalog.append([Fact(FactKind.WITHDRAWN, "s2", "r2", MOMENT, reason="ill")])
    assert {one["creator_name"] for one in exported(project)["impression"]} == {"r1", "r2", "chief"}
    studies = {one["meta"]["masked_study_instance_uid"].partition(".")[2] for one in exported(project)["impression"]}
    assert studies == {"s1"}
