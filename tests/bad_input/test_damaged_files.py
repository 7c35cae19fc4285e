"""Files that are cut short or are something else: refused, counted, listed in the vault; the rest goes through."""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.errors import RefusedObject
from mammoset.pixels.codec import decode
from tests.bad_input.conftest import Desk
from tests.bad_input.made import ENCODINGS, VIEWS, encoded, image, image_uid, put, put_exam, stream_of, study_uid

COMPRESSED = [name for name, (_, encode) in ENCODINGS.items() if encode is not None]


def test_a_file_cut_short_anywhere_is_refused_and_no_part_of_its_exam_passes(desk: Desk) -> None:
    cut = dict(zip(VIEWS, ("uncompressed", "JPEG-LS", "JPEG lossless"), strict=False))
    for percent in range(1, 100):
        put_exam(desk.originals, percent, VIEWS[3:])
        for view, encoding in cut.items():
            whole = encoded(image(percent, view), encoding)
            put(desk.originals, percent, view, whole[: len(whole) * percent // 100])
    put_exam(desk.originals, 100)
    desk.take()
    assert desk.passed() == 1
    refused = desk.refused()
    assert sum(refused.values()) == 99 * 3
    assert set(refused) <= {"acquire not_dicom", "acquire no_identity", "acquire unreadable"}
    assert desk.refused_files().count("_NGUYEN_LAN_") == 99 * 3


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_a_code_stream_cut_short_anywhere_is_refused_and_not_filled_up(encoding: str) -> None:
    made = image(1, "L-CC")
    stream = stream_of(made, encoding)
    reasons = set()
    for percent in range(1, 100):
        cut = dcmread(BytesIO(encoded(made, encoding, frame=stream[: len(stream) * percent // 100])))
        with pytest.raises(RefusedObject) as refusal:
            decode(cut)
        reasons.add(refusal.value.reason)
    assert reasons <= {"not_decodable", "pixel_size"}
    assert decode(dcmread(BytesIO(encoded(made, encoding)))).shape == (64, 48)


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_a_cut_code_stream_in_a_whole_file_costs_its_exam_only(desk: Desk, encoding: str) -> None:
    for study, percent in enumerate((3, 30, 60, 99), 1):
        put_exam(desk.originals, study, VIEWS[1:], encoding)
        made = image(study, VIEWS[0])
        stream = stream_of(made, encoding)
        put(desk.originals, study, VIEWS[0], encoded(made, encoding, frame=stream[: len(stream) * percent // 100]))
    put_exam(desk.originals, 9, encoding=encoding)
    desk.take()
    assert desk.passed() == 1
    assert desk.refused() == {"pseudonymize not_decodable": 4}
    assert "its pixels cannot be decoded" in desk.type("status").out


def test_the_files_behind_the_numbers_are_named_in_the_vault_only(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    (desk.originals / "Nguyen Lan, letter.dcm").write_bytes(b"Dear Mrs. Nguyen\n" * 20)
    put(desk.originals, 1, "L-CC", encoded(image(1, "L-CC", ImageLaterality=None)))
    done = desk.type("acquire", "folder", desk.originals)
    assert "which files were refused is listed in" in done.out
    assert "1 refused: not a DICOM file" in done.out
    lines = desk.refused_files().splitlines()
    assert lines[0] == "reason,meaning,exam,object,file"
    assert [line.split(",")[0] for line in lines[1:]] == ["not_dicom", "unknown_view"]
    assert "Nguyen Lan, letter.dcm" in lines[1]
    assert lines[2].endswith("001_NGUYEN_LAN_L-CC.dcm")
    assert "refused.csv in the vault" in desk.type("status").out


def test_a_file_that_was_mended_is_no_longer_counted(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put(desk.originals, 1, "L-CC", b"")
    desk.take()
    assert desk.refused() == {"acquire not_dicom": 1}
    assert desk.passed() == 0
    put_exam(desk.originals, 1)
    desk.take()
    assert desk.refused() == {}
    assert desk.passed() == 1
    assert desk.refused_files().count("\n") == 1


def test_running_again_counts_a_refused_file_once(desk: Desk) -> None:
    put(desk.originals, 1, "L-CC", b"nothing")
    for _ in range(3):
        desk.type("acquire", "folder", desk.originals)
    assert desk.refused() == {"acquire not_dicom": 1}


def jpeg_12_bit_nobody_reads(made: Dataset) -> bytes:
    """Return JPEG Extended that says it is arithmetically coded (SOF9), which DICOM does not know."""
    return stream_of(made, "JPEG 12 bit").replace(b"\xff\xc1", b"\xff\xc9", 1)


def renamed_jpeg() -> bytes:
    is_done, data = cv2.imencode(".jpg", np.zeros((64, 48), np.uint8))
    assert is_done
    return bytes(data)


RGB = bytes(64 * 48 * 3)
ODD: dict[str, tuple[bytes, str]] = {
    "a JPEG renamed .dcm": (renamed_jpeg(), "acquire not_dicom"),
    "12-bit JPEG that no decoder reads": (
        encoded(image(1, "L-CC"), "JPEG 12 bit", frame=jpeg_12_bit_nobody_reads(image(1, "L-CC"))),
        "pseudonymize not_decodable",
    ),
    "noise for a code stream": (
        encoded(image(1, "L-CC"), "JPEG-LS", frame=b"\xff\xd8" + bytes(range(256)) * 8 + b"\xff\xd9"),
        "pseudonymize not_decodable",
    ),
    "more rows than pixels": (encoded(image(1, "L-CC", Rows=65)), "pseudonymize pixel_size"),
    "fewer rows than pixels": (encoded(image(1, "L-CC", Rows=32)), "pseudonymize pixel_size"),
    "fewer columns than pixels": (encoded(image(1, "L-CC", Columns=47)), "pseudonymize pixel_size"),
    "other rows than the code stream": (encoded(image(1, "L-CC", Rows=63), "JPEG-LS",
        frame=stream_of(image(1, "L-CC"), "JPEG-LS")), "pseudonymize pixel_size"),
    "no rows": (encoded(image(1, "L-CC", Rows=None)), "pseudonymize pixel_size"),
    "nine thousand million pixels": (encoded(image(1, "L-CC", Rows=65535, Columns=65535)), "pseudonymize pixel_size"),
    "no photometric interpretation": (
        encoded(image(1, "L-CC", PhotometricInterpretation=None)), "pseudonymize not_grayscale",
    ),
    "colour": (
        encoded(image(1, "L-CC", PhotometricInterpretation="RGB", SamplesPerPixel=3, BitsAllocated=8, BitsStored=8,
            HighBit=7, PixelData=RGB)), "pseudonymize not_grayscale",
    ),
    "two frames": (
        encoded(image(1, "L-CC", NumberOfFrames=2, PixelData=bytes(64 * 48 * 4))), "pseudonymize multi_frame",
    ),
    "12 bits allocated": (encoded(image(1, "L-CC", BitsAllocated=12)), "pseudonymize invalid_value"),
    "no bits stored": (encoded(image(1, "L-CC", BitsStored=None)), "pseudonymize invalid_value"),
    "more bits stored than allocated": (encoded(image(1, "L-CC", BitsStored=17)), "pseudonymize invalid_value"),
    "high bit below the stored bits": (encoded(image(1, "L-CC", HighBit=3)), "pseudonymize invalid_value"),
    "signed": (encoded(image(1, "L-CC", PixelRepresentation=1)), "pseudonymize invalid_value"),
    "a pixel spacing of nought": (
        encoded(image(1, "L-CC", ImagerPixelSpacing=["0", "0"])), "pseudonymize invalid_value",
    ),
    "no side": (encoded(image(1, "L-CC", ImageLaterality=None)), "acquire unknown_view"),
    "no instance UID": (encoded(image(1, "L-CC", SOPInstanceUID="1.2", StudyInstanceUID=None)), "acquire no_identity"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_object_is_refused_with_its_reason_and_the_rest_goes_through(desk: Desk, kind: str) -> None:
    content, reason = ODD[kind]
    put_exam(desk.originals, 1)
    put(desk.originals, 1, "L-CC", content)
    put_exam(desk.originals, 2)
    desk.take()
    assert desk.refused() == {reason: 1}
    assert desk.passed() == 1
    assert "     2  exams in the pool" in desk.type("status").out


def test_a_study_whose_patient_changes_between_images_is_left_out(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put(desk.originals, 1, "R-MLO", encoded(image(1, "R-MLO", PatientID="PAT0999")))
    put_exam(desk.originals, 2)
    desk.take()
    assert desk.passed() == 1
    assert "its images belong to different patients" in desk.type("status").out
    assert "its images carry 2 different patient ids" in desk.type("status", "--exams").out


def test_a_study_whose_side_changes_between_images_lacks_a_view(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put(desk.originals, 1, "R-MLO", encoded(image(1, "R-MLO", ImageLaterality="L")))
    put_exam(desk.originals, 2)
    desk.take()
    assert desk.passed() == 1
    assert "R-MLO" in desk.type("status", "--exams").out


def test_one_object_twice_counts_once(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put(desk.originals, 2, "L-CC", encoded(image(1, "L-CC")))
    done = desk.type("acquire", "folder", desk.originals)
    assert "1 refused: the same object had arrived before" in done.out
    desk.type("pseudonymize", "--workers", 1)
    assert desk.passed() == 1


def test_two_objects_of_one_uid_are_told_apart_and_the_second_is_named(desk: Desk) -> None:
    put_exam(desk.originals, 1)
    put(desk.originals, 7, "L-CC", encoded(image(1, "L-CC", PixelData=image(7, "L-CC").PixelData)))
    desk.take()
    assert desk.refused() == {"acquire conflicting_copy": 1}
    assert "007_NGUYEN_LAN_L-CC.dcm" in desk.refused_files()
    assert desk.passed() == 1
    desk.take()
    assert desk.refused() == {"acquire conflicting_copy": 1}


@pytest.mark.parametrize("is_same", [True, False], ids=["same content", "other content"])
def test_one_uid_in_two_studies_does_not_mix_them_up(desk: Desk, is_same: bool) -> None:
    put_exam(desk.originals, 1)
    put_exam(desk.originals, 2)
    taken = image(1 if is_same else 2, "L-CC", SOPInstanceUID=image_uid(1, "L-CC"), StudyInstanceUID=study_uid(2))
    put(desk.originals, 2, "L-CC", encoded(taken))
    put_exam(desk.originals, 3)
    desk.take()
    assert desk.passed() == 2
    desk.type("acquire", "purge")
    desk.take()
    assert desk.passed() == 2
    assert desk.refused() == {"acquire conflicting_copy": 1}
