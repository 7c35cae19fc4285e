"""Writes headers in the manner of a vendor, with identifiers planted wherever a hospital leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from mammoset.phantom import header_tables as tables
from mammoset.phantom.acquisition import ObjectKind, ObjectPlan
from mammoset.phantom.header_tables import Place
from mammoset.phantom.identities import Identity
from mammoset.phantom.plans import ExamPlan, generator
from mammoset.phantom.truth import Planted, PlantedKind
from mammoset.phantom.vendors import VENDORS, Vendor
from mammoset.terms.dicom import (
    MG_FOR_PRESENTATION,
    MG_FOR_PROCESSING,
    VIEW_CODES,
    VIEW_CODES_SRT,
    VIEW_MODIFIER_CODES,
    VIEW_MODIFIER_CODES_SRT,
    Code,
    Laterality,
    ViewModifier,
    ViewPosition,
)

_VIEWS_SRT = {view: value for value, view in VIEW_CODES_SRT.items()}
_MODIFIERS_SRT = {modifier: value for value, modifier in VIEW_MODIFIER_CODES_SRT.items()}
OBLIQUE = frozenset({ViewPosition.MLO, ViewPosition.LMO, ViewPosition.SIO})


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels with what a header says of them.

    Attributes
    ----------
    pixels : ndarray of uint16, shape (rows, columns)
        As stored, inverted where the photometric interpretation says so.
    window : tuple of float
        Center and width, in stored values.
    """

    pixels: NDArray[np.uint16]
    bits_stored: int
    spacing_mm: float
    window: tuple[float, float]


@dataclass(slots=True)
class Sheet:
    """A header being written, and what has been planted in it."""

    exam: ExamPlan
    plan: ObjectPlan
    identity: Identity
    vendor: Vendor
    dataset: Dataset = field(default_factory=Dataset)
    planted: dict[Planted, None] = field(default_factory=dict)

    def plant(self, text: str, where: str, kind: PlantedKind = "text") -> str:
        """Note an identifier and return it."""
        if text:
            self.planted[Planted(text, where, kind)] = None
        return text

    def fill(self, dataset: Dataset, places: Iterable[Place], rng: Generator) -> None:
        """Write identifying attributes, each in its share of the exams."""
        for place in places:
            if rng.random() < place.share:
                text = self.identity.written(place.text)
                setattr(dataset, place.keyword, self.plant(text, place.keyword, place.kind))

    def uid(self, keyword: str, *counters: int) -> str:
        """Return a UID of the exam and note it."""
        return self.plant(self.identity.uid(*counters), keyword, "uid")


def start(exam: ExamPlan, plan: ObjectPlan, identity: Identity, sop_class: str) -> Sheet:
    """Return a header with what every object of an exam has: patient, study, series, equipment, moments."""
    sheet = Sheet(exam, plan, identity, VENDORS[exam.vendor])
    dataset, vendor = sheet.dataset, sheet.vendor
    if identity.character_set:
        dataset.SpecificCharacterSet = identity.character_set
    # What is filled in differs between exams, not between the images of one.
    sheet.fill(dataset, tables.IDENTIFYING, generator(exam.seed, 31))
    dataset.PatientSex = "F"
    if "StudyDescription" not in dataset:
        dataset.StudyDescription = "Mammography"
    if exam.age is not None:
        dataset.PatientAge = f"{exam.age:03d}Y"
        if exam.age > 89:
            sheet.plant(dataset.PatientAge, "PatientAge", "age")
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = sheet.uid("SOPInstanceUID", 3, plan.number)
    dataset.StudyInstanceUID = sheet.uid("StudyInstanceUID", 1)
    series = plan.number if vendor.series_per_view or plan.role == "other" else 0
    dataset.SeriesInstanceUID = sheet.uid("SeriesInstanceUID", 2, series)
    dataset.SeriesNumber, dataset.InstanceNumber = series + 1, plan.number
    dataset.Manufacturer, dataset.ManufacturerModelName = vendor.manufacturer, vendor.model
    dataset.SoftwareVersions = identity.texts["software"]
    _moments(sheet)
    return sheet


def _moments(sheet: Sheet) -> None:
    begun = sheet.identity.moment
    taken = begun + timedelta(seconds=sheet.plan.delay)
    for part, moment in (("Study", begun), ("Series", taken), ("Acquisition", taken), ("Content", taken)):
        day, clock = moment.strftime("%Y%m%d"), moment.strftime("%H%M%S")
        setattr(sheet.dataset, f"{part}Date", sheet.plant(day, f"{part}Date", "date"))
        setattr(sheet.dataset, f"{part}Time", sheet.plant(clock, f"{part}Time", "date"))


