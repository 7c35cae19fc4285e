"""Changes of the documents of a release, and of which files it has."""

from __future__ import annotations

import shutil

from mammoset.domain.tables import FINDING_FILE
from tests.publish.edits import edit_json, edit_text, image_path
from tests.publish.small_project import uid
from tests.publish.tamperings import L_CC, STUDY, Tampering

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
