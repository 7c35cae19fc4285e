from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from dicomweb_client.web import _load_xml_dataset
from pydicom import dcmread
from starlette.testclient import TestClient

from mammoset.web.dicomweb.native_xml import NAMESPACE, xml_of
from tests.web.dicomweb.asking import accept, parts_of
from tests.web.dicomweb.building import Stored


def test_an_object_s_attributes_are_those_of_its_file(reader: TestClient, stored: Sequence[Stored]) -> None:
    for one in stored:
        answer = reader.get(f"{one.place[1:]}/metadata", headers=accept("application/dicom+xml"))
        ((headers, document),) = parts_of(answer)
        assert headers["Content-Type"] == "application/dicom+xml"
        root = ElementTree.fromstring(document)  # our own server's
        assert root.tag == f"{{{NAMESPACE}}}NativeDicomModel"
        original = dcmread(BytesIO(one.data), stop_before_pixels=True)
        told = {place.get("tag"): place for place in root}
        assert {int(str(tag), 16) for tag in told} == {*original.keys(), 0x00083002, 0x7FE00010}
        for element in original:
            place = told[f"{int(element.tag):08X}"]
            assert (place.get("vr"), place.get("keyword")) == (element.VR, element.keyword)
        (code,) = told["00540220"]
        assert code.findtext("{*}DicomAttribute[@keyword='CodeValue']/{*}Value") == "399162004"
        assert told["00100010"].findtext("{*}PersonName/{*}Alphabetic/{*}FamilyName") == "P-LAYOUTS"
        pixels = told["7FE00010"].find("{*}BulkData")
        assert pixels is not None
        assert str(pixels.get("uri")).endswith(f"{one.place}/bulkdata/7FE00010")


def test_another_program_reads_simple_attributes() -> None:
    attributes: dict[str, dict[str, Any]] = {
        "0020000D": {"vr": "UI", "Value": ["2.25.1"]},
        "00080008": {"vr": "CS", "Value": ["DERIVED", "PRIMARY", None]},
        "00081030": {"vr": "LO", "Value": ["<&> \u00e9"]},
    }
    document = xml_of(attributes).decode().replace(f' xmlns="{NAMESPACE}"', "")  # it knows no namespaces
    found = _load_xml_dataset(ElementTree.fromstring(document))
    assert found.StudyInstanceUID == "2.25.1"
    assert found.ImageType == ["DERIVED", "PRIMARY"]
    assert found.StudyDescription == "<&> \u00e9"