def mammogram_header(exam: ExamPlan, plan: ObjectPlan, identity: Identity, picture: Picture) -> Sheet:
    """Return the header of a mammogram without its pixel data.

    Returns
    -------
    Sheet
        Its ``dataset`` is a valid Digital Mammography X-Ray object, its ``planted`` what was planted.
    """
    processing = plan.kind is ObjectKind.PROCESSING
    sheet = start(exam, plan, identity, MG_FOR_PROCESSING if processing else MG_FOR_PRESENTATION)
    dataset, rng = sheet.dataset, generator(plan.seed, 32)
    for keyword, value in (tables.PLAIN | sheet.vendor.plain).items():
        setattr(dataset, keyword, value)
    kind = ["ORIGINAL" if processing else "DERIVED", "PRIMARY", ""]
    dataset.ImageType = kind
    dataset.PresentationIntentType = "FOR PROCESSING" if processing else "FOR PRESENTATION"
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LIN", -1 if plan.inverted else 1
    _pixel_attributes(dataset, plan, picture)
    _view(sheet, generator(exam.seed, 33))
    _exposure(sheet, rng)
    dataset.PresentationLUTShape = "INVERSE" if plan.inverted else "IDENTITY"
    if not processing:
        _windows(sheet, picture, generator(exam.seed, 34))
    _sequences(sheet, generator(exam.seed, 35))
    _private(sheet)
    return sheet


def _pixel_attributes(dataset: Dataset, plan: ObjectPlan, picture: Picture) -> None:
    dataset.Rows, dataset.Columns = picture.pixels.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, picture.bits_stored, picture.bits_stored - 1
    dataset.PhotometricInterpretation = "MONOCHROME1" if plan.inverted else "MONOCHROME2"
    dataset.ImagerPixelSpacing = [picture.spacing_mm] * 2
    dataset.PixelSpacing = [picture.spacing_mm] * 2
    dataset.SmallestImagePixelValue = int(picture.pixels.min())
    dataset.LargestImagePixelValue = int(picture.pixels.max())
    dataset.BurnedInAnnotation = "NO" if plan.kind is ObjectKind.PROCESSING else "YES" if plan.text != "none" else "NO"


