"""The report adds up in bounded memory, ranks by severity, and says whether files pass."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.errors import ConfigError, DatasetNotFound
from mammoset.jobs.audit import Options, audit
from mammoset.jobs.audit.examine import Examined
from mammoset.jobs.audit.findings import Severity, Shown, kinds, shape_of, table_lines
from mammoset.jobs.audit.report import EXAMPLES, PLACES, Report, place_of
from tests.jobs.audit.judged import META, conformant
from tests.pseudonymize.hostile import changed, file_of

SETTINGS = {"text": "off", "ledger": False}


def shown(kind: str, where: str) -> Shown:
    return Shown(kind, where, "", 3, "xxx", None)


def examined(path: str, *findings: Shown) -> Examined:
    return Examined(path, is_dicom=True, is_mammogram=True, findings=findings)


def test_every_kind_has_a_severity_and_advice() -> None:
    assert all(one.what and one.advice for one in kinds().values())
    assert {one.severity for one in kinds().values()} == set(Severity)


def test_every_kind_that_a_table_names_is_known() -> None:
    named = {row["kind"] for row in csv.DictReader(table_lines("identifiers.csv"))}
    assert named - {"uid"} <= set(kinds())


def test_findings_are_counted_by_kind_and_place_whatever_the_item() -> None:
    report = Report(SETTINGS)
    report.add(examined("a", shown("date", "X[1].StudyDate"), shown("date", "X[2].StudyDate")))
    report.add(examined("b", shown("date", "X[1].StudyDate"), shown("free_text", "FilterType")))
    report.add(examined("c"))
    found = report.to_json()
    assert [one["kind"] for one in found["findings"]] == ["date", "free_text"]
    date = found["findings"][0]
    assert (date["count"], date["files"], found["files_without_identifier_or_error"]) == (3, 2, 1)
    assert [(one["where"], one["count"], one["paths"]) for one in date["places"]] == [("X.StudyDate", 3, ["a", "b"])]
    assert found["passed"] is False


def test_suspicion_alone_does_not_fail() -> None:
    report = Report(SETTINGS)
    report.add(examined("a", shown("free_text", "FilterType")))
    assert not report.failed
    assert "passed" in list(report.lines())[-1]


def test_nothing_audited_is_no_success() -> None:
    assert Report(SETTINGS).failed


def test_memory_stays_bounded() -> None:
    report = Report(SETTINGS)
    for number in range(3 * PLACES):
        report.add(examined(f"{number}", shown("date", f"E{number}"), shown("date", "StudyDate")))
    places = report.places["date"]
    assert len(places) == PLACES + 1
    assert len(places["StudyDate"].paths) == EXAMPLES
    assert sum(one.count for one in places.values()) == 6 * PLACES


@pytest.mark.parametrize(
    ("where", "expected"),
    [("(0029,1001)", "(0029,xx01)"), ("(0029,0010)", "(0029,0010)"), ("A[3].B[12].C", "A.B.C"), ("(0028,0099)",) * 2],
)
def test_places_are_told_without_numbers(where: str, expected: str) -> None:
    assert place_of(shown("date", where)) == expected


@given(st.text(max_size=60))
def test_a_shape_tells_no_letter_and_no_digit(text: str) -> None:
    assert not {one for one in shape_of(text) if one.isalnum()} - set("xX9")


def test_a_missing_folder_and_a_bad_ledger_are_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFound):
        audit(tmp_path / "nowhere")
    (tmp_path / "l.txt").write_text("")
    with pytest.raises(ConfigError):
        audit(tmp_path, Options("off", tmp_path / "l.txt"))


def test_links_are_not_followed_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.dcm").write_bytes(file_of(conformant(), meta=META))
    (tmp_path / "elsewhere.dcm").write_bytes(file_of(changed(conformant(), OperatorsName=("PN", b"Le^Hoa"))))
    (folder / "link.dcm").symlink_to(tmp_path / "elsewhere.dcm")
    before = {one: one.lstat() for one in folder.iterdir()}
    report = audit(folder, Options(text="off"), workers=1)
    assert {kind.kind for kind, _ in report.by_severity()} == {"not_regular"}
    after = {one: one.lstat() for one in folder.iterdir()}
    assert [(one.st_mtime_ns, one.st_size) for one in before.values()] == [
        (one.st_mtime_ns, one.st_size) for one in after.values()
    ]
