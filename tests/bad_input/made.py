"""Exams of a hospital whose every name is planted, so that one in a message is seen; and ways to spoil them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGExtended12Bit, JPEGLosslessSV1, JPEGLSLossless

from mammoset.terms.dicom import STANDARD_VIEWS, VIEW_CODES, Laterality, ViewPosition
from tests.pseudonymize.hostile import breast_pixels, changed, code, file_of, item, mammogram, read

ROOT = "1.2.826.0.1.3680043.10.1494"
VIEWS = tuple(f"{side}-{position}" for side, position in STANDARD_VIEWS)
PLANTED = ("Nguyen", "NGUYEN", "PAT0", ROOT, "1970")
"""What no message may repeat: names of patients, ids, UIDs, the hospital's folder."""

Encode = Callable[[NDArray[Any]], bytes]
ENCODINGS: dict[str, tuple[UID, Encode | None]] = {
    "uncompressed": (ExplicitVRLittleEndian, None),
    "JPEG-LS": (JPEGLSLossless, lambda pixels: bytes(imagecodecs.jpegls_encode(pixels))),
    "JPEG lossless": (
        JPEGLosslessSV1,
        lambda pixels: bytes(imagecodecs.jpeg_encode(pixels, lossless=True, bitspersample=12, predictor=1)),
    ),
    "JPEG 12 bit": (
        JPEGExtended12Bit,
        lambda pixels: bytes(imagecodecs.jpeg_encode(pixels, bitspersample=12, level=95)),
    ),
}


def study_uid(study: int) -> str:
    return f"{ROOT}.1.{study}"


def image_uid(study: int, view: str) -> str:
    return f"{ROOT}.3.{study}.{VIEWS.index(view) + 1}"


def pixels_of(study: int, view: str) -> NDArray[np.uint16]:
    """Return a picture of its own for each image."""
    pixels = breast_pixels(64, 48, on_left=view.startswith(Laterality.L))
    noise = np.random.default_rng([study, VIEWS.index(view)]).integers(0, 40, pixels.shape)
    return (pixels + noise).astype(np.uint16)


def image(study: int, view: str, **attributes: Any) -> Dataset:
    """Make a mammogram that passes the gate; attributes by keyword replace or, when None, remove the usual."""
    side, position = view.split("-")
    value = VIEW_CODES[ViewPosition(position)].value
    codes = ("SQ", item(code(value, "SCT", "x")))
    elements = changed(mammogram(pixels_of(study, view)), ImageLaterality=side, ViewCodeSequence=codes)
    made = read(file_of(elements))
    made.SOPInstanceUID, made.StudyInstanceUID = image_uid(study, view), study_uid(study)
    made.SeriesInstanceUID = f"{ROOT}.2.{study}"
    made.PatientID, made.PatientName = f"PAT0{study:03d}", "NGUYEN^LAN"
    for keyword, one in attributes.items():
        if one is None:
            delattr(made, keyword)
        else:
            setattr(made, keyword, one)
    return made


def encoded(made: Dataset, encoding: str = "uncompressed", *, frame: bytes | None = None) -> bytes:
    """Write an object as a file; `frame` is put there instead of its encoded pixels."""
    syntax, encode = ENCODINGS[encoding]
    twin = Dataset()
    twin.update(made)
    twin.file_meta = FileMetaDataset()
    twin.file_meta.TransferSyntaxUID = syntax
    if encode is not None:
        stream = frame if frame is not None else stream_of(made, encoding)
        twin.add_new("PixelData", "OB", encapsulate([stream]))
        twin["PixelData"].is_undefined_length = True
    if syntax == JPEGExtended12Bit:
        twin.LossyImageCompression, twin.LossyImageCompressionRatio = "01", "10"
    buffer = io.BytesIO()
    dcmwrite(buffer, twin, enforce_file_format=True)
    return buffer.getvalue()


def stream_of(made: Dataset, encoding: str) -> bytes:
    """Return the code stream of an uncompressed object's pixels."""
    _, encode = ENCODINGS[encoding]
    assert encode is not None
    return encode(np.frombuffer(made.PixelData, "<u2").reshape(made.Rows, made.Columns))


def put(folder: Path, study: int, view: str, content: bytes) -> None:
    """Write a file under a name that holds a patient's."""
    (folder / f"{study:03d}_NGUYEN_LAN_{view}.dcm").write_bytes(content)


def put_exam(folder: Path, study: int, views: tuple[str, ...] = VIEWS, encoding: str = "uncompressed") -> None:
    for view in views:
        put(folder, study, view, encoded(image(study, view), encoding))
