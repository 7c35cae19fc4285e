"""How each kept value is made from a source: one small function per action of profile.csv.

A function returns the values to write, or None when the source has none that is valid. Text of the source is only
ever compared with closed lists; what is written comes from the lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from pydicom.datadict import dictionary_VM
from pydicom.dataset import Dataset

from mammoset.errors import RefusedObject
from mammoset.pixels.breast import ChestWall
from mammoset.pixels.codec import LOSSY, PixelLayout
from mammoset.pixels.header import number, numbers, term, terms, values
from mammoset.pixels.views import ViewIdentity
from mammoset.pixels.window import Presentation, VoiLut, Window
from mammoset.pseudonymize.profile import Device, Rule, devices
from mammoset.terms.dicom import STANDARD_VIEWS, VIEW_CODES, VIEW_MODIFIER_CODES, Code, Laterality, ViewPosition

Values = list[Any]
MAX_CHOICES = 16
"""Windows and tables that are kept; devices write up to six."""
MAX_VALUES = 8
LONGEST_US = 32767
LEAST_LUT_BITS = 10
OLDEST = 90
"""Ages over 89 are given as this one (HIPAA safe harbor, 45 CFR 164.514 (b)(2)(i)(C))."""
NAMED_CHOICES = frozenset(
    ("NORMAL", "HARDER", "SOFTER", "BRIGHTER", "DARKER", "STANDARD", "DENSE", "FATTY", "SKIN", "IMPLANT", "LINEAR",
     "FULL", "USER", "USER1", "USER2", "USER3", "CURVE1", "CURVE2", "CURVE3", "OPVIEW1", "OPVIEW2", "OPVIEW3")
)  # fmt: skip
"""Explanations of windows and tables that devices write and that name nobody."""
LOSSY_METHODS = ("ISO_10918_1", "ISO_14495_1", "ISO_15444_1", "ISO_15444_15", "ISO_13818_2")
REGION = Code("76752008", "SCT", "Breast")
METHOD_CODES = {
    "113100": Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    "113108": Code("113108", "DCM", "Retain Patient Characteristics Option"),
}
_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}
_ALL_VIEWS = STANDARD_VIEWS + tuple(
    (side, view) for view in ViewPosition for side in Laterality if (side, view) not in STANDARD_VIEWS
)
_COLUMN_DIRECTION = {ViewPosition.MLO: "F{}", ViewPosition.LMO: "F{}", ViewPosition.SIO: "F{}"} | {
    ViewPosition.ML: "F",
    ViewPosition.LM: "F",
}


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What an object is called after the gate; made by whoever holds the key and handed to the worker."""

    image_id: str
    series_id: str
    study_id: str
    patient_id: str


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
    """

    dataset: Dataset
    pseudonyms: Pseudonyms
    layout: PixelLayout
    presentation: Presentation
    view: ViewIdentity
    wall: ChestWall
    smallest: int
    largest: int


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


def _age(source: Source, rule: Rule) -> Values | None:
    for years in (_stated_age(source.dataset), _reckoned_age(source.dataset)):
        if years is not None and _in_range(years, rule.allowed):
            return [f"{years if years < OLDEST else OLDEST:03d}Y"]
    return None


def _stated_age(dataset: Dataset) -> int | None:
    said = re.fullmatch(r"(\d{3})([DWMY])", (*terms(dataset, "PatientAge"), "")[0])
    return int(int(said[1]) * _DAYS[said[2]] / _DAYS["Y"]) if said else None


def _reckoned_age(dataset: Dataset) -> int | None:
    born = _date(dataset, "PatientBirthDate")
    taken = next((day for key in ("StudyDate", "AcquisitionDate", "ContentDate") if (day := _date(dataset, key))), None)
    if born is None or taken is None:
        return None
    return taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))


def _date(dataset: Dataset, keyword: str) -> date | None:
    said = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", (*terms(dataset, keyword), "")[0])
    try:
        return date(int(said[1]), int(said[2]), int(said[3])) if said else None
    except ValueError:
        return None


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


def _codes(_source: Source, rule: Rule) -> Values | None:
    return [code_item(METHOD_CODES[value]) for value in rule.allowed.split("|")]


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


def _orientation(source: Source, rule: Rule) -> Values | None:
    row = "A" if source.wall.side == "left" else "P"
    said = terms(source.dataset, rule.keyword)
    if len(said) == 2 and said[0] == row and re.fullmatch("[FH]?[LR]|[FH]", said[1]):
        return list(said)
    medial = "R" if source.view.laterality == Laterality.L else "L"
    return [row, _COLUMN_DIRECTION.get(source.view.view_position, "{}").format(medial)]


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


def kept_windows(source: Source) -> tuple[Window, ...]:
    """Return the windows that are written: the source's, or the whole range when it has neither window nor table."""
    low, high = source.presentation.stored_range
    span = high - low
    found = tuple(
        one for one in source.presentation.windows if low - span <= one.center <= high + span and one.width <= 4 * span
    )[:MAX_CHOICES]
    if found or kept_luts(source):
        return found
    return (Window((source.smallest + source.largest + 1) / 2, source.largest - source.smallest + 1.0),)


