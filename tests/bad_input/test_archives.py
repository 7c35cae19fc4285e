"""Zip archives that are made to do harm: nothing is written outside the vault, nothing fills it, the rest goes on."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mammoset.acquire import folder as stage
from mammoset.engine import silent
from tests.bad_input.conftest import Desk
from tests.bad_input.made import VIEWS, encoded, image, put_exam

S_IFLNK = 0o120777 << 16


def members(study: int = 1) -> dict[str, bytes]:
    return {f"NGUYEN_LAN_{view}": encoded(image(study, view)) for view in VIEWS}


def zipped(content: dict[str, bytes], *, is_stored: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def everything(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if not path.is_relative_to(root / "project") and "vault" not in str(path)}


@pytest.mark.parametrize(
    "name",
    ["../../{}", "/tmp/mammoset-escaped/{}", "C:\\{}", "..\\..\\{}", "a/../../../{}", "{}\n../x", "=cmd|' /C calc'!{}"],
)
def test_names_that_lead_elsewhere_lead_nowhere(desk: Desk, tmp_path: Path, name: str) -> None:
    content = {name.format(key): data for key, data in members().items()}
    content[name.format("letter")] = b"Dear Mrs. Nguyen"
    (desk.originals / "Nguyen.zip").write_bytes(zipped(content))
    before = everything(tmp_path)
    desk.take()
    assert everything(tmp_path) == before
    assert not Path("/tmp/mammoset-escaped").exists()
    assert desk.passed() == 1
    assert desk.refused() == {"acquire not_dicom": 1}
    (row,) = desk.refused_files().splitlines()[1:2]
    assert str(desk.originals) in row, "the member is named behind its archive, so that no cell begins with a formula"


def test_a_link_in_an_archive_is_only_its_text(desk: Desk, tmp_path: Path) -> None:
    put_exam(desk.originals, 2)
    secret = tmp_path / "secret"
    secret.write_bytes(encoded(image(9, "L-CC")))
    with zipfile.ZipFile(desk.originals / "links.zip", "w") as archive:
        link = zipfile.ZipInfo("link.dcm")
        link.create_system, link.external_attr = 3, S_IFLNK
        archive.writestr(link, str(secret))
    desk.take()
    assert desk.refused() == {"acquire not_dicom": 1}
    assert desk.passed() == 1


def test_an_archive_in_an_archive_is_not_opened_and_counted(desk: Desk) -> None:
    inner = zipped({"deep": bytes(1_000_000)})
    for _ in range(5):
        inner = zipped({"inner.zip": inner})
    (desk.originals / "nested.zip").write_bytes(zipped({"inner.zip": inner, **members()}))
    desk.take()
    assert desk.refused() == {"acquire not_dicom": 1}
    assert desk.passed() == 1


def test_a_member_that_swells_is_refused_before_it_is_unpacked(desk: Desk) -> None:
    bomb = image(5, "L-CC")
    swollen = encoded(bomb) + bytes(70 << 20)
    (desk.originals / "bomb.zip").write_bytes(zipped({"NGUYEN": swollen, **members()}))
    desk.take()
    assert desk.refused() == {"acquire unreadable": 1}
    assert desk.passed() == 1


@pytest.mark.parametrize("claimed", [0xFFFFFFFE, 5 << 20, 0])
def test_a_member_that_lies_about_its_size_is_refused(desk: Desk, claimed: int) -> None:
    data = bytearray(zipped({"NGUYEN": encoded(image(5, "L-CC"))}, is_stored=True))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", claimed)
    (desk.originals / "liar.zip").write_bytes(data)
    put_exam(desk.originals, 1)
    desk.take()
    assert desk.refused() == {"acquire unreadable": 1}
    assert desk.passed() == 1


def test_two_thousand_members_are_counted_one_by_one(desk: Desk) -> None:
    content = {f"{number}": b"no DICOM" for number in range(2000)}
    (desk.originals / "many.zip").write_bytes(zipped({**content, **members()}, is_stored=True))
    desk.take()
    assert desk.refused() == {"acquire not_dicom": 2000}
    assert desk.passed() == 1


def test_an_encrypted_member_is_unreadable(desk: Desk) -> None:
    data = bytearray(zipped({"NGUYEN": encoded(image(5, "L-CC"))}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    (desk.originals / "locked.zip").write_bytes(data)
    put_exam(desk.originals, 1)
    desk.take()
    assert desk.refused() == {"acquire unreadable": 1}
    assert desk.passed() == 1


WHOLE = zipped(members())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 100))
def test_no_damage_to_an_archive_stops_the_run(tmp_path: Path, edits: list[tuple[int, int]], percent: int) -> None:
    data = bytearray(WHOLE)
    for at, value in [*edits, *((len(data) - 1 - at % 400, value) for at, value in edits)]:
        data[at] = value
    path = tmp_path / "damaged.zip"
    path.write_bytes(data[: len(data) * percent // 100] if percent < 60 else data)
    with stage.Shelf() as shelf, stage.Finds(":memory:") as finds:
        counts = stage._look([path], shelf, finds, None, silent)
        stage._foresee(shelf, finds, counts)
    assert all(count > 0 for count in counts.values())
