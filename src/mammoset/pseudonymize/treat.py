"""One original through the gate and into the content store: what the workers do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.catalog.records import HeldRegion, ImageRecord
from mammoset.content import crop_path, object_path, write_whole
from mammoset.errors import RefusedObject
from mammoset.model import Image
from mammoset.pixels.codec import decode, file_bytes, tile_part_ends, with_pixels
from mammoset.pixels.header import quietly
from mammoset.pixels.text import Detection
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.cleaning import TextOnTissue, crop_of
from mammoset.pseudonymize.elements import elements_of
from mammoset.pseudonymize.gate import PLAIN, Rebuilt, Treatment, rebuild
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL


@dataclass(frozen=True, slots=True)
class GateTask:
    """One original to treat; picklable, and without the key.

    Attributes
    ----------
    path : Path
        The original in quarantine.
    content : Path
        Root of the content store.
    held : Path or None
        Where pictures of regions that wait for a person go; None makes none.
    is_standard : bool
        Whether the image stands for its view in the four-view exam.
    """

    path: Path
    content: Path
    pseudonyms: Pseudonyms
    treatment: Treatment = PLAIN
    held: Path | None = None
    is_standard: bool = True


@dataclass(frozen=True, slots=True)
class Passed:
    """An image that passed the gate.

    Attributes
    ----------
    elements : tuple of (element, value)
        Everything its file holds besides pixels: `mammoset.pseudonymize.elements.elements_of`.
    """

    record: ImageRecord
    elements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HeldImage:
    """An image that waits for a person to decide about regions of it; nothing of it is in the content store."""

    regions: tuple[HeldRegion, ...]


def treat(task: GateTask) -> Passed | HeldImage:
    """Take one original through the gate and write its object to the content store: the workers' function.

    The object is stored as HTJ2K with one tile-part per resolution, and is decoded again and compared with what
    went in before it is written, whole or not at all.

    Raises
    ------
    RefusedObject
        As `rebuild`; ``unreadable`` when the file cannot be read as DICOM.
    """
    with quietly():
        dataset = _read(task.path)
        try:
            rebuilt = rebuild(dataset, task.pseudonyms, task.treatment)
        except TextOnTissue as held:
            return _held(task, dataset, held.regions)
    return _stored(task, rebuilt)


def _read(path: Path) -> Dataset:
    try:
        return dcmread(path, force=True)
    except OSError:
        raise
    except Exception:  # a damaged file makes pydicom raise anything, and the text may quote it
        raise RefusedObject("unreadable") from None


def _stored(task: GateTask, rebuilt: Rebuilt) -> Passed:
    encoded = with_pixels(rebuilt.dataset, rebuilt.pixels, HTJ2K_LOSSLESS_RPCL)
    data = file_bytes(encoded)
    stored = dcmread(BytesIO(data))
    if not np.array_equal(decode(stored), rebuilt.pixels):
        raise RefusedObject("not_decodable", "the stored copy decodes to other pixels")
    image = _image(task, rebuilt)
    write_whole(task.content / object_path(image), data)
    offset, code_stream = _code_stream(data)
    little = np.ascontiguousarray(rebuilt.pixels, rebuilt.pixels.dtype.newbyteorder("<"))
    record = ImageRecord(
        image=image,
        codestream_offset=offset,
        tile_part_ends=tile_part_ends(code_stream),
        pixel_sha256=hashlib.sha256(little.data).hexdigest(),
        file_sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        masked=rebuilt.masked,
        attributes=rebuilt.attributes,
        cleaning=rebuilt.cleaning,
        rules=task.treatment.rules,
    )
    return Passed(record, elements_of(stored, task.pseudonyms))


def _image(task: GateTask, rebuilt: Rebuilt) -> Image:
    return Image(
        image_id=task.pseudonyms.image_id,
        series_id=task.pseudonyms.series_id,
        study_id=task.pseudonyms.study_id,
        patient_id=task.pseudonyms.patient_id,
        laterality=rebuilt.view.laterality,
        view_position=rebuilt.view.view_position,
        height=rebuilt.pixels.shape[0],
        width=rebuilt.pixels.shape[1],
        is_standard=task.is_standard,
    )


def _held(task: GateTask, dataset: Dataset, regions: tuple[Detection, ...]) -> HeldImage:
    """Keep a picture of each region for the person who decides, and nothing else of the image."""
    names = task.pseudonyms
    if task.held is not None:
        presentation, pixels = Presentation.of(dataset), decode(dataset)
        for one in regions:
            picture = crop_of(pixels, presentation, one.rectangle)
            write_whole(crop_path(task.held, names.image_id, one.rectangle), picture)
    return HeldImage(
        tuple(
            HeldRegion(names.study_id, names.image_id, one.rectangle, one.found_by, round(one.score, 3))
            for one in regions
        )
    )


def _code_stream(data: bytes) -> tuple[int, memoryview]:
    """Find the only fragment of a file of the store: after the offset table's item, before the delimiter."""
    table = data.index(b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\x04\0\0\0\0\0\0\0\xfe\xff\x00\xe0")
    offset = table + 12 + 12 + 8
    return offset, memoryview(data)[offset:-8]
