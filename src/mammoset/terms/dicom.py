"""DICOM terms used for mammography: views, codes, SOP classes, transfer syntaxes.

Context groups: CID 4014 (view for mammography), CID 4015 (view modifier), CID 4005 (section of a partial view), PS3.16.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Laterality(StrEnum):
    """Image Laterality (0020,0062)."""

    L = "L"
    R = "R"


class ViewPosition(StrEnum):
    """View Position (0018,5101) and the abbreviations of CID 4014."""

    CC = "CC"
    MLO = "MLO"
    ML = "ML"
    LM = "LM"
    LMO = "LMO"
    XCC = "XCC"
    XCCL = "XCCL"
    XCCM = "XCCM"
    FB = "FB"
    SIO = "SIO"


class Code(NamedTuple):
    """A coded concept: value, coding scheme, meaning."""

    value: str
    scheme: str
    meaning: str


STANDARD_VIEWS: tuple[tuple[Laterality, ViewPosition], ...] = (
    (Laterality.L, ViewPosition.CC),
    (Laterality.L, ViewPosition.MLO),
    (Laterality.R, ViewPosition.CC),
    (Laterality.R, ViewPosition.MLO),
)
"""What a four-view exam contains."""

VIEW_CODES: dict[ViewPosition, Code] = {
    ViewPosition.CC: Code("399162004", "SCT", "cranio-caudal"),
    ViewPosition.MLO: Code("399368009", "SCT", "medio-lateral oblique"),
    ViewPosition.ML: Code("399260004", "SCT", "medial-lateral"),
    ViewPosition.LM: Code("399352003", "SCT", "latero-medial"),
    ViewPosition.LMO: Code("399099002", "SCT", "latero-medial oblique"),
    ViewPosition.XCC: Code("399265009", "SCT", "exaggerated cranio-caudal"),
    ViewPosition.XCCL: Code("399192008", "SCT", "cranio-caudal exaggerated laterally"),
    ViewPosition.XCCM: Code("399101009", "SCT", "cranio-caudal exaggerated medially"),
    ViewPosition.FB: Code("399196006", "SCT", "caudo-cranial"),
    ViewPosition.SIO: Code("399188001", "SCT", "superolateral to inferomedial oblique"),
}

VIEW_CODES_SRT: dict[str, ViewPosition] = {
    "R-10242": ViewPosition.CC,
    "R-10226": ViewPosition.MLO,
    "R-10224": ViewPosition.ML,
    "R-10228": ViewPosition.LM,
    "R-10230": ViewPosition.LMO,
    "R-102CF": ViewPosition.XCC,
    "R-1024A": ViewPosition.XCCL,
    "R-1024B": ViewPosition.XCCM,
    "R-10244": ViewPosition.FB,
    "R-102D0": ViewPosition.SIO,
}
"""The retired SNOMED-RT values that older equipment still writes."""


class ViewModifier(StrEnum):
    """View modifiers of CID 4015, under short names."""

    IMPLANT_DISPLACED = "implant_displaced"
    MAGNIFICATION = "magnification"
    SPOT_COMPRESSION = "spot_compression"
    CLEAVAGE = "cleavage"
    AXILLARY_TAIL = "axillary_tail"
    ROLLED_LATERAL = "rolled_lateral"
    ROLLED_MEDIAL = "rolled_medial"
    ROLLED_INFERIOR = "rolled_inferior"
    ROLLED_SUPERIOR = "rolled_superior"
    TANGENTIAL = "tangential"
    INFRAMAMMARY_FOLD = "infra_mammary_fold"
    NIPPLE_IN_PROFILE = "nipple_in_profile"
    ANTERIOR_COMPRESSION = "anterior_compression"
    AXILLARY_TISSUE = "axillary_tissue"


VIEW_MODIFIER_CODES: dict[ViewModifier, Code] = {
    ViewModifier.IMPLANT_DISPLACED: Code("399209000", "SCT", "Implant Displaced"),
    ViewModifier.MAGNIFICATION: Code("399163009", "SCT", "Magnification"),
    ViewModifier.SPOT_COMPRESSION: Code("399055006", "SCT", "Spot Compression"),
    ViewModifier.CLEAVAGE: Code("399161006", "SCT", "Cleavage"),
    ViewModifier.AXILLARY_TAIL: Code("399011000", "SCT", "Axillary Tail"),
    ViewModifier.ROLLED_LATERAL: Code("399197002", "SCT", "Rolled Lateral"),
    ViewModifier.ROLLED_MEDIAL: Code("399226006", "SCT", "Rolled Medial"),
    ViewModifier.ROLLED_INFERIOR: Code("414493004", "SCT", "Rolled Inferior"),
    ViewModifier.ROLLED_SUPERIOR: Code("415670009", "SCT", "Rolled Superior"),
    ViewModifier.TANGENTIAL: Code("399110001", "SCT", "tangential"),
    ViewModifier.INFRAMAMMARY_FOLD: Code("442593008", "SCT", "Infra-mammary fold"),
    ViewModifier.NIPPLE_IN_PROFILE: Code("442581004", "SCT", "Nipple in profile"),
    ViewModifier.ANTERIOR_COMPRESSION: Code("441752004", "SCT", "Anterior compression"),
    ViewModifier.AXILLARY_TISSUE: Code("442580003", "SCT", "Axillary tissue"),
}

VIEW_MODIFIER_CODES_SRT: dict[str, ViewModifier] = {
    "R-102D5": ViewModifier.IMPLANT_DISPLACED,
    "R-102D6": ViewModifier.MAGNIFICATION,
    "R-102D7": ViewModifier.SPOT_COMPRESSION,
    "R-102D2": ViewModifier.CLEAVAGE,
    "R-102D1": ViewModifier.AXILLARY_TAIL,
    "R-102D3": ViewModifier.ROLLED_LATERAL,
    "R-102D4": ViewModifier.ROLLED_MEDIAL,
    "R-102CA": ViewModifier.ROLLED_INFERIOR,
    "R-102C9": ViewModifier.ROLLED_SUPERIOR,
    "R-102C2": ViewModifier.TANGENTIAL,
    "R-40ABE": ViewModifier.INFRAMAMMARY_FOLD,
    "R-40AB3": ViewModifier.NIPPLE_IN_PROFILE,
    "P2-00161": ViewModifier.ANTERIOR_COMPRESSION,
    "R-40AB2": ViewModifier.AXILLARY_TISSUE,
}

PARTIAL_VIEW_SECTIONS: dict[str, Code] = {
    value: Code(value, "SCT", meaning)
    for value, meaning in (
        ("255549009", "Anterior"),
        ("26216008", "Central"),
        ("261089000", "Inferior"),
        ("49370004", "Lateral"),
        ("255561001", "Medial"),
        ("255551008", "Posterior"),
        ("264217000", "Superior"),
    )
}
"""Sections of the breast that a partial view shows (CID 4005), by code value."""

PARTIAL_VIEW_SECTIONS_SRT: dict[str, str] = {
    "R-404CC": "255549009",
    "G-A110": "26216008",
    "R-4094A": "261089000",
    "G-A104": "49370004",
    "R-404D5": "255561001",
    "R-404CE": "255551008",
    "R-42191": "264217000",
}
"""The retired SNOMED-RT values of the same sections."""

SECONDARY_MODIFIERS = frozenset(
    {ViewModifier.IMPLANT_DISPLACED, ViewModifier.MAGNIFICATION, ViewModifier.SPOT_COMPRESSION}
)
"""An image with one of these does not stand for its view in a four-view exam."""

MG_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.2"
MG_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.2.1"
BREAST_TOMOSYNTHESIS = "1.2.840.10008.5.1.4.1.1.13.1.3"

IMPLICIT_VR_LE = "1.2.840.10008.1.2"
EXPLICIT_VR_LE = "1.2.840.10008.1.2.1"
JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70"
JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"
HTJ2K_LOSSLESS_RPCL = "1.2.840.10008.1.2.4.202"

IMPLEMENTATION_CLASS_UID = "2.25.273936917290312946583150318206513714177"
IMPLEMENTATION_VERSION_NAME = "MAMMOSET_0_1"
