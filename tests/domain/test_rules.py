"""The rules of a reading: what is refused, what is asked back, and where."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given

from mammoset.domain.conditions import Condition, holds, names_in, var
from mammoset.domain.labels import parse_labels
from mammoset.domain.rule_scopes import NAMES, SCHEMA_NAMES, Case, images_by_id, places_of
from mammoset.domain.rules import CONFIRMATIONS, RULES, check, require
from mammoset.errors import RuleViolation
from mammoset.model import Box, Breast, Finding, Image, Reading
from mammoset.terms.dicom import Laterality
from tests.domain import rule_vectors
from tests.domain.exams import BOX, SCHEMA, L, R, finding, image, images, reading, readings


def broken(answer: Reading, exam: tuple[Image, ...] = images(), confirmed: tuple[str, ...] = ()) -> list[str]:
    return [one.key for one in check(answer, exam, SCHEMA, confirmed=confirmed)]


def with_breasts(*breasts: Breast) -> Reading:
    return Reading("s1", "r1", breasts)


NAN = math.nan
CASES: list[tuple[Reading, list[str]]] = [
    (reading(), []),
    (reading("r1", finding(), right=4), []),
    (with_breasts(Breast(L, 1, "A")), ["breast_missing:R"]),
    (with_breasts(Breast(L, 1, "A"), Breast(R, 1, "A"), Breast(L, 2, "A")), ["breast_repeated:L"]),
    (reading(left=None), ["birads_missing:L"]),
    (reading(density=None), ["density_missing:L", "density_missing:R"]),
    (reading(right=7), ["birads_not_allowed:R"]),
    (reading(right=0), ["birads_not_allowed:R"]),
    (reading(density="E"), ["density_not_allowed:L", "density_not_allowed:R"]),
    (reading("r1", finding("R-ML"), right=4), ["image_unknown:0", "no_finding_marked:R"]),
    (reading("r1", finding(box=Box(-1, 30, 80, 90)), right=4), ["box_outside:R:0"]),
    (reading("r1", finding(box=Box(20, 30, 200.5, 90)), right=4), ["box_outside:R:0"]),
    (reading("r1", finding(box=Box(0, 0, 200, 300)), right=4), []),
    (reading("r1", finding(box=Box(20, 30, 29, 90)), right=4), ["box_too_small:R:0"]),
    (reading("r1", finding(box=Box(80, 90, 20, 30)), right=4), ["box_too_small:R:0"]),
    (reading("r1", finding(box=Box(NAN, 30, 80, 90)), right=4), ["box_outside:R:0", "box_too_small:R:0"]),
    (reading("r1", finding(categories=()), right=4), ["category_missing:R:0"]),
    (reading("r1", finding(categories=("Mass", "Lump")), right=4), ["category_unknown:R:0"]),
    (reading("r1", finding(categories=("Mass", "Mass")), right=4), ["category_repeated:R:0"]),
    (reading("r1", finding(categories=("Skin Thickening",), birads=None)), ["finding_on_negative:R:0"]),
    (reading("r1", finding(birads=None), right=4), ["finding_birads_missing:R:0"]),
    (reading("r1", finding(birads=2), right=4), ["finding_birads_not_allowed:R:0"]),
    (reading("r1", finding(birads=5), right=4), ["finding_birads_above_breast:R:0"]),
    (reading("r1", finding(birads=3), right=2), ["finding_birads_above_breast:R:0"]),
    (reading("r1", finding("R-CC"), finding("L-CC", birads=5), right=4, left=4), ["finding_birads_above_breast:L:1"]),
    (reading(left=3, right=5), ["no_finding_marked:L", "no_finding_marked:R"]),
    (reading("r1", finding(), left=3, right=4), ["no_finding_marked:L"]),
    (reading("r1", finding(categories=("Skin Thickening",), birads=None), right=2), ["feature_on_benign:R:0"]),
    (reading("r1", finding(categories=("Skin Thickening",), birads=None), right=3), []),
    (reading("r1", *(finding(view, categories=("Asymmetry",)) for view in ("R-CC", "R-MLO")), right=4),
     ["once_per_breast:R"]),
    (reading("r1", *(finding(view, categories=("Asymmetry",)) for view in ("L-CC", "R-CC")), left=4, right=4), []),
    (reading("r1", finding("R-CC"), finding("R-MLO"), right=4), []),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), CASES)
def test_a_reading_breaks_these_rules_and_no_others(answer: Reading, expected: list[str]) -> None:
    assert broken(answer) == expected


def test_a_finding_on_an_image_of_another_exam_is_refused_even_where_it_is_known() -> None:
    answer = reading("r1", finding("R-CC", study="s2"), finding(), right=4)
    assert broken(answer, images() + images("s2")) == ["image_of_other_study:R:0"]


def test_a_finding_that_the_tables_would_leave_out_is_asked_back() -> None:
    exam = (*images(), image(R, "ML", is_standard=False))
    assert broken(reading("r1", finding("R-ML"), right=4), exam) == ["further_view:R:0"]


def test_of_a_breast_without_image_nothing_is_asked_and_nothing_may_be_said() -> None:
    right_only = tuple(one for one in images() if one.laterality == R)
    assert broken(with_breasts(Breast(R, 1, "A")), right_only) == []
    assert broken(with_breasts(Breast(L, 1, "A"), Breast(R, 1, "A")), right_only) == ["breast_unseen:L"]


def test_every_rule_has_a_case_here() -> None:
    seen = {key.split(":")[0] for _, expected in CASES for key in expected}
    assert seen | {"breast_unseen", "image_of_other_study", "further_view"} == {rule.code for rule in RULES}


def test_what_is_confirmed_is_not_asked_again() -> None:
    answer = reading(left=3, right=5)
    assert broken(answer, confirmed=("no_finding_marked:L",)) == ["no_finding_marked:R"]
    assert broken(answer, confirmed=("no_finding_marked",)) == []


def test_an_error_cannot_be_confirmed_away() -> None:
    assert broken(reading(left=None), confirmed=("birads_missing", "birads_missing:L")) == ["birads_missing:L"]


def test_incomplete_and_known_cancer_contradict_no_finding() -> None:
    schema = parse_labels("breast.birads = [0, 1, 2, 3, 4, 5, 6]")
    for breast in (0, 6):
        assert check(reading("r1", finding(birads=5), right=breast), images(), schema) == ()
        assert check(reading(right=breast), images(), schema) == ()


def test_a_message_says_where_and_what_to_do() -> None:
    (one,) = check(reading("r1", finding(birads=5), right=4), images(), SCHEMA)
    assert one.message == (
        "right breast, finding 1: BI-RADS 5 of the finding, 4 of the breast; raise the breast's or lower the finding's"
    )


def test_a_refusal_lists_everything_at_once() -> None:
    answer = reading("r1", finding(birads=None), finding(box=Box(0, 0, 5, 5)), left=None, right=4)
    with pytest.raises(RuleViolation) as caught:
        require(answer, images(), SCHEMA)
    text = str(caught.value)
    assert text.startswith("study s1, reader r1: left breast: no BI-RADS")
    assert "finding 1: Mass needs a BI-RADS" in text
    assert "finding 2: the box is smaller than 10 × 10 pixels" in text


def test_a_refusal_says_what_only_needs_to_be_confirmed() -> None:
    with pytest.raises(RuleViolation, match=r"no finding is marked \(confirm it\)$"):
        require(reading(right=4), images(), SCHEMA)
    require(reading(right=4), images(), SCHEMA, CONFIRMATIONS)


@given(readings())
def test_a_sound_reading_has_no_errors(answer: Reading) -> None:
    require(answer, images(), SCHEMA, CONFIRMATIONS)


@given(readings())
def test_taking_back_an_answer_is_always_noticed(answer: Reading) -> None:
    for side in Laterality:
        kept = tuple(one for one in answer.breasts if one.laterality != side)
        assert f"breast_missing:{side}" in broken(replace(answer, breasts=kept))


def test_the_case_of_a_finding_without_known_image_does_not_hide_other_errors() -> None:
    answer = Reading("s1", "r1", reading().breasts, (Finding("nowhere", BOX, ("Lump",), 9),))
    assert broken(answer) == ["image_unknown:0", "category_unknown:0", "finding_birads_not_allowed:0"]


def test_the_cases_that_the_client_runs_too_are_those_of_this_program() -> None:
    told = json.loads(rule_vectors.FILE.read_text(encoding="utf-8"))
    assert told == json.loads(rule_vectors.text()), "write them anew: python -m tests.domain.rule_vectors"
    assert {one["code"] for case in told["cases"] for one in case["expected"]} == {rule.code for rule in RULES}


def test_a_rule_asks_and_tells_only_what_its_places_give() -> None:
    for rule in RULES:
        given = {*NAMES[rule.scope], *SCHEMA_NAMES}
        assert names_in(rule.when) | set(re.findall(r"\{([^}]+)\}", rule.text)) <= given, rule.code


def test_every_name_that_is_described_is_given_and_no_other() -> None:
    answer = reading("r1", finding(), finding("R-MLO", categories=("Asymmetry",)), right=4)
    for scope, places in places_of(Case(answer, images_by_id(images()), SCHEMA)).items():
        assert places
        assert all(set(place.values) == {*NAMES[scope], *SCHEMA_NAMES} for place in places)


CONDITIONS: list[tuple[Condition, bool]] = [
    (("all",), True), (("any",), False), (("not", ("any",)), True),
    (("==", "n", None), True), (("!=", "n", None), False), (("==", "four", 4), True), (("!=", "four", None), True),
    (("<", "n", 4), False), ((">=", "n", 4), False), (("<", "four", var("n")), False), (("<=", "four", 4.0), True),
    (("in", "four", [3, 4]), True), (("in", "n", [None]), False), (("in", "four", var("some")), True),
    (("in", "four", var("n")), False), (("not", ("in", "four", [])), True),
    (("any", ("==", "four", 5), ("all", ("==", "four", 4), (">", "four", 3))), True),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_holds_or_not(condition: Condition, expected: bool) -> None:
    assert holds(condition, {"n": None, "four": 4, "some": (4, 5)}) is expected


def test_a_condition_that_asks_for_what_there_is_not_is_a_mistake() -> None:
    for condition in (("==", "typo", 1), ("~", "four", 1), ("==", "four", var("typo"))):
        with pytest.raises(KeyError):
            holds(condition, {"four": 4})