def kept_luts(source: Source) -> tuple[VoiLut, ...]:
    """Return the VOI tables that are written: monotonic ones, because any other may spell something out."""
    found = (one for one in source.presentation.voi_luts if _is_monotonic(one.data) and _has_descriptor(one))
    return tuple(_deep(one) for one in found)[:MAX_CHOICES]


def _deep(lut: VoiLut) -> VoiLut:
    """Restate a table of less than 10 bits in 16: the IOD allows 10 to 16 (PS3.3 C.8.11.3.1.5)."""
    if lut.bits >= LEAST_LUT_BITS:
        return lut
    white = (1 << lut.bits) - 1
    return replace(lut, bits=16, data=tuple(round(entry * 65535 / white) for entry in lut.data))


def _has_descriptor(lut: VoiLut) -> bool:
    """Whether three 16-bit numbers, signed when the first input is negative, can describe the table."""
    return 0 <= lut.first <= 65535 or (-32768 <= lut.first < 0 and len(lut.data) <= LONGEST_US)


def _is_monotonic(data: tuple[int, ...]) -> bool:
    return list(data) == sorted(data) or list(data) == sorted(data, reverse=True)


def _windows(source: Source, rule: Rule) -> Values | None:
    kept = kept_windows(source)
    if not kept:
        return None
    if rule.allowed == "function":
        said = values(source.dataset, rule.keyword)
        is_given = said and kept[0] in source.presentation.windows
        return [source.presentation.voi_lut_function] if is_given else None
    if rule.allowed == "explanation":
        return [_named(one.explanation, "WINDOW", n) for n, one in enumerate(kept, 1)]
    return [getattr(one, rule.allowed) for one in kept]


def _named(explanation: str, kind: str, place: int) -> str:
    said = re.sub(r"[\s_-]+", "", term(explanation))
    return said if said in NAMED_CHOICES else f"{kind}{place}"


def _voi_luts(source: Source, _rule: Rule) -> Values | None:
    found = []
    for place, lut in enumerate(kept_luts(source), 1):
        item = Dataset()
        item.add_new("LUTDescriptor", "SS" if lut.first < 0 else "US", [len(lut.data) % 65536, lut.first, lut.bits])
        item.LUTExplanation = _named(lut.explanation, "LUT", place)
        # an element of VR US holds 65534 bytes at most (PS3.5 7.1.2)
        is_long = len(lut.data) > LONGEST_US
        item.add_new("LUTData", *(("OW", np.asarray(lut.data, "<u2").tobytes()) if is_long else ("US", list(lut.data))))
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
    "codes": _codes,
    "constant": _constant,
    "device": _device,
    "empty": _empty,
    "lossy": _lossy,
    "number": _number,
    "numbers": _numbers,
    "orientation": _orientation,
    "padding": _padding,
    "patient": _patient,
    "pixels": _pixels,
    "region": _region,
    "uid": _uid,
    "view": _view,
    "vocabulary": _vocabulary,
    "voi_luts": _voi_luts,
    "windows": _windows,
}
"""Name in profile.csv to how it is done."""
