"""The makers of mammography equipment, as tables: what their headers say and where their private elements lie.

Manufacturers and models are real, because a program has to cope with them; devices, serial numbers and software
releases are invented. In texts, ``{name}`` stands for a value of `mammoset.phantom.identities.Identity`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PrivateElement = tuple[int, int, str, str]
"""Group, offset within the block, value representation, text."""


@dataclass(frozen=True, slots=True)
class Device:
    """One machine in the hospital."""

    serial: str
    station: str
    ae_title: str
    software: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """How one maker's equipment writes its objects.

    Attributes
    ----------
    share : float
        Of the exams.
    shape : tuple of int
        Rows and columns of a full-field image.
    spacing_mm : float
        Imager pixel spacing.
    codes : {"SCT", "SRT"}
        Coding scheme of views and modifiers.
    windows : tuple of (str, float, float)
        Explanation, and factors for center and width of the picture's window.
    voi_function : str
        VOI LUT Function, or empty where the header has none.
    with_lut : bool
        Whether a VOI LUT Sequence is written beside the windows.
    series_per_view : bool
        Whether each view is a series of its own.
    tubes : tuple of (str, str)
        Anode and filter materials.
    plain : dict
        Further attributes with the same value in every image.
    private : dict
        Private creator to its elements.
    """

    manufacturer: str
    model: str
    share: float
    uid_arc: int
    devices: tuple[Device, ...]
    shape: tuple[int, int]
    spacing_mm: float
    bits_stored: int
    codes: Literal["SCT", "SRT"]
    windows: tuple[tuple[str, float, float], ...]
    tubes: tuple[tuple[str, str], ...]
    voi_function: str = ""
    with_lut: bool = False
    series_per_view: bool = False
    plain: dict[str, str | int | float | list[str | int | float]] = field(default_factory=dict)
    private: dict[str, tuple[PrivateElement, ...]] = field(default_factory=dict)


VENDORS: dict[str, Vendor] = {
    "SIEMENS": Vendor(
        manufacturer="SIEMENS",
        model="MAMMOMAT Inspiration",
        share=0.5,
        uid_arc=1,
        devices=(
            Device("SN-730118", "VMMAMMO01", "VUONMAN_MG1", "VB30L VX10C"),
            Device("SN-730642", "VMMAMMO02", "VUONMAN_MG2", "VB60F VX10C"),
        ),
        shape=(3518, 2800),
        spacing_mm=0.085,
        bits_stored=12,
        codes="SRT",
        windows=(("OpView 1", 1.0, 1.0), ("OpView 2", 1.06, 0.85), ("OpView 3", 0.95, 1.2)),
        tubes=(("TUNGSTEN", "RHODIUM"), ("MOLYBDENUM", "RHODIUM"), ("MOLYBDENUM", "MOLYBDENUM")),
        voi_function="LINEAR",
        series_per_view=True,
        plain={
            "DetectorType": "DIRECT",
            "DetectorConfiguration": "AREA",
            "DetectorDescription": "a-Se detector",
            "DetectorActiveShape": "RECTANGLE",
            "FieldOfViewShape": "RECTANGLE",
            "Grid": ["FOCUSED", "RECIPROCATING"],
            "ExposureControlMode": "AUTOMATIC",
            "ExposureControlModeDescription": "OPDOSE segmentation",
            "FocalSpots": 0.3,
            "DistanceSourceToDetector": 655,
            "DistanceSourceToPatient": 633,
            "ProcessingFunction": "OpView2",
        },
        private={
            "SIEMENS MED MG": (
                (0x0029, 0x01, "LT", "TL {laterality} {view} / TR {spoken} / BR {patient_id}"),
                (0x0029, 0x02, "LO", "{station}"),
                (0x0029, 0x10, "DS", "1.25"),
            ),
            "SIEMENS MED SMS USG S2000": ((0x0051, 0x10, "LO", "{study_stamp}"),),
        },
    ),
    "IMS": Vendor(
        manufacturer="IMS s.r.l.",
        model="GIOTTO IMAGE 3D",
        share=0.25,
        uid_arc=2,
        devices=(Device("GIO-29175", "GIOTTO-VM", "VUONMAN_IMS", "RAFFAELLO 5.11"),),
        shape=(3518, 2800),
        spacing_mm=0.085,
        bits_stored=13,
        codes="SCT",
        windows=(("NORMAL", 1.0, 1.0), ("HARDER", 1.0, 0.8)),
        tubes=(("TUNGSTEN", "RHODIUM"), ("TUNGSTEN", "SILVER")),
        plain={
            "DetectorType": "DIRECT",
            "DetectorConfiguration": "AREA",
            "DetectorDescription": "a-Se LMAM",
            "Grid": "NONE",
            "ExposureControlMode": "AUTOMATIC",
            "FocalSpots": 0.3,
            "DistanceSourceToDetector": 680,
            "DistanceSourceToPatient": 660,
        },
        private={
            "IMS s.r.l. Mammography Private Code": (
                (0x1271, 0x10, "IS", "112"),
                (0x1271, 0x11, "IS", "2480"),
                (0x1271, 0x42, "LT", "{spoken} / {operator_plain}"),
                (0x1271, 0x43, "LT", "D:\\EXPORT\\{patient_id}\\{accession}.raw"),
                (0x1271, 0x85, "IS", "42"),
            ),
        },
    ),
    "Planmed": Vendor(
        manufacturer="Planmed",
        model="Nuance Excel",
        share=0.15,
        uid_arc=3,
        devices=(Device("PMN-4470261", "NUANCE-VM1", "VUONMAN_PLM", "4.2.1.8"),),
        shape=(3584, 2816),
        spacing_mm=0.085,
        bits_stored=14,
        codes="SRT",
        windows=(("STANDARD", 1.0, 1.0), ("DENSE", 1.1, 0.9), ("FATTY", 0.9, 1.1)),
        tubes=(("TUNGSTEN", "RHODIUM"), ("TUNGSTEN", "SILVER")),
        voi_function="LINEAR",
        series_per_view=True,
        plain={
            "DetectorType": "DIRECT",
            "DetectorConfiguration": "AREA",
            "Grid": ["FOCUSED", "RECIPROCATING"],
            "ExposureControlMode": "AUTOMATIC",
            "ExposureControlModeDescription": "Flex-AEC",
            "FocalSpots": 0.3,
            "DistanceSourceToDetector": 650,
        },
        private={
            "PLANMED NUANCE 1.0": (
                (0x0029, 0x20, "LO", "operator={operator_plain}"),
                (0x0029, 0x21, "UT", "<exam><id>{patient_id}</id><unit>{serial}</unit></exam>"),
                (0x0029, 0x22, "FD", "0.73"),
            ),
        },
    ),
    "GE": Vendor(
        manufacturer="GE MEDICAL SYSTEMS",
        model="Senograph Essential VERSION ADS_54.11",
        share=0.1,
        uid_arc=4,
        devices=(Device("SENO-615533", "SENOVM1", "VUONMAN_GE", "ADS Application Package VERSION ADS_54.11"),),
        shape=(2294, 1914),
        spacing_mm=0.1,
        bits_stored=12,
        codes="SRT",
        windows=(("NORMAL", 1.25, 0.8), ("HARDER", 1.25, 0.6), ("SOFTER", 1.2, 1.0)),
        tubes=(("RHODIUM", "RHODIUM"), ("MOLYBDENUM", "RHODIUM"), ("MOLYBDENUM", "MOLYBDENUM")),
        voi_function="SIGMOID",
        with_lut=True,
        plain={
            "DetectorType": "SCINTILLATOR",
            "DetectorConfiguration": "AREA",
            "DetectorDescription": "PRV3",
            "DetectorConditionsNominalFlag": "YES",
            "FieldOfViewShape": "RECTANGLE",
            "Grid": ["RECIPROCATING", "FOCUSED"],
            "ExposureControlMode": "AUTOMATIC",
            "ExposureControlModeDescription": "AOP standard",
            "FocalSpots": 0.3,
            "DistanceSourceToDetector": 660,
            "DistanceSourceToPatient": 660,
            "AcquisitionDeviceProcessingDescription": "PROCESSED BY PREMIUM VIEW",
        },
        private={
            "GEMS_IDEN_01": ((0x0009, 0x01, "LO", "{station} {serial}"),),
            "GEMS_SENO_02": (
                (0x0045, 0x1B, "LO", "{laterality}{view}"),
                (0x0045, 0x49, "DS", "46"),
                (0x0045, 0x60, "IS", "120"),
                (0x0045, 0x7E, "LT", "crop by {operator_plain} {accession}"),
            ),
        },
    ),
}
"""Key to vendor; the key is what plans and truth say."""
