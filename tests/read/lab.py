"""A project whose exams are those of `tests.domain.exams`, and files of VinDr Lab about them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mammoset.catalog import Decision, PoolEntry, StudyRecord
from mammoset.model import Reader, Reading
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import SETTINGS, record_of
from tests.domain.exams import images

STUDIES = ("s1", "s2", "s3")
PEOPLE = {"r1": ("reader",), "r2": ("reader",), "chief": ("arbiter",)}
PROJECT_ID = "p1"


def make_lab_project(root: Path, *, studies: Sequence[str] = STUDIES, approved: bool = True) -> Project:
    project = Project.create(root, settings_text=SETTINGS)
    for draw, study in enumerate(studies):
        stages = (Stage.ACQUIRE, Stage.PSEUDONYMIZE, Stage.REVIEW)[: 3 if approved else 2]
        project.catalog.put_pool([PoolEntry(study, draw, "test")])
        decisions = [Decision(stage, study, Outcome.KEPT) for stage in stages]
        project.catalog.admit(StudyRecord(study, study, 50, "F"), map(record_of, images(study)), decisions)
    for name, roles in PEOPLE.items():
        project.catalog.put_reader(Reader(name, roles, 10))
    return project


def label(name: str, parent: str = "") -> dict[str, Any]:
    return {"id": f"L {name}", "name": name, "parent_label_id": f"L {parent}" if parent else ""}


LABELS = [label(name) for name in (
    "Mass", "Asymmetry", "BI-RADS 1", "BI-RADS 2", "BI-RADS 4", "BI-RADS 5", "DENSITY B", "DENSITY C", "No Finding"
)]  # fmt: skip


def objects(studies: Sequence[str] = STUDIES) -> list[dict[str, Any]]:
    return [
        {"id": f"o {image.image_id}", "type": "IMAGE", "project_id": PROJECT_ID,
         "meta": {"study_instance_uid": study, "series_instance_uid": image.series_id,
                  "sop_instance_uid": image.image_id}}
        for study in studies for image in images(study)
    ]  # fmt: skip


def mark(
    view: str, labels: Sequence[str], box: Sequence[float] | None = None, *, study: str = "s1", who: str = "r1",
    name: str | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    image = f"{study}-{view}"
    uids = {"study": study, "series": f"{image}-series", "sop": image}
    corners = {} if box is None else {"data": [{"x": box[0], "y": box[1]}, {"x": box[2], "y": box[3]}]}
    return {
        "id": name or f"a {who} {image} {labels} {box}", "object_id": f"o {image}", "project_id": PROJECT_ID,
        "creator_id": f"u {who}", "description": "", **corners, "type": "TAG" if box is None else "BOUNDING_BOX",
        "event": "CREATED", "created": 1700000000000,
        "meta": {f"masked_{level}_instance_uid": f"{PROJECT_ID}.{uid}" for level, uid in uids.items()},
        "label_ids": [f"L {one}" for one in labels], "task_id": f"t {who} {study}", "study_id": f"x {study}",
        "creator_name": who, **more,
    }  # fmt: skip


def tags(
    left: int = 1, right: int = 1, *, density: str = "B", study: str = "s1", who: str = "r1"
) -> list[dict[str, Any]]:
    return [
        mark(f"{side}-CC", [f"BI-RADS {birads}", f"DENSITY {density}"], study=study, who=who)
        for side, birads in (("L", left), ("R", right))
    ]


def lab_text(
    finding: Sequence[Mapping[str, Any]] = (), impression: Sequence[Mapping[str, Any]] = (), **more: Any
) -> str:
    whole = {
        "archives": [], "comments": [], "finding": list(finding), "impression": list(impression), "label_groups": [],
        "labels": LABELS, "objects": objects(), "studies": [],
    }  # fmt: skip
    return json.dumps(whole | more)


def answers(project: Project) -> dict[tuple[str, str, str], Reading]:
    """Return the readings in force by study, person and role."""
    return {
        (study, fact.reader_id, fact.role): fact.reading
        for study, facts in project.catalog.facts().items()
        for fact in facts
        if fact.reading is not None
    }
