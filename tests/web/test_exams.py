"""What may be shown at all, and when."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.catalog import Decision, now
from mammoset.domain.workflow import Fact, FactKind
from mammoset.model import Box, Breast, Finding
from mammoset.project import Project
from mammoset.terms.dicom import Laterality
from mammoset.terms.reasons import Outcome, Stage
from mammoset.web.pages.exams import Exams
from mammoset.web.pages.lists import PAGE_SIZE, SORTS, ListQuery, page_of, select_exams
from tests.web.building import Made, add_exam, read_exam
from tests.web.opening import opened


def shown_answers(project: Project, study_id: str) -> list[bool]:
    """Return on which of the ways out the BI-RADS and findings of an exam can be had."""
    with opened(project) as browser:
        return [
            "<dt>Age" in (page := browser.get(f"/exams/{study_id}").text) and "Reference <" in page,
            'class="birads' in browser.get("/exams").text,
            study_id in browser.get("/tables/breast-level.csv").text,
            study_id in browser.get("/tables/findings.csv").text,
            browser.get(f"/api/v1/exams/{study_id}").json()["has_reference"],
            browser.get("/api/v1/exams", params={"birads": 1}).json()["total"] > 0,
        ]


def test_no_answer_is_shown_while_anybody_still_reads(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    for exam in exams[:2]:
        read_exam(project, exam, reader="anna")
        read_exam(project, exam, reader="bruno")
    read_exam(project, exams[2], reader="anna")
    assert shown_answers(project, exams[0].study_id) == [False] * 6
    read_exam(project, exams[2], reader="bruno")
    assert shown_answers(project, exams[0].study_id) == [True] * 6


def test_a_closed_phase_shows_what_is_final_and_nothing_else(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    read_exam(project, exams[0], reader="anna")
    read_exam(project, exams[0], reader="bruno")
    read_exam(project, exams[1], reader="anna")
    project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "ada", now())])
    collection = Exams(project).collection()
    assert collection.is_phase_over
    assert set(collection.references) == {exams[0].study_id}


def test_an_exam_is_shown_only_once_it_is_approved(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    one = exams[0].study_id
    image = exams[0].records[0].image.image_id
    pages = (f"/exams/{one}", f"/exams/{one}/images/{image}", f"/images/{image}/preview.webp", f"/api/v1/exams/{one}")
    with opened(project) as browser:
        assert [browser.get(page).status_code for page in pages] == [200] * 4
        project.catalog.decide([Decision(Stage.REVIEW, one, Outcome.EXCLUDED, "visible_identifier")])
        assert [browser.get(page).status_code for page in pages] == [404] * 4
        assert one not in browser.get("/exams").text


def test_what_is_added_to_the_catalog_is_seen_at_once(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    site = Exams(project)
    assert len(site.collection().exams) == len(exams)
    assert site.collection() is site.collection(), "remembered while nothing changes"
    add_exam(project, len(exams))
    assert len(site.collection().exams) == len(exams) + 1


def test_a_settled_answer_breaks_no_rule_that_both_readers_kept(small: tuple[Project, list[Made]]) -> None:
    """Two readers differ by one category; a finding that only the settled breast forbids is left out."""
    project, exams = small
    labels = (project.root / "labels.toml").read_text(encoding="utf-8")
    changed = re.sub("open_arbitration = .*", "open_arbitration = []", labels)
    changed = changed.replace('birads = "higher"  ', 'birads = "first"', 1)
    (project.root / "labels.toml").write_text(changed, encoding="utf-8")
    assert changed != labels
    said = exams[1].reading
    left = exams[1].records[0].image.image_id
    low = replace(said, breasts=(said.breasts[0], Breast(Laterality.L, 1, "C")))
    high = replace(
        said, breasts=(said.breasts[0], Breast(Laterality.L, 2, "C")),
        findings=(*said.findings, Finding(left, Box(5, 5, 60, 60), ("Mass",), None)),
    )  # fmt: skip
    read_exam(project, exams[1], reader="anna", reading=low)
    read_exam(project, exams[1], reader="bruno", reading=high)
    project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "ada", now())])
    shown = Exams(project).collection().references
    assert left not in {one.image_id for one in shown[exams[1].study_id].findings}
    assert shown == project.catalog.references(project.schema)


@given(st.lists(st.integers(), max_size=4 * PAGE_SIZE), st.integers(1, 9))
def test_pages_part_a_list_without_loss(items: list[int], asked: int) -> None:
    n_pages = page_of(items, 1).count
    pages = [page_of(items, number) for number in range(1, n_pages + 1)]
    assert [one for page in pages for one in page.items] == items
    assert all(0 < len(page.items) <= PAGE_SIZE for page in pages) or not items
    assert page_of(items, asked).number == min(asked, n_pages)


@pytest.mark.parametrize("sort", SORTS)
def test_sorting_keeps_every_exam_and_puts_the_unknown_last(project: Project, sort: str) -> None:
    exams = Exams(project).collection().exams
    for direction in ("", "-"):
        found = select_exams(exams, ListQuery(sort=direction + sort))
        assert sorted(one.number for one in found) == [one.number for one in exams]
        keys = [SORTS[sort](one) for one in found]
        known = [key for key in keys if key is not None]
        assert keys == known + [None] * (len(keys) - len(known))
        assert known == sorted(known, reverse=direction == "-")


def test_an_exam_of_unknown_age_is_not_taken_for_a_young_one(project: Project) -> None:
    found = select_exams(Exams(project).collection().exams, ListQuery(sort="age"))
    assert found[0].study.age_years == 35
    assert found[-1].study.age_years is None


def test_filters_keep_exactly_what_fits(project: Project) -> None:
    exams = Exams(project).collection().exams
    for query, fits in (
        (ListQuery(birads=4), lambda one: 4 in (one.birads("R"), one.birads("L"))),
        (ListQuery(density="D"), lambda one: "D" in (one.density("R"), one.density("L"))),
        (ListQuery(category="Mass"), lambda one: any("Mass" in finding.categories for finding in one.findings)),
        (ListQuery(fold="test"), lambda one: one.fold == "test"),
        (ListQuery(state="final"), lambda one: one.state == "final"),
        (ListQuery(birads=5, fold="training"), lambda one: one.birads("R") == 5 and one.fold == "training"),
    ):
        found = select_exams(exams, query)
        assert found == [one for one in exams if fits(one)]
        assert found
    assert select_exams(exams, ListQuery(birads=0)) == []
