"""A readings file that is wrong: nothing is imported, every place is named, and nothing of its text repeated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mammoset import read
from mammoset.errors import MammosetError
from mammoset.project import Project
from tests.builders import make_project
from tests.running import Run

ORIGINAL = "1.2.826.0.1.3680043.10.1494.1.7"
NAME = "Nguyen^Lan"
IMAGE = "2.25.00"


def good(study: int = 0, reader: str = "r0") -> dict[str, Any]:
    breasts = [{"laterality": side, "birads": 4 if side == "L" else 1, "density": "B"} for side in "LR"]
    finding = {"image_id": f"2.25.{study}000", "box": [10, 10, 40, 50], "categories": ["Mass"], "birads": 4}
    return {"study_id": f"2.25.{study}", "reader_id": reader, "breasts": breasts, "findings": [finding]}


def with_finding(**values: Any) -> dict[str, Any]:
    one = good()
    one["findings"][0] |= values
    return one


def with_breast(**values: Any) -> dict[str, Any]:
    one = good()
    one["breasts"][0] |= values
    return one


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "box outside": (with_finding(box=[10, 10, 40, 101]), "the box leaves the image of 80 × 100 pixels; move it inside"),
    "box at negative places": (with_finding(box=[-1, 10, 40, 50]), "leaves the image"),
    "box turned round": (with_finding(box=[40, 50, 10, 10]), "readings[1]"),
    "NaN": (with_finding(box=[float("nan"), 1, 40, 50]), "findings[0].box"),
    "infinite": (with_finding(box=[0, 0, float("inf"), 50]), "findings[0].box"),
    "beyond numbers": (with_finding(box=[0, 0, 10**400, 50]), "findings[0].box"),
    "five edges": (with_finding(box=[1, 2, 3, 4, 5]), "four numbers, xmin, ymin, xmax, ymax"),
    "BI-RADS 7": (with_breast(birads=7), "left breast: BI-RADS 7 is not among 1, 2, 3, 4, 5"),
    "BI-RADS of a finding 7": (with_finding(birads=7), "left breast, finding 1: BI-RADS 7 is not among 3, 4, 5"),
    "BI-RADS in words": (with_breast(birads=NAME), "breasts[0].birads = a text of 10 characters"),
    "BI-RADS of many digits": (with_breast(birads=10**3000), "breasts[0].birads"),
    "density E": (with_breast(density="E"), "density E is not among A, B, C, D"),
    "unknown category": (with_finding(categories=["Lump"]), "'Lump' is not a category of this project"),
    "category of a novel's length": (with_finding(categories=["x" * 100_000]), "at most 64 characters"),
    "half a character": (good() | {"comment": "\ud800"}, "comment = a text of 1 characters"),
    "unknown study": (good() | {"study_id": ORIGINAL}, "study_id: no exam of this project has this id"),
    "unknown image": (with_finding(image_id=ORIGINAL), "its image is not one of this exam"),
    "image of another exam": (with_finding(image_id="2.25.1000"), "its image is not one of this exam"),
    "unknown reader": (good() | {"reader_id": NAME}, "reader_id: nobody has this name"),
    "a study never assigned to this reader": (good(reader="senior"), "senior is not assigned as its reader"),
    "unknown key": (good() | {NAME: 1}, "unknown key, the 5. of 5; allowed here"),
    "misspelt key": (good() | {"coment": ""}, "unknown key 'coment'; did you mean 'comment'?"),
    "unknown role": (good() | {"role": NAME}, "role: this is not allowed; say 'reader', 'senior' or 'arbiter'"),
}


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    make_project(tmp_path / "p", studies=2).close()
    assert run("-C", tmp_path / "p", "read", "assign").code == 0
    return tmp_path / "p"


def refused(run: Run, project: Path, content: str | bytes) -> str:
    """Import a file and return the message; nothing may have been imported, and nothing repeated."""
    file = project.parent / f"{NAME}.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    done = run("-C", project, "read", "import", file)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("mammoset: ")
    assert not [text for text in (ORIGINAL, NAME, "Traceback", "defect of the program") if text in done.err]
    assert len(done.err) < 2000
    people = json.loads(run("--json", "-C", project, "read", "status").out)["people"]
    assert [one["submitted"] for one in people] == [0, 0]
    return done.err


@pytest.mark.parametrize("kind", WRONG)
def test_one_wrong_reading_is_named_and_the_good_one_beside_it_waits(run: Run, project: Path, kind: str) -> None:
    wrong, says = WRONG[kind]
    text = json.dumps({"readings": [good(1, "r1"), wrong]})
    message = refused(run, project, text)
    assert "nothing was imported" in message
    assert "readings: readings[1]" in message
    assert "readings[0]" not in message
    assert says in message


def test_a_reader_who_reads_twice_is_refused_in_one_file_and_across_two(run: Run, project: Path) -> None:
    message = refused(run, project, json.dumps({"readings": [good(), good()]}))
    assert "readings[1]" in message
    assert "r0 has submitted already" in message
    file = project.parent / "one.json"
    file.write_text(json.dumps({"readings": [good()]}))
    assert run("-C", project, "read", "import", file).code == 0
    done = run("-C", project, "read", "import", file)
    assert done.code == 1
    assert "r0 has submitted already" in done.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not valid JSON at line 1, column 1"),
        (b'{"readings": [}', "not valid JSON at line 1, column 15"),
        (b"Nguyen^Lan" * 5_000_000, "not valid JSON at line 1"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"readings": ' * 100_000, "nested too deeply"),
        (b'{"readings": [{"a": ' + b"9" * 10_000 + b"}]}", "thousands of digits"),
        ('{"readings": []}'.encode("utf-16"), "not UTF-8"),
        (b"\xff\xfe\xfa", "not UTF-8"),
        (b'{"readings": [], "readings": []}', "a key is there twice"),
        (b'{"readings": [{"study_id": "2.25.0", "study_id": "2.25.1"}]}', "readings[0]: a key is there twice"),
        (b'{"readings": {"Nguyen^Lan": 1}}', 'expected {"readings": [...]}'),
        (b"null", 'expected {"readings": [...]}'),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(run: Run, project: Path, content: bytes, says: str) -> None:
    message = refused(run, project, content)
    assert says in message


def test_a_byte_order_mark_does_no_harm(run: Run, project: Path) -> None:
    file = project.parent / "bom.json"
    file.write_text(json.dumps({"readings": [good()]}), encoding="utf-8-sig")
    assert run("-C", project, "read", "import", file).out == "recorded 1 readings and 0 arbitrations\n"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*good(), "laterality", "box", "role"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["study_id", "reader_id", "breasts", "findings", "comment", "role", "confirmed"]), anything)
def test_whatever_stands_in_a_reading_is_taken_or_refused(project: Path, key: str, value: Any) -> None:
    text = json.dumps({"readings": [good() | {key: value}]})
    with Project.open(project) as opened:
        try:
            done = read.import_readings(opened, text, dry_run=True)
        except MammosetError:
            return
    assert (done.readings, done.arbitrations) == (1, 0)
