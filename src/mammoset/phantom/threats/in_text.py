"""Rows whose canary is the value of an element of the data set: text, numbers, codes, dates, UIDs, character sets."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Literal

from mammoset.phantom.threats.canaries import HAN, HANGUL, KATAKANA, VIETNAMESE, WESTERN, Hand
from mammoset.phantom.threats.draft import Draft
from mammoset.phantom.threats.elements import Element, named
from mammoset.phantom.threats.threat import Plant, Threat

_TEXTS: tuple[tuple[str, str, str], ...] = (
    ("window_explanation", "WindowCenterWidthExplanation", "{}"),
    ("manufacturer", "Manufacturer", "{}"),
    ("behind_manufacturer", "Manufacturer", "SIEMENS {}"),
    ("model", "ManufacturerModelName", "{}"),
    ("behind_model", "ManufacturerModelName", "Mammomat Inspiration {}"),
    ("body_part", "BodyPartExamined", "{}"),
    ("rescale_type", "RescaleType", "{}"),
    ("view_position", "ViewPosition", "{}"),
    ("voi_function", "VOILUTFunction", "{}"),
    ("lut_shape", "PresentationLUTShape", "{}"),
    ("lossy_method", "LossyImageCompressionMethod", "{}"),
    ("lossy_flag", "LossyImageCompression", "{}"),
    ("photometric", "PhotometricInterpretation", "{}"),
    ("modality", "Modality", "{}"),
    ("intent", "PresentationIntentType", "FOR PRESENTATION {}"),
    ("image_type", "ImageType", "DERIVED\\PRIMARY\\\\{}"),
    ("laterality", "Laterality", "{}"),
    ("image_laterality", "ImageLaterality", "L {}"),
    ("orientation", "PatientOrientation", "{}\\R"),
    ("sex", "PatientSex", "{}"),
    ("sex_behind_term", "PatientSex", "F {}"),
    ("burned_in_flag", "BurnedInAnnotation", "NO {}"),
    ("intensity_relationship", "PixelIntensityRelationship", "{}"),
    ("filter_type", "FilterType", "{}"),
    ("filter_material", "FilterMaterial", "RHODIUM\\{}"),
    ("anode", "AnodeTargetMaterial", "{}"),
    ("grid", "Grid", "{}"),
    ("detector_type", "DetectorType", "{}"),
    ("detector_description", "DetectorDescription", "{}"),
    ("detector_id", "DetectorID", "{}"),
    ("paddle", "PaddleDescription", "{}"),
    ("partial_view", "PartialViewDescription", "{}"),
    ("exposure_mode", "ExposureControlModeDescription", "{}"),
    ("processing_description", "AcquisitionDeviceProcessingDescription", "{}"),
    ("processing_function", "ProcessingFunction", "{}"),
    ("positioner", "PositionerType", "{}"),
    ("organ", "OrganExposed", "{}"),
    ("field_of_view_shape", "FieldOfViewShape", "{}"),
    ("flip", "FieldOfViewHorizontalFlip", "{}"),
    ("quality_control", "QualityControlImage", "{}"),
    ("implant", "BreastImplantPresent", "NO {}"),
    ("method_of_others", "DeidentificationMethod", "by {}"),
    ("software", "SoftwareVersions", "{}"),
    ("study_comment", "StudyComments", "BN {}"),
    ("image_comment", "ImageComments", "BN {}"),
    ("patient_comment", "PatientComments", "BN {}"),
    ("protocol", "ProtocolName", "{}"),
    ("series_description", "SeriesDescription", "{}"),
    ("derivation", "DerivationDescription", "{}"),
    ("patient_id", "PatientID", "{}"),
    ("accession", "AccessionNumber", "{}"),
    ("study_id", "StudyID", "{}"),
    ("institution", "InstitutionName", "{}"),
    ("station", "StationName", "{}"),
    ("serial", "DeviceSerialNumber", "{}"),
    ("operator", "OperatorsName", "{}"),
    ("contrast_agent", "ContrastBolusAgent", "{}"),
    ("character_set", "SpecificCharacterSet", "{}"),
    ("query_retrieve", "RetrieveAETitle", "{}"),
    ("data_provider", "PixelDataProviderURL", "https://archive.example/{}"),
)
"""Name, keyword and text with the canary, a text."""

_DIGITS: tuple[tuple[str, str, str], ...] = (
    ("kvp", "KVP", "28.{}"),
    ("kvp_text", "KVP", "28 KV {}"),
    ("organ_dose", "OrganDose", "0.0{}"),
    ("exposure", "Exposure", "{}"),
    ("exposure_time", "ExposureTime", "{}"),
    ("thickness", "BodyPartThickness", "5{}"),
    ("force", "CompressionForce", "1.{}"),
    ("angle", "PositionerPrimaryAngle", "4.{}"),
    ("focal_spot", "FocalSpots", "0.3\\0.{}"),
    ("window_center", "WindowCenter", "{}"),
    ("window_width", "WindowWidth", "{}"),
    ("pixel_spacing", "PixelSpacing", "0.085\\0.085{}"),
    ("imager_spacing", "ImagerPixelSpacing", "0.085\\0.085{}"),
    ("field_of_view", "FieldOfViewDimensions", "240\\{}"),
    ("series_number", "SeriesNumber", "{}"),
    ("instance_number", "InstanceNumber", "{}"),
    ("acquisition_number", "AcquisitionNumber", "{}"),
    ("rescale_slope", "RescaleSlope", "1.{}"),
    ("rescale_intercept", "RescaleIntercept", "{}"),
    ("lossy_ratio", "LossyImageCompressionRatio", "1.{}"),
    ("frames", "NumberOfFrames", "{}"),
    ("magnification", "EstimatedRadiographicMagnificationFactor", "1.{}"),
    ("size", "PatientSize", "1.{}"),
    ("weight", "PatientWeight", "1{}"),
    ("phone", "PatientTelephoneNumbers", "{}"),
    ("national_number", "OtherPatientIDs", "{}"),
)
"""Name, keyword and text with the canary, ten digits."""

_DATES = (
    "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "AcquisitionDateTime", "PatientBirthDate",
    "DateOfLastCalibration", "DateOfLastDetectorCalibration", "InstanceCreationDate", "LastMenstrualDate",
    "ScheduledStudyStartDate", "DateOfSecondaryCapture", "PerformedProcedureStepStartDate",
)  # fmt: skip
_UIDS = (
    "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "IrradiationEventUID",
    "InstanceCreatorUID", "DeviceUID", "ConcatenationUID", "SynchronizationFrameOfReferenceUID",
    "PresentationDisplayCollectionUID",
)  # fmt: skip
_WHOLE: tuple[tuple[str, str, str], ...] = (
    ("age_over_89", "PatientAge", "094Y"),
    ("age_over_119", "PatientAge", "117Y"),
    ("age_in_months", "PatientAge", "999M"),
    ("age_in_days", "PatientAge", "997D"),
    ("rare_size", "PatientSize", "1.9738"),
    ("rare_weight", "PatientWeight", "187.25"),
    ("rare_smoking", "SmokingStatus", "UNKNOWN"),
    ("seven_digits_in_range", "ExposureInuAs", "1904127"),
    ("seven_digits_behind_zero", "HalfValueLayer", "0.31904127"),
)
"""Values that are themselves the canary: rare, or an identifier in a number's place."""


