"""A wrong mammoset.toml or labels.toml: one message that names file, key and the nearest valid one; exit 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import make_project
from tests.running import Run

SETTINGS = [
    ('[dataset]\nname = "x"\n[pseudonymise]\n', ["unknown key 'pseudonymise'", "did you mean 'pseudonymize'?"]),
    ('[dataset]\nname = "x"\n[pseudonymize]\ncorner_hight = 0.1\n', ["'pseudonymize.corner_hight'", "'corner_height'"]),
    ('[dataset]\nname = "x"\n[pseudonymize]\ncorner_height = "big"\n', ["'pseudonymize.corner_height' = 'big'"]),
    ('[dataset]\nname = "x"\n[pseudonymize]\ncorner_height = 1.5\n', ["corner_height' = 1.5", "less than 1"]),
    ('[dataset]\nname = "x"\n[pseudonymize]\nworkers = 0\n', ["'pseudonymize.workers' = 0"]),
    ('[dataset]\nname = "x"\n[split]\nfolds = {training = -1}\n', ["'split.folds.training' = -1"]),
    ('[dataset]\nname = "x"\n[serve]\nport = 99999\n', ["'serve.port' = 99999", "65535"]),
    ('[dataset]\nname = "../x"\n', ["'dataset.name' = '../x'"]),
    ("[dataset]\n", ["'dataset.name' is missing"]),
    ("dataset = 3\n", ["'dataset' = 3"]),
    ('[dataset]\nname = "x"\nname = "y"\n', ["not valid TOML", "line 3"]),
    ("[dataset\n", ["not valid TOML", "line 1"]),
    ("x = " + "[" * 5000, ["nested"]),
]  # fmt: skip
LABELS = [
    ("[braest]\n", ["unknown key 'braest'", "did you mean 'breast'?"]),
    ("[breast]\nbirad = [1]\n", ["unknown key 'breast.birad'", "did you mean 'birads'?"]),
    ('[breast]\nbirads = ["1"]\n', ["'breast.birads' = ['1']", "0, 1, 2, 3, 4, 5, 6"]),
    ("[breast]\nbirads = [[1]]\n", ["'breast.birads' = [[1]]"]),
    ("[breast]\nbirads = [1.5]\n", ["'breast.birads' = [1.5]"]),
    ("[readers]\nreaders_per_study = true\n", ["'readers.readers_per_study' = True", "1 or 2"]),
    ("[readers]\nreaders_per_study = 2.0\n", ["'readers.readers_per_study' = 2.0"]),
    ("[matching]\niou = nan\n", ["'matching.iou' = nan"]),
    ('[reference]\nbox = ["mean"]\n', ["'reference.box' = ['mean']", "one of mean, union, senior, first"]),
    ("category = 3\n", ["'category'", "[[category]]"]),
    ('[[category]]\ndefinition = "x"\n', ["'category[0].name' is missing"]),
    ("[[category]]\nname = {}\n", ["'category[0].name' = {}"]),
    ("breast = 1\n", ["'breast' = 1", "[breast]"]),
    ("x = " + "[" * 5000, ["nested"]),
]


def fails(run: Run, project: Path, *command: str) -> str:
    done = run("-C", project, *command)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("mammoset: ")
    assert "Traceback" not in done.err
    assert "defect of the program" not in done.err
    return done.err


@pytest.mark.parametrize(("text", "says"), SETTINGS)
@pytest.mark.parametrize("command", [("status",), ("pseudonymize",)])
def test_a_wrong_setting_is_named(run: Run, tmp_path: Path, text: str, says: list[str], command: tuple[str]) -> None:
    make_project(tmp_path / "p", studies=1).close()
    (tmp_path / "p" / "mammoset.toml").write_text(text)
    message = fails(run, tmp_path / "p", *command)
    assert "mammoset.toml: " in message
    assert all(one in message for one in says), message


@pytest.mark.parametrize(("text", "says"), LABELS)
def test_a_wrong_label_is_named(run: Run, tmp_path: Path, text: str, says: list[str]) -> None:
    make_project(tmp_path / "p", studies=1).close()
    (tmp_path / "p" / "labels.toml").write_text(text)
    message = fails(run, tmp_path / "p", "read", "assign")
    assert "labels.toml: " in message
    assert all(one in message for one in says), message


@pytest.mark.parametrize("name", ["mammoset.toml", "labels.toml"])
def test_a_file_in_another_encoding_is_named(run: Run, tmp_path: Path, name: str) -> None:
    make_project(tmp_path / "p", studies=1).close()
    path = tmp_path / "p" / name
    text = path.read_text()
    path.write_text(text, encoding="utf-16")
    assert f"{name}: not UTF-8" in fails(run, tmp_path / "p", "read", "assign")
    path.write_text(text, encoding="utf-8-sig")
    assert run("-C", tmp_path / "p", "read", "assign").code == 0, "an editor's byte order mark does no harm"
