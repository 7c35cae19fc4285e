"""How each kept value is made from a source: one small function per action of profile.csv.

A function returns the values to write, or None when the source has none that is valid. Text of the source is only
ever compared with closed lists; what is written comes from the lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from pydicom.datadict import dictionary_VM
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from mammoset.errors import RefusedObject
from mammoset.pixels.breast import ChestWall, End
from mammoset.pixels.codec import LOSSY, PixelLayout
from mammoset.pixels.header import items, number, numbers, term, terms, values
from mammoset.pixels.views import ViewIdentity
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize import claims
from mammoset.pseudonymize.grey import LONGEST_US, kept_luts, kept_windows, named
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.patients import age_text, ages, day_of
from mammoset.pseudonymize.profile import Device, Rule, devices
from mammoset.terms.dicom import (
    PARTIAL_VIEW_SECTIONS,
    PARTIAL_VIEW_SECTIONS_SRT,
    STANDARD_VIEWS,
    VIEW_CODES,
    VIEW_MODIFIER_CODES,
    Code,
    Laterality,
    ViewModifier,
    ViewPosition,
)

Values = list[Any]
MAX_VALUES = 8
LOSSY_METHODS = ("ISO_10918_1", "ISO_14495_1", "ISO_15444_1", "ISO_15444_15", "ISO_13818_2")
REGION = Code("76752008", "SCT", "Breast")
CLAIM = "claim"
"""The action whose values depend on what else the file holds."""
NEVER_PARTIAL = frozenset((ViewModifier.MAGNIFICATION, ViewModifier.SPOT_COMPRESSION))
"""With one of these an image is no partial view (PS3.3 C.8.11.7)."""
MAX_SECTIONS = 2
_ALL_VIEWS = STANDARD_VIEWS + tuple(
    (side, view) for view in ViewPosition for side in Laterality if (side, view) not in STANDARD_VIEWS
)
COLUMN_DIRECTION = {ViewPosition.MLO: "F{}", ViewPosition.LMO: "F{}", ViewPosition.SIO: "F{}"} | {
    ViewPosition.ML: "F",
    ViewPosition.LM: "F",
}
_OPPOSITE = str.maketrans("FHLR", "HFRL")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What an object is called after the gate; made by whoever holds the key and handed to the worker.

    Attributes
    ----------
    shift_days : int
        Days by which the patient's dates are moved back, from the vault's key; 0 where dates are removed.
    is_stored : bool
        Whether the source is an object of the content store, whose dates are moved already.
    """

    image_id: str
    series_id: str
    study_id: str
    patient_id: str
    shift_days: int = 0
    is_stored: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """An object before the gate, decoded.

    Attributes
    ----------
    wall : ChestWall
        The chest wall's side, by pixels or, where they do not tell, by header.
    presentation : Presentation
        Over stored values: rescale slope 1 and intercept 0.
    smallest, largest : int
        Of the pixels that will be written.
    options : Options
        The switches.
    rejected : frozenset of (element, value)
        What a reviewer said no file may hold; as `mammoset.pseudonymize.elements` writes it.
    kept : frozenset of str
        Keywords of what the file holds with a value, once that is known: claims are made from it.
    axilla : {"top", "bottom"} or None
        The end at which the pixels show the axilla, where the header does not say which end is up.
    """

    dataset: Dataset
    pseudonyms: Pseudonyms
    layout: PixelLayout
    presentation: Presentation
    view: ViewIdentity
    wall: ChestWall
    smallest: int
    largest: int
    options: Options = field(default_factory=Options)
    rejected: frozenset[tuple[str, str]] = frozenset()
    kept: frozenset[str] = frozenset()
    axilla: End | None = None


