"""Attributes of studies, series and instances: at which level they are, and what is known of them without their files.

Tables of PS3.18 10.6.1.2.3 (what can be searched for) and 10.6.3.3 (what is answered).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword

from mammoset.catalog import ImageRecord
from mammoset.model import Study
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL, MG_FOR_PRESENTATION


class Level(IntEnum):
    """What a search is for; an attribute of one level is one of every lower level too."""

    STUDY = 0
    SERIES = 1
    INSTANCE = 2


@dataclass(frozen=True, slots=True)
class Entity:
    """A study, a series or an instance.

    Attributes
    ----------
    records : tuple of ImageRecord
        Its images, in hanging order; at least one.
    """

    level: Level
    study: Study
    records: tuple[ImageRecord, ...]

    @property
    def first(self) -> ImageRecord:
        """The image that stands for it."""
        return self.records[0]


Values = Sequence[str | int | float]


def _nothing(_: Entity) -> Values:
    return ()


def _always(value: str) -> Callable[[Entity], Values]:
    return lambda _: (value,)


def _kept(name: str) -> Callable[[Entity], Values]:
    def values(entity: Entity) -> Values:
        found = entity.first.attributes.get(name)
        return () if found is None else (str(found),)

    return values


def _of_images(value: Callable[[ImageRecord], str | int]) -> Callable[[Entity], Values]:
    return lambda entity: tuple(dict.fromkeys(value(record) for record in entity.records))


KNOWN: dict[str, Callable[[Entity], Values]] = {
    "StudyDate": _kept("study_date"),
    "StudyTime": _nothing,
    "AccessionNumber": _nothing,
    "StudyDescription": _nothing,
    "ModalitiesInStudy": _always("MG"),
    "ReferringPhysicianName": _nothing,
    "PatientName": lambda entity: (f"{entity.study.patient_id}^",),
    "PatientID": lambda entity: (entity.study.patient_id,),
    "PatientBirthDate": _nothing,
    "PatientSex": _kept("patient_sex"),
    "StudyInstanceUID": lambda entity: (entity.study.study_id,),
    "StudyID": _nothing,
    "NumberOfStudyRelatedSeries": lambda entity: (len({image.series_id for image in entity.study.images}),),
    "NumberOfStudyRelatedInstances": lambda entity: (len(entity.study.images),),
    "Modality": _always("MG"),
    "SeriesDescription": _nothing,
    "SeriesInstanceUID": _of_images(lambda record: record.image.series_id),
    "NumberOfSeriesRelatedInstances": lambda entity: (
        sum(image.series_id == entity.first.image.series_id for image in entity.study.images),
    ),
    "PerformedProcedureStepStartDate": _nothing,
    "PerformedProcedureStepStartTime": _nothing,
    "RequestAttributesSequence": _nothing,
    "SOPClassUID": _always(MG_FOR_PRESENTATION),
    "SOPInstanceUID": _of_images(lambda record: record.image.image_id),
    "InstanceAvailability": _always("ONLINE"),
    "Rows": _of_images(lambda record: record.image.height),
    "Columns": _of_images(lambda record: record.image.width),
    "ImageLaterality": _of_images(lambda record: record.image.laterality.value),
    "ViewPosition": _of_images(lambda record: record.image.view_position.value),
    "AvailableTransferSyntaxUID": _always(HTJ2K_LOSSLESS_RPCL),
}
"""Attributes whose values the catalog knows; those without value are in no file, or empty in all of them."""

ANSWERED: dict[Level, tuple[str, ...]] = {
    Level.STUDY: (
        "StudyDate", "StudyTime", "AccessionNumber", "InstanceAvailability", "ModalitiesInStudy",
        "ReferringPhysicianName", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID",
        "StudyID", "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances",
    ),
    Level.SERIES: ("Modality", "SeriesInstanceUID", "SeriesNumber", "NumberOfSeriesRelatedInstances"),
    Level.INSTANCE: (
        "SOPClassUID", "SOPInstanceUID", "InstanceAvailability", "InstanceNumber", "Rows", "Columns", "BitsAllocated",
        "NumberOfFrames", "AvailableTransferSyntaxUID",
    ),
}  # fmt: skip
"""What is answered of each level without being asked for (PS3.18 tables 10.6.3-3 to 10.6.3-5)."""

_OF_STUDY = frozenset(ANSWERED[Level.STUDY]) | {"StudyDescription", "LongitudinalTemporalInformationModified"}
_OF_SERIES = frozenset(
    (
        *ANSWERED[Level.SERIES], "SeriesDescription", "SeriesDate", "SeriesTime", "Laterality",
        "PresentationIntentType", "Manufacturer", "ManufacturerModelName", "BodyPartExamined",
        "PerformedProcedureStepStartDate",
        "PerformedProcedureStepStartTime", "RequestAttributesSequence",
    )
)  # fmt: skip
_PATIENT_GROUPS = ("0010", "0012")
"""Patient attributes, and what was done to the identity: the same for all images of a study."""


def level_of(keyword: str) -> Level:
    """Return the level of an attribute; of one that is not named here the lowest."""
    if keyword in _OF_STUDY or tag_of(keyword).startswith(_PATIENT_GROUPS):
        return Level.STUDY
    return Level.SERIES if keyword in _OF_SERIES else Level.INSTANCE


def tag_of(keyword: str) -> str:
    """Return the tag of an attribute as DICOM JSON spells it."""
    return f"{tag_for_keyword(keyword):08X}"


def keyword_of(name: str) -> str | None:
    """Return the keyword of an attribute by keyword or tag; None when there is no such attribute."""
    if re.fullmatch(r"[0-9A-Fa-f]{8}", name):
        return keyword_for_tag(int(name, 16)) or None
    return name if name and tag_for_keyword(name) is not None else None


def element_of(keyword: str, values: Values) -> dict[str, Any]:
    """Return an element of DICOM JSON (PS3.18 F.2.2)."""
    vr = dictionary_VR(tag_for_keyword(keyword) or 0)
    if not values:
        return {"vr": vr}
    return {"vr": vr, "Value": [{"Alphabetic": value} for value in values] if vr == "PN" else list(values)}


def texts_of(element: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the values of an element of DICOM JSON as texts; none of a sequence."""
    found = []
    for value in (element or {}).get("Value", ()):
        if isinstance(value, dict):
            value = value.get("Alphabetic")
        if value is not None:
            found.append(str(value))
    return tuple(found)
