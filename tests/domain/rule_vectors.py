"""Cases of the rules that the program and its client both run: ``python -m tests.domain.rule_vectors`` writes them.

The file is committed. It changes only with the rules, and then a person sees in its difference what they say now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from mammoset.domain.labels import LabelSchema, default_labels, parse_labels
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.rules import check
from mammoset.model import Box, Breast, Finding, Image, Reading
from mammoset.web.answers.labels import labels_out
from tests.domain.exams import BOX, L, R, finding, image, images, reading

FILE = Path(__file__).with_name("rule_vectors.json")
SCHEMAS = {
    "default": default_labels(),
    "with_0_and_6": parse_labels("breast.birads = [0, 1, 2, 3, 4, 5, 6]\nfinding.birads = [2, 3, 4, 5, 6]"),
    "coarse": parse_labels('breast.densities = ["A", "D"]\nfinding = {min_box_size = 24.5, birads = [4, 5]}'),
}
EXAMS: dict[str, tuple[Image, ...]] = {
    "four_views": images(),
    "with_further_view": (*images(), image(R, "ML", is_standard=False)),
    "right_only": tuple(one for one in images() if one.laterality == R),
    "with_image_of_another": (*images(), *images("s2")),
}
SKIN, MASS = ("Skin Thickening",), ("Mass",)


class Vector(NamedTuple):
    """A reading of an exam of `EXAMS`, and what its reader has confirmed."""

    answer: Reading
    exam: str = "four_views"
    confirmed: tuple[str, ...] = ()


FINDINGS: tuple[tuple[Finding, ...], ...] = (
    (),
    (finding(),),
    (finding(birads=5), finding("R-MLO", birads=3)),
    (finding(birads=None),),
    (finding(birads=None, categories=SKIN),),
    (finding(birads=2), finding("L-CC", birads=4)),
    (finding(birads=None, categories=("Mass", "Lump", "Lump")),),
    (finding(birads=6, categories=()),),
    tuple(finding(view, birads=3, categories=("Asymmetry",)) for view in ("R-CC", "R-MLO")),
    (finding(box=Box(-1, 30, 80, 90)), finding(box=Box(20, 30, 44, 300.5))),
    (finding("R-ML"), finding("X-CC")),
)
BREASTS: tuple[tuple[int | None, str | None], ...] = (
    (None, "B"), (0, "A"), (1, None), (2, "B"), (3, "C"), (4, "D"), (5, "E"), (6, "A"), (7, "A"),
)  # fmt: skip


ELSEWHERE = ((0, "A"), (4, "D"), (6, "A"))
"""With other labels than the default ones, only these."""


def enumerated(breasts: Sequence[tuple[int | None, str | None]]) -> Iterator[Vector]:
    """Yield every combination of an answer about the right breast and findings, with and without a further view."""
    for found, (birads, density), exam in product(FINDINGS, breasts, ("four_views", "with_further_view")):
        yield Vector(Reading("s1", "r1", (Breast(L, 2, "A"), Breast(R, birads, density)), found), exam)


def chosen() -> Iterator[Vector]:
    """Yield what no such combination says."""
    yield Vector(Reading("s1", "r1", ()))
    yield Vector(Reading("s1", "r1", (Breast(R, 1, "A"), Breast(R, 2, "B"), Breast(L, 3, "C"))))
    yield Vector(reading(), "right_only")
    yield Vector(Reading("s1", "r1", (Breast(R, 1, "A"),)), "right_only")
    yield Vector(Reading("s1", "r1", (Breast(R, 4, "A"), Breast(R, 4, "A")), (finding(),)))
    yield Vector(reading("r1", finding("R-CC", study="s2"), finding(), right=4), "with_image_of_another")
    yield Vector(reading("r1", finding(box=Box(0, 0, 200, 300)), right=4))
    yield Vector(reading("r1", finding(box=Box(80, 90, 20, 30)), right=4))
    yield Vector(reading("r1", finding(box=replace(BOX, xmax=29.9)), right=4))
    for confirmed in (("no_finding_marked",), ("no_finding_marked:L",), ("no_finding_marked:L", "birads_missing:R")):
        yield Vector(reading(left=4, right=5), confirmed=confirmed)
    yield Vector(reading(left=None), confirmed=("birads_missing", "birads_missing:L"))
    views = ("R-CC", "L-CC", "L-MLO")
    yield Vector(reading("r1", *(finding(one, categories=("Asymmetry",)) for one in views), left=4, right=4))


def vectors() -> Iterator[dict[str, Any]]:
    """Yield all that are chosen, and of the others one for each different set of rules that are broken."""
    seen: set[frozenset[str]] = set()
    for name, schema in SCHEMAS.items():
        for vector in (*chosen(), *enumerated(BREASTS)) if name == "default" else enumerated(ELSEWHERE):
            case = as_json(name, schema, vector)
            broken = frozenset(one["code"] for one in case["expected"])
            if broken not in seen or vector in chosen():
                seen.add(broken)
                yield case


def as_json(name: str, schema: LabelSchema, vector: Vector) -> dict[str, Any]:
    """Return a case as JSON values."""
    answer = reading_to_json(vector.answer)
    return {
        "labels": name,
        "study_id": answer.pop("study_id"),
        "exam": vector.exam,
        "reading": {key: value for key, value in answer.items() if key != "reader_id"},
        "confirmed": list(vector.confirmed),
        "expected": [
            {"code": one.code, "key": one.key, "level": one.level, "message": one.message}
            for one in check(vector.answer, EXAMS[vector.exam], schema, confirmed=vector.confirmed)
        ],
    }  # fmt: skip


def _image(one: Image) -> dict[str, Any]:
    return {
        "image_id": one.image_id, "study_id": one.study_id, "laterality": one.laterality,
        "view_position": one.view_position, "rows": one.height, "columns": one.width, "is_standard": one.is_standard,
    }  # fmt: skip


def text() -> str:
    """Return the file."""
    labels = {name: labels_out(schema).model_dump(mode="json") for name, schema in SCHEMAS.items()}
    exams = {name: [_image(one) for one in found] for name, found in EXAMS.items()}
    head = f'"labels": {json.dumps(labels, ensure_ascii=False)},\n"exams": {json.dumps(exams)}'
    cases = ",\n".join(json.dumps(case, ensure_ascii=False) for case in vectors())
    return f'{{{head},\n"cases": [\n{cases}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
