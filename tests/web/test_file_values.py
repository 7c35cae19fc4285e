from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from mammoset.catalog import ImageRecord
from mammoset.content import ContentStore
from mammoset.errors import DatasetDefect
from mammoset.model import Image
from mammoset.pixels.codec import file_bytes, with_pixels
from mammoset.terms.dicom import EXPLICIT_VR_LE, Laterality, ViewPosition
from mammoset.web.file_values import ABSENT, Attribute, file_values, numbered
from tests.web.building import WINDOWS, header, picture


@pytest.fixture
def content(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path)


def stored(content: ContentStore, number: int, laterality: Laterality, **attributes: object) -> ImageRecord:
    """Write a file with some attributes more than it needs."""
    pixels = picture(0, (laterality, ViewPosition.CC)).pixels
    image = Image(f"2.25.{number}", "2.25.7", "2.25.8", "P1", laterality, ViewPosition.CC, *pixels.shape)
    dataset = with_pixels(header(image, WINDOWS), pixels, EXPLICIT_VR_LE)
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.add_new(Tag(0xFFFC, 0xFFFC), "OB", b"\x00\x01")
    path = content.path(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file_bytes(dataset))
    return ImageRecord(image, 0, (1,), "", str(number), 0)


def code(value: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    return item


def by_name(found: tuple[Attribute, ...]) -> dict[str, Attribute]:
    return {one.name: one for one in found}


def test_every_attribute_of_the_file_is_told(content: ContentStore) -> None:
    record = stored(content, 1, Laterality.L, ViewCodeSequence=[code("399162004")])
    told = by_name(file_values(content, [record]))
    dataset = dcmread(content.path(record.image))
    keywords = {one.keyword for part in (dataset.file_meta, dataset) for one in part if one.VR != "SQ"}
    assert keywords <= set(told)
    assert {"TransferSyntaxUID", "PixelData", "DataSetTrailingPadding"} <= set(told), "before, at and after the pixels"
    assert told["ViewCodeSequence[1].CodeValue"].values[0].text == "399162004"
    assert told["WindowCenterWidthExplanation"].values[0].text == "NORMAL\\HARDER\\SOFTER"
    assert told["DataSetTrailingPadding"].values[0].text == "2 bytes: 00 01"


def test_equal_values_are_told_once_and_different_ones_with_their_images(content: ContentStore) -> None:
    records = [
        stored(content, 1, Laterality.R, KVP="28", Manufacturer="A", StudyComments=""),
        stored(content, 2, Laterality.L, KVP="29", Manufacturer="A", StudyComments=""),
        stored(content, 3, Laterality.L, KVP="28", Manufacturer="A", StudyComments="", BodyPartThickness="60"),
    ]
    told = by_name(file_values(content, records))
    assert told["Manufacturer"].is_same
    assert told["Manufacturer"].values[0].views == ()
    assert told["StudyComments"].values[0].text == ""
    assert {(one.text, one.views) for one in told["KVP"].values} == {("28", ("R CC", "L CC 2")), ("29", ("L CC 1",))}
    missing = {one.text: one.views for one in told["BodyPartThickness"].values}
    assert missing == {"60": ("L CC 2",), ABSENT: ("R CC", "L CC 1")}


def test_private_attributes_are_told_by_their_tag(content: ContentStore) -> None:
    record = stored(content, 1, Laterality.L)
    path = content.path(record.image)
    dataset = dcmread(path)
    dataset.private_block(0x0019, "SOMEBODY", create=True).add_new(0x01, "LO", "Doe")
    path.write_bytes(file_bytes(dataset))
    told = by_name(file_values(content, [record]))
    assert told["(0019,1001)"].values[0].text == "Doe"
    assert told["(0019,0010)"].values[0].text == "SOMEBODY"


def test_a_long_list_of_numbers_is_shortened_and_a_text_never(content: ContentStore) -> None:
    table = Dataset()
    table.LUTDescriptor = [300, 0, 12]
    table.add_new("LUTData", "US", list(range(300)))
    record = stored(content, 1, Laterality.L, VOILUTSequence=[table], StudyComments="x" * 5000)
    told = by_name(file_values(content, [record]))
    assert len(told["VOILUTSequence[1].LUTData"].values[0].text) < 100
    assert told["StudyComments"].values[0].text == "x" * 5000


def test_the_values_follow_the_order_of_the_tags(content: ContentStore) -> None:
    names = [one.name for one in file_values(content, [stored(content, 1, Laterality.L)])]
    wanted = ["TransferSyntaxUID", "SOPClassUID", "PatientID", "Rows", "WindowCenter", "PixelData"]
    assert [one for one in names if one in wanted] == wanted


def test_a_file_that_is_missing_or_none_is_named_without_a_path(content: ContentStore, tmp_path: Path) -> None:
    record = stored(content, 1, Laterality.L)
    content.path(record.image).write_bytes(b"no DICOM" * 40)
    with pytest.raises(DatasetDefect, match="no DICOM file") as broken:
        file_values(content, [record])
    content.path(record.image).unlink()
    with pytest.raises(DatasetDefect, match="is missing") as missing:
        file_values(content, [record])
    assert str(tmp_path) not in f"{broken.value} {missing.value}"


def test_images_of_one_view_are_told_apart(content: ContentStore) -> None:
    records = [stored(content, n, side) for n, side in enumerate([Laterality.R, Laterality.L, Laterality.R])]
    assert numbered(records) == ("R CC 1", "L CC", "R CC 2")
