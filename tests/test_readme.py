"""The README: its commands run, in its order, on a phantom hospital; what it says comes out does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mammoset.domain import tables
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import standing_of
from mammoset.model import Breast, Reading
from mammoset.phantom.hospital import build_hospital
from mammoset.phantom.pacs import EmbeddedPacs
from mammoset.project import Project
from mammoset.review import Group
from mammoset.terms.dicom import Laterality
from tests.running import Run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+?)(?:\s+#.*)?$", README, re.MULTILINE)
PEER = '\n[acquire.peers.NAME]\nhost = "127.0.0.1"\nport = {port}\nae_title = "PACS"\nmethod = "get"\n'


def test_ci_runs_exactly_the_test_command() -> None:
    assert "make test" in COMMANDS
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert lines == ["exec make test"]


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = [command.split()[1] for command in COMMANDS if command.startswith("make ")]
    assert targets == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if not link.startswith("http")]
    assert len(links) > 10
    assert not [link for link in links if not (ROOT / link).exists()]


def test_the_tables_are_described_by_their_columns() -> None:
    breast = re.search(r"breast-level_annotations.csv +(.+)", README)
    more = re.search(r"finding_annotations.csv +the same and (.+)", README)
    assert breast is not None
    assert more is not None
    assert tuple(breast[1].split(", ")) == tables.BREAST_COLUMNS
    assert set(breast[1].split(", ") + more[1].split(", ")) == set(tables.FINDING_COLUMNS)


def approve_all(project: Path, run: Run) -> None:
    """What reviewers do with the pages open: every value, every image, and some images a second time."""
    with Project.open(project) as opened:
        studies = [study.study_id for study in opened.catalog.studies()]
    groups = [f"group:{group}" for group in Group]
    for name, subjects in (("lan", groups), ("lan", studies), ("minh", studies)):
        assert run("-C", project, "review", "decide", "approve", *subjects, "--by", name).code == 0


def add_people(project: Path, run: Run) -> None:
    """Do what the comment says: and r2, and an arbiter."""
    run("-C", project, "user", "add", "r2", "--role", "reader")
    run("-C", project, "user", "add", "senior", "--role", "arbiter")


def write_readings(project: Path, run: Run) -> None:
    """Let both readers call every breast negative."""
    with Project.open(project) as opened:
        readings = [
            Reading(study_id, reader, tuple(Breast(side, 1, "B") for side in Laterality))
            for study_id, facts in opened.catalog.facts().items()
            for reader in standing_of(facts, opened.schema).pending
        ]
    (project / "readings.json").write_text(json.dumps({"readings": [reading_to_json(one) for one in readings]}))


BEFORE: dict[str, Callable[[Path, Run], None]] = {
    "mammoset read assign": add_people,
    "mammoset read import readings.json": write_readings,
}
INSTEAD: dict[str, Callable[[Path, Run], None]] = {"mammoset serve": approve_all}
SMALLER = {"100": "2"}


@pytest.fixture
def pacs(tmp_path: Path) -> Iterator[EmbeddedPacs]:
    hospital = build_hospital(tmp_path / "hospital", n_exams=3, seed=1, size="small", flaws={}, workers=1)
    with EmbeddedPacs(hospital.images) as opened:
        yield opened


def test_the_commands_run_in_the_order_in_which_they_stand(
    pacs: EmbeddedPacs, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = tmp_path / "my-dataset"
    for command in COMMANDS:
        if not command.startswith("mammoset "):
            continue
        if command in BEFORE:
            BEFORE[command](project, run)
        if command in INSTEAD:
            INSTEAD[command](project, run)
            continue
        words = [SMALLER.get(word, word) for word in command.split()[1:]]
        done = run(*words)
        assert done.code == 0, f"{command}: {done.err}"
        if words[0] == "init":
            settings = project / "mammoset.toml"
            few_patients = settings.read_text().replace("# k_anonymity = 5", "k_anonymity = 1")
            settings.write_text(few_patients + PEER.format(port=pacs.port))
            monkeypatch.chdir(project)
    assert (project / "releases" / "1.0.0" / "SHA256SUMS.txt").exists()
