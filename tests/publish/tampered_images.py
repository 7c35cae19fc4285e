"""Changes of the images of a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from mammoset.pixels import codec
from mammoset.terms.dicom import EXPLICIT_VR_LE, JPEG_LS_LOSSLESS
from tests.publish.edits import edit_image, image_path
from tests.publish.tamperings import L_CC, L_MLO, Tampering


def private(dataset: Dataset) -> None:
    dataset.private_block(0x0011, "SOMEBODY", create=True).add_new(0x01, "LO", "Nguyen")


def other_pixel(dataset: Dataset) -> Dataset:
    pixels = codec.decode(dataset).copy()
    pixels[3, 3] = pixels[4, 4]
    return codec.with_pixels(dataset, pixels, JPEG_LS_LOSSLESS)


def cut_pixels(dataset: Dataset) -> None:
    dataset.PixelData = dataset.PixelData[: len(dataset.PixelData) // 4 * 2]


def move_to_patient(dataset: Dataset) -> None:
    dataset.PatientID = dataset.PatientName = "P0004"


def far_too_large(dataset: Dataset) -> None:
    dataset.Rows = dataset.Columns = 65535


def nested_name(dataset: Dataset) -> None:
    item = Dataset()
    item.PerformingPhysicianName = "Nguyen^Thi"
    dataset.ViewCodeSequence[0].AnatomicRegionSequence = [item]


def _image_bytes(release: Path, change: Callable[[bytes], bytes]) -> None:
    path = image_path(release)
    path.write_bytes(change(path.read_bytes()))


IMAGES = (
    Tampering("another pixel", edit_image(other_pixel), (L_CC.image_id, "Pixel SHA-256")),
    Tampering("pixels cut off", edit_image(cut_pixels), (L_CC.image_id, "cannot be decoded")),
    Tampering("rows of the header", edit_image(lambda d: setattr(d, "Rows", 95)), (L_CC.image_id, "cannot be decoded")),
    Tampering("a hundred million rows", edit_image(far_too_large), (L_CC.image_id, "cannot be decoded", "pixel_size")),
    Tampering(
        "a largest value",
        edit_image(lambda d: setattr(d, "LargestImagePixelValue", 4000)),
        ("LargestImagePixelValue is 4000",),
    ),
    Tampering(
        "another image's UID",
        edit_image(lambda d: setattr(d, "SOPInstanceUID", L_MLO.image_id)),
        (L_CC.image_id, "SOPInstanceUID is"),
    ),
    Tampering(
        "another study's UID",
        edit_image(lambda d: setattr(d, "StudyInstanceUID", "2.25.9")),
        ("StudyInstanceUID is '2.25.9'",),
    ),
    Tampering(
        "another class",
        edit_image(lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.7")),
        ("SOPClassUID is",),
    ),
    Tampering(
        "another intent",
        edit_image(lambda d: setattr(d, "PresentationIntentType", "FOR PROCESSING")),
        ("PresentationIntentType is 'FOR PROCESSING'",),
    ),
    Tampering(
        "another view", edit_image(lambda d: setattr(d, "ViewPosition", "MLO")), ("are not what ViewCodeSequence says",)
    ),
    Tampering("another side", edit_image(lambda d: setattr(d, "ImageLaterality", "R")), ("Image Laterality is 'L'",)),
    Tampering("another age", edit_image(lambda d: setattr(d, "PatientAge", "070Y")), ("the file says '070Y'",)),
    Tampering(
        "a patient of another fold", edit_image(move_to_patient), ("Patient ID is 'P0000', the file says 'P0004'",)
    ),
    Tampering(
        "a name", edit_image(lambda d: setattr(d, "PatientName", "Nguyen^Thi")), ("PatientName is not the pseudonym",)
    ),
    Tampering("a name deep inside", edit_image(nested_name), ("PerformingPhysicianName holds a person's name",)),
    Tampering("a date", edit_image(lambda d: setattr(d, "StudyDate", "20200101")), ("StudyDate holds a date",)),
    Tampering(
        "a hospital", edit_image(lambda d: setattr(d, "InstitutionName", "H108")), ("InstitutionName is not empty",)
    ),
    Tampering("a private attribute", edit_image(private), ("holds the private attribute",)),
    Tampering(
        "no word of removal", edit_image(lambda d: delattr(d, "PatientIdentityRemoved")), ("PatientIdentityRemoved",)
    ),
    Tampering(
        "no method of removal",
        edit_image(lambda d: delattr(d, "DeidentificationMethodCodeSequence")),
        ("DeidentificationMethodCodeSequence",),
    ),
    Tampering(
        "a sender",
        edit_image(lambda d: setattr(d.file_meta, "SourceApplicationEntityTitle", "HIS")),
        ("file meta information names a system",),
    ),
    Tampering("a preamble", lambda r: _image_bytes(r, lambda b: b"NGUYEN THI" + b[10:]), ("empty preamble",)),
    Tampering(
        "another encoding",
        edit_image(lambda d: codec.with_pixels(d, codec.decode(d), EXPLICIT_VR_LE)),
        (L_CC.image_id, "Transfer Syntax UID"),
    ),
    Tampering("an empty file", lambda r: _image_bytes(r, lambda b: b""), (L_CC.image_id, "is no DICOM file")),
    Tampering("half a file", lambda r: _image_bytes(r, lambda b: b[:1500]), (L_CC.image_id,)),
    Tampering(
        "noise",
        lambda r: _image_bytes(r, lambda b: bytes(128) + b"DICM" + np.random.default_rng(1).bytes(4000)),
        (L_CC.image_id, "cannot be decoded"),
    ),
)
