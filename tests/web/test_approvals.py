"""Whether one exam is open for reading: what the project says of all of them, whatever was said last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mammoset import review
from mammoset.catalog import Decision, PoolEntry, ReviewFact
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, ReviewKind, Stage
from mammoset.web.door.approvals import Approvals
from tests.web.building import Made, add_exam, uid


@pytest.mark.parametrize("is_required", [True, False])
def test_it_is_what_the_project_says_of_all_exams(small: tuple[Project, list[Made]], is_required: bool) -> None:
    opened, made = small
    settings = opened.settings
    asked = settings.model_copy(update={"review": settings.review.model_copy(update={"required": is_required})})
    project = replace(opened, settings=asked)
    approvals = Approvals(project)
    waiting = add_exam(project, 41, is_approved=False)
    project.catalog.put_pool([PoolEntry(uid(77), 99, "phantom")])
    study_ids = [one.study_id for one in project.catalog.pool()] + [waiting.study_id, "1.2.3"]

    def agree() -> int:
        approved = set(project.approved_study_ids())
        assert {one for one in study_ids if approvals.is_approved(one)} == approved
        return len(approved)

    images = [record.image.image_id for record in made[0].records]
    counts = [agree()]
    review.decide(project, {images[0]: "visible_identifier"}, by="lan")
    counts.append(agree())
    review.decide(project, dict.fromkeys([*images, *(one.image.image_id for one in waiting.records)]), by="lan")
    counts.append(agree())
    project.catalog.decide([Decision(Stage.PSEUDONYMIZE, made[1].study_id, Outcome.EXCLUDED, "unreadable")])
    counts.append(agree())
    project.catalog.say([], [ReviewFact(ReviewKind.VALUE, "reject", "lan", element="StudyDescription", value="x")])
    counts.append(agree())
    assert len(set(counts)) > 1
    project.close()
