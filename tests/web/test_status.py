from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.jobs.status import flow_of
from mammoset.project import Project
from mammoset.web.pages.exams import Exams
from tests.web.building import Made, read_exam
from tests.web.conftest import N_EXAMS
from tests.web.opening import opened


def steps_on(page: str) -> list[tuple[int, list[int]]]:
    """Return the count of each step as printed, and the counts of what leaves after it."""
    pieces = re.split(r'(?=<div class="step)', page)[1:]
    return [
        (
            int(re.search(r"<strong>(\d+)</strong>", piece).group(1)),  # type: ignore[union-attr]
            [int(one) for one in re.findall(r'data-reason="[^"]*"><strong>(\d+)</strong>', piece)],
        )
        for piece in pieces
    ]


def exams_of(browser: TestClient) -> Exams:
    """Return what the browser's application shows."""
    exams: Exams = cast(FastAPI, browser.app).state.site.exams
    return exams


def test_the_numbers_of_the_flow_on_the_page_add_up(client: TestClient, project: Project) -> None:
    steps = steps_on(client.get("/status").text)
    assert [count for count, _ in steps] == [step.count for step in flow_of(project).steps]
    assert steps[0][0] == N_EXAMS + 23
    assert steps[-1][0] == N_EXAMS
    for (count, leaving), (rest, _) in pairwise(steps):
        assert count == rest + sum(leaving)


def test_agreement_is_shown_once_the_reading_is_over(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    with opened(project) as browser:
        for exam in exams:
            assert "Krippendorff" not in browser.get("/status").text
            read_exam(project, exam, reader="anna")
            read_exam(project, exam, reader="bruno")
        exams_of(browser).agreement()
        exams_of(browser).measuring.wait()
        page = browser.get("/status").text
    assert "data-being-made" not in page
    assert "Krippendorff" in page
    assert "breast BI-RADS" in page


def test_no_page_waits_for_the_agreement(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mammoset.web.pages.exams.Exams.agreement", lambda _: None)
    page = client.get("/status").text
    assert "Being computed" in page
    assert "data-being-made" in page
    assert "Flow of exams" in page


def test_progress_is_counted_for_each_reader(small: tuple[Project, list[Made]]) -> None:
    project, exams = small
    read_exam(project, exams[0], reader="anna")
    with opened(project) as browser:
        page = browser.get("/status").text
    assert re.search(r'aria-label="anna, reader">1 of 1<', page)
    assert "bruno" not in page


def test_an_empty_project_has_a_page_that_says_what_to_do(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty") as project, opened(project) as browser:
        for page in ("/status", "/exams", "/tables/findings", "/tables/breast-level", "/releases"):
            assert browser.get(page).status_code == 200
        assert "mammoset acquire" in browser.get("/status").text
