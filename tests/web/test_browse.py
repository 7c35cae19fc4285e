from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from mammoset.web.pages.keys import EXAM_KEYS
from mammoset.web.pages.lists import PAGE_SIZE
from tests.web.building import SPACING, Made
from tests.web.conftest import N_EXAMS


def listed(text: str) -> list[str]:
    return re.findall(r'data-study="([^"]+)"', text)


def test_the_list_is_parted_into_pages(client: TestClient, made: list[Made]) -> None:
    first, second = (client.get("/exams", params={"page": page}).text for page in (1, 2))
    assert listed(first) + listed(second) == [one.study_id for one in made]
    assert (len(listed(first)), len(listed(second))) == (PAGE_SIZE, N_EXAMS - PAGE_SIZE)
    assert listed(client.get("/exams", params={"page": 99}).text) == listed(second)


def test_an_empty_choice_in_the_form_filters_nothing(client: TestClient) -> None:
    text = client.get("/exams?birads=&density=&category=&state=&fold=").text
    assert f"{N_EXAMS} exams" in text


def test_the_order_and_the_filter_stay_in_the_links(client: TestClient, made: list[Made]) -> None:
    text = client.get("/exams", params={"fold": "test", "sort": "-age"}).text
    one = listed(text)[0]
    assert f'href="/exams/{one}?fold=test&amp;sort=-age"' in text
    assert '<option value="test" selected>' in text
    assert 'aria-sort="descending"' in text
    neighbour = re.search(
        r'rel="next" data-action="next" href="([^"]+)"', client.get(f"/exams/{one}?fold=test&sort=-age").text
    )
    assert neighbour is not None
    assert neighbour.group(1) == f"/exams/{listed(text)[1]}?fold=test&amp;sort=-age"


@pytest.mark.parametrize("query", ["sort=nothing", "birads=many", "page=0", "birads=9", "state=" + 65 * "x"])
def test_an_address_that_does_not_fit_is_answered_as_such(client: TestClient, query: str) -> None:
    answer = client.get(f"/exams?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.text


def test_views_hang_right_breast_left_and_in_order(client: TestClient, made: list[Made]) -> None:
    text = client.get(f"/exams/{made[1].study_id}").text
    assert re.findall(r"<figcaption>(.*?)</figcaption>", text) == ["R CC", "L CC", "R MLO", "L MLO"]
    assert re.findall(r'preserveAspectRatio="(xM\w+)', text) == ["xMaxYMid", "xMinYMid"] * 2
    assert len(set(re.findall(r'viewBox="([^"]+)" preserveAspectRatio="xM', text))) == 1, "one scale for all"


def test_findings_are_listed_with_category_birads_and_size(client: TestClient, made: list[Made]) -> None:
    exam = made[1]
    text = client.get(f"/exams/{exam.study_id}").text
    assert text.count('<li data-finding="') == len(exam.reading.findings)
    for finding in exam.reading.findings:
        size = f"{finding.box.width * SPACING:.0f} × {finding.box.height * SPACING:.0f} mm"
        assert size in text
        assert ", ".join(finding.categories) in text


def test_every_key_of_the_table_is_printed_in_the_help(client: TestClient, made: list[Made]) -> None:
    text = client.get(f"/exams/{made[0].study_id}").text
    for key in EXAM_KEYS:
        assert f'<tr data-action="{key.action}" data-keys="{" ".join(key.keys)}">' in text
        assert key.meaning in text


def test_no_reader_is_named_where_exams_are_shown(client: TestClient, made: list[Made]) -> None:
    pages = ["/exams", f"/exams/{made[1].study_id}", "/tables/findings", "/tables/breast-level", "/tables/findings.csv"]
    for page in pages:
        text = client.get(page).text
        assert "anna" not in text
        assert "bruno" not in text


@pytest.mark.parametrize("path", ["/exams/1.2.3", "/exams/1.2.3/images/4.5", "/exams/..%2f..%2fetc"])
def test_an_exam_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_image_is_not_found_under_another_exam(client: TestClient, made: list[Made]) -> None:
    image = made[0].records[0].image.image_id
    assert client.get(f"/exams/{made[1].study_id}/images/{image}").status_code == 404
