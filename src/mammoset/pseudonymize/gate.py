"""The one gate: an object goes in, and a file rebuilt from constants, validated values and decoded pixels comes out.

Nothing of the original file is copied: not its preamble, not its meta information, not an element that profile.csv
does not name, no fragment of a compressed stream. PS3.15 Annex E says what must go; profile.csv says what may stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from mammoset.catalog.records import ImageRecord
from mammoset.content import object_path, write_whole
from mammoset.errors import RefusedObject
from mammoset.model import Image
from mammoset.pixels.breast import ChestWall, Side, breast_mask, chest_wall_of
from mammoset.pixels.codec import decode, file_bytes, tile_part_ends, with_pixels
from mammoset.pixels.header import numbers, quietly, terms, values
from mammoset.pixels.views import ViewIdentity, view_of
from mammoset.pixels.window import Presentation, in_stored_values
from mammoset.pseudonymize.actions import ACTIONS, Pseudonyms, Source, Values
from mammoset.pseudonymize.masks import CornerShares, Rectangle, background_value, corners, filled
from mammoset.pseudonymize.profile import MAY_BE_EMPTY, REFUSE, REQUIRED_TYPES, Rule, rules, snake_case
from mammoset.terms.dicom import (
    BREAST_TOMOSYNTHESIS,
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS_RPCL,
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION_NAME,
    MG_FOR_PRESENTATION,
    MG_FOR_PROCESSING,
    Laterality,
)

TOGETHER = (("FieldOfViewOrigin", "FieldOfViewRotation", "FieldOfViewHorizontalFlip"),)
"""Attributes of which each requires the others (PS3.3 C.8.11.4)."""
RESCALE = {"RescaleSlope": (1e-6, 1e6), "RescaleIntercept": (-1e6, 1e6)}
LEAST_BITS = 6
"""Of a stored value; the class allows 6 to 16, unsigned (PS3.3 C.8.11.3)."""
DEFAULT_SHARES = CornerShares()
NO_METADATA = ("uid", "patient", "empty", "constant", "codes", "region", "voi_luts")
"""Actions whose values say nothing about the image that a table of metadata would want."""
NO_METADATA_KEYWORDS = ("ViewCodeSequence", "InstanceNumber")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """An object behind the gate.

    Attributes
    ----------
    dataset : Dataset
        Everything but pixel data, with its file meta information (Explicit VR Little Endian until encoded).
    pixels : array, shape (rows, columns)
        Stored values, corners filled.
    masked : tuple of rectangles
        What was filled.
    attributes : mapping
        DICOM keyword in snake_case to a JSON value, of what was kept; beside them ``chest_wall``,
        ``view_modifiers`` and ``orientation_corrected`` (the header named the other side).
    """

    dataset: Dataset
    pixels: NDArray[Any]
    masked: tuple[Rectangle, ...]
    attributes: Mapping[str, Any]
    view: ViewIdentity


@dataclass(frozen=True, slots=True)
class GateTask:
    """One original to treat; picklable, and without the key.

    Attributes
    ----------
    path : Path
        The original in quarantine.
    content : Path
        Root of the content store.
    is_standard : bool
        Whether the image stands for its view in the four-view exam.
    """

    path: Path
    content: Path
    pseudonyms: Pseudonyms
    shares: CornerShares = DEFAULT_SHARES
    is_standard: bool = True


def rebuild(dataset: Dataset, pseudonyms: Pseudonyms, shares: CornerShares = DEFAULT_SHARES) -> Rebuilt:
    """Rebuild one object from constants, validated values and decoded pixels.

    Parameters
    ----------
    dataset : Dataset
        As read from a file; it is not changed.
    pseudonyms : Pseudonyms
    shares : CornerShares
        Size of the corner rectangles.

    Raises
    ------
    RefusedObject
        With a reason of `mammoset.terms.reasons`; its detail names attributes and limits, never a value.
    """
    with quietly():
        view = _admissible(dataset)
        presentation = _presentation(dataset)
        pixels = decode(dataset)
        mask = breast_mask(pixels, presentation)
        wall, corrected = _chest_wall(dataset, chest_wall_of(mask), view)
        masked = corners(presentation.layout.rows, presentation.layout.columns, wall.side, shares)
        kept = filled(pixels, masked, background_value(pixels, presentation, mask))
        source = Source(
            dataset, pseudonyms, presentation.layout, presentation, view, wall, int(kept.min()), int(kept.max())
        )
        rebuilt = _kept_values(source)
    attributes = _attributes(rebuilt) | {
        "view_modifiers": sorted(view.modifiers),
        "chest_wall": wall.side,
        "orientation_corrected": corrected,
    }
    return Rebuilt(rebuilt, kept, masked, attributes, view)


def _admissible(dataset: Dataset) -> ViewIdentity:
    sop_class = (*terms(dataset, "SOPClassUID"), "")[0]
    intent = (*terms(dataset, "PresentationIntentType"), "FOR PRESENTATION")[0]
    if sop_class == MG_FOR_PROCESSING or intent != "FOR PRESENTATION":
        raise RefusedObject("for_processing")
    if sop_class == BREAST_TOMOSYNTHESIS:
        raise RefusedObject("tomosynthesis")
    if sop_class != MG_FOR_PRESENTATION:
        raise RefusedObject("wrong_sop_class")
    view = view_of(dataset)
    if view is None:
        raise RefusedObject("unknown_view", "neither View Code Sequence nor View Position, or no laterality")
    return view


def _presentation(dataset: Dataset) -> Presentation:
    """Read how the image is shown, over stored values; a rescale that cannot be trusted refuses the object."""
    for keyword, (low, high) in RESCALE.items():
        found = numbers(dataset, keyword)
        if values(dataset, keyword) and (found is None or len(found) != 1 or not low <= found[0] <= high):
            raise RefusedObject("invalid_value", f"{keyword} is not a number from {low:g} to {high:g}")
    presentation = Presentation.of(dataset)
    layout = presentation.layout
    if layout.is_signed or layout.bits_stored < LEAST_BITS:
        raise RefusedObject("invalid_value", f"PixelRepresentation is not 0, or BitsStored below {LEAST_BITS}")
    return in_stored_values(presentation)


def _chest_wall(dataset: Dataset, seen: ChestWall, view: ViewIdentity) -> tuple[ChestWall, bool]:
    """Cross-check the chest wall's side: clear pixels win, else the header, else the side the breast hangs on."""
    said: Side | None = {"A": "left", "P": "right"}.get((*terms(dataset, "PatientOrientation"), "")[0])  # type: ignore[assignment]
    if seen.is_certain:
        return seen, said not in (None, seen.side)
    return ChestWall(said or ("left" if view.laterality == Laterality.L else "right"), 0.0), False


