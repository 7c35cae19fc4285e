"""An archive as it is asked: which studies it has, and which objects are in them.

Archives differ, so little is trusted: which studies are mammography is decided here, an answer that was cut short –
visibly or not – is asked again in parts, and what a row says is compared with what was asked for.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Event
from typing import TypeVar

from mammoset.engine import Progress, silent
from mammoset.errors import AcquireError

Item = TypeVar("Item")

PAUSES = (1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds after which an archive that is too busy for us is tried again."""
MINUTES_A_DAY = 24 * 60
LOOK_AGAIN = 25
"""Of a day with so many studies the halves are asked for too: a limit of results need not show in the status."""
AT_ONCE = 32
"""Questions that share an association."""
UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){2,}")

Row = Mapping[str, tuple[str, ...]]
"""Values of a row by keyword; of the keywords asked for those that the archive returned."""
Span = tuple[int, int]
"""From minute to minute of a day, the second excluded."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query (PS3.4 C.2.2): values to match by keyword, empty ones to be returned.

    Attributes
    ----------
    level : {"STUDY", "SERIES", "IMAGE"}
    """

    level: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came to a question; `problem` says in words why it is not all, empty when it ended well."""

    rows: list[Row]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a retrieval ended, by what the archive says."""

    is_success: bool
    words: str


@dataclass(frozen=True, slots=True)
class ListedImage:
    """An object as an archive lists it; `modality` and `sop_class` are empty where it does not tell them."""

    series_uid: str
    sop_uid: str
    modality: str
    sop_class: str


class PeerError(AcquireError):
    """An archive that does not do what it is asked.

    Attributes
    ----------
    words : str
        What it answered, without its name.
    """

    def __init__(self, name: str, doing: str, words: str, hint: str) -> None:
        super().__init__(f"peer '{name}': {doing}: {words}; {hint}")
        self.words = words


def pause(seconds: float) -> None:
    """Let time pass before an archive is tried again."""
    Event().wait(seconds)


def is_uid(text: str) -> bool:
    """Whether a text can be a UID rather than an accession number (PS3.5 9.1)."""
    return len(text) <= 64 and UID.fullmatch(text) is not None


def first(row: Row, keyword: str) -> str:
    """Return the first value of a keyword, empty where there is none."""
    return next(iter(row.get(keyword, ())), "")


