from __future__ import annotations

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from mammoset.domain.tables import BREAST_COLUMNS, FINDING_COLUMNS, read_breast_csv, read_finding_csv
from tests.web.building import Made
from tests.web.conftest import N_EXAMS


def test_the_file_of_the_breast_table_reads_back(client: TestClient, made: list[Made]) -> None:
    answer = client.get("/tables/breast-level.csv")
    rows = read_breast_csv(answer.text)
    assert len(rows) == 4 * N_EXAMS
    assert {row.study_id for row in rows} == {one.study_id for one in made}
    assert answer.headers["content-disposition"] == 'attachment; filename="breast-level_annotations.csv"'


def test_the_file_of_the_finding_table_holds_every_finding(client: TestClient, made: list[Made]) -> None:
    rows = read_finding_csv(client.get("/tables/findings.csv").text)
    assert sum(row.is_finding for row in rows) == sum(len(one.reading.findings) for one in made)


@pytest.mark.parametrize(("name", "columns"), [("breast-level", BREAST_COLUMNS), ("findings", FINDING_COLUMNS)])
def test_the_page_shows_the_rows_of_the_file(client: TestClient, name: str, columns: tuple[str, ...]) -> None:
    lines = list(csv.DictReader(io.StringIO(client.get(f"/tables/{name}.csv").text)))
    text = client.get(f"/tables/{name}", params={"page": 2}).text
    assert re.findall(r'<th scope="col">(.*?)</th>', text) == list(columns)
    shown = re.findall(r'<tr><td><a href="/exams/[^"]*" title="([^"]+)"', text)
    assert shown == [line["study_id"] for line in lines[50:100]]


def test_another_table_is_not_found(client: TestClient) -> None:
    assert client.get("/tables/readers").status_code == 404
    assert client.get("/tables/readers.csv").status_code == 404
