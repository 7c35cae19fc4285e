"""Files are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from mammoset.content import ContentStore, write_whole, writing
from mammoset.errors import DatasetDefect
from mammoset.model import Image
from mammoset.terms.dicom import Laterality, ViewPosition

IMAGE = Image("2.25.3", "2.25.2", "2.25.1", "P0", Laterality.L, ViewPosition.CC, 4, 4)


def test_an_object_lies_under_its_patient_and_study(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    write_whole(store.path(IMAGE), b"dicom")
    assert (tmp_path / "P0" / "2.25.1" / "2.25.3.dcm").read_bytes() == b"dicom"
    assert store.read(IMAGE) == b"dicom"


def test_a_missing_object_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatasetDefect, match=r"2\.25\.3\.dcm is missing; run 'mammoset pseudonymize' again"):
        ContentStore(tmp_path).read(IMAGE)


def break_halfway(path: Path) -> None:
    with writing(path) as temporary:
        temporary.write_bytes(b"ne")
        raise RuntimeError("halfway")


def test_a_write_that_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_whole(path, b"old")
    with pytest.raises(RuntimeError, match="halfway"):
        break_halfway(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
