"""Readings as JSON: nothing is lost, and a mistake is named with its place."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given

from mammoset.domain.readings_json import reading_from_json, reading_to_json
from mammoset.errors import ConfigError
from mammoset.model import Reading
from tests.domain.exams import finding, reading, readings


@given(readings())
def test_what_is_written_reads_back_the_same(answer: Reading) -> None:
    assert reading_from_json(json.loads(json.dumps(reading_to_json(answer)))) == answer


def test_a_draft_with_open_answers_reads_back_the_same() -> None:
    draft = Reading("s1", "r1", reading(left=None, density=None).breasts, (finding(birads=None),), "unsure")
    assert reading_from_json(reading_to_json(draft)) == draft


def test_what_may_be_left_out_may_be_left_out() -> None:
    short = {"study_id": "s1", "reader_id": "r1", "breasts": [{"laterality": "L"}]}
    answer = reading_from_json(short)
    assert (answer.findings, answer.comment, answer.breasts[0].birads) == ((), "", None)


def sample() -> dict[str, Any]:
    return reading_to_json(reading("r1", finding(), right=4))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ((), 3, "readings[3] = 3 is not allowed: an object with study_id, reader_id, breasts"),
        (("study_id",), "", "readings[3].study_id = a text of 0 characters is not allowed: text that is not empty"),
        (("reader_id",), 5, "readings[3].reader_id = 5"),
        (("breasts",), {}, "readings[3].breasts = an object of 0 keys is not allowed: a list"),
        (("breasts", 1, "laterality"), "left", "readings[3].breasts[1].laterality = a text of 4 characters"),
        (("breasts", 1, "laterality"), ["L"], "readings[3].breasts[1].laterality = a list of 1"),
        (("breasts", 0, "birads"), "4", "readings[3].breasts[0].birads = a text of 1 characters"),
        (("breasts", 0, "birads"), True, "readings[3].breasts[0].birads = True"),
        (("breasts", 0, "density"), 2, "readings[3].breasts[0].density = 2"),
        (("findings", 0, "box"), [1, 2, 3], "readings[3].findings[0].box = [1, 2, 3] is not allowed: four numbers"),
        (("findings", 0, "box"), [1, 2, 3, float("nan")], "readings[3].findings[0].box"),
        (("findings", 0, "box"), [1, 2, 3, False], "readings[3].findings[0].box"),
        (("findings", 0, "categories"), "Mass", "readings[3].findings[0].categories = a text of 4 characters"),
        (("findings", 0, "categories", 0), None, "readings[3].findings[0].categories[0] = None"),
        (("findings", 0, "brads"), 4, "readings[3].findings[0]: unknown key 'brads'; did you mean 'birads'?"),
        (("comment",), None, "readings[3].comment = None is not allowed: text"),
        (("comment",), [1] * 200, "..."),
        (("comment",), "\ud800", "readings[3].comment = a text of 1 characters is not allowed: text"),
        (("breasts", 0, "birads"), 10**4000, "a whole number or null"),
        (("findings", 0, "box"), [1, 2, 3, 10**400], "readings[3].findings[0].box"),
        (("Doe^Jane",), 4, "readings[3]: unknown key, the 6. of 6; allowed here: study_id"),
    ],
)
def test_a_mistake_is_named_with_its_place(path: tuple[Any, ...], value: Any, says: str) -> None:
    record: Any = sample()
    place = record
    for part in path[:-1]:
        place = place[part]
    if path:
        place[path[-1]] = value
    else:
        record = value
    with pytest.raises(ConfigError, match=re.escape(says)):
        reading_from_json(record, "readings[3]")


@pytest.mark.parametrize("key", ["study_id", "reader_id", "breasts"])
def test_what_is_missing_is_named(key: str) -> None:
    record = sample()
    del record[key]
    with pytest.raises(ConfigError, match=re.escape(f"readings[0]: '{key}' is missing")):
        reading_from_json(record, "readings[0]")
