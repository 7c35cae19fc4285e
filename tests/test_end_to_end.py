"""The whole way: a phantom hospital's PACS to a verified release."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from mammoset import acquire
from mammoset.catalog import passwords
from mammoset.domain.flow import Flow
from mammoset.jobs.demo import DemoResult, run_demo
from mammoset.phantom.hospital import Hospital
from mammoset.pixels.codec import decode
from mammoset.project import Project
from mammoset.publish import verify
from tests.databases import SQLITE, catalogs_on
from tests.running import Run

EXAMS, SEED = 12, 7
TABLES = ("breast-level_annotations.csv", "finding_annotations.csv")
pytestmark = pytest.mark.xdist_group("end_to_end")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run_demo(tmp_path_factory.mktemp("demo"), exams=EXAMS, seed=SEED, size="small")


@pytest.fixture(scope="module")
def in_a_file(demo: DemoResult, tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    """Return one whose catalog is a file: run again, the demo writes its settings anew."""
    if (demo.project / "catalog.sqlite").exists():
        return demo
    with catalogs_on(SQLITE):
        return run_demo(tmp_path_factory.mktemp("demo"), exams=EXAMS, seed=SEED, size="small")


def run_again(demo: DemoResult, folder: Path, key: bytes | None) -> DemoResult:
    """Run the demo anew in another folder, with the key given or a new one."""
    if key is not None:
        vault = folder / "project.vault"
        vault.mkdir(parents=True, mode=0o700)
        (vault / "key").write_bytes(key)
    return run_demo(folder, exams=EXAMS, seed=SEED, size="small")


def tables(demo: DemoResult) -> list[bytes]:
    return [(demo.release / name).read_bytes() for name in TABLES]


def assert_adds_up(flow: Flow) -> None:
    for step, following in zip(flow.steps, flow.steps[1:], strict=False):
        assert step.count == following.count + sum(one.count for one in step.leaving), step


def test_as_many_exams_are_released_as_were_asked_for(demo: DemoResult) -> None:
    assert (demo.n_studies, demo.n_images) == (EXAMS, 4 * EXAMS)
    assert verify(demo.release).n_studies == EXAMS


def test_every_exam_of_the_hospital_is_accounted_for(demo: DemoResult) -> None:
    assert demo.flow.steps[0].count <= len(Hospital.load(demo.hospital).exams)
    assert demo.flow.steps[-1].count == EXAMS
    assert_adds_up(demo.flow)
    reasons = {one.reason for step in demo.flow.steps for one in step.leaving}
    assert "missing_views" in reasons


def test_of_text_that_was_burned_in_no_pixel_is_left_in_what_is_released(demo: DemoResult) -> None:
    left = []
    with Project.open(demo.project) as project:
        exams = Hospital.load(demo.hospital).exams
        names = acquire.pseudonyms_of(project, [image.image_id for exam in exams for image in exam.images])
        inked = {names[image.image_id]: image.text_boxes for exam in exams for image in exam.images}
        for study_id in project.approved_study_ids():
            for record in project.catalog.image_records(study_id):
                boxes = inked.get(record.image.image_id, ())
                pixels = decode(dcmread(project.content.path(record.image))) if boxes else None
                left += [
                    len(np.unique(pixels[int(box.ymin) : int(box.ymax), int(box.xmin) : int(box.xmax)])) - 1
                    for box in boxes
                    if pixels is not None
                ]
    assert len(left) > EXAMS
    assert set(left) == {0}


def test_no_planted_identifier_is_in_anything_outside_the_vault(demo: DemoResult) -> None:
    planted = [text.encode() for text in Hospital.load(demo.hospital).planted_strings]
    assert len(planted) > 100
    found = [
        (file.relative_to(demo.project), text)
        for file in demo.project.rglob("*")
        if file.is_file()
        for content in [file.read_bytes() + file.name.encode()]
        for text in planted
        if text in content
    ]
    assert not found


def test_the_same_key_gives_the_same_bytes(demo: DemoResult, tmp_path: Path) -> None:
    again = run_again(demo, tmp_path, (demo.vault / "key").read_bytes())
    assert tables(again) == tables(demo)
    assert (again.release / "SHA256SUMS.txt").read_bytes() == (demo.release / "SHA256SUMS.txt").read_bytes()


def test_another_key_gives_other_ids_and_the_same_statistics(demo: DemoResult, tmp_path: Path) -> None:
    other = run_again(demo, tmp_path, None)
    documents = [json.loads((one.release / "release.json").read_text()) for one in (demo, other)]
    digests = [document.pop("study_sha256") for document in documents]
    assert {"statistics", "agreement", "split_report"} <= documents[0].keys()
    assert documents[0] == documents[1]
    assert not digests[0].keys() & digests[1].keys()
    texts = [(one.release / "README.md").read_text() for one in (demo, other)]
    assert texts[0] == texts[1]
    folders = [{one.name for one in (each.release / "images").iterdir()} for each in (demo, other)]
    assert len(folders[0]) == len(folders[1]) == EXAMS
    assert not folders[0] & folders[1]


@pytest.mark.only_on("sqlite")
def test_a_finished_demo_run_again_changes_nothing(in_a_file: DemoResult) -> None:
    before = tables(in_a_file)
    again = run_demo(in_a_file.project.parent, exams=EXAMS, seed=SEED, size="small")
    assert again.flow == in_a_file.flow
    assert tables(in_a_file) == before


@pytest.mark.only_on("sqlite")
def test_everybody_of_the_demo_can_sign_in_with_the_password_that_was_drawn(in_a_file: DemoResult) -> None:
    again = run_demo(in_a_file.project.parent, exams=EXAMS, seed=SEED, size="small")
    assert {role for one in again.entrances for role in one.roles} == {"admin", "reader", "arbiter", "reviewer"}
    assert {one.password for one in again.entrances}.isdisjoint(one.password for one in in_a_file.entrances)
    with Project.open(again.project) as project:
        accounts = project.catalog.accounts.all()
    assert accounts.keys() == {one.name for one in again.entrances}
    assert all(passwords.is_right(accounts[one.name].password_hash, one.password) for one in again.entrances)


def test_the_command_prints_where_everything_is(run: Run, tmp_path: Path) -> None:
    done = run("demo", tmp_path / "d", "--exams", 3, "--seed", 1, "--size", "small", "--no-serve")
    assert done.code == 0, done.err
    assert "verified          3 exams, 12 images" in done.out
    assert "     3  with a final answer" in done.out
    shutil.rmtree(tmp_path / "d" / "project" / "releases")
    done = run("demo", tmp_path / "d", "--exams", 4, "--no-serve")
    assert done.code == 1
    assert "holds a demo made with" in done.err
