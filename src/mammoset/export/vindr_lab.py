"""VinDr Lab's JSON: every answer in force, of readers, seniors and arbiters, as annotations.

VinDr Lab itself exports the final review alone. Here each answer is a task of its person (``creator_name``,
``task_id``), so first reads are there too, and agreement can be computed from the file. UIDs are pseudonyms, as in
the pseudonymized objects. What VinDr Lab has no place for stays out: amended and withdrawn versions, reasons, times
other than that of the answer, flags other than as ``archives``; readings.json holds them.

A breast has no place in VinDr Lab either. What is said of one is a tag on each image of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from mammoset.domain.vindr_lab import BOX, EVENTS, TAG, id_of, masked, task_id
from mammoset.domain.workflow import Fact, FactKind, StudyState
from mammoset.export.as_json import Everything
from mammoset.export.vindr_lab_labels import GROUP, breast_labels, finding_labels, labels_of
from mammoset.model import Box, Reading, Study

STATUS = {StudyState.UNASSIGNED: "UNASSIGNED", StudyState.CONCORDANT: "COMPLETED", StudyState.FINAL: "COMPLETED"}
"""Of studies; every other state is ASSIGNED to VinDr Lab."""
COLOR = "#2196f3"


def vindr_lab_as_json(found: Everything) -> dict[str, Any]:
    """Return a project as VinDr Lab's export; the same answers give the same values.

    Returns
    -------
    dict
        Keys as in `domain.vindr_lab.KEYS`. Annotations by study, then in the order in which the answers came in.
    """
    lab = _Lab(found)
    answers = [one for study in found.studies for one in lab.answers(study)]
    return {
        "archives": [lab.object_of(study) for study in found.studies if found.standings[study.study_id].flags],
        "comments": [lab.comment(answer) for answer in answers if answer.reading.comment],
        "finding": [one for answer in answers for one in lab.findings(answer)],
        "impression": [one for answer in answers for one in lab.impressions(answer)],
        "label_groups": [lab.label_group()],
        "labels": labels_of(found.schema, [answer.reading for answer in answers], lab.owner),
        "objects": [one for study in found.studies for one in lab.objects(study)],
        "studies": [lab.study(study) for study in found.studies],
    }


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer in force."""

    study: Study
    fact: Fact
    reading: Reading

    @property
    def task(self) -> str:
        return task_id(self.study.study_id, self.fact.role, self.fact.reader_id)


@dataclass(frozen=True)
class _Lab:
    """A project on its way into VinDr Lab's words."""

    found: Everything

    @cached_property
    def project_id(self) -> str:
        return id_of("project", self.found.dataset)

    @cached_property
    def owner(self) -> str:
        return id_of("person", "", self.found.dataset)

    @cached_property
    def began(self) -> int:
        """When the first thing happened, in ms; 0 before."""
        moments = [fact.at for facts in self.found.facts.values() for fact in facts]
        return _milliseconds(min(moments)) if moments else 0

    def answers(self, study: Study) -> Iterator[_Answer]:
        for fact in self.found.answers(study):
            if fact.reading is not None:
                yield _Answer(study, fact, fact.reading)

    def object_of(self, study: Study) -> str:
        return id_of("object", study.study_id)

    def label_group(self) -> dict[str, Any]:
        return {"id": id_of("label_group", GROUP), "name": GROUP, "color": COLOR, "created": self.began,
                "creator_id": self.owner, "owner_ids": [self.owner]}  # fmt: skip

    def objects(self, study: Study) -> Iterator[dict[str, Any]]:
        yield self._object(study, "STUDY", {})
        for series_id in sorted({image.series_id for image in study.images}):
            yield self._object(study, "SERIES", {"series_instance_uid": series_id})
        for image in study.images:
            uids = {"series_instance_uid": image.series_id, "sop_instance_uid": image.image_id}
            yield self._object(study, "IMAGE", uids)

    def _object(self, study: Study, level: str, uids: Mapping[str, str]) -> dict[str, Any]:
        return {
            "id": id_of("object", study.study_id, *uids.values()),
            "created": self.began,
            "type": level,
            "project_id": self.project_id,
            "study_id": id_of("study", study.study_id),
            "meta": {"study_instance_uid": study.study_id, **uids},
        }

    def study(self, study: Study) -> dict[str, Any]:
        state = self.found.standings[study.study_id].state
        code = f"MG-{study.draw + 1}"
        return {"object_id": self.object_of(study), "code": code, "status": STATUS.get(state, "ASSIGNED")}

    def comment(self, answer: _Answer) -> dict[str, Any]:
        return {
            "id": answer.task,
            "object_id": self.object_of(answer.study),
            "creator_id": id_of("person", answer.fact.reader_id),
            "content": answer.reading.comment,
        }

    def findings(self, answer: _Answer) -> Iterator[dict[str, Any]]:
        series_of = {image.image_id: image.series_id for image in answer.study.images}
        for number, finding in enumerate(answer.reading.findings):
            # the gate may have made the exam anew without the image: the answer stays, its object is missing
            place = _Place(answer.study.study_id, series_of.get(finding.image_id, ""), finding.image_id)
            yield self._annotation(answer, place, BOX, finding_labels(finding), finding.box, str(number))

    def impressions(self, answer: _Answer) -> Iterator[dict[str, Any]]:
        for image in answer.study.images:
            labels = breast_labels(answer.reading.breast(image.laterality))
            if labels:
                place = _Place(image.study_id, image.series_id, image.image_id)
                yield self._annotation(answer, place, TAG, labels)

    def _annotation(
        self, answer: _Answer, place: _Place, form: str, labels: list[str], box: Box | None = None, name: str = ""
    ) -> dict[str, Any]:
        return {
            "id": id_of("annotation", answer.task, *place, name),
            "object_id": id_of("object", *place),
            "project_id": self.project_id,
            "creator_id": id_of("person", answer.fact.reader_id),
            "description": "",
            **({} if box is None else {"data": [{"x": box.xmin, "y": box.ymin}, {"x": box.xmax, "y": box.ymax}]}),
            "type": form,
            "event": EVENTS[answer.fact.kind == FactKind.AMENDED],
            "created": _milliseconds(answer.fact.at),
            "meta": {
                f"masked_{level}_instance_uid": masked(self.project_id, uid) for level, uid in place._asdict().items()
            },
            "label_ids": labels,
            "task_id": answer.task,
            "study_id": id_of("study", place.study),
            "creator_name": answer.fact.reader_id,
        }


class _Place(NamedTuple):
    """The image that an annotation is on."""

    study: str
    series: str
    sop: str


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
