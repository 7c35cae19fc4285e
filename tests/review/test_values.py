"""Every value of every element can be looked at and decided about, by itself, as a range, or with its group."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset import review
from mammoset.domain.review_values import numbers_of, range_of
from mammoset.errors import ConfigError
from mammoset.jobs.guarantees import guarantees
from mammoset.project import Project
from mammoset.review import Group, Saying, record, words_of
from mammoset.review.numbers import spread_of
from mammoset.review.value_rows import rows_of
from mammoset.review.values import ElementSummary, Kind
from tests.databases import copied
from tests.review.making import add_exam, make_project


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make thirty exams once; one of them is of a voltage and a device of its own."""
    with make_project(tmp_path_factory.mktemp("thirty") / "p", exams=30) as opened:
        add_exam(opened, 3, values={"KVP": "49", "Manufacturer": "ACME"})
        return opened.root


@pytest.fixture
def project(thirty: Path, tmp_path: Path) -> Iterator[Project]:
    """Give a copy of the thirty exams."""
    with Project.open(copied(thirty, shutil.copytree(thirty, tmp_path / "p"))) as opened:
        yield opened


def element(project: Project, name: str) -> ElementSummary:
    return next(one for one in review.elements(project, guarantees()) if one.element == name)


def say(project: Project, verdict: str, *subjects: str) -> None:
    said = [Saying(verdict, one) for one in subjects]
    record(project, words_of(project, said, by="mai", groups=guarantees()), by="mai")


def pending(project: Project, name: str) -> list[str]:
    return [one.value for one in element(project, name).pending]


def test_strings_are_listed_rare_ones_first_with_counts_and_examples(project: Project) -> None:
    found = element(project, "Manufacturer")
    assert found.kind == Kind.VALUES
    assert [(one.value, one.count) for one in found.values] == [
        ("ACME", 4), ("SIEMENS", 36), ("GE MEDICAL SYSTEMS", 40), ("HOLOGIC", 40),
    ]  # fmt: skip
    assert found.values[0].examples == ("2.25.4000", "2.25.4001", "2.25.4002")


def test_codes_are_values_though_they_look_like_numbers(project: Project) -> None:
    assert element(project, "ViewCodeSequence.CodeValue").kind == Kind.VALUES


def test_many_numbers_are_a_range_with_quartiles_and_what_lies_beyond(project: Project) -> None:
    found = element(project, "BodyPartThickness")
    assert found.spread is not None
    assert (found.kind, found.is_range, found.outliers) == (Kind.NUMBERS, True, ())
    assert (found.spread.low, found.spread.high, found.spread.n) == (30, 89, 120)
    assert [row.value for row in rows_of(found)] == ["30..89"]


def test_few_numbers_are_listed_one_by_one(project: Project) -> None:
    found = element(project, "KVP")
    assert found.spread is not None
    assert rows_of(found)[0].value == "49"
    assert len(rows_of(found)) == 10


def test_an_outlier_is_a_row_of_its_own_and_a_range_does_not_approve_it(project: Project) -> None:
    add_exam(project, 5, values={"BodyPartThickness": "290"})
    usual, beyond = rows_of(element(project, "BodyPartThickness"))
    assert (usual.value, beyond.value, beyond.is_outlier, beyond.images) == ("30..89", "290", True, 4)
    say(project, "approve", usual.subject)
    assert pending(project, "BodyPartThickness") == ["290"]


def test_a_number_outside_an_approved_range_that_comes_later_waits(project: Project) -> None:
    say(project, "approve", "BodyPartThickness")
    assert pending(project, "BodyPartThickness") == []
    add_exam(project, 40, values={"BodyPartThickness": "12"})
    assert pending(project, "BodyPartThickness") == ["12"]


def test_an_approved_element_is_approved_with_what_it_holds_now_only(project: Project) -> None:
    say(project, "approve", "Manufacturer")
    add_exam(project, 40, values={"Manufacturer": "NGUYEN"})
    assert pending(project, "Manufacturer") == ["NGUYEN"]


