"""DICOM JSON as XML of the Native DICOM Model (PS3.19 A.1), for clients that ask for ``application/dicom+xml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from pydicom.datadict import keyword_for_tag

NAME_PARTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
NAMESPACE = "http://dicom.nema.org/PS3.19/models/NativeDICOM"


def xml_of(attributes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the XML document of an object's attributes."""
    root = Element("NativeDicomModel", {"xmlns": NAMESPACE, "xml:space": "preserve"})
    _add_all(root, attributes)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add_all(parent: Element, attributes: Mapping[str, Mapping[str, Any]]) -> None:
    for tag, element in attributes.items():
        vr = element["vr"]
        said = {"tag": tag, "vr": vr}
        keyword = keyword_for_tag(int(tag, 16))
        if keyword:
            said["keyword"] = keyword
        place = SubElement(parent, "DicomAttribute", said)
        if "BulkDataURI" in element:
            SubElement(place, "BulkData", {"uri": element["BulkDataURI"]})
        elif "InlineBinary" in element:
            SubElement(place, "InlineBinary").text = element["InlineBinary"]
        for number, value in enumerate(element.get("Value", ()), start=1):
            _add_value(place, vr, str(number), value)


def _add_value(place: Element, vr: str, number: str, value: Any) -> None:
    if vr == "SQ":
        _add_all(SubElement(place, "Item", {"number": number}), value or {})
    elif vr == "PN":
        name = SubElement(place, "PersonName", {"number": number})
        for group, text in (value or {}).items():
            parts = SubElement(name, group)
            for part, word in zip(NAME_PARTS, text.split("^"), strict=False):
                if word:
                    SubElement(parts, part).text = word
    elif value is not None:
        SubElement(place, "Value", {"number": number}).text = str(value)
