"""Changes of the three tables of a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mammoset.domain.tables import BREAST_FILE, FINDING_FILE
from tests.publish.edits import edit_rows, edit_text, set_cell
from tests.publish.small_project import uid
from tests.publish.tamperings import L_CC, R_CC, R_MLO, STUDY, Tampering


def density_everywhere(release: Path) -> None:
    """Change a breast's density consistently: both tables, both views."""
    for image in (R_CC, R_MLO):
        set_cell(image, "breast_density", "DENSITY C")(release)


def swap_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [rows[1], rows[0], *rows[2:]]


def _finding_on_negative(rows: list[dict[str, str]]) -> None:
    row = next(one for one in rows if one["study_id"] == uid("study", 1))
    row.update(finding_categories="['Skin Thickening']", xmin="1.0", ymin="1.0", xmax="30.0", ymax="30.0")


def _no_finding_beside(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    row = next(one for one in rows if one["image_id"] == L_CC.image_id)
    empty = {
        "finding_categories": "['No Finding']",
        **dict.fromkeys(("finding_birads", "xmin", "ymin", "xmax", "ymax"), ""),
    }
    place = rows.index(row)
    return [*rows[: place + 1], {**row, **empty}, *rows[place + 1 :]]


def _without_calcification(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if "Calcification" in row["finding_categories"]:
            row.update(finding_categories="['No Finding']", finding_birads="", xmin="", ymin="", xmax="", ymax="")


def _bytes(release: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = release / name
    path.write_bytes(change(path.read_bytes()))


TABLES = (
    Tampering(
        "one density of one breast",
        set_cell(L_CC, "breast_density", "DENSITY C", BREAST_FILE),
        (BREAST_FILE, STUDY, "left breast", "DENSITY C", "DENSITY B"),
    ),
    Tampering(
        "a density in both tables and both views",
        density_everywhere,
        ("release.json", "statistics, breast_density, training, DENSITY C", f"study_sha256, {STUDY}", "README.md"),
    ),
    Tampering(
        "a BI-RADS",
        set_cell(L_CC, "breast_birads", "BI-RADS 5", BREAST_FILE),
        (STUDY, "left breast", "BI-RADS 5", "BI-RADS 4"),
    ),
    Tampering("an unknown BI-RADS", set_cell(L_CC, "breast_birads", "BI-RADS 6"), ("'BI-RADS 6' is not among",)),
    Tampering("an empty density", set_cell(L_CC, "breast_density", ""), ("breast_density '' is not among",)),
    Tampering("a density of another form", set_cell(L_CC, "breast_density", "B"), ("'B' is not a density",)),
    Tampering("a side", set_cell(L_CC, "laterality", "R"), (STUDY, "not each of the four standard views once")),
    Tampering("an unknown view", set_cell(L_CC, "view_position", "ML"), ("view_position 'ML' is not among CC, MLO",)),
    Tampering("a height", set_cell(L_CC, "height", "97"), ("height is '97'", "'96'")),
    Tampering("a width of letters", set_cell(L_CC, "width", "x"), ("width", "'x' is not a whole number")),
    Tampering("a series", set_cell(L_CC, "series_id", "2.25.1"), ("series_id is '2.25.1'", "metadata.csv")),
    Tampering("a study", set_cell(L_CC, "study_id", "2.25.1"), ("study 2.25.1", "there is no such file")),
    Tampering("an image", set_cell(L_CC, "image_id", "2.25.1"), ("image 2.25.1", "there is no such file")),
    Tampering("a fold of one image", set_cell(L_CC, "split", "test"), (f"study '{STUDY}' is in more than one split",)),
    Tampering("an unknown fold", set_cell(L_CC, "split", "validation"), ("split 'validation' is not among",)),
    Tampering(
        "a box moved",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", "11.0,12.0,40.0"),
        ("release.json", f"study_sha256, {STUDY}"),
    ),
    Tampering(
        "a box outside",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", "10.0,12.0,65.0"),
        (STUDY, "the box leaves the image"),
    ),
    Tampering(
        "a box inside out",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", "40.0,12.0,10.0"),
        (STUDY, "the box is smaller"),
    ),
    Tampering(
        "a box without an edge",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", ",12.0,40.0"),
        (L_CC.image_id, "a finding without box"),
    ),
    Tampering(
        "an edge that is no number",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", "nan,12.0,40.0"),
        (FINDING_FILE, "xmin", "'nan'"),
    ),
    Tampering(
        "an edge spelt otherwise",
        lambda r: edit_text(r, FINDING_FILE, "10.0,12.0,40.0", "10,12.0,40.0"),
        (FINDING_FILE, "a release would have"),
    ),
    Tampering(
        "a finding above its breast",
        set_cell(L_CC, "finding_birads", "BI-RADS 5", FINDING_FILE),
        (STUDY, "5 of the finding, 4 of the breast"),
    ),
    Tampering(
        "a finding without its BI-RADS",
        set_cell(L_CC, "finding_birads", "", FINDING_FILE),
        (STUDY, "Mass needs a BI-RADS"),
    ),
    Tampering(
        "an unknown category",
        lambda r: edit_text(r, FINDING_FILE, "'Asymmetry'", "'Cyst'"),
        ("finding category 'Cyst'",),
    ),
    Tampering(
        "another category",
        lambda r: edit_text(r, FINDING_FILE, "'Asymmetry'", "'Focal Asymmetry'"),
        ("statistics, findings, training, Asymmetry",),
    ),
    Tampering(
        "a category that is code",
        lambda r: edit_text(r, FINDING_FILE, "['Asymmetry']", "__import__('os')"),
        (FINDING_FILE, "is not a list such as"),
    ),
    Tampering(
        "no finding with a box",
        lambda r: edit_text(r, FINDING_FILE, "['Asymmetry']", "['No Finding']"),
        ("'No Finding' with a box",),
    ),
    Tampering(
        "a finding on a negative breast",
        lambda r: edit_rows(r, FINDING_FILE, _finding_on_negative),
        (uid("study", 1), "its breast is BI-RADS 1"),
    ),
    Tampering(
        "no finding beside a finding",
        lambda r: edit_rows(r, FINDING_FILE, _no_finding_beside),
        (L_CC.image_id, "'No Finding' beside another row"),
    ),
    Tampering(
        "a finding removed",
        lambda r: edit_rows(r, FINDING_FILE, _without_calcification),
        ("statistics, findings, training, Suspicious Calcification",),
    ),
    Tampering(
        "an image removed from a table",
        lambda r: edit_rows(r, BREAST_FILE, lambda rows: rows[1:]),
        (BREAST_FILE, "is missing; another table has it"),
    ),
    Tampering("a row twice", lambda r: edit_rows(r, BREAST_FILE, lambda rows: [rows[0], *rows]), ("is there 2 times",)),
    Tampering("rows in another order", lambda r: edit_rows(r, "metadata.csv", swap_rows), ("release.json",)),
    Tampering("rows of another order", lambda r: edit_rows(r, BREAST_FILE, swap_rows), ("line 2",)),
    Tampering("a header", lambda r: edit_text(r, BREAST_FILE, "view_position", "view"), ("no column view_position",)),
    Tampering(
        "columns in another order", lambda r: edit_text(r, BREAST_FILE, "height,width", "width,height"), ("line 1",)
    ),
    Tampering("a cell too many", lambda r: edit_text(r, BREAST_FILE, ",test\n", ",test,\n", 1), ("11 values",)),
    Tampering(
        "line ends of another system",
        lambda r: _bytes(r, BREAST_FILE, lambda b: b.replace(b"\n", b"\r\n")),
        (BREAST_FILE, "line 1"),
    ),
    Tampering(
        "no end of the last line",
        lambda r: _bytes(r, "metadata.csv", lambda b: b[:-1]),
        ("metadata.csv: line 25 is", "a release would have"),
    ),
    Tampering("a byte order mark", lambda r: _bytes(r, BREAST_FILE, lambda b: b"\xef\xbb\xbf" + b), (BREAST_FILE,)),
    Tampering("no UTF-8", lambda r: _bytes(r, FINDING_FILE, lambda b: b + b"\xff\xfe\n"), (FINDING_FILE, "not UTF-8")),
    Tampering("zero bytes", lambda r: _bytes(r, FINDING_FILE, lambda b: b + b"\0" * 50), (FINDING_FILE, "1 values")),
    Tampering(
        "a cell of a million letters",
        lambda r: _bytes(r, BREAST_FILE, lambda b: b + b"x" * 1_000_000),
        (BREAST_FILE, "field larger than"),
    ),
    Tampering(
        "a table of ten megabytes", lambda r: _bytes(r, BREAST_FILE, lambda b: b * 2000), (BREAST_FILE, "is larger")
    ),
    Tampering("an open quote", lambda r: edit_text(r, BREAST_FILE, ",test\n", ',"test\n', 1), (BREAST_FILE,)),
    Tampering(
        "an age in the metadata",
        set_cell(L_CC, "Patient's Age", "040Y", "metadata.csv", key="SOP Instance UID"),
        ("metadata.csv", L_CC.image_id, "Patient's Age is '040Y', the file says '038Y'"),
    ),
    Tampering(
        "a patient in the metadata",
        set_cell(L_CC, "Patient ID", "P0009", "metadata.csv", key="SOP Instance UID"),
        ("Patient ID is 'P0009'", "images of 2 patients"),
    ),
    Tampering(
        "a row less in the metadata",
        lambda r: edit_rows(r, "metadata.csv", lambda rows: rows[1:]),
        ("metadata.csv", "is missing; another table has it"),
    ),
    Tampering(
        "a column less in the metadata",
        lambda r: edit_text(r, "metadata.csv", ",Pixel SHA-256", ""),
        ("metadata.csv", "the header is not"),
    ),
)
