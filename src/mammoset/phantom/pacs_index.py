"""What an archive knows of its files: an index of their headers, and the matching of queries (PS3.4, C.2.2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.tag import Tag

LEVELS = ("PATIENT", "STUDY", "SERIES", "IMAGE")

KEYS: dict[str, tuple[str, ...]] = {
    "PATIENT": ("PatientID", "PatientName", "PatientBirthDate", "PatientSex"),
    "STUDY": (
        "StudyInstanceUID", "StudyDate", "StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName",
        "StudyDescription",
    ),
    "SERIES": ("SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription", "Manufacturer", "StationName"),
    "IMAGE": (
        "SOPInstanceUID", "SOPClassUID", "InstanceNumber", "ContentDate", "ContentTime", "Rows", "Columns",
        "ImageLaterality", "ViewPosition", "PresentationIntentType",
    ),
}  # fmt: skip
"""What can be asked for at each level, and below it; the first is the level's unique key."""

_INDEXED = [Tag(keyword) for keywords in KEYS.values() for keyword in keywords] + [Tag("SpecificCharacterSet")]
_RANGES = ("DA", "TM", "DT")
_WITHOUT_WILDCARDS = ("UI", "IS", "DS", "US", "UL", "FD", "FL")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its header as texts, how it is stored, and where.

    Attributes
    ----------
    content : bytes or None
        The file itself where it was received and is kept in memory.
    """

    values: Mapping[str, str]
    transfer_syntax: str
    path: Path | None = None
    content: bytes | None = None

    def __getitem__(self, keyword: str) -> str:
        return self.values.get(keyword, "")


def entry_of(dataset: Dataset, transfer_syntax: str, path: Path | None = None, content: bytes | None = None) -> Entry:
    """Return the entry of a header."""
    keywords = [keyword for level in LEVELS for keyword in KEYS[level] if keyword in dataset]
    values = {keyword: _text(dataset[keyword].value) for keyword in keywords}
    return Entry(values, transfer_syntax, path, content)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def read_entries(folder: Path) -> Iterator[Entry]:
    """Read the headers of all DICOM files below a folder, in the order of their names; other files are passed over."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            dataset = dcmread(path, stop_before_pixels=True, specific_tags=_INDEXED)
        except InvalidDicomError:
            continue
        yield entry_of(dataset, str(dataset.file_meta.TransferSyntaxUID), path)


class PacsIndex:
    """The entries of an archive, found by patient, study, series and image.

    Parameters
    ----------
    entries : iterable of Entry
        One per SOP Instance UID; a later one of the same UID replaces the earlier.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_instance: dict[str, Entry] = {}
        self._by_study: dict[str, list[str]] = {}
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._by_instance)

    def add(self, entry: Entry) -> None:
        """Add a file or replace the one of the same UID."""
        instance = entry["SOPInstanceUID"]
        if instance not in self._by_instance:
            self._by_study.setdefault(entry["StudyInstanceUID"], []).append(instance)
        self._by_instance[instance] = entry

    def matching(self, level: str, query: Dataset) -> list[list[Entry]]:
        """Return the entities of a level that a query matches, each as its files in the order of the archive.

        Parameters
        ----------
        level : {"PATIENT", "STUDY", "SERIES", "IMAGE"}
        query : Dataset
            The identifier; keys of the level and of those above are matched, others are not.
        """
        conditions = [(keyword, _condition(query, keyword)) for keyword in _keys_down_to(level) if query.get(keyword)]
        groups: dict[tuple[str, ...], list[Entry]] = {}
        unique = [KEYS[one][0] for one in LEVELS[: LEVELS.index(level) + 1]]
        for entry in self._candidates(query):
            if all(matches(entry[keyword]) for keyword, matches in conditions):
                groups.setdefault(tuple(entry[keyword] for keyword in unique), []).append(entry)
        found = list(groups.values())
        if level == "STUDY" and query.get("ModalitiesInStudy"):
            wanted = _condition(query, "ModalitiesInStudy")
            found = [files for files in found if any(wanted(entry["Modality"]) for entry in files)]
        return found

    def _candidates(self, query: Dataset) -> Iterator[Entry]:
        named = query.get("StudyInstanceUID")
        studies: Iterable[str] = _values(named) if named else list(self._by_study)
        for study in studies:
            for instance in list(self._by_study.get(study, ())):
                yield self._by_instance[instance]


def _keys_down_to(level: str) -> list[str]:
    return [keyword for one in LEVELS[: LEVELS.index(level) + 1] for keyword in KEYS[one]]


def _values(value: object) -> list[str]:
    """Return the values of a query's key as texts: several mean any of them."""
    return [str(one) for one in value] if isinstance(value, MultiValue) else [str(value)]


def _condition(query: Dataset, keyword: str) -> Callable[[str], bool]:
    """Return the test that a value must pass for one key of a query."""
    representation = dictionary_VR(Tag(keyword))
    wanted = _values(query.get(keyword))
    if representation in _RANGES and len(wanted) == 1 and "-" in wanted[0]:
        low, _, high = wanted[0].partition("-")
        return lambda value: bool(value) and value >= low and (not high or value <= high or value.startswith(high))
    if representation in _WITHOUT_WILDCARDS:
        return lambda value: value in wanted
    flags = re.IGNORECASE if representation == "PN" else 0
    patterns = [re.compile(_regular(one), flags) for one in wanted]
    return lambda value: any(pattern.fullmatch(value) for pattern in patterns)


def _regular(wildcard: str) -> str:
    special = {"*": ".*", "?": "."}
    return "".join(special.get(letter, re.escape(letter)) for letter in wildcard)


def answer(level: str, query: Dataset, files: list[Entry], ae_title: str) -> Dataset:
    """Return the response for one matching entity: every key that was asked for, empty where nothing is known."""
    counted = {
        "ModalitiesInStudy": sorted({entry["Modality"] for entry in files}),
        "NumberOfStudyRelatedSeries": len({entry["SeriesInstanceUID"] for entry in files}),
        "NumberOfStudyRelatedInstances": len(files),
        "NumberOfSeriesRelatedInstances": len(files),
        "SOPClassesInStudy": sorted({entry["SOPClassUID"] for entry in files}),
    }
    known = set(_keys_down_to(level))
    result = Dataset()
    result.SpecificCharacterSet = "ISO_IR 192"
    for element in query:
        keyword = element.keyword
        if keyword in ("QueryRetrieveLevel", "SpecificCharacterSet") or not keyword:
            continue
        value: object = files[0][keyword] if keyword in known else counted.get(keyword, "")
        setattr(result, keyword, [] if element.VR == "SQ" else value)
    result.QueryRetrieveLevel = level
    result.RetrieveAETitle = ae_title
    return result
