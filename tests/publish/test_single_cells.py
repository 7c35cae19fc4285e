"""Whatever cell of the two tables is changed, the release fails, though all checksums are recomputed."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mammoset.domain.tables import BREAST_COLUMNS, BREAST_FILE, FINDING_COLUMNS, FINDING_FILE
from mammoset.errors import DatasetDefect
from mammoset.publish.defects import Defects
from mammoset.publish.layout import DOCUMENTS, ids_of
from mammoset.publish.metadata import KEY, read_metadata
from mammoset.publish.verify import check_contents, verify
from tests.publish.edits import edit_rows, reseal

COLUMNS = {BREAST_FILE: BREAST_COLUMNS, FINDING_FILE: FINDING_COLUMNS}


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, int, str, int]:
    """Draw a table, a row, a column, and the row from which a plausible other value is taken (or -1)."""
    name = draw(st.sampled_from([BREAST_FILE, FINDING_FILE]))
    return name, draw(st.integers(0, 23)), draw(st.sampled_from(COLUMNS[name])), draw(st.integers(-1, 23))


def changed(text: str, row: int, column: str, value_from: int, other: str) -> str:
    """Return a table with one cell changed: to the value that another row has there, or to any text."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    value = other if value_from < 0 else rows[value_from][column]
    assume(value != rows[row][column])
    rows[row][column] = value
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cell=cells(), other=st.one_of(st.text(max_size=20), st.floats(0, 90).map(str), st.integers(0, 96).map(str)))
def test_any_other_value_of_any_cell_is_found(original: Path, cell: tuple[str, int, str, int], other: str) -> None:
    texts = {name: (original / name).read_text(encoding="utf-8") for name in DOCUMENTS}
    names = [path.relative_to(original).as_posix() for path in original.rglob("*.dicom")]
    images = {row[KEY]: row for row in read_metadata(texts["metadata.csv"])}
    clean, spoilt = Defects(), Defects()
    check_contents(texts, names, images, clean)
    assert not clean.shown

    name, row, column, value_from = cell
    texts[name] = changed(texts[name], row, column, value_from, other)
    check_contents(texts, names, images, spoilt)
    assert spoilt.count
    assert all(ids_of(one) for one in names)


@pytest.mark.parametrize("name", [BREAST_FILE, FINDING_FILE])
def test_each_column_in_a_whole_verification(original: Path, tmp_path: Path, name: str) -> None:
    """The same through files, checksums and decoding: one cell of every column, as another row has it."""
    for column in COLUMNS[name]:

        def change(rows: list[dict[str, str]], column: str = column) -> None:
            first = rows[0]
            value = next((row[column] for row in rows if row[column] != first[column]), "97")
            first[column] = value

        release = shutil.copytree(original, tmp_path / column)
        edit_rows(release, name, change)
        reseal(release)
        with pytest.raises(DatasetDefect, match=r"annotations\.csv"):
            verify(release, workers=1)
