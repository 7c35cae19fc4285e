"""Discordance: which differences are seen, which call for an arbiter, and that neither reader is favored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from mammoset.domain.discordance import Disagreement, compare, is_discordant, pair_findings
from mammoset.domain.labels import parse_labels
from mammoset.model import Box, Reading
from tests.domain.exams import BOX, SCHEMA, R, finding, images, reading, readings

NEAR = Box(25.0, 35.0, 85.0, 115.0)
FAR = Box(120.0, 200.0, 160.0, 240.0)


def differences(first: Reading, second: Reading) -> list[tuple[str, str, str, bool]]:
    return [(one.kind, one.first, one.second, one.opens_arbitration) for one in compare(first, second, SCHEMA)]


def test_equal_readings_do_not_differ() -> None:
    assert differences(reading("r1", finding(), right=4), reading("r2", finding(), right=4)) == []


def test_recall_and_birads_are_two_differences() -> None:
    assert differences(reading(right=2), reading("r2", right=3)) == [
        ("recall", "no recall", "recall", True),
        ("birads", "BI-RADS 2", "BI-RADS 3", True),
    ]


def test_two_categories_on_one_side_of_recall_differ_in_birads_only() -> None:
    assert differences(reading(right=3), reading("r2", right=5)) == [("birads", "BI-RADS 3", "BI-RADS 5", True)]


@pytest.mark.parametrize("outside", [0, 6])
def test_incomplete_and_known_cancer_differ_without_saying_recall(outside: int) -> None:
    assert differences(reading(right=outside), reading("r2", right=4)) == [
        ("birads", f"BI-RADS {outside}", "BI-RADS 4", True)
    ]


def test_densities_differ_breast_by_breast() -> None:
    found = compare(reading(density="B"), reading("r2", density="C"), SCHEMA)
    assert [(one.kind, one.laterality, one.first, one.second) for one in found] == [
        ("density", "L", "DENSITY B", "DENSITY C"),
        ("density", "R", "DENSITY B", "DENSITY C"),
    ]


def test_an_answer_not_given_differs_from_every_answer() -> None:
    assert differences(reading(right=None), reading("r2")) == [("birads", "no BI-RADS", "BI-RADS 1", True)]


def test_a_finding_without_partner_is_told_in_words() -> None:
    first, second = reading("r1", finding(), right=4), reading("r2", right=4)
    assert differences(first, second) == [("unmatched_finding", "Mass (BI-RADS 4)", "not marked", True)]


def test_boxes_in_the_same_place_of_other_views_are_no_partners() -> None:
    first, second = reading("r1", finding("R-CC"), right=4), reading("r2", finding("R-MLO"), right=4)
    assert [one[0] for one in differences(first, second)] == ["unmatched_finding", "unmatched_finding"]


def test_categories_and_birads_of_one_finding_are_recorded_but_open_no_arbitration() -> None:
    first = reading("r1", finding(birads=4), right=4)
    second = reading("r2", finding(box=NEAR, categories=("Focal Asymmetry",), birads=3), right=4)
    assert differences(first, second) == [
        ("category", "Mass", "Focal Asymmetry", False),
        ("finding_birads", "BI-RADS 4", "BI-RADS 3", False),
    ]
    assert not is_discordant(first, second, SCHEMA)


def test_the_order_of_categories_is_no_difference() -> None:
    names = ("Mass", "Skin Retraction")
    first = reading("r1", finding(categories=names), right=4)
    assert differences(first, reading("r2", finding(categories=names[::-1]), right=4)) == []


def test_the_file_decides_what_opens_arbitration() -> None:
    schema = parse_labels("discordance.open_arbitration = ['category']")
    first, second = reading("r1", finding(), right=4), reading("r2", finding(categories=("Asymmetry",)), right=5)
    assert [one.kind for one in compare(first, second, schema) if one.opens_arbitration] == ["category"]
    assert is_discordant(first, second, schema)
    assert not is_discordant(reading(right=1), reading("r2", right=5), schema)


def test_the_file_decides_what_is_one_finding() -> None:
    first, second = reading("r1", finding(), right=4), reading("r2", finding(box=NEAR), right=4)
    strict = parse_labels("matching = {iou = 0.9, center = false}")
    assert compare(first, second, SCHEMA) == ()
    assert len(compare(first, second, strict)) == 2


def test_given_the_images_a_difference_about_a_finding_names_its_side() -> None:
    answers = reading("r1", finding(), right=4), reading("r2", right=4)
    assert compare(*answers, SCHEMA, images()) == (
        Disagreement("unmatched_finding", R, "s1-R-CC", "Mass (BI-RADS 4)", "not marked", opens_arbitration=True),
    )
    assert compare(*answers, SCHEMA)[0].laterality is None


@given(readings("r1"), readings("r2"))
def test_the_other_way_round_it_is_the_same_list_mirrored(first: Reading, second: Reading) -> None:
    mirrored = [replace(one, first=one.second, second=one.first) for one in compare(second, first, SCHEMA)]
    assert list(compare(first, second, SCHEMA)) == mirrored


@given(readings("r1"))
def test_nobody_differs_from_themselves(answer: Reading) -> None:
    assert compare(answer, answer, SCHEMA) == ()


@given(readings("r1", max_findings=5), readings("r2", max_findings=5))
def test_every_finding_is_in_exactly_one_pair(first: Reading, second: Reading) -> None:
    pairs = pair_findings(first.findings, second.findings, SCHEMA)
    for side, answer in (("first", first), ("second", second)):
        mine = [one for pair in pairs if (one := getattr(pair, side)) is not None]
        assert sorted(mine, key=repr) == sorted(answer.findings, key=repr)


def test_of_two_equal_boxes_the_order_of_marking_does_not_decide_which_has_a_partner() -> None:
    twins = [finding(), finding(categories=("Asymmetry",))]
    other = reading("r2", finding(), right=4)
    first, turned = reading("r1", *twins, right=4), reading("r1", *twins[::-1], right=4)
    assert compare(first, other, SCHEMA) == compare(turned, other, SCHEMA)
    assert pair_findings([finding(box=BOX)], [finding(box=FAR)], SCHEMA)[0].second is None
