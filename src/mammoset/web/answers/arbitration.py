"""What an arbiter gets: both readings as A and B, and where they differ; nothing tells whose is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from mammoset.domain.discordance import Disagreement, compare, pair_findings
from mammoset.domain.labels import LabelSchema
from mammoset.domain.workflow import anonymous
from mammoset.model import Finding, Image, Reading
from mammoset.read import Case, Task, next_of
from mammoset.web.answers.reading import CountsOut, ReadingOut, TaskOut, counts_out, reading_out, task_out

KindOut = Literal["recall", "birads", "density", "unmatched_finding", "category", "finding_birads"]
SideOut = Literal["L", "R"]


class ReasonOut(BaseModel):
    """A difference that called for the arbiter; ``first`` is what A says, ``second`` what B says."""

    kind: KindOut
    laterality: SideOut | None
    image_id: str | None
    first: str
    second: str


class ArbitrationOut(TaskOut):
    """An exam on an arbiter's list, and why it is there."""

    reasons: list[ReasonOut]


class ArbitrationsOut(BaseModel):
    """An arbiter's list, in the order of the draw; the counts are of the whole list."""

    items: list[ArbitrationOut]
    counts: CountsOut
    next_study_id: str | None


class PairOut(BaseModel):
    """Findings of A and B, by their places in the readings, that mean the same; one of them null: without partner."""

    a_index: int | None
    b_index: int | None
    image_id: str


class DisagreementOut(BaseModel):
    """A difference between A and B."""

    kind: KindOut
    laterality: SideOut | None
    image_id: str | None
    a: str
    b: str
    opens_arbitration: bool


class ReadsOut(BaseModel):
    """Both readings, how their findings pair, and where they differ."""

    a: ReadingOut
    b: ReadingOut
    pairs: list[PairOut]
    disagreements: list[DisagreementOut]


def arbitrations_out(tasks: Sequence[Task], state: str | None, schema: LabelSchema, seed: int) -> ArbitrationsOut:
    """Return an arbiter's list, or those of it that are so far."""
    items = [
        ArbitrationOut(**task_out(task).model_dump(), reasons=_reasons(task.case, schema, seed))
        for task in tasks
        if state in (None, task.progress.value)
    ]
    return ArbitrationsOut(items=items, counts=counts_out(tasks), next_study_id=next_of(tasks))


def reads_out(case: Case, schema: LabelSchema, seed: int) -> ReadsOut:
    """Return both readings of an exam without a name, a time or an order that tells who gave them.

    Comments are told as they were written: they are part of the answers.

    Parameters
    ----------
    seed : int
        Of the lot that says which reading is A, drawn for each exam.
    """
    a, b = _drawn(case, seed)
    return ReadsOut(
        a=reading_out(a), b=reading_out(b),
        pairs=_pairs(a, b, schema), disagreements=[_disagreement(one) for one in _differences(case, a, b, schema)],
    )  # fmt: skip


def _drawn(case: Case, seed: int) -> tuple[Reading, Reading]:
    a, b = anonymous(case.standing.readings[:2], seed)
    return _in_order(a, case.study.images), _in_order(b, case.study.images)


def _in_order(reading: Reading, images: Sequence[Image]) -> Reading:
    """Return a reading with breasts and findings in an order that does not tell how somebody works."""
    place = {image.image_id: number for number, image in enumerate(images)}

    def key(finding: Finding) -> tuple[object, ...]:
        return place.get(finding.image_id, len(place)), finding.box, finding.categories

    return Reading(
        reading.study_id, reading.reader_id, tuple(sorted(reading.breasts, key=lambda one: one.laterality)),
        tuple(sorted(reading.findings, key=key)), reading.comment,
    )  # fmt: skip


def _differences(case: Case, a: Reading, b: Reading, schema: LabelSchema) -> tuple[Disagreement, ...]:
    return compare(a, b, schema, case.study.images)


def _reasons(case: Case, schema: LabelSchema, seed: int) -> list[ReasonOut]:
    return [
        ReasonOut(kind=one.kind, laterality=_side(one), image_id=one.image_id, first=one.first, second=one.second)
        for one in _differences(case, *_drawn(case, seed), schema)
        if one.opens_arbitration
    ]


def _disagreement(one: Disagreement) -> DisagreementOut:
    return DisagreementOut(
        kind=one.kind, laterality=_side(one), image_id=one.image_id, a=one.first, b=one.second,
        opens_arbitration=one.opens_arbitration,
    )  # fmt: skip


def _side(one: Disagreement) -> SideOut | None:
    return None if one.laterality is None else one.laterality.value


def _pairs(a: Reading, b: Reading, schema: LabelSchema) -> list[PairOut]:
    return [
        PairOut(
            a_index=None if pair.first is None else _index(a.findings, pair.first),
            b_index=None if pair.second is None else _index(b.findings, pair.second),
            image_id=pair.findings[0].image_id,
        )
        for pair in pair_findings(a.findings, b.findings, schema)
    ]


def _index(findings: Sequence[Finding], wanted: Finding) -> int:
    """Return the place of this very finding; of two equal ones each is found as itself."""
    return next(number for number, one in enumerate(findings) if one is wanted)
