"""A release is complete, repeatable, frozen, and tells nothing of readers, times and hosts."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from sqlalchemy import update

from mammoset.catalog import Decision
from mammoset.catalog.tables import ImageRow
from mammoset.domain.tables import BREAST_COLUMNS, BREAST_FILE, FINDING_COLUMNS, FINDING_FILE
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError, ConfigError, DatasetDefect
from mammoset.pixels import codec
from mammoset.project import Project
from mammoset.publish import publish, verify
from mammoset.publish.layout import TRANSFER_SYNTAXES
from mammoset.terms.reasons import Outcome, Stage
from tests.publish.edits import FIRST, image_path
from tests.publish.small_project import FOLDS, MOMENT, READERS, images_of, make_project, put_study, split, uid


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Project]:
    """Give a project that a test may change."""
    with make_project(tmp_path / "own") as made:
        yield made


def test_the_files_are_those_of_a_release(original: Path) -> None:
    names = set(contents(original))
    images = {f"images/{image.study_id}/{image.image_id}.dicom" for n in range(6) for image in images_of(n, 0)}
    documents = {"LICENSE", "README.md", "SHA256SUMS.txt", "metadata.csv", "release.json", BREAST_FILE, FINDING_FILE}
    assert names == images | documents
    assert (original / "LICENSE").read_text() == "Anyone may read it.\n"
    assert (original / BREAST_FILE).read_text().splitlines()[0] == ",".join(BREAST_COLUMNS)
    assert (original / FINDING_FILE).read_text().splitlines()[0] == ",".join(FINDING_COLUMNS)
    assert (original / "metadata.csv").read_text().startswith("SOP Instance UID,SOP Class UID,Study Instance UID,")


def test_sha256sum_reads_the_list(original: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS.txt"],
        cwd=original,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    lines = (original / "SHA256SUMS.txt").read_text().splitlines()
    assert lines == sorted(lines, key=lambda line: line[66:])


def test_the_same_content_gives_the_same_bytes(original: Path, tmp_path: Path) -> None:
    """Another folder, another order of admission, two processes, and a clock that has moved on."""
    with make_project(tmp_path / "again") as again:
        folder = publish(again, "1.0.0", workers=2).folder
    assert contents(folder) == contents(original)


def test_a_release_tells_nothing_of_readers_times_and_hosts(original: Path) -> None:
    everything = b"\n".join(contents(original).values()).lower()
    secrets = [*READERS, "secretcomment", "secretae", "secret-host", "secretpacs", "secretpeer"]
    assert not [one for one in secrets if one.encode() in everything]
    assert not re.findall(rb"\b(?:11199|4299)\b", everything)
    documents = b"\n".join(data for name, data in contents(original).items() if not name.endswith(".dicom"))
    assert not re.findall(rb"\b(?:19|20)\d\d-\d\d-\d\d|\d\d:\d\d:\d\d", documents)
    assert MOMENT.strftime("%Y").encode() not in re.sub(rb"[0-9a-f.]{20,}", b"", documents)


@pytest.mark.parametrize("name", TRANSFER_SYNTAXES)
def test_each_transfer_syntax_holds_the_same_pixels_and_verifies(project: Project, name: str) -> None:
    number = list(TRANSFER_SYNTAXES).index(name)
    done = publish(project, f"2.0.{number}", transfer_syntax=name, workers=1)
    assert verify(done.folder, workers=1).n_images == done.n_images == 24
    dataset = dcmread(image_path(done.folder))
    assert dataset.file_meta.TransferSyntaxUID == TRANSFER_SYNTAXES[name]
    stored = codec.decode(dcmread(project.content.path(FIRST[0])))
    assert np.array_equal(codec.decode(dataset), stored)
    assert json.loads((done.folder / "release.json").read_text())["transfer_syntax"]["name"] == name


def test_nothing_is_added_to_what_the_gate_wrote(project: Project, original: Path) -> None:
    """Every attribute but the pixel data is as in the store; the header is neither edited nor extended."""
    for image in FIRST:
        released, stored = dcmread(image_path(original, image)), dcmread(project.content.path(image))
        del released.PixelData, stored.PixelData
        assert released == stored


def test_a_version_is_released_once(project: Project, original: Path) -> None:
    before = contents(original)
    with pytest.raises(CatalogError, match=r"release 1\.0\.0 exists.*choose the next version"):
        publish(project, "1.0.0", workers=1)
    assert contents(original) == before


@pytest.mark.parametrize("version", ["", "1", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "../1.0.0", "1.0.0/x", "1.0.0\n"])
def test_a_version_is_three_numbers(project: Project, version: str) -> None:
    with pytest.raises(ConfigError, match=r"is no version; write three numbers"):
        publish(project, version)


def test_an_unknown_transfer_syntax_is_refused(project: Project) -> None:
    with pytest.raises(ConfigError, match="'jpeg' is not allowed: jpeg-ls, jpeg2000, htj2k, uncompressed"):
        publish(project, "9.0.0", transfer_syntax="jpeg")


def test_a_dry_run_counts_and_writes_nothing(project: Project) -> None:
    before = set(project.releases.glob("*")) if project.releases.exists() else set()
    done = publish(project, "3.0.0", dry_run=True)
    assert (done.n_patients, done.n_studies, done.n_images, done.n_findings) == (5, 6, 24, 5)
    assert not done.folder.exists()
    assert (set(project.releases.glob("*")) if project.releases.exists() else set()) == before


def test_a_study_without_fold_stops_the_release_and_says_what_to_do(own: Project) -> None:
    split(own, FOLDS[:-1])
    with pytest.raises(CatalogError, match=r"1 of 6 exams .* have no fold.*run 'mammoset split' first"):
        publish(own, "1.0.0")
    assert not own.releases.exists()


def test_without_any_final_answer_there_is_nothing_to_release(tmp_path: Path) -> None:
    message = "no four-view exam has a final answer"
    with Project.create(tmp_path / "p", "p") as empty, pytest.raises(CatalogError, match=message):
        publish(empty, "1.0.0")


def test_only_final_approved_four_view_exams_are_released(own: Project) -> None:
    put_study(own, 50, 50)  # never read
    flag = Fact(FactKind.FLAGGED, uid("study", 2), READERS[0], MOMENT, reason="blurred")
    own.catalog.append([flag])
    own.catalog.decide([Decision(Stage.REVIEW, uid("study", 3), Outcome.EXCLUDED, "visible_identifier", by="reviewer")])
    done = publish(own, "1.0.0", workers=1)
    assert done.n_studies == 4
    table = (done.folder / BREAST_FILE).read_text()
    assert not [n for n in (2, 3, 50) if uid("study", n) in table]
    assert verify(done.folder, workers=1).n_studies == 4


def test_an_exam_without_a_standard_view_stays_out_and_is_counted(own: Project) -> None:
    study_id = uid("study", 2)
    record = own.catalog.study_records()[study_id]
    own.catalog.admit(record, own.catalog.image_records(study_id)[:3], [])
    done = publish(own, "1.0.0", workers=1)
    assert (done.n_studies, done.n_without_views) == (5, 1)
    assert study_id not in (done.folder / BREAST_FILE).read_text()


def test_a_run_that_was_stopped_goes_on_where_it_stood(own: Project) -> None:
    """The first run ends at the tenth image; what it wrote whole is kept, what it wrote half is not."""

    class Stopped(Exception):
        pass

    def stop_at_ten(what: str, done: int, total: int | None) -> None:
        if done == 10:
            raise Stopped

    with pytest.raises(Stopped):
        publish(own, "1.0.0", workers=1, progress=stop_at_ten)
    [staging] = own.releases.glob(".*")
    kept = {path: path.stat().st_mtime_ns for path in staging.rglob("*.dicom")}
    assert len(kept) == 10
    (next(iter(kept)).parent / ".half.dicom.1.part").write_bytes(b"half")
    inodes = {path.name: path.stat().st_ino for path in kept}
    done = publish(own, "1.0.0", workers=1)
    assert {name: ino for name, ino in _inodes(done.folder).items() if name in inodes} == inodes
    assert not list(own.releases.glob(".*"))
    assert verify(done.folder, workers=1).n_images == 24


def _inodes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.rglob("*.dicom")}


def test_images_left_by_a_run_of_another_transfer_syntax_are_not_used(own: Project) -> None:
    with pytest.raises(KeyboardInterrupt):
        publish(own, "1.0.0", transfer_syntax="htj2k", workers=1, progress=_interrupt)
    done = publish(own, "1.0.0", workers=1)
    assert verify(done.folder, workers=1).n_images == 24


def _interrupt(what: str, done: int, total: int | None) -> None:
    raise KeyboardInterrupt


def test_a_damaged_object_of_the_store_stops_the_release(own: Project) -> None:
    path = own.content.path(FIRST[0])
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    own.content.path(FIRST[1]).unlink()
    with pytest.raises(DatasetDefect) as caught:
        publish(own, "1.0.0", workers=1)
    message = str(caught.value)
    assert f"{FIRST[0].image_id}.dicom: the stored file is not the one that passed the gate" in message
    assert f"{FIRST[1].image_id}.dicom: it is not in the content store" in message
    assert not (own.releases / "1.0.0").exists()


def test_a_header_that_would_not_verify_stops_the_release(own: Project) -> None:
    record = next(one for one in own.catalog.image_records() if one.image == FIRST[0])
    dataset = dcmread(own.content.path(FIRST[0]))
    dataset.OperatorsName = "Nguyen^Thi"
    data = codec.file_bytes(dataset)
    own.content.path(FIRST[0]).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    with own.catalog.writing() as session:
        session.execute(update(ImageRow).where(ImageRow.image_id == record.image.image_id).values(file_sha256=digest))
    with pytest.raises(DatasetDefect, match="OperatorsName holds a person's name"):
        publish(own, "1.0.0", workers=1)
    assert not (own.releases / "1.0.0").exists()


def test_a_patient_in_two_folds_stops_the_release(own: Project) -> None:
    split(own, ("training", "test", *FOLDS[2:]))
    with pytest.raises(DatasetDefect, match="patient 'P0000' is in more than one split"):
        publish(own, "1.0.0", workers=1)
    assert not (own.releases / "1.0.0").exists()


def test_two_at_once_are_refused(own: Project) -> None:
    with own.lock("publish"), pytest.raises(CatalogError, match="already running"):
        publish(own, "1.0.0")


def test_the_example_of_the_datasheet_runs(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = publish(project, "4.0.0", transfer_syntax="uncompressed", workers=1).folder
    text = (folder / "README.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(code, names)
    pixels = names["pixels"]
    assert isinstance(pixels, np.ndarray)
    assert pixels.shape == (96, 64)
    assert isinstance(names["categories"], list)
