from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.encaps import generate_frames

from mammoset.phantom import files
from mammoset.phantom.acquisition import TRANSFER_SYNTAXES, ObjectKind, ObjectPlan, Text, objects_of, transfer_syntax_of
from mammoset.phantom.files import MadeObject, make
from mammoset.phantom.flaws import Flaw
from mammoset.phantom.headers import Picture
from mammoset.phantom.hospital import Hospital
from mammoset.phantom.identities import identity_of
from mammoset.phantom.plans import ExamPlan
from mammoset.phantom.population import draw_population
from mammoset.phantom.scanner import MASK, SMALLEST_LETTER, Shot, shape_of, shoot
from mammoset.phantom.truth import ExamTruth, ImageTruth
from mammoset.phantom.vendors import VENDORS
from mammoset.pixels.views import view_of
from mammoset.terms.dicom import (
    JPEG_LOSSLESS_SV1,
    JPEG_LS_LOSSLESS,
    MG_FOR_PRESENTATION,
    Laterality,
    ViewModifier,
    ViewPosition,
)


def mammograms(hospital: Hospital) -> Iterator[tuple[ExamTruth, ImageTruth, FileDataset]]:
    for exam in hospital.exams:
        for image in exam.images:
            if image.role != "other":
                yield exam, image, dcmread(hospital.images / image.path)


@pytest.fixture(scope="module")
def exams() -> tuple[ExamPlan, ...]:
    return draw_population(60, seed=11, enriched=True)


def by_vendor(exams: tuple[ExamPlan, ...], vendor: str) -> ExamPlan:
    return next(exam for exam in exams if exam.vendor == vendor)


def made(exam: ExamPlan, flaw: Flaw | None = None, index: int = 0) -> MadeObject:
    exam = replace(exam, flaws=frozenset({flaw} if flaw else ()))
    return make(exam, objects_of(exam)[index], "small")


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("flaw", [None, Flaw.MONOCHROME1, Flaw.IMPLANT_DISPLACED, Flaw.FOR_PROCESSING])
def test_objects_of_every_vendor_are_valid(
    vendor: str,
    flaw: Flaw | None,
    exams: tuple[ExamPlan, ...],
    tmp_path: Path,
    dciodvfy_errors: Callable[[Path], list[str]],
) -> None:
    for number, exam in enumerate([one for one in exams if one.vendor == vendor][:6]):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(made(exam, flaw, index=-1 - number % 2).content)
        assert dciodvfy_errors(path) == []


@pytest.mark.real("dciodvfy")
def test_whatever_is_in_the_archive_is_valid(hospital: Hospital, dciodvfy_errors: Callable[[Path], list[str]]) -> None:
    assert [path for path in hospital.images.rglob("*.dcm") if dciodvfy_errors(path)] == []


def test_the_view_is_told_by_the_header_with_new_and_old_codes(hospital: Hospital) -> None:
    schemes = set()
    for _, image, dataset in mammograms(hospital):
        view = view_of(dataset)
        assert view is not None
        assert (view.laterality, view.view_position) == (image.laterality, image.view_position)
        assert view.can_stand_for_its_view or image.role == "further"
        schemes.add(dataset.ViewCodeSequence[0].CodingSchemeDesignator)
    assert schemes == {"SCT", "SRT"}


def test_everything_said_to_be_planted_is_in_the_files_of_its_exam(hospital: Hospital) -> None:
    for exam in hospital.exams:
        content = b"".join((hospital.images / image.path).read_bytes() for image in exam.images)
        for planted in exam.planted:
            if planted.where not in ("pixels",):
                assert any(planted.text.encode(encoding, "ignore") in content for encoding in ("utf-8", "latin-1")), (
                    planted
                )


