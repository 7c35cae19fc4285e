"""Searches (QIDO-RS, PS3.18 8.3.4 and 10.6): what is asked, which exams, series and images match, what is answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword

from mammoset.web.dicomweb.attributes import (
    ANSWERED,
    KNOWN,
    Entity,
    Level,
    element_of,
    keyword_of,
    level_of,
    tag_of,
    texts_of,
)
from mammoset.web.dicomweb.matching import BadQuestion, Matcher, matcher_for
from mammoset.web.dicomweb.stored import StoredObjects
from mammoset.web.pages.exams import ExamFiles

MOST_RESULTS = 500
"""Results of one answer; whoever wants more asks for the next page."""
MOST_READ = 4000
"""Files that one search reads for values that the catalog does not know: some seconds."""

UNSUPPORTED = {
    "fuzzymatching": "The fuzzymatching parameter is not supported. Only literal matching has been performed.",
    "emptyvaluematching": "The emptyvaluematching parameter is not supported.",
    "multiplevaluematching": "The multiplevaluematching parameter is not supported.",
}
"""Parameters that are answered with a warning (PS3.18 8.3.4.2)."""
_OTHER = frozenset({"limit", "offset", "includefield", "accept", "charset"})


class TooBroad(Exception):
    """A search would read more files than it may (PS3.18 table 10.6.3-1: 413)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes
    ----------
    tests : tuple of (keyword, Matcher)
        All must hold.
    included : frozenset of str
        Keywords of attributes wanted beside those that are answered anyway.
    wants_all : bool
        Whether every attribute is wanted.
    warnings : tuple of str
        What could not be done as asked.
    """

    tests: tuple[tuple[str, Matcher], ...] = ()
    included: frozenset[str] = frozenset()
    wants_all: bool = False
    limit: int = MOST_RESULTS
    offset: int = 0
    warnings: tuple[str, ...] = ()


def question_of(parameters: Iterable[tuple[str, str]]) -> Question:
    """Read the query parameters of a search.

    Raises
    ------
    BadQuestion
        If a parameter is no attribute, comes twice, or has not the form that it needs. Nothing of it is repeated: what
        a person searches for may be an identifier.
    """
    asked = list(parameters)
    fields = [one.strip() for name, value in asked if name == "includefield" for one in value.split(",")]
    tests = dict[str, Matcher | None]()
    names = set[str]()
    for name, value in asked:
        if name in UNSUPPORTED or name in _OTHER:
            continue
        keyword = _searched(name)
        if keyword in names:
            raise BadQuestion("an attribute is asked for twice")
        names.add(keyword)
        tests[keyword] = matcher_for(_vr_of(keyword), value)
    given = dict(asked)
    return Question(
        tests=tuple((keyword, test) for keyword, test in tests.items() if test is not None),
        included=frozenset(_included(fields)) | {keyword for keyword in names if _vr_of(keyword) != "SQ"},
        wants_all="all" in fields,
        limit=min(_count(given.get("limit", str(MOST_RESULTS)), "limit"), MOST_RESULTS),
        offset=_count(given.get("offset", "0"), "offset"),
        warnings=tuple(told for name, told in UNSUPPORTED.items() if given.get(name, "").lower() == "true"),
    )


def _searched(name: str) -> str:
    """Return the keyword of an attribute that is searched for; of one in a sequence that of the sequence."""
    first, *inner = name.split(".")
    keyword = keyword_of(first)
    if keyword is None or any(keyword_of(one) is None for one in inner):
        raise BadQuestion("a query parameter is neither known nor the keyword or tag of an attribute")
    if _vr_of(keyword) == "SQ" and keyword not in KNOWN:
        raise BadQuestion(f"{keyword} is a sequence; only simple attributes can be searched for")
    return keyword


def _included(fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        keyword = keyword_of(field.split(".")[0])
        if keyword is not None:
            yield keyword
        elif field not in ("", "all"):
            raise BadQuestion("includefield names something that is no attribute")


def _count(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadQuestion(f"{name} is a whole number from 0")
    return int(text)


def _vr_of(keyword: str) -> str:
    return dictionary_VR(tag_for_keyword(keyword) or 0)


def entities_of(exams: Iterable[ExamFiles], level: Level) -> Iterator[Entity]:
    """Yield the studies, series or instances of exams, in their order."""
    for study, records in exams:
        if level is Level.STUDY and records:
            yield Entity(level, study, records)
        elif level is Level.SERIES:
            for series_id in dict.fromkeys(record.image.series_id for record in records):
                yield Entity(level, study, tuple(one for one in records if one.image.series_id == series_id))
        elif level is Level.INSTANCE:
            yield from (Entity(level, study, (record,)) for record in records)


@dataclass(frozen=True, slots=True)
class Found:
    """The page of results that was asked for, and how many come after it."""

    results: list[dict[str, Any]]
    n_remaining: int


class Search:
    """Answers questions from the catalog, and from the headers of files where that does not know.

    Parameters
    ----------
    base : str
        Address of the service, which results name as the place to retrieve from.
    """

    def __init__(self, stored: StoredObjects, base: str) -> None:
        self.stored = stored
        self.base = base
        self._n_read = 0

    def find(self, entities: Iterable[Entity], question: Question, answered: Sequence[Level]) -> Found:
        """Return the page of matches that is asked for.

        Parameters
        ----------
        answered : sequence of Level
            Whose attributes are answered without being asked for.

        Raises
        ------
        TooBroad
            If too many files would have to be read.
        """
        # the catalog's own first: they leave few whose files must be read
        tests = sorted(question.tests, key=lambda one: one[0] not in KNOWN)
        matches = [one for one in entities if all(test(self._texts(one, keyword)) for keyword, test in tests)]
        page = matches[question.offset : question.offset + question.limit]
        results = [self._result(entity, question, answered) for entity in page]
        return Found(results, max(0, len(matches) - question.offset - len(page)))

    def _texts(self, entity: Entity, keyword: str) -> Sequence[str]:
        known = KNOWN.get(keyword)
        if known is not None:
            return [str(value) for value in known(entity)]
        # what holds of a study or series is in each of its files
        records = entity.records if level_of(keyword) > entity.level else entity.records[:1]
        self._n_read += len(records)
        if self._n_read > MOST_READ:
            raise TooBroad
        return [text for record in records for text in texts_of(self.stored.header(record).get(tag_of(keyword)))]

    def _result(self, entity: Entity, question: Question, answered: Sequence[Level]) -> dict[str, Any]:
        usual = [keyword for level in answered for keyword in ANSWERED[level]]
        included = {keyword for keyword in question.included if level_of(keyword) <= entity.level}
        found: dict[str, dict[str, Any]] = {}
        unknown = [keyword for keyword in (*usual, *included) if keyword not in KNOWN]
        if unknown or question.wants_all:
            header = self.stored.header(entity.first)
            wanted = {tag_of(keyword) for keyword in unknown}
            found = {
                tag: element
                for tag, element in header.items()
                if tag in wanted or (question.wants_all and _is_above(tag, entity.level))
            }
        for keyword in (*usual, *(included & KNOWN.keys())):
            if keyword in KNOWN and tag_of(keyword) not in found:
                found[tag_of(keyword)] = element_of(keyword, KNOWN[keyword](entity))
        found[tag_of("RetrieveURL")] = {"vr": "UR", "Value": [self.base + place_of(entity)]}
        return dict(sorted(found.items()))


def _is_above(tag: str, level: Level) -> bool:
    keyword = keyword_of(tag)
    return level is Level.INSTANCE or (keyword is not None and level_of(keyword) <= level)


def place_of(entity: Entity) -> str:
    """Return the address of a study, series or instance under that of the service."""
    image = entity.first.image
    place = f"/studies/{image.study_id}"
    if entity.level >= Level.SERIES:
        place += f"/series/{image.series_id}"
    return place + (f"/instances/{image.image_id}" if entity.level is Level.INSTANCE else "")