def code_item(code: Code) -> Dataset:
    """Return a coded concept as an item of a code sequence (PS3.3 section 8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code
    return item


def _constant(_source: Source, rule: Rule) -> Values | None:
    return list(rule.allowed.split("\\"))


def _empty(_source: Source, _rule: Rule) -> Values | None:
    return []


def _uid(source: Source, rule: Rule) -> Values | None:
    return [getattr(source.pseudonyms, f"{rule.allowed}_id")]


def _patient(source: Source, rule: Rule) -> Values | None:
    patient_id = source.pseudonyms.patient_id
    # a name without component separators is the retired form of PS3.5 6.2.1
    return [f"{patient_id}^" if rule.allowed == "name" else patient_id]


def _vocabulary(source: Source, rule: Rule) -> Values | None:
    allowed = rule.allowed.split("|")
    found = [_as_term(value) for value in values(source.dataset, rule.keyword)]
    return found if found and len(found) <= _most(rule.keyword) and all(one in allowed for one in found) else None


def _as_term(value: Any) -> str:
    as_number = number(value)
    return term(value) if as_number is None else f"{as_number:g}"


def _most(keyword: str) -> int:
    last = dictionary_VM(keyword).split("-")[-1]
    return int(last) if last.isdigit() else MAX_VALUES


def _number(source: Source, rule: Rule) -> Values | None:
    found = numbers(source.dataset, rule.keyword)
    if found is not None and len(found) == 1 and _in_range(found[0], rule.allowed):
        return list(found)
    return None


def _numbers(source: Source, rule: Rule) -> Values | None:
    count, _, span = rule.allowed.rpartition(": ")
    found = numbers(source.dataset, rule.keyword) or ()
    right_count = len(found) == int(count) if count else 0 < len(found) <= _most(rule.keyword)
    return list(found) if right_count and all(_in_range(one, span) for one in found) else None


def _in_range(value: float, span: str) -> bool:
    low, high = span.split("..")
    return float(low) <= value <= float(high)


def _stepped(source: Source, rule: Rule) -> Values | None:
    """Return a number as the nearest multiple of a step: finer would single people out."""
    step, _, span = rule.allowed.partition(": ")
    found = numbers(source.dataset, rule.keyword) or ()
    if len(found) != 1 or not _in_range(found[0], span):
        return None
    return [round(found[0] / float(step)) * float(step)]


def _age(source: Source, rule: Rule) -> Values | None:
    years = next((one for one in ages(source.dataset) if _in_range(one, rule.allowed)), None)
    return None if years is None else [age_text(years, source.options.age_band)]


def _moved_date(source: Source, rule: Rule) -> Values | None:
    """Return a date moved back by the patient's days; without such a number no date is written."""
    taken, names = day_of(source.dataset, rule.keyword), source.pseudonyms
    if taken is None or not _in_range(taken.year, rule.allowed) or (names.shift_days <= 0 and not names.is_stored):
        return None
    return [f"{taken if names.is_stored else taken - timedelta(days=names.shift_days):%Y%m%d}"]


def _device(source: Source, rule: Rule) -> Values | None:
    said = _plain(source.dataset, "Manufacturer")
    maker = _best([one for one in devices() if not one.model], said)
    if rule.allowed == "manufacturer":
        return [maker.manufacturer] if maker else ["OTHER"] if said else None
    known = [one for one in devices() if maker and one.model and one.manufacturer == maker.manufacturer]
    model = _best(known, _plain(source.dataset, "ManufacturerModelName"))
    return [model.model] if model else None


def _plain(dataset: Dataset, keyword: str) -> str:
    return re.sub("[^A-Z0-9]", "", (*terms(dataset, keyword), "")[0])