def test_identifiers_are_planted_in_every_kind_of_place(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture(np.zeros((8, 8), dtype=np.uint16), 12, 0.1, (10.0, 20.0))
    monkeypatch.setattr(files, "shoot", lambda *_: Shot(picture))
    exams = draw_population(200, seed=1, enriched=True)
    places = {planted.where for exam in exams for planted in make(exam, objects_of(exam)[0], "small").planted}
    assert places >= {
        "PatientName", "PatientID", "OtherPatientIDs", "PatientAddress", "PatientTelephoneNumbers", "PatientComments",
        "InstitutionName", "InstitutionAddress", "StationName", "OperatorsName", "ReferringPhysicianName",
        "AccessionNumber", "StudyDescription", "ProtocolName", "ImageComments", "DeviceSerialNumber", "CodeMeaning",
        "WindowCenterWidthExplanation", "RequestedProcedureID", "SOPInstanceUID", "StudyInstanceUID", "overlay",
        "preamble", "file meta: SourceApplicationEntityTitle", "file meta: PrivateInformation",
    }  # fmt: skip
    assert sum(place.startswith("private") for place in places) >= 8


def test_uids_hold_serial_number_date_and_time(exams: tuple[ExamPlan, ...]) -> None:
    for exam in exams:
        identity = identity_of(exam)
        serial = "".join(letter for letter in identity.texts["serial"] if letter.isdigit())
        uid = identity.uid(3, 1)
        assert f".{serial}.{exam.moment:%Y%m%d%H%M%S}." in uid
        assert len(uid) <= 64
        assert not uid.startswith("2.25")
    assert len({identity_of(exam).uid(1) for exam in exams}) == len(exams)


def test_names_are_written_as_their_character_set_can(exams: tuple[ExamPlan, ...]) -> None:
    found = set()
    for exam in exams:
        identity = identity_of(exam)
        found.add(identity.character_set)
        encoding = {"ISO_IR 192": "utf-8", "ISO_IR 100": "latin-1", "": "ascii"}[identity.character_set]
        for text in identity.texts.values():
            text.encode(encoding)
    assert found == {"ISO_IR 192", "ISO_IR 100", ""}
    vietnamese = next(exam for exam in exams if identity_of(exam).character_set == "ISO_IR 192")
    dataset = dcmread(BytesIO(made(vietnamese).content))
    assert str(dataset.PatientName) == f"{vietnamese.patient.family_name}^{vietnamese.patient.given_name}"


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
def test_pixels_come_back_from_every_transfer_syntax(syntax: str) -> None:
    exam = next(one for one in draw_population(200, seed=4) if transfer_syntax_of(one) == syntax)
    finished = made(exam)
    dataset = dcmread(BytesIO(finished.content))
    assert dataset.file_meta.TransferSyntaxUID == syntax
    if dataset.file_meta.TransferSyntaxUID.is_compressed:
        (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
        pixels = imagecodecs.jpegls_decode(frame) if syntax == JPEG_LS_LOSSLESS else imagecodecs.jpeg8_decode(frame)
    else:
        pixels = dataset.pixel_array
    assert finished.shot is not None
    np.testing.assert_array_equal(pixels, finished.shot.picture.pixels)


def test_jpeg_lossless_streams_are_of_the_first_selection_value() -> None:
    exam = next(one for one in draw_population(200, seed=4) if transfer_syntax_of(one) == JPEG_LOSSLESS_SV1)
    content = made(exam).content
    assert b"\xff\xc3" in content
    scan = content.index(b"\xff\xda", content.index(b"\xff\xc3"))
    assert content[scan + 7] == 1


def test_an_inverted_image_says_so_and_its_air_is_bright(exams: tuple[ExamPlan, ...]) -> None:
    exam = by_vendor(exams, "SIEMENS")
    plain, inverted = (made(exam, flaw).shot for flaw in (None, Flaw.MONOCHROME1))
    assert plain is not None
    assert inverted is not None
    np.testing.assert_array_equal(4095 - plain.picture.pixels, inverted.picture.pixels)
    assert plain.picture.window[0] + inverted.picture.window[0] == 4095


def test_windows_and_lookup_tables_follow_the_vendor(exams: tuple[ExamPlan, ...]) -> None:
    for key, vendor in VENDORS.items():
        dataset = dcmread(BytesIO(made(by_vendor(exams, key)).content))
        assert len(dataset.WindowCenter) == len(dataset.WindowWidth) == len(vendor.windows)
        assert len(dataset.WindowCenterWidthExplanation) == len(vendor.windows)
        assert dataset.get("VOILUTFunction", "") == vendor.voi_function
        assert ("VOILUTSequence" in dataset) == vendor.with_lut
        for item in dataset.get("VOILUTSequence", []):
            values = struct.unpack(f"<{item.LUTDescriptor[0]}H", item.LUTData)
            assert list(values) == sorted(values)


@pytest.mark.parametrize("size", ["full", "half", "small"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_sizes_are_those_of_the_detectors_or_a_part_of_them(vendor: str, size: str) -> None:
    divisor = {"full": 1, "half": 2, "small": 8}[size]
    rows, columns = shape_of(VENDORS[vendor], size)  # type: ignore[arg-type]
    assert abs(rows * divisor - VENDORS[vendor].shape[0]) < divisor
    assert abs(columns * divisor - VENDORS[vendor].shape[1]) < divisor


@pytest.mark.parametrize("vendor", VENDORS)
def test_text_in_a_corner_stays_within_it_and_stray_text_stays_out_of_it(
    vendor: str, exams: tuple[ExamPlan, ...]
) -> None:
    for exam in [one for one in exams if one.vendor == vendor][:4]:
        for side in Laterality:
            plan = ObjectPlan(ObjectKind.PRESENTATION, "standard", side, ViewPosition.MLO, text=Text.CORNER, seed=3)
            rows, columns = shape_of(VENDORS[vendor], "small")
            (corner,) = shoot(exam, plan, "small").text_boxes
            (stray,) = shoot(exam, replace(plan, text=Text.STRAY), "small").text_boxes
            across = partial(_distance_from_air, side=side, columns=columns)
            assert corner.ymax <= MASK[0] * rows
            assert across(corner.xmin, corner.xmax) <= MASK[1] * columns
            assert stray.ymin >= MASK[0] * rows
            assert stray.ymax - stray.ymin >= SMALLEST_LETTER - 1


def _distance_from_air(xmin: float, xmax: float, *, side: Laterality, columns: int) -> float:
    return columns - xmin if side is Laterality.L else xmax


def test_each_flaw_leaves_its_mark_on_the_objects_of_an_exam(exams: tuple[ExamPlan, ...]) -> None:
    def objects(*flaws: Flaw) -> list[ObjectPlan]:
        return list(objects_of(replace(exams[0], flaws=frozenset(flaws))))

    assert [one.role for one in objects()] == ["standard"] * 4
    assert len(objects(Flaw.MISSING_VIEW)) == 3
    assert {one.kind for one in objects(Flaw.OTHER_MODALITY)} == {ObjectKind.ULTRASOUND}
    assert [one.kind for one in objects(Flaw.STRUCTURED_REPORT)][4:] == [ObjectKind.STRUCTURED_REPORT]
    assert [one.kind for one in objects(Flaw.SECONDARY_CAPTURE)][4:] == [ObjectKind.SECONDARY_CAPTURE]
    assert sum(one.kind is ObjectKind.PROCESSING for one in objects(Flaw.FOR_PROCESSING)) == 4
    assert [one.role for one in objects(Flaw.EXTRA_VIEW)][4:] == ["further"]
    displaced = objects(Flaw.IMPLANT_DISPLACED)[4:]
    assert [one.modifiers for one in displaced] == [(ViewModifier.IMPLANT_DISPLACED,)] * 4
    assert sum(one.text is Text.CORNER for one in objects(Flaw.CORNER_TEXT)) == 4
    assert sum(one.text is Text.STRAY for one in objects(Flaw.STRAY_TEXT)) == 1


def test_of_a_repeated_view_the_later_one_stands(exams: tuple[ExamPlan, ...]) -> None:
    for exam in exams:
        objects = objects_of(replace(exam, flaws=frozenset({Flaw.REPEAT})))
        (earlier,) = (one for one in objects if one.role == "repeat")
        view = earlier.laterality, earlier.view_position
        (later,) = (one for one in objects if (one.laterality, one.view_position) == view and one.role == "standard")
        assert later.delay > earlier.delay
        assert later.number > earlier.number


def test_a_for_processing_twin_is_no_presentation_image(exams: tuple[ExamPlan, ...]) -> None:
    twin, image = (dcmread(BytesIO(made(exams[0], Flaw.FOR_PROCESSING, index).content)) for index in (0, 1))
    assert (twin.PresentationIntentType, image.PresentationIntentType) == ("FOR PROCESSING", "FOR PRESENTATION")
    assert twin.SOPClassUID != image.SOPClassUID == MG_FOR_PRESENTATION
    assert view_of(twin) == view_of(image)
