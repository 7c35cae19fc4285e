"""What a hospital writes into headers, as tables: which attribute, which text, in what share of the exams.

In texts, ``{name}`` stands for a value of `mammoset.phantom.identities.Identity`.
"""

from __future__ import annotations

from typing import NamedTuple

from mammoset.phantom.truth import PlantedKind


class Place(NamedTuple):
    """An attribute that carries something about a person, a place or a device.

    Attributes
    ----------
    share : float
        Of the exams in which it is filled in; the attribute is left out of the others.
    """

    keyword: str
    text: str
    share: float = 1.0
    kind: PlantedKind = "text"


IDENTIFYING: tuple[Place, ...] = (
    Place("PatientName", "{name}"),
    Place("PatientID", "{patient_id}"),
    Place("IssuerOfPatientID", "{institution}", 0.4),
    Place("PatientBirthDate", "{birth}", kind="date"),
    Place("OtherPatientIDs", "{other_id}", 0.5),
    Place("PatientBirthName", "{name}", 0.2),
    Place("PatientAddress", "{street}", 0.6),
    Place("PatientTelephoneNumbers", "{phone}", 0.6),
    Place("Occupation", "{occupation}", 0.2),
    Place("PatientComments", "BN {spoken}, DT {phone}, BHYT {insurance}", 0.35),
    Place("AdditionalPatientHistory", "{spoken}: mother operated at {institution}", 0.15),
    Place("MedicalRecordLocator", "{insurance}", 0.1),
    Place("AccessionNumber", "{accession}"),
    Place("StudyID", "{procedure}"),
    Place("ReferringPhysicianName", "{referring}"),
    Place("RequestingPhysician", "{requesting}", 0.5),
    Place("NameOfPhysiciansReadingStudy", "{reader}", 0.3),
    Place("PerformingPhysicianName", "{reader}", 0.3),
    Place("OperatorsName", "{operator}", 0.9),
    Place("InstitutionName", "{institution}"),
    Place("InstitutionAddress", "{institution_address}", 0.8),
    Place("InstitutionalDepartmentName", "{department}", 0.6),
    Place("StationName", "{station}", 0.9),
    Place("DeviceSerialNumber", "{serial}"),
    Place("DetectorID", "DET-{serial}", 0.8),
    Place("StudyDescription", "Mammo 2 ben {spoken}", 0.25),
    Place("ProtocolName", "SANG LOC {patient_id}", 0.2),
    Place("PerformedProcedureStepID", "PPS{procedure}", 0.7),
    Place("PerformedProcedureStepDescription", "chup vu {plain_name}", 0.2),
    Place("RequestedProcedureDescription", "Chup vu, yeu cau {requesting}", 0.2),
    Place("ImageComments", "{operator_plain}: {spoken} tai kham", 0.3),
    Place("DerivationDescription", "sent by {ae_title} {station}", 0.2),
    Place("FilterType", "F {patient_id}", 0.1),
    Place("ScheduledStudyLocation", "{department}", 0.1),
)
"""Attributes of the data set's top level."""

REQUEST_ITEM: tuple[Place, ...] = (
    Place("RequestedProcedureID", "{procedure}"),
    Place("ScheduledProcedureStepID", "SPS{procedure}"),
    Place("ScheduledProcedureStepDescription", "Mammo {plain_name}"),
    Place("RequestedProcedureDescription", "Sang loc {patient_id}"),
)
"""The item of Request Attributes Sequence."""

OTHER_ID_ITEM: tuple[Place, ...] = (
    Place("PatientID", "{insurance}"),
    Place("IssuerOfPatientID", "{institution}"),
)

FILE_META: tuple[Place, ...] = (
    Place("SourceApplicationEntityTitle", "{ae_title}", 0.8),
    Place("ImplementationVersionName", "VM_{station}", 0.5),
)

PREAMBLE = "EXPORT {institution_plain} {plain_name} {patient_id}"
PRIVATE_INFORMATION = "archived for {plain_name} {patient_id}"
OVERLAY_TEXT = "{plain_name} {patient_id}"
WINDOW_REMARK = "BS {operator_plain} {patient_id}"
CODE_REMARK = "{meaning} ({station})"

PREAMBLE_SHARE, PRIVATE_INFORMATION_SHARE, OVERLAY_SHARE = 0.08, 0.05, 0.06
WINDOW_REMARK_SHARE, CODE_REMARK_SHARE = 0.06, 0.04
OTHER_ID_SHARE, REQUEST_SHARE, WITHOUT_SIZE = 0.3, 0.7, 0.5

PLAIN: dict[str, str | int | float | list[str | int | float]] = {
    "Modality": "MG",
    "PatientSex": "F",
    "BodyPartExamined": "BREAST",
    "OrganExposed": "BREAST",
    "PositionerType": "MAMMOGRAPHIC",
    "SamplesPerPixel": 1,
    "PixelRepresentation": 0,
    "RescaleIntercept": 0,
    "RescaleSlope": 1,
    "RescaleType": "US",
    "LossyImageCompression": "00",
    "QualityControlImage": "NO",
    "BreastImplantPresent": "NO",
    "PartialView": "NO",
}
"""The same in every mammogram of every maker."""