def code_item(code: Code, srt: str | None = None) -> Dataset:
    """Return the item of a coded concept, under its retired SNOMED-RT value where one is given."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code
    if srt is not None:
        item.CodeValue, item.CodingSchemeDesignator = srt, "SRT"
    return item


def _view(sheet: Sheet, rng: Generator) -> None:
    plan, dataset = sheet.plan, sheet.dataset
    if plan.laterality is None or plan.view_position is None:
        raise ValueError("a mammogram has a side and a view")
    old = sheet.vendor.codes == "SRT"
    dataset.ImageLaterality = plan.laterality.value
    dataset.ViewPosition = plan.view_position.value
    dataset.PatientOrientation = _orientation(plan.laterality, plan.view_position)
    dataset.SeriesDescription = f"{plan.laterality} {plan.view_position}"
    region = Code("76752008", "SCT", "Breast")
    dataset.AnatomicRegionSequence = [code_item(region, "T-04000" if old else None)]
    view = code_item(VIEW_CODES[plan.view_position], _VIEWS_SRT[plan.view_position] if old else None)
    if rng.random() < tables.CODE_REMARK_SHARE:
        meaning = sheet.identity.written(tables.CODE_REMARK, meaning=view.CodeMeaning)
        view.CodeMeaning = sheet.plant(meaning, "CodeMeaning")
    view.ViewModifierCodeSequence = [
        code_item(VIEW_MODIFIER_CODES[one], _MODIFIERS_SRT[one] if old else None) for one in plan.modifiers
    ]
    dataset.ViewCodeSequence = [view]
    if ViewModifier.IMPLANT_DISPLACED in plan.modifiers:
        dataset.BreastImplantPresent = "YES"


def _orientation(laterality: Laterality, view: ViewPosition) -> list[str]:
    """Return Patient Orientation of a picture with the chest wall at the left for a left breast.

    Rows run towards the nipple, or away from it. Columns run from the lateral side to the medial one in a CC view,
    that is to the patient's other side, and towards the feet in the others.
    """
    towards_nipple = "A" if laterality is Laterality.L else "P"
    medial = "R" if laterality is Laterality.L else "L"
    if view in (ViewPosition.CC, ViewPosition.XCCL):
        return [towards_nipple, medial]
    return [towards_nipple, f"F{medial}" if view is ViewPosition.MLO else "F"]


def _exposure(sheet: Sheet, rng: Generator) -> None:
    dataset, vendor = sheet.dataset, sheet.vendor
    thickness = int(rng.integers(32, 78))
    anode, filter_material = vendor.tubes[int(rng.integers(len(vendor.tubes)))]
    factor = 1.8 if sheet.plan.is_magnified else round(float(rng.uniform(1.0, 1.08)), 3)
    exposure = int(40 + 1.6 * thickness + rng.integers(0, 30))
    dataset.KVP = 24 + thickness // 10
    dataset.BodyPartThickness, dataset.CompressionForce = thickness, int(rng.integers(60, 160))
    dataset.AnodeTargetMaterial, dataset.FilterMaterial = anode, filter_material
    dataset.Exposure, dataset.ExposureInuAs = exposure, exposure * 1000
    dataset.ExposureTime, dataset.XRayTubeCurrent = int(exposure * 10), 100
    dataset.OrganDose = round(0.00028 * thickness + float(rng.uniform(0.001, 0.004)), 5)
    dataset.EntranceDoseInmGy = round(0.09 * thickness + float(rng.uniform(0.5, 2.0)), 3)
    dataset.HalfValueLayer = round(float(rng.uniform(0.3, 0.6)), 3)
    dataset.RelativeXRayExposure = int(rng.integers(200, 700))
    dataset.EstimatedRadiographicMagnificationFactor = factor
    oblique = sheet.plan.view_position in OBLIQUE
    angle = int(rng.integers(42, 56)) if oblique else 0
    dataset.PositionerPrimaryAngle = angle if sheet.plan.laterality is Laterality.R else -angle
    size = generator(sheet.exam.patient.seed, 36)
    if size.random() >= tables.WITHOUT_SIZE:
        dataset.PatientSize, dataset.PatientWeight = round(float(size.normal(1.55, 0.05)), 2), int(size.normal(54, 7))


def _windows(sheet: Sheet, picture: Picture, rng: Generator) -> None:
    dataset, vendor = sheet.dataset, sheet.vendor
    center, width = picture.window
    explanations = [name for name, _, _ in vendor.windows]
    if rng.random() < tables.WINDOW_REMARK_SHARE:
        remark = sheet.identity.written(tables.WINDOW_REMARK)
        explanations[-1] = sheet.plant(remark, "WindowCenterWidthExplanation")
    dataset.WindowCenter = [int(center * by) for _, by, _ in vendor.windows]
    dataset.WindowWidth = [int(width * by) for _, _, by in vendor.windows]
    dataset.WindowCenterWidthExplanation = explanations
    if vendor.voi_function:
        dataset.VOILUTFunction = vendor.voi_function
    if vendor.with_lut:
        dataset.VOILUTSequence = [
            _lut(name, center * c, width * w, picture.bits_stored) for name, c, w in vendor.windows
        ]


def _lut(explanation: str, center: float, width: float, bits: int) -> Dataset:
    """Return a VOI LUT of sigmoid shape."""
    values = np.arange(1 << bits)
    table = ((1 << bits) - 1) / (1 + np.exp(-4 * (values - center) / width))
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [1 << bits, 0, bits])
    item.LUTExplanation = explanation
    item.add_new("LUTData", "OW", np.rint(table).astype("<u2").tobytes())
    return item


def _sequences(sheet: Sheet, rng: Generator) -> None:
    dataset = sheet.dataset
    dataset.AcquisitionContextSequence = []
    if rng.random() < tables.REQUEST_SHARE:
        item = Dataset()
        sheet.fill(item, tables.REQUEST_ITEM, rng)
        dataset.RequestAttributesSequence = [item]
    if rng.random() < tables.OTHER_ID_SHARE:
        item = Dataset()
        sheet.fill(item, tables.OTHER_ID_ITEM, rng)
        item.TypeOfPatientID = "TEXT"
        dataset.OtherPatientIDsSequence = [item]
    step = Dataset()
    step.ReferencedSOPClassUID = "1.2.840.10008.3.1.2.3.3"
    step.ReferencedSOPInstanceUID = sheet.uid("ReferencedSOPInstanceUID", 4)
    dataset.ReferencedPerformedProcedureStepSequence = [step]


def _private(sheet: Sheet) -> None:
    view = {"laterality": str(sheet.plan.laterality), "view": str(sheet.plan.view_position)}
    for creator, elements in sheet.vendor.private.items():
        for group, offset, representation, text in elements:
            block = sheet.dataset.private_block(group, creator, create=True)
            value = sheet.identity.written(text, **view)
            if "{" in text and sheet.identity.written(text, laterality="", view=""):
                sheet.plant(value, f"private ({group:04x},xx{offset:02x})")
            block.add_new(offset, representation, _as_value(representation, value))


def _as_value(representation: str, text: str) -> Any:
    if representation in ("US", "SL"):
        return int(text)
    return float(text) if representation in ("FD", "FL") else text
