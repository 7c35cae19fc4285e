"""A real processed mammogram: GE, JPEG Lossless, SIGMOID, three windows, three VOI tables, private elements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.pixels.codec import decode, file_bytes, with_pixels
from mammoset.pixels.header import quietly
from mammoset.pixels.window import Presentation, display_values
from mammoset.pseudonymize.gate import Rebuilt, rebuild
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL, JPEG_LS_LOSSLESS
from tests.pseudonymize.hostile import NAMES, passed

REAL = Path(__file__).parents[3] / "shared" / "real" / "GH133.dcm"
pytestmark = pytest.mark.skipif(not REAL.exists(), reason=f"the real file {REAL.name} is not here")


@pytest.fixture(scope="module")
def original() -> Dataset:
    with quietly():
        return dcmread(REAL)


@pytest.fixture(scope="module")
def rebuilt(original: Dataset) -> Rebuilt:
    return rebuild(original, NAMES)


def test_pixels_are_equal_outside_the_two_corners_away_from_the_chest_wall(original: Dataset, rebuilt: Rebuilt) -> None:
    before = decode(original)
    assert before.shape == (3062, 2394)
    assert [box[0] for box in rebuilt.masked] == [0, 0]
    for xmin, ymin, xmax, ymax in rebuilt.masked:
        before[ymin:ymax, xmin:xmax] = 0
    assert np.array_equal(rebuilt.pixels, before)


def test_windows_and_tables_are_kept(original: Dataset, rebuilt: Rebuilt) -> None:
    before, after = Presentation.of(original), Presentation.of(rebuilt.dataset)
    assert before == after
    assert after.voi_lut_function == "SIGMOID"
    assert [one.explanation for one in after.windows] == ["NORMAL", "HARDER", "SOFTER"]
    assert [one.explanation for one in after.voi_luts] == ["NORMAL", "HARDER", "SOFTER"]


def test_a_window_and_its_table_show_nearly_the_same(rebuilt: Rebuilt) -> None:
    presentation = Presentation.of(rebuilt.dataset)
    window, table = (display_values(rebuilt.pixels, presentation, choice).astype(int) for choice in (0, 3))
    assert np.abs(window - table).max() <= 2


def test_no_original_uid_or_text_is_left(original: Dataset, rebuilt: Rebuilt, tmp_path: Path) -> None:
    treat(GateTask(REAL, tmp_path, NAMES))
    (stored,) = tmp_path.rglob("*.dcm")
    files = [stored.read_bytes(), file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, EXPLICIT_VR_LE))]
    secrets = {"GESEN121", "NPL0186", "ADS_54", "DOBCO", "MAMMOSCREENING", "20150929", "ANON", "GEMS_SENO", "Tamar"}
    with quietly():
        uids = {str(one.value) for one in [*original.iterall(), *original.file_meta] if one.VR == "UI"}
    secrets |= {uid for uid in uids if not uid.startswith("1.2.840.10008.")}
    assert len(secrets) > 12
    assert not [secret for secret in secrets for data in files if secret.encode() in data]


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("syntax", [EXPLICIT_VR_LE, JPEG_LS_LOSSLESS])
def test_the_validator_finds_no_error(
    rebuilt: Rebuilt, syntax: str, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    (tmp_path / "object.dcm").write_bytes(file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, syntax)))
    assert not dciodvfy_errors(tmp_path / "object.dcm")


def test_the_stored_file_is_smaller_than_the_original_and_of_the_right_syntax(tmp_path: Path) -> None:
    record = passed(GateTask(REAL, tmp_path, NAMES))
    (stored,) = tmp_path.rglob("*.dcm")
    assert dcmread(stored).file_meta.TransferSyntaxUID == HTJ2K_LOSSLESS_RPCL
    assert record.size < REAL.stat().st_size
