"""The rows of metadata.csv: literal, small in memory, and the same behind a process."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from pydicom import dcmread

from mammoset.errors import DatasetDefect
from mammoset.pixels import codec
from mammoset.publish.metadata import COLUMNS, KEY, Cells, metadata_of, pixel_digest, read_metadata, write_metadata
from tests.publish.edits import FIRST, image_path


def row_of(release: Path) -> Cells:
    dataset = dcmread(image_path(release))
    return metadata_of(dataset, pixel_digest(codec.decode(dataset)))


def test_a_row_is_what_the_table_holds_of_the_file(original: Path) -> None:
    table = {row[KEY]: row for row in read_metadata((original / "metadata.csv").read_text())}
    row = row_of(original)
    assert table[FIRST[0].image_id] == row
    assert (list(row), len(row), row["Patient ID"]) == (list(COLUMNS), len(COLUMNS), "P0000")
    with pytest.raises(KeyError):
        row["Patient's Name"]


def test_rows_that_say_the_same_share_it_also_behind_a_process(original: Path) -> None:
    """Twenty thousand rows of fifty cells each would otherwise take a tenth of a gigabyte."""
    row, read = row_of(original), read_metadata((original / "metadata.csv").read_text())[0]
    for other in (pickle.loads(pickle.dumps(row)), read):
        assert [other[column] is row[column] for column in COLUMNS if other[column] == row[column]].count(False) == 0


def test_rows_are_read_back_as_they_were_written() -> None:
    rows = [Cells(f"{column}, “{number}”\n" for column in COLUMNS) for number in range(3)]
    assert read_metadata(write_metadata(rows)) == rows


@pytest.mark.parametrize(("old", "new"), [(f"{KEY},", f"{KEY},{KEY},"), ("\n", ",\n")])
def test_a_table_of_another_form_is_refused(old: str, new: str) -> None:
    text = write_metadata([Cells("x" for _ in COLUMNS)])
    with pytest.raises(DatasetDefect, match=r"^metadata\.csv: "):
        read_metadata(text.replace(old, new))
