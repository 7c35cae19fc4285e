"""What the files of an exam say in their headers, attribute by attribute, equal values told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue

from mammoset.catalog import ImageRecord
from mammoset.content import ContentStore, object_path
from mammoset.errors import DatasetDefect
from mammoset.web.hanging import label_of

NUMBERS_SHOWN = 12
"""Of a longer list of numbers, a look-up table say, only so many are printed, and how many there are."""

BYTES_SHOWN = 16
"""A value of bytes is printed up to this length."""

ABSENT = "(not there)"

Place = tuple[int, ...]
"""Where an attribute stands: tag, number of the item, tag …"""


@dataclass(frozen=True, slots=True)
class Told:
    """A value and the images that have it; no images are named where all have the same."""

    text: str
    views: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the files: its keyword (its tag where it has none), after those of the sequences it is in."""

    name: str
    values: tuple[Told, ...]

    @property
    def is_same(self) -> bool:
        """Whether all images have the same value."""
        return len(self.values) == 1


def file_values(content: ContentStore, records: Sequence[ImageRecord]) -> tuple[Attribute, ...]:
    """Return every attribute of the files of an exam, file meta information included, by tag.

    The files are read to their end: an attribute after the pixels is told too.

    Raises
    ------
    DatasetDefect
        If a file is not in the store, or is no DICOM file.
    """
    names: dict[Place, str] = {}
    texts: dict[Place, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    labels = numbered(records)
    of_images = [{place: (name, text) for place, name, text in _elements(content, one)} for one in records]
    for label, found in zip(labels, of_images, strict=True):
        for place, (name, text) in found.items():
            names[place] = name
            texts[place][text].append(label)
    for place in names:
        if missing := [label for label, found in zip(labels, of_images, strict=True) if place not in found]:
            texts[place][ABSENT] = missing
    return tuple(
        Attribute(
            names[place],
            tuple(Told(text, tuple(views) if len(texts[place]) > 1 else ()) for text, views in texts[place].items()),
        )
        for place in sorted(names)
    )


def numbered(records: Sequence[ImageRecord]) -> tuple[str, ...]:
    """Return side and projection of each image, with a number where an exam has several of one view."""
    labels = [label_of(record) for record in records]
    return tuple(
        f"{label} {labels[: n + 1].count(label)}" if labels.count(label) > 1 else label
        for n, label in enumerate(labels)
    )


def _elements(content: ContentStore, record: ImageRecord) -> Iterator[tuple[Place, str, str]]:
    try:
        dataset = dcmread(content.path(record.image))
    except FileNotFoundError:
        message = f"content store: {object_path(record.image)} is missing; run 'mammoset pseudonymize' again"
        raise DatasetDefect(message) from None
    except InvalidDicomError:
        raise DatasetDefect(f"content store: {object_path(record.image)} is no DICOM file") from None
    yield from _walk(dataset.file_meta)
    yield from _walk(dataset)


def _walk(dataset: Dataset, place: Place = (), path: str = "") -> Iterator[tuple[Place, str, str]]:
    for element in dataset:
        here = (*place, int(element.tag))
        name = path + (element.keyword or str(element.tag).replace(" ", ""))
        if element.VR != "SQ":
            yield here, name, _text(element.value)
            continue
        if not element.value:
            yield here, name, ""
        for number, item in enumerate(element.value, start=1):
            yield from _walk(item, (*here, number), f"{name}[{number}].")


def _text(value: Any) -> str:
    """Return a value as text; empty for one without."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"{len(value):,} bytes" + (f": {value.hex(' ')}" if len(value) <= BYTES_SHOWN else "")
    if not isinstance(value, MultiValue | list | tuple):
        return str(value)
    shown = [str(one) for one in value]
    if len(shown) > NUMBERS_SHOWN and not isinstance(value[0], str):
        return "\\".join(shown[:NUMBERS_SHOWN]) + f" … {len(shown):,} numbers"
    return "\\".join(shown)
