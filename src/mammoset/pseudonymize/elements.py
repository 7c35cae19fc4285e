"""Every element of a rebuilt data set as text: what reviewers approve or reject, and what the gate compares with it.

Values that differ from patient to patient by design are given as their pattern, so that a person can finish the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.private import private_name

Pair = tuple[str, str]
"""Path of an element, keywords from the outermost to the innermost, and its value as text."""
FILE_META = "FileMeta"
KEYED_UID, PSEUDONYM, SHIFTED_DATE = "<keyed UID>", "<pseudonym>", "<shifted date>"
PIXEL_GROUP = 0x7FE0
COMPUTED = "FileMetaInformationGroupLength"
"""Counts the bytes of the others and says nothing of its own."""


def elements_of(dataset: Dataset, pseudonyms: Pseudonyms) -> tuple[Pair, ...]:
    """Return every element of a rebuilt data set and of its file meta information, without pixel data.

    Several values of one element are joined by a backslash (PS3.5 6.4); an element without value has the empty text,
    and so has a sequence without items. Elements of several items stand under one path.

    Parameters
    ----------
    dataset : Dataset
        As the gate built it, or read again from the file.

    Returns
    -------
    tuple of (path, text)
        Sorted, each pair once: ``ViewCodeSequence.CodeMeaning``, ``FileMeta.TransferSyntaxUID``.
    """
    found = set(pairs_of(getattr(dataset, "file_meta", ()), pseudonyms, f"{FILE_META}."))
    return tuple(sorted(found | set(pairs_of(dataset, pseudonyms))))


def pairs_of(elements: Iterable[DataElement], pseudonyms: Pseudonyms, above: str = "") -> Iterator[Pair]:
    """Yield path and text of elements and of everything inside them.

    Parameters
    ----------
    above : str
        Path of what holds the elements, with a point at its end; empty at the top.
    """
    for element in elements:
        keyword = element.keyword
        if element.tag.group == PIXEL_GROUP or keyword == COMPUTED:
            continue
        path = above + (keyword or private_name(element.tag, element.private_creator))
        if element.VR != "SQ":
            yield path, _text(element, keyword, pseudonyms)
            continue
        if not element.value:
            yield path, ""
        for item in element.value:
            yield from pairs_of(item, pseudonyms, f"{path}.")


def _text(element: DataElement, keyword: str, pseudonyms: Pseudonyms) -> str:
    if element.is_empty:
        return ""
    if keyword == "StudyDate":
        return SHIFTED_DATE
    if keyword in ("PatientID", "PatientName") and str(element.value).rstrip("^") == pseudonyms.patient_id:
        return PSEUDONYM
    if element.VR == "UI" and element.value in (pseudonyms.image_id, pseudonyms.series_id, pseudonyms.study_id):
        return KEYED_UID
    if keyword == "LUTData":
        return _curve(element.value)
    if isinstance(element.value, bytes):
        return element.value.hex()
    return "\\".join(map(str, element.value if element.VM > 1 else [element.value]))


def _curve(data: Any) -> str:
    """Return a table's length and direction: its numbers are as many as an image has grey values."""
    entries = np.frombuffer(data, "<u2") if isinstance(data, bytes) else np.atleast_1d(np.asarray(data, np.int64))
    steps = np.diff(entries.astype(np.int64))
    rises, falls = bool((steps > 0).any()), bool((steps < 0).any())
    shape = "rising and falling" if rises and falls else "rising" if rises else "falling" if falls else "level"
    return f"<{entries.size} entries, {shape}>"