def _kept_values(source: Source) -> Dataset:
    found = {rule.keyword: ACTIONS[rule.action](source, rule) for rule in rules()}
    for group in TOGETHER:
        if any(found[keyword] is None for keyword in group):
            found |= dict.fromkeys(group)
    rebuilt = Dataset()
    for rule in rules():
        values = found[rule.keyword]
        if values is None:
            values = _instead(rule)
        if values is not None:
            _add(rebuilt, rule.keyword, values, is_signed=source.layout.is_signed)
    rebuilt.file_meta = _file_meta(source.pseudonyms)
    return rebuilt


def _instead(rule: Rule) -> Values | None:
    if rule.otherwise and rule.otherwise != REFUSE:
        return [rule.otherwise]
    if rule.otherwise == REFUSE or rule.type in REQUIRED_TYPES:
        raise RefusedObject("invalid_value", f"{rule.keyword} is absent or not allowed: {rule.allowed}")
    return [] if rule.type in MAY_BE_EMPTY else None


def _add(dataset: Dataset, keyword: str, values: Values, *, is_signed: bool) -> None:
    vr = dictionary_VR(keyword)
    if vr == "US or SS":
        vr = "SS" if is_signed else "US"
    convert = _CONVERSIONS.get(vr, _unchanged)
    written = [convert(value) for value in values]
    dataset.add_new(keyword, vr, written if vr == "SQ" or len(written) > 1 else written[0] if written else None)


