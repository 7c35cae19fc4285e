"""Corner sheets show what devices wrote, so they lie in the vault; what cannot be drawn is left out."""

from __future__ import annotations

import stat
from pathlib import Path

import cv2

from mammoset.pseudonymize.corner_sheets import ROWS, TILE, corner_sheets
from tests.pseudonymize.test_stage import ward


def heights(paths: tuple[Path, ...]) -> list[int]:
    pictures = [cv2.imread(str(path)) for path in paths]
    return [picture.shape[0] // TILE[1] for picture in pictures if picture is not None]


def test_each_image_is_a_row_and_the_sheets_lie_in_the_vault_for_its_owner_alone(tmp_path: Path) -> None:
    one = ward(tmp_path)
    for _ in range(4):
        one.admit()
    sheets = corner_sheets(one.project)
    assert heights(sheets) == [ROWS, 4]
    assert {path.parent for path in sheets} == {one.project.vault_path / "sheets"}
    assert stat.S_IMODE(sheets[0].parent.stat().st_mode) == 0o700
    assert not list(one.project.root.rglob("*.png"))


def test_no_more_than_asked_for_are_drawn_and_older_sheets_are_replaced(tmp_path: Path) -> None:
    one = ward(tmp_path)
    for _ in range(4):
        one.admit()
    corner_sheets(one.project)
    sheets = corner_sheets(one.project, limit=3)
    assert heights(sheets) == [3]
    assert sorted(sheets[0].parent.iterdir()) == list(sheets)


def test_what_cannot_be_decoded_is_left_out(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit(spoiled={0: b"no mammogram"})
    assert heights(corner_sheets(one.project)) == [3]


def test_an_empty_quarantine_gives_no_sheet(tmp_path: Path) -> None:
    assert corner_sheets(ward(tmp_path).project) == ()
