"""Changes of a release, made with all checksums recomputed, and what the message has to name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydicom.dataset import Dataset

from mammoset.domain.tables import BREAST_FILE, FINDING_FILE
from mammoset.pixels import codec
from mammoset.terms.dicom import EXPLICIT_VR_LE, JPEG_LS_LOSSLESS
from tests.publish.edits import FIRST, edit_image, edit_json, edit_rows, edit_text, image_path, set_cell
from tests.publish.small_project import uid

L_CC, L_MLO, R_CC, R_MLO = FIRST
STUDY = L_CC.study_id
Spoil = Callable[[Path], Any]


class Tampering(NamedTuple):
    """A change, made with all checksums recomputed, and what the message has to name."""

    name: str
    spoil: Spoil
    named: tuple[str, ...]


def density_everywhere(release: Path) -> None:
    """Change a breast's density consistently: both tables, both views."""
    for image in (R_CC, R_MLO):
        set_cell(image, "breast_density", "DENSITY C")(release)


def swap_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [rows[1], rows[0], *rows[2:]]


def private(dataset: Dataset) -> None:
    dataset.private_block(0x0011, "SOMEBODY", create=True).add_new(0x01, "LO", "Nguyen")


def other_pixel(dataset: Dataset) -> Dataset:
    pixels = codec.decode(dataset).copy()
    pixels[3, 3] = pixels[4, 4]
    return codec.with_pixels(dataset, pixels, JPEG_LS_LOSSLESS)


