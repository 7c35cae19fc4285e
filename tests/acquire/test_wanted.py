"""Lists of wanted exams: what they may look like, and what is said of their lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mammoset.acquire import WantedList, acquire_pacs, read_list
from mammoset.acquire.wanted import named
from mammoset.errors import ConfigError
from mammoset.project import Project
from tests.acquire.made import exam, mammogram, study_uid
from tests.acquire.scripted import ScriptedPacs
from tests.running import Run

UID = "1.2.840.113619.2.5"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "wanted"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "column", "entries"),
    [
        (f"{UID}\n\n  A-17 \nA-17\n", None, {1: UID, 3: "A-17", 4: "A-17"}),
        (f"\ufeff{UID}\r\nA 1\r\n", None, {1: UID, 2: "A 1"}),
        (f"name;Accession\nDoe;A1\n\nRoe;{UID}\n", "accession", {2: "A1", 4: UID}),
        ('x,uid\n"Doe, Jane",A1\n', "uid", {2: "A1"}),
        ("uid\nA1\n", "uid", {2: "A1"}),
    ],
)
def test_what_a_list_may_look_like(tmp_path: Path, text: str, column: str | None, entries: dict[int, str]) -> None:
    assert read_list(write(tmp_path, text), column).entries == entries


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("SECRET-1\nSECRET*\nA?\nSECRET-SECRET-SECRET\nA\\B", None, r"lines 2, 3, 4, 5: neither a Study Instance UID"),
        ("SECRET one two three four five\n", None, r"line 1: neither.*is the first line a header\?"),
        ("a,SECRET\n", None, r"line 1 has 2 columns; name the one that counts with --column"),
        ("a,SECRET\n1,2\n", "b", r"has not one column 'b'; columns there: 2"),
        ("a,b\nSECRET,\n", "b", r"line 2 has nothing in column 'b'"),
        ("\n\n", None, "holds no entry"),
        ("", "b", "has not one column 'b'; columns there: 0"),
        (b"SECRET\xff\xfe", None, "is not UTF-8 text; save it as CSV in UTF-8"),
    ],
)
def test_a_wrong_list_is_explained_by_line_numbers_alone(
    tmp_path: Path, text: str | bytes, column: str | None, message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read_list(write(tmp_path, text), column)
    assert "SECRET" not in str(caught.value)
    assert "wanted" not in str(caught.value)


def test_many_lines_are_counted() -> None:
    assert named([7]) == "line 7"
    assert named([1, 2, 3], most=2) == "lines 1, 2 and 1 more"


def test_the_list_is_the_pool_and_what_matched_nothing_is_named_by_line(run: Run, tmp_path: Path) -> None:
    objects = [made for study in range(1, 5) for made in exam(study, AccessionNumber=f"ACC{study}")]
    objects.append(mammogram(5, "L-CC", AccessionNumber="ACC1"))
    wanted = write(tmp_path, f"ACC1\nACC99\n{study_uid(3)}\n{study_uid(98)}\nACC1\n")
    with ScriptedPacs(objects) as pacs:
        Project.create(tmp_path / "p", settings_text=pacs.archive.settings()).close()
        done = run("-C", tmp_path / "p", "acquire", "pacs", "pacs", "--list", wanted)
        assert done.code == 0, done.err
        assert "2 of 3 exams complete" in done.out
        assert "the archive has nothing of lines 2, 4 of the list" in done.out
        assert "ACC99" not in done.out + done.err
        again = run("--json", "-C", tmp_path / "p", "acquire", "pacs", "pacs", "--list", wanted)
        assert json.loads(again.out)["unmatched"] == [2, 4]


def test_entries_that_matched_nothing_are_counted_until_they_match_and_shown_nowhere(run: Run, tmp_path: Path) -> None:
    words = "an entry of a list of which the archive has nothing"

    def counted(status: str) -> int:
        found = (line.split() for line in status.splitlines() if line.strip().startswith(words))
        return sum(int(cells[-1]) for cells in found)

    with ScriptedPacs(exam(1, AccessionNumber="ACC1")) as pacs:
        place = tmp_path / "p"
        Project.create(place, settings_text=pacs.archive.settings()).close()
        for _ in range(2):
            wanted = write(tmp_path, f"ACC98\nACC1\n{study_uid(98)}\nACC98\n")
            assert run("-C", place, "acquire", "pacs", "pacs", "--list", wanted).code == 0
            assert counted(run("-C", place, "status").out) == 2
        told = run("--json", "-C", place, "status").out + run("-C", place, "status").out
        assert "ACC98" not in told
        assert study_uid(98) not in told
        with Project.open(place) as project:
            noted = [one for one in project.catalog.decisions() if one.reason == "not_in_archive"]
            assert [one.detail for one in noted] == ["line 1 of the list", "line 3 of the list"]
            assert not any("ACC98" in repr(one) or study_uid(98) in repr(one) for one in noted)
        pacs.objects += exam(2, AccessionNumber="ACC98")
        assert run("-C", place, "acquire", "pacs", "pacs", "--list", wanted).code == 0
        assert counted(run("-C", place, "status").out) == 1


def test_a_row_that_does_not_carry_what_was_asked_for_is_left_out(tmp_path: Path) -> None:
    with ScriptedPacs([made for study in (1, 2, 3) for made in exam(study, AccessionNumber=f"ACC{study}")]) as pacs:
        matching = pacs._matching
        pacs._matching = lambda asked: pacs.objects if "AccessionNumber" in asked else matching(asked)  # type: ignore[method-assign]
        with Project.create(tmp_path / "p", settings_text=pacs.archive.settings()) as project:
            summary = acquire_pacs(project, "pacs", wanted=WantedList({1: "ACC2", 2: "ACC9"}))
            assert (summary.pool, summary.complete, summary.unmatched) == (1, 1, (2,))


def test_a_list_fetches_its_exams_alone_whatever_else_the_pool_holds(tmp_path: Path) -> None:
    with (
        ScriptedPacs([made for study in range(1, 7) for made in exam(study)]) as pacs,
        Project.create(tmp_path / "p", settings_text=pacs.archive.settings()) as project,
    ):
        acquire_pacs(project, "pacs", sample=1)
        (drawn,) = (one.StudyInstanceUID for one in pacs.moves)
        other = next(study_uid(number) for number in range(1, 7) if study_uid(number) != drawn)
        pacs.moves.clear()
        summary = acquire_pacs(project, "pacs", wanted=WantedList({1: other}))
        assert [one.StudyInstanceUID for one in pacs.moves] == [other]
        assert (summary.pool, summary.complete) == (6, 2)


def test_a_list_and_dates_exclude_each_other_and_a_column_needs_a_list(run: Run, tmp_path: Path) -> None:
    wanted = write(tmp_path, "A1\n")
    Project.create(tmp_path / "p", "dataset").close()
    both = run("-C", tmp_path / "p", "acquire", "pacs", "x", "--list", wanted, "--from", "2019-01-01")
    assert "leave out the first and the last date" in both.err
    alone = run("-C", tmp_path / "p", "acquire", "dicomweb", "x", "--column", "a")
    assert "give the list with --list" in alone.err
