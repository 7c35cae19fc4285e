"""Rows whose canary lies around the data set, in its order, in another kind of object, or in the file's name."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from mammoset.phantom.threats.canaries import Hand
from mammoset.phantom.threats.draft import PIXEL_DATA, Draft
from mammoset.phantom.threats.elements import Element, named, words
from mammoset.phantom.threats.threat import Plant, Threat
from mammoset.terms.dicom import BREAST_TOMOSYNTHESIS, EXPLICIT_VR_LE, IMPLICIT_VR_LE, MG_FOR_PROCESSING

_PLAIN = (EXPLICIT_VR_LE, IMPLICIT_VR_LE)
_META_TEXTS = (
    ("source_title", 0x00020016, "AE"), ("sending_title", 0x00020017, "AE"), ("receiving_title", 0x00020018, "AE"),
    ("version_name", 0x00020013, "SH"), ("unknown", 0x00020099, "LO"),
)  # fmt: skip
_META_UIDS = (("implementation", 0x00020012), ("instance", 0x00020003), ("creator", 0x00020100))
_OTHER_CLASSES = (
    ("secondary_capture", "1.2.840.10008.5.1.4.1.1.7", "OT"),
    ("multi_frame_capture", "1.2.840.10008.5.1.4.1.1.7.3", "OT"),
    ("ultrasound", "1.2.840.10008.5.1.4.1.1.6.1", "US"),
    ("computed_radiography", "1.2.840.10008.5.1.4.1.1.1", "CR"),
    ("for_processing", MG_FOR_PROCESSING, "MG"),
    ("tomosynthesis", BREAST_TOMOSYNTHESIS, "MG"),
    ("text_in_class", "1.2.840.10008.5.1.4.1.1.1.2.{}", "MG"),
)
_WITHOUT_PIXELS = (
    ("basic_text_report", "1.2.840.10008.5.1.4.1.1.88.11", "SR", "ContentSequence", "TextValue"),
    ("mammography_cad", "1.2.840.10008.5.1.4.1.1.88.50", "SR", "ContentSequence", "TextValue"),
    ("dose_report", "1.2.840.10008.5.1.4.1.1.88.67", "SR", "ContentSequence", "TextValue"),
    ("key_objects", "1.2.840.10008.5.1.4.1.1.88.59", "KO", "ContentSequence", "TextValue"),
    ("presentation_state", "1.2.840.10008.5.1.4.1.1.11.1", "PR", "GraphicAnnotationSequence", "GraphicLayer"),
    ("directory", "1.2.840.10008.1.3.10", "", "DirectoryRecordSequence", "PatientName"),
    ("pdf", "1.2.840.10008.5.1.4.1.1.104.1", "DOC", "ConceptNameCodeSequence", "CodeMeaning"),
)


def _preamble(made: Draft, hand: Hand) -> None:
    made.preamble = hand.letters().encode() + hand.raw(100)


def _meta_text(number: int, vr: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put_meta(Element(number, vr, hand.letters().encode()))

    return act


def _meta_uid(number: int) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put_meta(Element(number, "UI", hand.uid().encode()))

    return act


def _private_information(made: Draft, hand: Hand) -> None:
    made.put_meta(Element(0x00020100, "UI", b"1.3.6.1.4.1.99999.8"))
    made.put_meta(Element(0x00020102, "OB", hand.letters().encode() + hand.raw()))


def _behind(made: Draft, hand: Hand) -> None:
    made.behind = hand.letters().encode() * 4


def _padded(made: Draft, hand: Hand) -> None:
    made.behind = b"\0" * 512 + hand.raw()


def _second_file(made: Draft, hand: Hand) -> None:
    """Append a whole file, as some archives do when a transfer is repeated."""
    first = made.written()
    made.put("PatientName", hand.letters())
    made.whole = first + made.written()


def _duplicate(made: Draft, hand: Hand) -> None:
    """Write elements twice; readers differ in which one they take."""
    for keyword in ("PatientName", "PatientSex", "WindowCenterWidthExplanation", "BodyPartExamined"):
        made.elements.append(named(keyword, hand.letters()))


def _unordered(made: Draft, hand: Hand) -> None:
    made.last.append(named("RescaleType", hand.letters()))
    made.last.append(named("PatientName", hand.letters()))
    made.drop(named("RescaleType", "").number)


def _descending(made: Draft, hand: Hand) -> None:
    """Write group 0028 before group 0008."""
    made.first = [one for one in made.elements if one.number >> 16 == 0x0028]
    made.elements = [one for one in made.elements if one.number >> 16 != 0x0028]
    made.first.insert(0, named("PatientComments", hand.letters()))


def _wrong_representation(made: Draft, hand: Hand) -> None:
    made.put("PatientSex", hand.letters(), "UT")
    made.put("KVP", hand.letters(), "UN")
    made.put("ViewPosition", hand.letters(), "PN")
    made.put("ExposureTime", hand.letters(), "OB")
    made.put("Manufacturer", hand.raw(8), "FD")


def _sequence_as_text(made: Draft, hand: Hand) -> None:
    made.put("VOILUTSequence", hand.letters(), "LO")
    made.put("AnatomicRegionSequence", hand.letters(), "UN")


def _text_as_sequence(made: Draft, hand: Hand) -> None:
    made.put("BodyPartExamined", ((named("PatientID", hand.letters()),),), "SQ")
    made.put("WindowCenterWidthExplanation", ((named("PatientID", hand.letters()),),), "SQ")


def _unknown_vr(made: Draft, hand: Hand) -> None:
    made.put("ImageComments", hand.letters(), "ZZ")


def _odd_class(uid: str, modality: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        text = hand.letters()
        made.put("SOPClassUID", uid.format(text))
        made.put_meta(Element(0x00020002, "UI", uid.format(text).encode()))
        made.put("Modality", modality)
        made.put("ImageComments", text)
        made.put("WindowCenterWidthExplanation", text)

    return act


def _without_pixels(uid: str, modality: str, sequence: str, inner: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.pixels = made.pixels[:0]
        made.put("SOPClassUID", uid)
        made.put_meta(Element(0x00020002, "UI", uid.encode()))
        made.put("Modality", modality)
        made.put(sequence, ((named(inner, hand.letters()),),))

    return act


def _multi_frame(made: Draft, hand: Hand) -> None:
    made.put("NumberOfFrames", "2")
    made.put("ImageComments", hand.letters())


def _color(made: Draft, hand: Hand) -> None:
    made.put("SamplesPerPixel", words(3))
    made.put("PhotometricInterpretation", "RGB")
    made.put("ImageComments", hand.letters())


def _no_class(made: Draft, hand: Hand) -> None:
    made.drop(named("SOPClassUID", "").number)
    made.put("ImageComments", hand.letters())


def _no_pixels(made: Draft, hand: Hand) -> None:
    made.pixels = made.pixels[:0]
    made.put("ImageComments", hand.letters())
    made.drop(PIXEL_DATA)


def _truncated(share: float) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put("PatientComments", hand.letters())
        data = made.written()
        made.whole = data[: int(len(data) * share)]

    return act


def _not_dicom(begin: bytes) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.whole = begin + hand.letters().encode() + hand.raw()

    return act


def _zipped(made: Draft, hand: Hand) -> None:
    made.put("PatientComments", hand.letters())
    made.whole = gzip.compress(made.written(), mtime=0)


def _file_name(made: Draft, hand: Hand) -> None:
    made.file_name = f"{hand.letters()} 19640311.dcm"


def _folder_name(made: Draft, hand: Hand) -> None:
    made.folder = f"{hand.letters()}/{hand.letters()}"


def _modified(made: Draft, hand: Hand) -> None:
    text = hand.date()
    year, month, day = int(text[:4]) % 40 + 1975, int(text[4:6]), int(text[6:])
    made.modified = datetime(year, month, day, 9, 41, 23, tzinfo=UTC).timestamp()


ROWS: tuple[Threat, ...] = (
    Threat("file.preamble", "text, bytes", "preamble", _preamble),
    *(Threat(f"meta.{name}", "text", "file meta", _meta_text(number, vr)) for name, number, vr in _META_TEXTS),
    *(Threat(f"meta.{name}_uid", "uid", "file meta information", _meta_uid(number)) for name, number in _META_UIDS),
    Threat("meta.private_information", "text, bytes", "file meta information", _private_information),
    Threat("file.behind", "text", "behind the last element", _behind),
    Threat("file.behind_zeros", "bytes", "behind 512 zeros behind the last element", _padded),
    Threat("file.twice", "text", "a second file behind the first", _second_file),
    Threat("order.duplicate", "text", "elements written twice", _duplicate),
    Threat("order.behind_pixels", "text", "elements behind the pixel data", _unordered),
    Threat("order.descending", "text", "group 0028 before group 0008", _descending),
    Threat("order.wrong_representation", "text", "not the dictionary's representation", _wrong_representation),
    Threat("order.sequence_as_text", "text", "sequences written as text", _sequence_as_text),
    Threat("order.text_as_sequence", "text", "text written as sequences", _text_as_sequence),
    Threat("order.unknown_representation", "text", "a value representation that does not exist", _unknown_vr),
    *(Threat(f"class.{name}", "text", uid, _odd_class(uid, kind), _PLAIN) for name, uid, kind in _OTHER_CLASSES),
    *(
        Threat(f"class.{name}", "text", uid, _without_pixels(uid, modality, sequence, inner), _PLAIN)
        for name, uid, modality, sequence, inner in _WITHOUT_PIXELS
    ),
    Threat("class.multi_frame", "text", "two frames", _multi_frame, _PLAIN),
    Threat("class.color", "text", "RGB", _color, _PLAIN),
    Threat("class.none", "text", "no SOPClassUID", _no_class, _PLAIN),
    Threat("class.no_pixels", "text", "no pixel data", _no_pixels, _PLAIN),
    Threat("file.cut_in_header", "text", "a file of which two hundredths arrived", _truncated(0.02), _PLAIN),
    Threat("file.cut_in_pixels", "text", "a file of which nine tenths arrived", _truncated(0.9)),
    Threat("file.pdf", "text, bytes", "a PDF under the name of an image", _not_dicom(b"%PDF-1.7\n"), _PLAIN),
    Threat("file.jpeg", "text, bytes", "a JPEG under the name of an image", _not_dicom(b"\xff\xd8\xff\xe1"), _PLAIN),
    Threat("file.text", "text, bytes", "a text under the name of an image", _not_dicom(b""), _PLAIN),
    Threat("file.gzip", "text", "a compressed file", _zipped, _PLAIN),
    Threat("name.file", "text", "file name", _file_name),
    Threat("name.folder", "text", "folder names", _folder_name),
    Threat("name.modified", "date", "time of modification", _modified),
)  # fmt: skip
