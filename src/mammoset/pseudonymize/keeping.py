"""Builds the data set of a rebuilt file: carries out every rule of the keep-list, and says in it what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from mammoset.errors import RefusedObject
from mammoset.pixels.header import tag_of
from mammoset.pseudonymize.actions import ACTIONS, CLAIM, Pseudonyms, Source, Values
from mammoset.pseudonymize.claims import PRIVATE_KEPT
from mammoset.pseudonymize.elements import FILE_META, Pair, pairs_of
from mammoset.pseudonymize.private import add_private, kept_integers
from mammoset.pseudonymize.profile import MAY_BE_EMPTY, MUST_BE_THERE, REFUSE, Rule, rules, snake_case
from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS_RPCL,
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION_NAME,
    MG_FOR_PRESENTATION,
)

TOGETHER = (
    ("FieldOfViewOrigin", "FieldOfViewRotation", "FieldOfViewHorizontalFlip"),
    ("WindowCenter", "WindowWidth"),
)
"""Attributes of which each requires the others (PS3.3 C.8.11.4, C.11.2)."""
NEEDS = {
    "WindowCenterWidthExplanation": "WindowCenter",
    "VOILUTFunction": "WindowCenter",
    "PixelPaddingRangeLimit": "PixelPaddingValue",
    "LossyImageCompressionMethod": "LossyImageCompressionRatio",
    "PartialViewCodeSequence": "PartialView",
}
"""Attributes that mean nothing without another."""
ONE_OF = (
    ("WindowCenter", "VOILUTSequence"),
    ("DeidentificationMethod", "DeidentificationMethodCodeSequence"),
)
"""Attributes of which the class requires at least one (PS3.3 C.11.2, C.7.1.1)."""
NO_METADATA = ("uid", "patient", "empty", "constant", "claim", "region", "voi_luts")
"""Actions whose values say nothing about the image that a table of metadata would want."""
NO_METADATA_KEYWORDS = ("ViewCodeSequence", "PartialViewCodeSequence", "InstanceNumber")
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

Elements = dict[str, DataElement]
"""By keyword, without those that are left out."""


def kept_values(source: Source) -> Dataset:
    """Return the data set that is written of a source, with its file meta information and without pixel data.

    An element whose value a reviewer rejected is treated as if the source had no valid value.

    Raises
    ------
    RefusedObject
        ``invalid_value`` when a required attribute has no valid value, ``rejected_value`` when a reviewer rejected
        the only one it can have.
    """
    rebuilt = Dataset()
    rebuilt.file_meta = _file_meta(source)
    found = _elements(source, (rule for rule in rules() if rule.action != CLAIM))
    _complete(found)
    private = _add_private(rebuilt, source)
    kept = {keyword for keyword, element in found.items() if not element.is_empty} | private
    done = replace(source, kept=frozenset(kept))
    found |= _elements(done, (rule for rule in rules() if rule.action == CLAIM))
    _require_one_of(found)
    for element in found.values():
        rebuilt.add(element)
    return rebuilt


def attributes_of(rebuilt: Dataset) -> dict[str, Any]:
    """Return what was kept as JSON values by keyword in snake_case: what tables of metadata and filters use."""
    wanted = [
        rule.keyword
        for rule in rules()
        if rule.action not in NO_METADATA
        and rule.keyword not in NO_METADATA_KEYWORDS
        and tag_of(rule.keyword) in rebuilt
    ]
    return {snake_case(keyword): found for keyword in wanted if (found := _json(rebuilt, keyword)) is not None}


def _elements(source: Source, wanted: Iterator[Rule]) -> Elements:
    made = ((rule.keyword, _element(source, rule)) for rule in wanted)
    return {keyword: element for keyword, element in made if element is not None}


def _element(source: Source, rule: Rule) -> DataElement | None:
    """Return the first of what a rule may write that no reviewer rejected, None to leave the attribute out."""
    was_rejected = False
    for values in _choices(source, rule):
        element = _written(rule.keyword, values, is_signed=source.layout.is_signed)
        if not _is_rejected(element, source):
            return element
        was_rejected = True
    if rule.type not in MUST_BE_THERE and rule.otherwise != REFUSE:
        return None
    if was_rejected:
        raise RefusedObject("rejected_value", f"a reviewer rejected the value of {rule.keyword}")
    raise RefusedObject("invalid_value", f"{rule.keyword} is absent or not allowed: {rule.allowed}")


def _choices(source: Source, rule: Rule) -> Iterator[Values]:
    if source.options.allows(rule.option):
        found = ACTIONS[rule.action](source, rule)
        if found is not None:
            yield found
        if rule.otherwise == REFUSE:
            return
        if rule.otherwise:
            yield [rule.otherwise]
    if rule.type in MAY_BE_EMPTY:
        yield []


def _is_rejected(element: DataElement, source: Source) -> bool:
    return bool(source.rejected) and any(pair in source.rejected for pair in pairs_of([element], source.pseudonyms))


def _complete(found: Elements) -> None:
    """Leave out what means nothing without an attribute that is not there."""
    for group in TOGETHER:
        if any(keyword not in found for keyword in group):
            _leave_out(found, group)
    for keyword, needed in NEEDS.items():
        if needed not in found:
            _leave_out(found, (keyword,))


def _leave_out(found: Elements, keywords: tuple[str, ...]) -> None:
    for keyword in keywords:
        found.pop(keyword, None)


def _require_one_of(found: Elements) -> None:
    """Refuse what the class does not allow to be without, after reviewers rejected its values."""
    for group in ONE_OF:
        if all(keyword not in found for keyword in group):
            raise RefusedObject("rejected_value", f"reviewers rejected {' and '.join(group)}")
    is_lossy = found["LossyImageCompression"].value == "01"
    if is_lossy and "LossyImageCompressionRatio" not in found:
        raise RefusedObject("rejected_value", "a reviewer rejected the value of LossyImageCompressionRatio")


def _add_private(rebuilt: Dataset, source: Source) -> set[str]:
    """Add the integers of private elements that the settings name; return `PRIVATE_KEPT` if there are any."""
    for rule, integers in kept_integers(source.dataset, source.options.private_integers):
        trial = Dataset()
        add_private(trial, rule, integers)
        if source.rejected.isdisjoint(pairs_of(trial, source.pseudonyms)):
            add_private(rebuilt, rule, integers)
    return {PRIVATE_KEPT} if len(rebuilt) else set()


def _written(keyword: str, values: Values, *, is_signed: bool) -> DataElement:
    vr = dictionary_VR(tag_of(keyword))
    if vr == "US or SS":
        vr = "SS" if is_signed else "US"
    convert = _CONVERSIONS.get(vr, _unchanged)
    written = [convert(value) for value in values]
    return DataElement(
        tag_of(keyword), vr, written if vr == "SQ" or len(written) > 1 else written[0] if written else None
    )


def _decimal(value: Any) -> str:
    # six digits are more than any of these is measured to, and less than an identifier needs
    return f"{float(value):.6g}"


def _integer(value: Any) -> int:
    # as many digits as a decimal keeps: seven are enough for the number of an examination
    return _whole(_decimal(value))


def _whole(value: Any) -> int:
    return round(float(value))


def _unchanged(value: Any) -> Any:
    return value


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"DS": _decimal, "IS": _integer, "US": _whole, "SS": _whole}


def _file_meta(source: Source) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = UID(MG_FOR_PRESENTATION)
    meta.MediaStorageSOPInstanceUID = UID(source.pseudonyms.image_id)
    meta.TransferSyntaxUID = UID(EXPLICIT_VR_LE)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    _require_meta(meta, source.rejected, source.pseudonyms)
    return meta


def _require_meta(meta: FileMetaDataset, rejected: frozenset[Pair], pseudonyms: Pseudonyms) -> None:
    """Refuse when a reviewer rejected something of the meta information: there is no other way to write it."""
    stored = {(f"{FILE_META}.TransferSyntaxUID", HTJ2K_LOSSLESS_RPCL)}
    bad = rejected & (stored | set(pairs_of(meta, pseudonyms, f"{FILE_META}."))) if rejected else ()
    for path, _ in sorted(bad):
        raise RefusedObject("rejected_value", f"a reviewer rejected the value of {path}")


def _json(rebuilt: Dataset, keyword: str) -> Any:
    element = rebuilt[tag_of(keyword)]
    if element.is_empty:
        return None
    kind = {"DS": float, "IS": int, "US": int, "SS": int}.get(element.VR, str)
    if element.VM > 1 or keyword in ALWAYS_LISTS:
        return [kind(one) for one in (element.value if element.VM > 1 else [element.value])]
    return kind(element.value)