def _decimal(value: Any) -> str:
    # six digits are more than any of these is measured to, and less than an identifier needs
    return f"{float(value):.6g}"


def _whole(value: Any) -> int:
    return round(float(value))


def _unchanged(value: Any) -> Any:
    return value


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"DS": _decimal, "IS": _whole, "US": _whole, "SS": _whole}


def _file_meta(pseudonyms: Pseudonyms) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = UID(MG_FOR_PRESENTATION)
    meta.MediaStorageSOPInstanceUID = UID(pseudonyms.image_id)
    meta.TransferSyntaxUID = UID(EXPLICIT_VR_LE)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    return meta


def _attributes(rebuilt: Dataset) -> dict[str, Any]:
    wanted = [
        rule.keyword
        for rule in rules()
        if rule.action not in NO_METADATA and rule.keyword not in NO_METADATA_KEYWORDS and rule.keyword in rebuilt
    ]
    return {snake_case(keyword): found for keyword in wanted if (found := _json(rebuilt, keyword)) is not None}


def _json(rebuilt: Dataset, keyword: str) -> Any:
    element = rebuilt[keyword]
    if element.is_empty:
        return None
    kind = {"DS": float, "IS": int, "US": int, "SS": int}.get(element.VR, str)
    if element.VM > 1 or keyword in ALWAYS_LISTS:
        return [kind(one) for one in (element.value if element.VM > 1 else [element.value])]
    return kind(element.value)


ALWAYS_LISTS = (
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "Grid",
    "FocalSpots",
    "FilterMaterial",
    "FieldOfViewDimensions",
    "DetectorActiveDimensions",
    "LossyImageCompressionRatio",
    "LossyImageCompressionMethod",
)
"""Attributes that may have several values, and so are lists also when they have one."""


def treat(task: GateTask) -> ImageRecord:
    """Take one original through the gate and write its object to the content store: the workers' function.

    The object is stored as HTJ2K with one tile-part per resolution, and is decoded again and compared with what
    went in before it is written, whole or not at all.

    Raises
    ------
    RefusedObject
        As `rebuild`; ``unreadable`` when the file cannot be read as DICOM.
    """
    with quietly():
        try:
            dataset = dcmread(task.path, force=True)
        except OSError:
            raise
        except Exception:  # a damaged file makes pydicom raise anything, and the text may quote it
            raise RefusedObject("unreadable") from None
        rebuilt = rebuild(dataset, task.pseudonyms, task.shares)
    encoded = with_pixels(rebuilt.dataset, rebuilt.pixels, HTJ2K_LOSSLESS_RPCL)
    data = file_bytes(encoded)
    if not np.array_equal(decode(dcmread(BytesIO(data))), rebuilt.pixels):
        raise RefusedObject("not_decodable", "the stored copy decodes to other pixels")
    image = Image(
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
    write_whole(task.content / object_path(image), data)
    offset, code_stream = _code_stream(data)
    little = np.ascontiguousarray(rebuilt.pixels, rebuilt.pixels.dtype.newbyteorder("<"))
    return ImageRecord(
        image=image,
        codestream_offset=offset,
        tile_part_ends=tile_part_ends(code_stream),
        pixel_sha256=hashlib.sha256(little.data).hexdigest(),
        file_sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        masked=rebuilt.masked,
        attributes=rebuilt.attributes,
    )


def _code_stream(data: bytes) -> tuple[int, bytes]:
    """Find the only fragment of a file of the store: after the offset table's item, before the delimiter."""
    table = data.index(b"\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\x04\0\0\0\0\0\0\0\xfe\xff\x00\xe0")
    offset = table + 12 + 12 + 8
    return offset, data[offset:-8]