def _text(keyword: str, template: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put(keyword, template.format(hand.letters()))

    return act


def _number(keyword: str, template: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put(keyword, template.format(hand.digits()))

    return act


def _date(keyword: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put(keyword, hand.date())

    return act


def _uid(keyword: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put(keyword, hand.uid())

    return act


def _whole(keyword: str, value: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        hand.note(value)
        made.put(keyword, value)

    return act


def _text_in_number(made: Draft, hand: Hand) -> None:
    for keyword in ("KVP", "WindowCenter", "WindowWidth", "PixelSpacing", "OrganDose", "ExposureTime", "PatientWeight"):
        made.put(keyword, hand.letters())


def _text_in_age(made: Draft, hand: Hand) -> None:
    made.put("PatientAge", hand.letters())


def _everywhere(made: Draft, hand: Hand) -> None:
    """Write one text into every text element of the header."""
    text = hand.letters()
    kinds = ("LO", "SH", "LT", "ST", "UT", "PN", "UC")
    for one in [one for one in made.elements if one.vr in kinds]:
        made.put_element(Element(one.number, one.vr, text.encode()))


def _digests(made: Draft, hand: Hand) -> None:
    """Note what anybody can compute from an original: digests without a key, as a UID and as a number."""
    uid, patient = hand.uid(), hand.digits(8)
    made.put("SOPInstanceUID", uid)
    made.put("PatientID", patient)
    for text in (uid, patient):
        for kind in (hashlib.md5, hashlib.sha1, hashlib.sha256):  # what other tools are known to use
            digest = kind(text.encode(), usedforsecurity=False)
            hand.note(digest.hexdigest())
            hand.note(str(int.from_bytes(digest.digest()[:16], "big")))


_PLACES = ("PatientName", "PatientComments", "InstitutionName", "WindowCenterWidthExplanation")
"""Where a text in an odd encoding is written: identifiers and one attribute that a keep-list keeps."""


def _in_charset(charset: str, alphabet: str, codec: str, form: Literal["NFC", "NFD"] = "NFC") -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        text = unicodedata.normalize(form, hand.letters(alphabet, 8))
        value = text.encode(codec)
        if codec != "utf-8":
            hand.note(value)
        made.put("SpecificCharacterSet", charset)
        for keyword in _PLACES:
            made.put(keyword, value)

    return act


def _utf_16(made: Draft, hand: Hand) -> None:
    value = hand.letters(VIETNAMESE).encode("utf-16-le")
    made.put("WindowCenterWidthExplanation", value, "OB")
    made.put("ImageComments", value, "UN")


def _korean(made: Draft, hand: Hand) -> None:
    text = hand.letters(HANGUL, 8)
    value = b"\x1b$)C" + text.encode("euc_kr")
    hand.note(text.encode("euc_kr"))
    made.put("SpecificCharacterSet", "\\ISO 2022 IR 149")
    for keyword in _PLACES:
        made.put(keyword, value)


def _unpaired(made: Draft, hand: Hand) -> None:
    """Write bytes that no character set of the header can read, around the canary."""
    value = b"\xff\xfe\x80" + hand.letters().encode() + b"\xc3\x28"
    for keyword in (*_PLACES, "PatientSex", "BodyPartExamined"):
        made.put(keyword, value)


def _dictionary(made: Draft, hand: Hand) -> None:
    """Write a text under the keyword of a number, in the value representation of a text."""
    for keyword in ("KVP", "Rows", "Columns", "BitsStored", "PatientAge", "SmallestImagePixelValue"):
        made.elements.append(named(keyword, hand.letters(), "LO"))


def _delimited(made: Draft, hand: Hand) -> None:
    """Write more values than the attribute has, the last one the canary."""
    made.put("WindowCenterWidthExplanation", "\\".join(["NORMAL"] * 20 + [hand.letters()]))
    made.put("Modality", f"MG\\{hand.letters()}")


ROWS: tuple[Threat, ...] = (
    *(Threat(f"text.{name}", "text", keyword, _text(keyword, text)) for name, keyword, text in _TEXTS),
    *(Threat(f"number.{name}", "digits", keyword, _number(keyword, text)) for name, keyword, text in _DIGITS),
    *(Threat(f"value.{name}", "value", keyword, _whole(keyword, text)) for name, keyword, text in _WHOLE),
    *(Threat(f"date.{keyword}", "date", keyword, _date(keyword)) for keyword in _DATES),
    *(Threat(f"uid.{keyword}", "uid with serial and date", keyword, _uid(keyword)) for keyword in _UIDS),
    Threat("uid.digests", "MD5, SHA-1 and SHA-256 without a key", "SOPInstanceUID, PatientID", _digests),
    Threat("number.text", "text", "decimal and integer strings", _text_in_number),
    Threat("number.age_text", "text", "PatientAge", _text_in_age),
    Threat("number.text_representation", "text", "numbers with the value representation LO, twice", _dictionary),
    Threat("text.everywhere", "text", "every text element of the header", _everywhere),
    Threat("text.further_values", "text", "values behind those that the attribute has", _delimited),
    Threat("charset.vietnamese_nfc", "name", "UTF-8, composed", _in_charset("ISO_IR 192", VIETNAMESE, "utf-8")),
    Threat("charset.vietnamese_nfd", "name", "UTF-8, apart", _in_charset("ISO_IR 192", VIETNAMESE, "utf-8", "NFD")),
    Threat("charset.undeclared", "name", "UTF-8, undeclared", _in_charset("", VIETNAMESE, "utf-8")),
    Threat("charset.windows_1258", "name", "cp1258, undeclared", _in_charset("", "ăâđêôơư", "cp1258")),
    Threat("charset.latin_1", "name", "ISO_IR 100", _in_charset("ISO_IR 100", WESTERN, "latin-1")),
    Threat("charset.wrong", "name", "UTF-8 under ISO_IR 100", _in_charset("ISO_IR 100", VIETNAMESE, "utf-8")),
    Threat("charset.japanese", "name", "escapes", _in_charset("\\ISO 2022 IR 87", KATAKANA, "iso2022_jp")),
    Threat("charset.korean", "name", "escapes", _korean),
    Threat("charset.chinese", "name", "GB18030", _in_charset("GB18030", HAN, "gb18030")),
    Threat("charset.utf_16", "name", "UTF-16 in OB and UN", _utf_16),
    Threat("charset.unreadable", "text", "bytes of no character set around it", _unpaired),
)  # fmt: skip
