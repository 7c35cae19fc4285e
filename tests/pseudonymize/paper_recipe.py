"""The recipe of the VinDr-Mammo paper, as it is described: the reference that shows what the corpus is worth.

Tables 6 and 7 name 46 attributes that are kept; UIDs become their MD5 digests; a rectangle at each corner is set to
black. Everything else of the file is left as it is. Rectangles are drawn into uncompressed pixel data only. The people
who looked at the result afterwards are not part of it.
"""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
from pydicom import dcmread, dcmwrite
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from mammoset.pixels.codec import UNCOMPRESSED

TABLE_6 = (
    "PatientSex", "PatientAge", "PatientSize", "PatientWeight", "Rows", "Columns", "PixelSpacing", "ImagerPixelSpacing",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PresentationLUTShape", "SmallestImagePixelValue", "LargestImagePixelValue", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "PixelData",
)  # fmt: skip
TABLE_7 = (
    "VOILUTFunction", "VOILUTSequence", "LUTDescriptor", "LUTExplanation", "LUTData", "RescaleIntercept",
    "RescaleSlope", "RescaleType", "PhotometricInterpretation", "LossyImageCompression", "LossyImageCompressionRatio",
    "LossyImageCompressionMethod", "SamplesPerPixel", "NumberOfFrames", "SOPInstanceUID", "SeriesInstanceUID",
    "StudyInstanceUID", "Modality", "BodyPartExamined", "PresentationIntentType", "Manufacturer",
    "ManufacturerModelName", "Laterality", "ImageLaterality", "ViewPosition",
)  # fmt: skip
KEPT = frozenset(tag_for_keyword(keyword) for keyword in TABLE_6 + TABLE_7)
HASHED = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
CORNER = (1 / 12, 1 / 5)


def treated(data: bytes) -> bytes:
    """Return a file after the recipe.

    Raises
    ------
    Exception
        Whatever pydicom raises about a file that it cannot read or write.
    """
    dataset = dcmread(BytesIO(data), force=True)
    for number in list(dataset.keys()):
        if number not in KEPT:
            del dataset[number]
    for keyword in HASHED:
        if keyword in dataset:
            setattr(dataset, keyword, hashlib.md5(dataset[keyword].value.encode()).hexdigest())
    if str(dataset.file_meta.TransferSyntaxUID) in UNCOMPRESSED:
        dataset["PixelData"].value = _blackened(dataset)
    target = BytesIO()
    dcmwrite(target, dataset, enforce_file_format=False)
    return target.getvalue()


def _blackened(dataset: Dataset) -> bytes:
    words = np.frombuffer(dataset.PixelData, "u1").copy()
    rows, columns = dataset.Rows, dataset.Columns
    picture = words[: rows * columns * 2].reshape(rows, columns * 2)
    height, width = round(rows * CORNER[0]), round(columns * CORNER[1]) * 2
    for vertical in (slice(0, height), slice(rows - height, rows)):
        for across in (slice(0, width), slice(columns * 2 - width, columns * 2)):
            picture[vertical, across] = 0
    return words.tobytes()