def cut_pixels(dataset: Dataset) -> None:
    dataset.PixelData = dataset.PixelData[: len(dataset.PixelData) // 4 * 2]


def move_to_patient(dataset: Dataset) -> None:
    dataset.PatientID = dataset.PatientName = "P0004"


def far_too_large(dataset: Dataset) -> None:
    dataset.Rows = dataset.Columns = 65535


def nested_name(dataset: Dataset) -> None:
    item = Dataset()
    item.PerformingPhysicianName = "Nguyen^Thi"
    dataset.ViewCodeSequence[0].AnatomicRegionSequence = [item]


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


def _image_bytes(release: Path, change: Callable[[bytes], bytes]) -> None:
    path = image_path(release)
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

IMAGES = (
    Tampering("another pixel", edit_image(other_pixel), (L_CC.image_id, "Pixel SHA-256")),
    Tampering("pixels cut off", edit_image(cut_pixels), (L_CC.image_id, "cannot be decoded")),
    Tampering("rows of the header", edit_image(lambda d: setattr(d, "Rows", 95)), (L_CC.image_id, "cannot be decoded")),
    Tampering("a hundred million rows", edit_image(far_too_large), (L_CC.image_id, "cannot be decoded", "pixel_size")),
    Tampering(
        "a largest value",
        edit_image(lambda d: setattr(d, "LargestImagePixelValue", 4000)),
        ("LargestImagePixelValue is 4000",),
    ),
    Tampering(
        "another image's UID",
        edit_image(lambda d: setattr(d, "SOPInstanceUID", L_MLO.image_id)),
        (L_CC.image_id, "SOPInstanceUID is"),
    ),
    Tampering(
        "another study's UID",
        edit_image(lambda d: setattr(d, "StudyInstanceUID", "2.25.9")),
        ("StudyInstanceUID is '2.25.9'",),
    ),
    Tampering(
        "another class",
        edit_image(lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.7")),
        ("SOPClassUID is",),
    ),
    Tampering(
        "another intent",
        edit_image(lambda d: setattr(d, "PresentationIntentType", "FOR PROCESSING")),
        ("PresentationIntentType is 'FOR PROCESSING'",),
    ),
    Tampering(
        "another view", edit_image(lambda d: setattr(d, "ViewPosition", "MLO")), ("are not what ViewCodeSequence says",)
    ),
    Tampering("another side", edit_image(lambda d: setattr(d, "ImageLaterality", "R")), ("Image Laterality is 'L'",)),
    Tampering("another age", edit_image(lambda d: setattr(d, "PatientAge", "070Y")), ("the file says '070Y'",)),
    Tampering(
        "a patient of another fold", edit_image(move_to_patient), ("Patient ID is 'P0000', the file says 'P0004'",)
    ),
    Tampering(
        "a name", edit_image(lambda d: setattr(d, "PatientName", "Nguyen^Thi")), ("PatientName is not the pseudonym",)
    ),
    Tampering("a name deep inside", edit_image(nested_name), ("PerformingPhysicianName holds a person's name",)),
    Tampering("a date", edit_image(lambda d: setattr(d, "StudyDate", "20200101")), ("StudyDate holds a date",)),
    Tampering(
        "a hospital", edit_image(lambda d: setattr(d, "InstitutionName", "H108")), ("InstitutionName is not empty",)
    ),
    Tampering("a private attribute", edit_image(private), ("holds the private attribute",)),
    Tampering(
        "no word of removal", edit_image(lambda d: delattr(d, "PatientIdentityRemoved")), ("PatientIdentityRemoved",)
    ),
    Tampering(
        "no method of removal",
        edit_image(lambda d: delattr(d, "DeidentificationMethodCodeSequence")),
        ("DeidentificationMethodCodeSequence",),
    ),
    Tampering(
        "a sender",
        edit_image(lambda d: setattr(d.file_meta, "SourceApplicationEntityTitle", "HIS")),
        ("file meta information names a system",),
    ),
    Tampering("a preamble", lambda r: _image_bytes(r, lambda b: b"NGUYEN THI" + b[10:]), ("empty preamble",)),
    Tampering(
        "another encoding",
        edit_image(lambda d: codec.with_pixels(d, codec.decode(d), EXPLICIT_VR_LE)),
        (L_CC.image_id, "Transfer Syntax UID"),
    ),
    Tampering("an empty file", lambda r: _image_bytes(r, lambda b: b""), (L_CC.image_id, "is no DICOM file")),
    Tampering("half a file", lambda r: _image_bytes(r, lambda b: b[:1500]), (L_CC.image_id,)),
    Tampering(
        "noise",
        lambda r: _image_bytes(r, lambda b: bytes(128) + b"DICM" + np.random.default_rng(1).bytes(4000)),
        (L_CC.image_id, "cannot be decoded"),
    ),
)

DOCUMENTS = (
    Tampering(
        "a statistic of release.json",
        edit_json(lambda d: d["statistics"]["age"]["training"].update({"60–64": 9})),
        ("release.json", "statistics, age, training, 60–64", "'9'", "'1'"),
    ),
    Tampering(
        "a count of release.json",
        edit_json(lambda d: d["counts"].update(images=25)),
        ("counts, images", "'25'", "'24'"),
    ),
    Tampering(
        "a vocabulary",
        edit_json(lambda d: d["vocabularies"]["breast_birads"].append("BI-RADS 6")),
        ("release.json", "vocabularies"),
    ),
    Tampering("a category of the schema", edit_json(lambda d: d["label_schema"]["category"].pop()), ("release.json",)),
    Tampering(
        "a schema of another shape", edit_json(lambda d: d.update(label_schema=[1, 2])), ("release.json", "shape")
    ),
    Tampering(
        "a newer format", edit_json(lambda d: d.update(format_version=2)), ("release.json", "format_version is '2'")
    ),
    Tampering("no statistics", edit_json(lambda d: d.pop("statistics")), ("release.json", "statistics")),
    Tampering("digests of no study", edit_json(lambda d: d["study_sha256"].popitem()), ("study_sha256", "nothing")),
    Tampering("no JSON", lambda r: (r / "release.json").write_text("{"), ("release.json", "not valid JSON")),
    Tampering("JSON of ten thousand lists", lambda r: (r / "release.json").write_text("[" * 10_000), ("release.json",)),
    Tampering("no object", lambda r: (r / "release.json").write_text("[]"), ("release.json", "format_version")),
    Tampering(
        "a number of the datasheet",
        lambda r: edit_text(r, "README.md", "| Mass | 2 (12.500)", "| Mass | 3 (12.500)"),
        ("README.md", "table 'findings'", "row 'Mass'", "column 'training'", "'3 (12.500)'", "'2 (12.500)'"),
    ),
    Tampering(
        "a row less in the datasheet",
        lambda r: edit_text(r, "README.md", "| not known | 0 | 1 | 1 |\n", ""),
        ("table 'age'", "not known"),
    ),
    Tampering(
        "a table less in the datasheet",
        lambda r: edit_text(r, "README.md", "<!-- statistics: age -->\n", ""),
        ("table 'age' is there 0 times",),
    ),
    Tampering(
        "an agreement of the datasheet", lambda r: edit_text(r, "README.md", "0.965", "0.995"), ("table 'agreement'",)
    ),
    Tampering("another license", lambda r: (r / "LICENSE").write_text("Mine.\n"), ("LICENSE",)),
    Tampering("a file more", lambda r: (r / "notes.txt").write_text("x"), ("notes.txt", "is no file of a release")),
    Tampering(
        "an image more",
        lambda r: shutil.copy(image_path(r), image_path(r).with_name("2.25.3.dicom")),
        ("2.25.3.dicom", "has no row of it"),
    ),
    Tampering("an image less", lambda r: image_path(r).unlink(), (L_CC.image_id, "there is no such file")),
    Tampering(
        "an image renamed", lambda r: image_path(r).rename(image_path(r).with_name("2.25.3.dicom")), ("2.25.3.dicom",)
    ),
    Tampering(
        "an image of another study",
        lambda r: shutil.move(image_path(r), r / "images" / uid("study", 1)),
        ("StudyInstanceUID",),
    ),
    Tampering(
        "an image of another suffix",
        lambda r: image_path(r).rename(image_path(r).with_suffix(".dcm")),
        ("is no file of a release",),
    ),
    Tampering(
        "a folder more", lambda r: (r / "images" / STUDY / "more").mkdir(), ("more", "a folder where none belongs")
    ),
    Tampering(
        "an empty folder", lambda r: (r / "images" / "2.25.3").mkdir(), ("images/2.25.3", "folder without files")
    ),
    Tampering("no table", lambda r: (r / FINDING_FILE).unlink(), (FINDING_FILE, "does not list")),
)