def test_a_rejected_element_is_rejected_with_what_comes_later_too(project: Project) -> None:
    say(project, "reject", "Manufacturer")
    add_exam(project, 40, values={"Manufacturer": "NGUYEN"})
    assert {one.verdict for one in element(project, "Manufacturer").values} == {"reject"}


def test_a_star_approves_what_comes_later_too(project: Project) -> None:
    say(project, "approve", "Manufacturer=*")
    add_exam(project, 40, values={"Manufacturer": "NGUYEN"})
    assert pending(project, "Manufacturer") == []


def test_an_empty_value_among_numbers_is_decided_about_by_itself(project: Project) -> None:
    add_exam(project, 7, values={"BodyPartThickness": ""})
    assert [row.value for row in rows_of(element(project, "BodyPartThickness"))] == ["30..89", ""]
    say(project, "approve", "BodyPartThickness=30..89")
    assert pending(project, "BodyPartThickness") == [""]
    say(project, "approve", "BodyPartThickness=")
    assert pending(project, "BodyPartThickness") == []


def test_what_the_rules_guarantee_is_approved_in_one_decision_and_what_was_rejected_stays_so(project: Project) -> None:
    say(project, "reject", "Manufacturer=ACME")
    say(project, "approve", *(f"group:{group}" for group in ("closed", "keyed", "fixed")))
    left = {one.element for one in review.elements(project, guarantees()) if one.pending}
    assert left == {"KVP", "BodyPartThickness", "PatientAge", "ImagerPixelSpacing", "WindowCenterWidthExplanation"}
    assert [one.value for one in element(project, "Manufacturer").rejected] == ["ACME"]


def test_every_element_stands_in_the_list_what_needs_an_eye_first(project: Project) -> None:
    found = review.elements(project, guarantees())
    assert len(found) == 11
    assert [one.group for one in found] == sorted((one.group for one in found), key=list(Group).index)
    say(project, "approve", "WindowCenterWidthExplanation")
    assert review.elements(project, guarantees())[-1].element == "WindowCenterWidthExplanation"


def test_an_element_without_a_rule_comes_first() -> None:
    assert guarantees().get("PatientComments") is None
    assert next(iter(Group)) == Group.OTHER


@pytest.mark.parametrize(
    ("verdict", "subject", "message"),
    [
        ("approve", "Manufacturer=NOBODY", "no file holds Manufacturer=NOBODY"),
        ("approve", "PatientName", "no file holds an element PatientName"),
        ("approve", "Manufacturer=1..5", "holds no numbers"),
        ("approve", "KVP=34..25", "no file holds KVP=34..25"),
        ("approve", "group:all", "'all' is no group; there are other, text, numbers"),
        ("reject", "group:fixed", "a group can only be approved"),
        ("keep", "2.25.1000@1,2,3,4", "no region 2.25.1000@1,2,3,4 waits"),
        ("maybe", "KVP", "'maybe' is no verdict"),
    ],
)
def test_what_names_nothing_is_refused_whole(project: Project, verdict: str, subject: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        words_of(project, [Saying("approve", "KVP"), Saying(verdict, subject)], by="mai")
    assert project.catalog.review_book.facts() == []


NUMBERS = st.dictionaries(st.integers(-999, 9999).map(str), st.integers(1, 50), min_size=1, max_size=40)


@given(NUMBERS)
def test_a_spread_counts_every_number_once_and_its_quartiles_occur(counts: dict[str, int]) -> None:
    found = spread_of(counts)
    assert sum(found.counts) == found.n == sum(counts.values())
    assert {found.low, found.q1, found.median, found.q3, found.high} <= set(map(float, counts))
    assert found.low <= found.q1 <= found.median <= found.q3 <= found.high
    assert len(found.bars) == len(found.counts)
    assert [bar == " " for bar in found.bars] == [count == 0 for count in found.counts]
    below = sum(count for value, count in counts.items() if float(value) <= found.median)
    assert 2 * below >= found.n


@given(NUMBERS)
def test_a_range_written_and_read_holds_all_of_its_numbers(counts: dict[str, int]) -> None:
    where = range_of(spread_of(counts).range_text)
    assert where is not None
    assert all(where.holds(numbers_of(value) or ()) for value in counts)