def _best(candidates: list[Device], said: str) -> Device | None:
    fitting = [(len(begin), one) for one in candidates for begin in one.begins_with if said.startswith(begin)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _region(_source: Source, _rule: Rule) -> Values | None:
    return [code_item(REGION)]


def _claim(source: Source, rule: Rule) -> Values | None:
    options, kept = source.options, source.kept
    if rule.keyword == "DeidentificationMethod":
        return list(claims.method_words(options, kept))
    if rule.keyword == "DeidentificationMethodCodeSequence":
        return [code_item(code) for code in claims.method_codes(options, kept)]
    return [claims.burned_in(options) if rule.keyword == "BurnedInAnnotation" else claims.dates(kept)]


def _view(source: Source, rule: Rule) -> Values | None:
    view = source.view
    if rule.allowed == "laterality":
        return [view.laterality.value]
    if rule.allowed == "position":
        return [view.view_position.value]
    if rule.allowed == "number":
        return [1 + _ALL_VIEWS.index((view.laterality, view.view_position))]
    item = code_item(VIEW_CODES[view.view_position])
    item.ViewModifierCodeSequence = [code_item(VIEW_MODIFIER_CODES[one]) for one in sorted(view.modifiers)]
    return [item]


def _partial(source: Source, rule: Rule) -> Values | None:
    said = [term(value) for value in values(source.dataset, "PartialView")]
    if said not in (["YES"], ["NO"]) or (said == ["YES"] and source.view.modifiers & NEVER_PARTIAL):
        return None
    if rule.allowed == "flag":
        return list(said)
    found = [_section(item) for item in items(source.dataset, rule.keyword)]
    known = [one for one in found if one is not None]
    is_valid = said == ["YES"] and 0 < len(found) <= MAX_SECTIONS and len(set(known)) == len(found)
    return [code_item(one) for one in known] if is_valid else None


def _section(item: Dataset) -> Code | None:
    said = (*terms(item, "CodeValue"), "")[0]
    return PARTIAL_VIEW_SECTIONS.get(PARTIAL_VIEW_SECTIONS_SRT.get(said, said))


def told_orientation(dataset: Dataset, wall: ChestWall) -> tuple[str, ...] | None:
    """Return Patient Orientation as the header has it; None where it is not valid or contradicts the chest wall."""
    said = terms(dataset, "PatientOrientation")
    row = "A" if wall.side == "left" else "P"
    is_kept = len(said) == 2 and said[0] == row and re.fullmatch("[FH]?[LR]|[FH]", said[1])
    return tuple(said) if is_kept else None


def _orientation(source: Source, _: Rule) -> Values | None:
    said = told_orientation(source.dataset, source.wall)
    if said is not None and source.axilla is None:
        return list(said)
    medial = "R" if source.view.laterality == Laterality.L else "L"
    column = COLUMN_DIRECTION.get(source.view.view_position, "{}").format(medial)
    return [
        "A" if source.wall.side == "left" else "P",
        column.translate(_OPPOSITE) if source.axilla == "bottom" else column,
    ]


def _pixels(source: Source, rule: Rule) -> Values | None:
    layout = source.layout
    derived = {
        "high_bit": layout.bits_stored - 1,
        "pixel_representation": int(layout.is_signed),
        "presentation_lut_shape": "INVERSE" if source.presentation.is_inverted else "IDENTITY",
        "smallest": source.smallest,
        "largest": source.largest,
    }
    return [derived[rule.allowed] if rule.allowed in derived else getattr(layout, rule.allowed)]


def _padding(source: Source, rule: Rule) -> Values | None:
    padding, (low, high) = source.presentation.padding, source.presentation.stored_range
    if padding is None or not low <= padding[0] <= padding[1] <= high:
        return None
    said = numbers(source.dataset, "PixelPaddingValue") or (padding[0],)
    value, limit = padding if int(said[0]) == padding[0] else padding[::-1]
    if rule.allowed == "value":
        return [value]
    return [limit] if numbers(source.dataset, "PixelPaddingRangeLimit") else None


def _windows(source: Source, rule: Rule) -> Values | None:
    kept = kept_windows(source.presentation, (source.smallest, source.largest))
    if not kept:
        return None
    if rule.allowed == "function":
        said = values(source.dataset, rule.keyword)
        is_given = said and kept[0] in source.presentation.windows
        return [source.presentation.voi_lut_function] if is_given else None
    if rule.allowed == "explanation":
        return [named(one.explanation, "WINDOW", n) for n, one in enumerate(kept, 1)]
    return [getattr(one, rule.allowed) for one in kept]


def _voi_luts(source: Source, _rule: Rule) -> Values | None:
    found = []
    for place, lut in enumerate(kept_luts(source.presentation), 1):
        item = Dataset()
        item.add_new("LUTDescriptor", "SS" if lut.first < 0 else "US", [len(lut.data) % 65536, lut.first, lut.bits])
        item.LUTExplanation = named(lut.explanation, "LUT", place)
        is_long = len(lut.data) > LONGEST_US
        data = np.asarray(lut.data, "<u2").tobytes() if is_long else list(lut.data)
        # integers already: to have thousands of them checked again takes longer than all other elements together
        item.add(DataElement("LUTData", "OW" if is_long else "US", data, already_converted=True))
        found.append(item)
    return found or None


def _lossy(source: Source, rule: Rule) -> Values | None:
    dataset = source.dataset
    meta = getattr(dataset, "file_meta", None) or {}
    said = (*terms(dataset, "LossyImageCompression"), "")[0]
    ratios = [one for one in numbers(dataset, "LossyImageCompressionRatio") or () if 1 <= one <= 1000]
    methods = [one for one in terms(dataset, "LossyImageCompressionMethod") if one in LOSSY_METHODS]
    is_lossy = said not in ("", "00") or bool(ratios or methods) or str(meta.get("TransferSyntaxUID", "")) in LOSSY
    if rule.allowed == "status":
        return ["01" if is_lossy else "00"]
    if not is_lossy:
        return None
    if not ratios:
        raise RefusedObject("invalid_value", "LossyImageCompressionRatio of a lossy image is absent or not 1..1000")
    kept = ratios[:MAX_VALUES]
    return list(kept) if rule.allowed == "ratio" else methods if len(methods) == len(kept) else None


ACTIONS: dict[str, Callable[[Source, Rule], Values | None]] = {
    "age": _age,
    CLAIM: _claim,
    "constant": _constant,
    "date": _moved_date,
    "device": _device,
    "empty": _empty,
    "lossy": _lossy,
    "number": _number,
    "numbers": _numbers,
    "orientation": _orientation,
    "padding": _padding,
    "partial": _partial,
    "patient": _patient,
    "pixels": _pixels,
    "region": _region,
    "stepped": _stepped,
    "uid": _uid,
    "view": _view,
    "vocabulary": _vocabulary,
    "voi_luts": _voi_luts,
    "windows": _windows,
}
"""Name in profile.csv to how it is done."""
