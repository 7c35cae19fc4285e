"""Agreement on findings, how often readings differ, seniors beside the final answers: as counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mammoset.domain.agreement import AgreementRow
from mammoset.domain.agreement_report import AgreementReport, report_of
from mammoset.domain.workflow import Fact, FactKind, standing_of
from mammoset.model import Box, Reading, Study
from tests.domain.exams import BOX, MOMENT, SCHEMA, assigned, exam, fact, finding, images, reading, submitted

FAR = Box(120.0, 200.0, 160.0, 240.0)


def of(reading: Reading, study: str) -> Reading:
    marked = tuple(replace(one, image_id=one.image_id.replace("s1", study)) for one in reading.findings)
    return replace(reading, study_id=study, findings=marked)


def report(*histories: Sequence[Fact], studies: Sequence[Study] | None = None) -> AgreementReport:
    """Report on studies s1, s2 … with these facts each."""
    names = [f"s{number}" for number in range(1, len(histories) + 1)]
    standings = {
        name: standing_of([_moved(one, name) for one in facts], SCHEMA, images=images(name))
        for name, facts in zip(names, histories, strict=True)
    }
    return report_of(standings, [exam(name) for name in names] if studies is None else studies, SCHEMA)


def _moved(one: Fact, study: str) -> Fact:
    said = None if one.reading is None else of(one.reading, study)
    return replace(one, study_id=study if one.study_id else "", reading=said)


def twice(first: Reading, second: Reading) -> list[Fact]:
    return [*assigned(first.reader_id, second.reader_id), *submitted(first, second)]


def one_of(rows: Sequence[AgreementRow], field: str, statistic: str, category: str = "") -> AgreementRow:
    [found] = [one for one in rows if (one.field, one.statistic, one.category) == (field, statistic, category)]
    return found


MOVED = Box(BOX.xmin + 20, BOX.ymin, BOX.xmax + 20, BOX.ymax)
"""BOX is 60 wide; 40 of it are shared, so that the IoU is 40/80."""


def test_boxes_agree_by_twice_those_of_both_by_those_of_either() -> None:
    # Mass on R-CC: both. Asymmetry on R-CC: the first only. Mass on R-MLO: the second only.
    found = report(
        twice(
            reading("r1", finding(), finding(box=FAR, categories=("Asymmetry",)), right=4),
            reading("r2", finding(box=MOVED, categories=("Mass", "Skin Retraction")), finding("R-MLO"), right=4),
        )
    ).pool
    boxes = one_of(found, "finding", "f1", "any")
    assert (boxes.value, boxes.observed, boxes.n_units) == (2 / 4, 1 / 3, 3)
    pictures = one_of(found, "finding", "f1_images", "any")
    assert (pictures.value, pictures.observed, pictures.n_units) == (2 / 3, 1 / 2, 2)
    overlap = one_of(found, "finding", "mean_iou", "any")
    assert (overlap.value, overlap.n_units, overlap.observed) == (0.5, 1, None)


def test_boxes_of_a_category_are_matched_among_themselves() -> None:
    found = report(
        twice(
            reading("r1", finding(), finding(box=FAR, categories=("Asymmetry",)), right=4),
            reading("r2", finding(categories=("Mass", "Skin Retraction")), finding("R-MLO"), right=4),
        )
    ).pool
    values = {one.category: (one.value, one.n_units) for one in found if one.statistic == "f1"}
    assert values["Mass"] == (2 / 3, 2)
    assert values["Asymmetry"] == (0, 1)
    assert values["Skin Retraction"] == (0, 1)
    assert values["Global Asymmetry"] == (None, 0)
    nobody = one_of(found, "finding", "mean_iou", "Asymmetry")
    assert (nobody.value, nobody.note) == (None, "undefined: there are no cases")


def test_exams_differ_by_kind_and_once_each_however_often_they_do() -> None:
    found = report(
        twice(reading("r1", left=2, right=2), reading("r2", left=4, right=4)),
        twice(reading("r1", right=2), reading("r2")),
        twice(reading("r1", density="B"), reading("r2", density="C")),
        twice(reading("r1"), reading("r2")),
    )
    rates = {one.field: (one.value, one.observed) for one in found.discordance}
    assert rates["recall"] == (1 / 4, 3 / 4)
    assert rates["birads"] == (2 / 4, 2 / 4)
    assert rates["density"] == (1 / 4, 3 / 4)
    assert rates["arbitration"] == (3 / 4, 1 / 4)
    assert rates["unmatched_finding"] == (0, 1)
    assert {one.n_units for one in found.discordance} == {4}


def test_the_interval_of_a_rate_is_the_binomials() -> None:
    histories = [twice(reading("r1", density="B"), reading("r2", density="C" if n < 40 else "B")) for n in range(200)]
    one = one_of(report(*histories).discordance, "density", "discordance")
    assert one.value == 0.2
    # the standard error of 40 in 200 is 0.0283
    assert one.low == pytest.approx(0.2 - 0.0554, abs=0.011)
    assert one.high == pytest.approx(0.2 + 0.0554, abs=0.011)


def senior(said: Reading) -> list[Fact]:
    return [
        fact("assigned", said.reader_id, "senior"),
        Fact(FactKind.SUBMITTED, said.study_id, said.reader_id, MOMENT, "senior", said),
    ]


def test_a_senior_is_compared_with_the_final_answer_and_takes_no_part_in_the_rest() -> None:
    pairs = [
        [*twice(reading("r1", right=2), reading("r2", right=2)), *senior(reading("chief", right=right))]
        for right in (2, 3)
    ]
    found = report(*pairs, twice(reading("r1"), reading("r2")))
    assert (found.n_studies, found.n_senior) == (3, 2)
    recall = one_of(found.seniors, "recall", "kappa")
    assert (recall.readers, recall.n_units, recall.observed) == (("chief", "reference"), 4, 3 / 4)
    assert {one.readers for one in (*found.pairs, *found.pool)} == {("r1", "r2")}


def test_an_arbitration_is_no_independent_reading() -> None:
    facts = twice(reading("r1", right=2), reading("r2", right=4))
    decided = [fact("assigned", "chief", "arbiter"), fact("arbitrated", "chief", "arbiter", reading("chief", right=2))]
    assert report([*facts, *decided]) == report(facts)


def test_only_exams_that_count_are_counted() -> None:
    facts = twice(reading("r1"), reading("r2"))
    assert report(facts, facts, studies=[exam("s2")]).n_studies == 1
    assert report(studies=[]) == AgreementReport(0, 0, False, (), (), (), ())


def test_a_closed_phase_is_told() -> None:
    facts = twice(reading("r1"), reading("r2"))
    assert not report(facts).is_phase_closed
    assert report([*facts, Fact(FactKind.PHASE_CLOSED, "", "chief", MOMENT)]).is_phase_closed