class Archive(ABC):
    """An archive of the settings."""

    name: str
    query: str
    """What its queries are called."""

    @abstractmethod
    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask questions of one level; `PeerError` when the archive cannot be asked at all."""

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Hold a connection, where that saves time, for what is asked of it in the block."""
        yield

    def listed(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Ask questions and return the rows of each; `PeerError` unless all end well."""
        found = []
        for some in _in_parts(questions):
            for answer in self.ask(some):
                if answer.problem:
                    raise PeerError(self.name, self.query, answer.problem, "its log says more")
                found.append(answer.rows)
        return found

    def studies(
        self, date_from: date | None, date_to: date | None, modality: str, progress: Progress = silent
    ) -> list[str]:
        """Return the Study Instance UIDs of a modality between two dates, both included, each once.

        With a first date the archive is asked day by day. The modality is not part of the question, because some
        ignore it and others cut the answer short without saying so: it is compared here, with Modalities in Study
        or, where that is not returned, with the modalities of the study's series.
        """
        found = self._studies_between(date_from, date_to, progress)
        unknown = [uid for uid, modalities in found.items() if not modalities]
        questions = [Question("SERIES", {"StudyInstanceUID": uid, "Modality": ""}) for uid in unknown]
        for uid, series in zip(unknown, self.listed(questions), strict=True):
            found[uid] = {first(one, "Modality") or modality for one in series}
        return sorted(uid for uid, modalities in found.items() if modality in modalities)

    def _studies_between(self, date_from: date | None, date_to: date | None, progress: Progress) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        days = list(_days(date_from, date_to))
        for done, some in enumerate(_in_parts(days)):
            progress("days asked for", done * AT_ONCE, len(days))
            answers = self.ask([_of_day(day, (0, MINUTES_A_DAY)) for day in some])
            for day, answer in zip(some, answers, strict=True):
                for row in self._all_of(day, (0, MINUTES_A_DAY), answer):
                    uid = first(row, "StudyInstanceUID")
                    if uid and _is_within(first(row, "StudyDate"), date_from, date_to):
                        found.setdefault(uid, set()).update(_modalities(row))
        progress("days asked for", len(days), len(days))
        return found

    def _all_of(self, day: str, span: Span, answer: Answer) -> list[Row]:
        """Return the studies of a part of a day, asked for again in halves while the answer is cut short."""
        if not answer.problem and len(answer.rows) < LOOK_AGAIN:
            return answer.rows
        halves = _halves(span) if len(day) == len("YYYYMMDD") else []
        if not halves and not answer.problem:
            return answer.rows
        if not halves:
            raise PeerError(
                self.name, self.query, answer.problem,
                f"the answer stopped after {len(answer.rows)} studies; give the first and the last date, so that it "
                "is asked in smaller parts, or raise its limit of results",
            )  # fmt: skip
        parts = self.ask([_of_day(day, half) for half in halves])
        if not answer.problem and _is_confirmed(answer, parts):
            return answer.rows
        return answer.rows + [
            row for half, part in zip(halves, parts, strict=True) for row in self._all_of(day, half, part)
        ]

    def matching(self, values: Sequence[str], progress: Progress = silent) -> list[set[str]]:
        """Return for each Study Instance UID or accession number the UIDs of the studies it names.

        A row that does not carry the value asked for is left out: some archives ignore what they cannot match.
        """
        found: list[set[str]] = []
        for some in _in_parts(values):
            progress("list entries asked for", len(found), len(values))
            keys = ["StudyInstanceUID" if is_uid(value) else "AccessionNumber" for value in some]
            questions = [
                Question("STUDY", {"StudyInstanceUID": "", key: value}) for key, value in zip(keys, some, strict=True)
            ]
            for key, value, rows in zip(keys, some, self.listed(questions), strict=True):
                found.append({first(row, "StudyInstanceUID") for row in rows if first(row, key) == value} - {""})
        progress("list entries asked for", len(values), len(values))
        return found

    def images(self, study_uid: str) -> list[ListedImage]:
        """Return the objects of a study as it is listed, series by series (PS3.4 C.4.1.2: hierarchical)."""
        keys = {"StudyInstanceUID": study_uid, "SeriesInstanceUID": "", "Modality": ""}
        (rows,) = self.listed([Question("SERIES", keys)])
        series = {first(row, "SeriesInstanceUID"): first(row, "Modality") for row in rows}
        series.pop("", None)
        questions = [
            Question("IMAGE", {"StudyInstanceUID": study_uid, "SeriesInstanceUID": uid, **OF_IMAGES}) for uid in series
        ]
        found = {
            first(row, "SOPInstanceUID"): ListedImage(
                uid, first(row, "SOPInstanceUID"), series[uid], first(row, "SOPClassUID")
            )
            for uid, images in zip(series, self.listed(questions), strict=True)
            for row in images
        }
        found.pop("", None)
        return list(found.values())


OF_IMAGES = {"SOPInstanceUID": "", "SOPClassUID": ""}


def _is_confirmed(answer: Answer, parts: Sequence[Answer]) -> bool:
    """Whether the answers for the halves of a time show that the answer for the whole of it was not cut short.

    They must bring nothing new, and none may be as long as the whole: it would be cut short at the same limit. An
    archive that ignores the time of day answers both alike, and cannot be asked in smaller parts.
    """
    found = [{first(row, "StudyInstanceUID") for row in part.rows} for part in parts]
    whole = {first(row, "StudyInstanceUID") for row in answer.rows}
    if any(part.problem for part in parts) or not set().union(*found) <= whole:
        return False
    return bool(found[0] & found[1]) or all(len(part) < len(whole) for part in found)


def _in_parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def _days(date_from: date | None, date_to: date | None) -> Iterator[str]:
    if date_from is None:
        yield f"-{date_to:%Y%m%d}" if date_to else ""
        return
    last = date_to or date.today()  # noqa: DTZ011 - Study Date is in the hospital's local time, as is this machine
    for number in range((last - date_from).days + 1):
        yield f"{date_from + timedelta(days=number):%Y%m%d}"


def _of_day(day: str, span: Span) -> Question:
    start, end = span
    time = "" if end - start == MINUTES_A_DAY else f"{_clock(start)}00-{_clock(end - 1)}59.999999"
    keys = {"StudyDate": day, "StudyTime": time, "StudyInstanceUID": "", "ModalitiesInStudy": ""}
    return Question("STUDY", keys)


def _halves(span: Span) -> list[Span]:
    start, end = span
    middle = (start + end) // 2
    return [(start, middle), (middle, end)] if end - start > 1 else []


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}{minute % 60:02d}"


def _is_within(day: str, date_from: date | None, date_to: date | None) -> bool:
    """Whether a Study Date lies between two dates; True where the archive does not return it."""
    digits = day.replace(".", "")
    too_early = date_from is not None and digits < f"{date_from:%Y%m%d}"
    too_late = date_to is not None and digits > f"{date_to:%Y%m%d}"
    return not digits or not (too_early or too_late)


def _modalities(row: Row) -> set[str]:
    """Return Modalities in Study; some archives join the values with commas."""
    return {one.strip().upper() for value in row.get("ModalitiesInStudy", ()) for one in re.split(r"[,/\\]", value)} - {
        ""
    }
