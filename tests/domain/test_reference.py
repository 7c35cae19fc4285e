"""The reference: how readings that may differ become one answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.labels import BoxRule, CategoriesRule, FieldRule, LabelSchema, ReferenceRules, UnmatchedRule
from mammoset.domain.rules import CONFIRMATIONS, check
from mammoset.domain.workflow import reference_of, settle
from mammoset.errors import ConfigError
from mammoset.model import Box, Breast, Finding, Reading, Reference
from tests.domain.exams import SCHEMA, L, R, assigned, fact, finding, images, reading, readings, submitted

YEARS = {"r1": 5, "r2": 20}
A, B = Box(20.0, 20.0, 60.0, 60.0), Box(30.0, 40.0, 80.0, 70.0)


def under(**rules: Any) -> LabelSchema:
    """Return a schema under which nothing calls for an arbiter."""
    return replace(SCHEMA, open_arbitration=(), reference=ReferenceRules(**rules))


def settled(
    first: Reading, second: Reading, experience: dict[str, int | None] | None = None, **rules: Any
) -> Reference:
    years = YEARS if experience is None else experience
    return settle(first, second, under(**rules), images=images(), experience=years)


@pytest.mark.parametrize(("rule", "birads"), [("higher", 4), ("first", 3), ("senior", 4)])
def test_a_birads_that_differs_is_settled_by_its_rule(rule: str, birads: int) -> None:
    reference = settled(reading("r1", right=3), reading("r2", right=4), birads=rule)
    assert reference.breast(R).birads == birads
    assert reference.breast(L).birads == 1


def test_the_senior_reader_prevails_whether_first_or_second() -> None:
    junior, senior = reading("r1", density="A"), reading("r2", density="B")
    for order in ((junior, senior), (senior, junior)):
        assert settled(*order, density="senior").breast(R).density == "B"


def test_with_equal_experience_the_first_reader_prevails() -> None:
    first, second = reading("r1", density="A"), reading("r2", density="B")
    assert settled(first, second, {"r1": 9, "r2": 9}, density="senior").breast(R).density == "A"


def test_seniority_that_is_not_known_is_asked_for_and_only_where_it_matters() -> None:
    first, second = reading("r1", density="A"), reading("r2", density="B")
    with pytest.raises(ConfigError, match=r"study s1: .* experience of r1 or r2 are not known"):
        settled(first, second, {"r1": None, "r2": 3}, density="senior")
    assert settled(first, replace(first, reader_id="r2"), {}, density="senior").breast(R).density == "A"


def test_an_incomplete_assessment_stands_between_benign_and_probably_benign() -> None:
    assert settled(reading(right=0), reading("r2", right=2), birads="higher").breast(R).birads == 0
    assert settled(reading(right=0), reading("r2", right=3), birads="higher").breast(R).birads == 3


@pytest.mark.parametrize(
    ("rule", "box"),
    [("mean", Box(25, 30, 70, 65)), ("union", Box(20, 20, 80, 70)), ("first", A), ("senior", B)],
)
def test_the_box_of_a_matched_finding_is_made_by_its_rule(rule: str, box: Box) -> None:
    one, other = reading("r1", finding(box=A), right=4), reading("r2", finding(box=B), right=4)
    assert [found.box for found in settled(one, other, box=rule).findings] == [box]


@pytest.mark.parametrize(
    ("rule", "names"),
    [("union", ("Mass", "Skin Retraction")), ("first", ("Skin Retraction",)), ("senior", ("Mass",))],
)
def test_the_categories_of_a_matched_finding_are_taken_by_their_rule(rule: str, names: tuple[str, ...]) -> None:
    one = reading("r1", finding(categories=("Skin Retraction",), birads=None), right=4)
    other = reading("r2", finding(categories=("Mass",), birads=4), right=4)
    (found,) = settled(one, other, categories=rule).findings
    assert (found.categories, found.birads) == (names, 4)


@pytest.mark.parametrize(("rule", "birads"), [("higher", 4), ("first", 3), ("senior", 4)])
def test_the_birads_of_a_matched_finding_is_settled_by_its_rule(rule: str, birads: int) -> None:
    one, other = reading("r1", finding(birads=3), right=4), reading("r2", finding(birads=4), right=4)
    assert settled(one, other, finding_birads=rule).findings[0].birads == birads


@pytest.mark.parametrize(("rule", "kept"), [("keep", 1), ("drop", 0)])
def test_a_finding_of_one_reader_only_is_kept_or_dropped(rule: str, kept: int) -> None:
    one, other = reading("r1", finding(), right=4), reading("r2", right=4)
    assert len(settled(one, other, unmatched_findings=rule).findings) == kept


def test_a_finding_that_the_settled_breast_does_not_allow_is_left_out() -> None:
    one, other = reading("r1", right=1), reading("r2", finding(), right=4)
    assert settled(one, other, birads="first").findings == ()
    assert len(settled(one, other, birads="higher").findings) == 1
    feature = reading("r2", finding(categories=("Skin Thickening",), birads=None), right=3)
    assert settled(one, feature, birads="first").findings == ()


FIELD_RULES: tuple[FieldRule, ...] = get_args(FieldRule)
ALL_RULES = st.builds(
    ReferenceRules,
    birads=st.sampled_from(FIELD_RULES),
    density=st.sampled_from(FIELD_RULES),
    finding_birads=st.sampled_from(FIELD_RULES),
    box=st.sampled_from(get_args(BoxRule)),
    categories=st.sampled_from(get_args(CategoriesRule)),
    unmatched_findings=st.sampled_from(get_args(UnmatchedRule)),
)


@given(readings("r1"), readings("r2"), ALL_RULES)
def test_of_two_sound_readings_comes_a_sound_reference_under_any_rules(
    first: Reading, second: Reading, rules: ReferenceRules
) -> None:
    schema = replace(under(), reference=rules)
    reference = settle(first, second, schema, images=images(), experience=YEARS)
    as_reading = Reading("s1", "r1", reference.breasts, reference.findings)
    assert check(as_reading, images(), schema, confirmed=CONFIRMATIONS) == ()


@given(readings("r1"))
def test_two_equal_readings_are_the_reference_themselves(answer: Reading) -> None:
    reference = settle(answer, replace(answer, reader_id="r2"), under(), images=images())
    assert reference.breasts == answer.breasts
    assert sorted(map(key, reference.findings)) == sorted(map(key, answer.findings))


def key(found: Finding) -> tuple[Any, ...]:
    return found.image_id, found.box, found.categories, found.birads or 0


def test_a_concordant_study_is_settled_an_arbitrated_one_is_as_the_arbiter_says() -> None:
    team = assigned("r1", "r2")
    agreed = [*team, *submitted(reading("r1", right=2), reading("r2", right=2))]
    reference = reference_of(agreed, SCHEMA)
    assert reference == Reference("s1", (Breast(L, 1, "B"), Breast(R, 2, "B")), (), "concordant")

    decision = reading("a1", finding(birads=5), right=5)
    split = [*team, *submitted(reading("r1", right=2), reading("r2", right=4)), fact("assigned", "a1", "arbiter")]
    assert reference_of(split, SCHEMA) is None
    decided = reference_of([*split, fact("arbitrated", "a1", "arbiter", decision)], SCHEMA)
    assert decided == Reference("s1", decision.breasts, decision.findings, "arbitrated")


def test_where_one_reading_is_asked_for_it_is_the_reference() -> None:
    schema = replace(SCHEMA, readers_per_study=1)
    answer = reading("r1", finding(), right=4)
    reference = reference_of([*assigned("r1"), *submitted(answer)], schema)
    assert reference == Reference("s1", answer.breasts, answer.findings, "single")


def test_an_unfinished_held_or_excluded_study_has_no_reference() -> None:
    done = [*assigned("r1", "r2"), *submitted(reading("r1"), reading("r2"))]
    assert reference_of(done[:-1], SCHEMA) is None
    assert reference_of([*done, fact("flagged", "r1", reason="motion")], SCHEMA) is None
    assert reference_of(done, SCHEMA, excluded=True) is None
    assert reference_of(done, SCHEMA) is not None
