"""A release that is not what it says it is fails, and the message says where."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mammoset.domain.tables import BREAST_FILE
from mammoset.errors import DatasetDefect, DatasetNotFound
from mammoset.publish import verify
from mammoset.publish.defects import SHOWN_DEFECTS
from tests.publish.edits import image_path, reseal, set_cell
from tests.publish.small_project import images_of
from tests.publish.tampered_documents import DOCUMENTS
from tests.publish.tampered_images import IMAGES
from tests.publish.tampered_tables import TABLES
from tests.publish.tamperings import L_CC, STUDY, Tampering


def failure(release: Path) -> str:
    with pytest.raises(DatasetDefect) as caught:
        verify(release, workers=1)
    return str(caught.value)


def test_a_release_verifies_and_is_counted(release: Path) -> None:
    done = verify(release, workers=1)
    assert (done.name, done.version) == ("small", "1.0.0")
    assert (done.n_patients, done.n_studies, done.n_images, done.n_findings, done.n_files) == (5, 6, 24, 5, 31)
    assert json.loads(json.dumps(done.to_json()))["n_images"] == 24


def test_a_release_verifies_under_another_name_with_several_processes(release: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    elsewhere = release.rename(release.with_name("elsewhere"))
    verify(elsewhere, workers=2, progress=lambda what, done, total: seen.append((done, total)))
    assert seen == [(n, 24) for n in range(1, 25)]


@pytest.mark.parametrize("one", [*TABLES, *IMAGES, *DOCUMENTS], ids=lambda one: one.name)
def test_a_change_is_found_and_named_though_all_checksums_are_recomputed(release: Path, one: Tampering) -> None:
    one.spoil(release)
    reseal(release)
    message = failure(release)
    for word in one.named:
        assert word in message, message
    assert "Nguyen" not in message
    assert message.isprintable() or set(filter(lambda c: not c.isprintable(), message)) == {"\n"}


@pytest.mark.parametrize("position", [200, -1])
def test_one_flipped_byte_of_an_image_is_found(release: Path, position: int) -> None:
    path = image_path(release)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
    assert f"{L_CC.image_id}.dicom: its SHA-256 is" in failure(release)


def test_a_change_of_a_table_is_found_by_its_checksum_and_by_what_it_says(release: Path) -> None:
    set_cell(L_CC, "breast_density", "DENSITY C", BREAST_FILE)(release)
    message = failure(release)
    assert f"{BREAST_FILE}: its SHA-256 is" in message
    assert f"study {STUDY}, left breast: breast_density is 'DENSITY C' in CC, 'DENSITY B' in MLO" in message


def test_files_that_are_not_in_the_list_or_missing_are_named(release: Path) -> None:
    image_path(release).rename(release / "images" / STUDY / "2.25.7.dicom")
    message = failure(release)
    assert "2.25.7.dicom: is there, but not in SHA256SUMS.txt" in message
    assert f"{L_CC.image_id}.dicom: is missing: SHA256SUMS.txt lists it" in message


@pytest.mark.parametrize(
    "line",
    [
        f"{'0' * 64}  ../../etc/passwd",
        f"{'0' * 64}  /etc/passwd",
        f"{'0' * 64}  images/../../x",
        f"{'0' * 64}  images\\x",
        f"{'0' * 64} *LICENSE",
        f"{'0' * 63}  LICENSE",
        "",
        f"{'0' * 64}  a\x1b[2Jb",
    ],
)
def test_a_list_of_checksums_that_leads_elsewhere_is_refused(release: Path, line: str) -> None:
    sums = release / "SHA256SUMS.txt"
    sums.write_text(f"{line}\n{sums.read_text()}")
    message = failure(release)
    assert "SHA256SUMS.txt: line 1 is no checksum and relative file name" in message
    assert "\x1b" not in message


def test_a_file_listed_twice_is_refused(release: Path) -> None:
    sums = release / "SHA256SUMS.txt"
    first = sums.read_text().splitlines()[0]
    sums.write_text(f"{first}\n{sums.read_text()}")
    assert "line 2 is out of order or names a file again: 'LICENSE'" in failure(release)


@pytest.mark.parametrize("name", ["LICENSE", f"images/{STUDY}/{L_CC.image_id}.dicom", "SHA256SUMS.txt", "release.json"])
def test_a_link_is_refused_and_not_followed(release: Path, tmp_path: Path, name: str) -> None:
    path = release / name
    shutil.move(path, tmp_path / "outside")
    path.symlink_to(tmp_path / "outside")
    assert f"{name}: is a symbolic link" in failure(release)


def test_a_linked_folder_is_refused_and_not_followed(release: Path, tmp_path: Path) -> None:
    folder = release / "images" / STUDY
    shutil.move(folder, tmp_path / "outside")
    folder.symlink_to(tmp_path / "outside")
    assert f"images/{STUDY}: is a symbolic link" in failure(release)


def test_a_pipe_is_refused_and_not_opened(release: Path) -> None:
    (release / "LICENSE").unlink()
    os.mkfifo(release / "LICENSE")
    assert "LICENSE: is neither a file nor a folder" in failure(release)


def test_a_name_that_moves_the_cursor_is_shown_harmlessly(release: Path) -> None:
    (release / "a\x1b[2Jb\nc").write_text("x")
    message = failure(release)
    assert "\x1b" not in message
    assert "is there, but not in SHA256SUMS.txt" in message


def test_a_study_in_one_fold_whose_patient_is_in_two_is_found(release: Path) -> None:
    """The second exam of the first patient goes to the other fold, in all tables, with statistics recomputed."""
    for image in images_of(1, 0):
        set_cell(image, "split", "test")(release)
    reseal(release)
    assert "patient 'P0000' is in more than one split: 'test', 'training'" in failure(release)


def test_many_differences_are_counted_and_only_some_are_shown(release: Path) -> None:
    for number in range(SHOWN_DEFECTS + 50):
        (release / f"{number}.txt").write_text("x")
    message = failure(release)
    assert message.splitlines()[0] == f"1.0.0 is not what it says it is: {SHOWN_DEFECTS + 50} differences"
    assert message.splitlines()[-1] == "  … and 50 more"
    assert len(message.splitlines()) == SHOWN_DEFECTS + 2


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, Path.touch], ids=["absent", "empty", "a file"])
def test_what_is_no_release_is_said_to_be_none(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    with pytest.raises(DatasetNotFound, match=r"^x: "):
        verify(tmp_path / "x")


def test_verification_needs_neither_project_nor_catalog(release: Path) -> None:
    """A fresh interpreter verifies with the modules of the project made unavailable."""
    code = """
import sys
for name in ("project", "catalog", "content", "vault"):
    sys.modules["mammoset." + name] = None
import types
package = types.ModuleType("mammoset.publish")
package.__path__ = [sys.argv[2]]
sys.modules["mammoset.publish"] = package
from pathlib import Path
from mammoset.publish.verify import verify
print(verify(Path(sys.argv[1]), workers=1).n_images)
"""
    package = str(Path(verify.__code__.co_filename).parent)
    done = subprocess.run(
        [sys.executable, "-c", code, str(release), package], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(package).parents[1])},
    )  # fmt: skip
    assert done.stdout == "24\n", done.stderr
