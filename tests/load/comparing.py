"""What the server told against what the catalog holds: nothing told is missing, nothing is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import FactKind
from mammoset.project import Project
from tests.load.readers import Told

ONCE = (FactKind.ASSIGNED, FactKind.OPENED, FactKind.DRAFT_SAVED, FactKind.SUBMITTED)


def differences(root: Path, told: Told) -> list[str]:
    """Return in words what was told and is not so, and what is there and was not told."""
    with Project.open(root) as project:
        return [*_of_drafts(project, told), *_of_answers(project, told), *_of_numbers(project)]


def _of_drafts(project: Project, told: Told) -> Iterator[str]:
    for (name, study_id), (version, reading) in told.drafts.items():
        draft = project.catalog.drafts.of(study_id, name, "reader")
        if draft is None or draft.version != version:
            yield f"draft of {name}: version {draft and draft.version}, told {version}"
        elif _bare(reading_to_json(draft.reading)) != _bare(reading):
            yield f"draft of {name}: {draft.reading}, told {reading}"


def _of_answers(project: Project, told: Told) -> Iterator[str]:
    found = {}
    for study_id, facts in project.catalog.facts().items():
        counts = Counter((fact.kind, fact.reader_id) for fact in facts)
        yield from (f"{key} {count} times" for key, count in counts.items() if count > 1 and key[0] in ONCE)
        for fact in facts:
            if fact.kind == FactKind.SUBMITTED and fact.reading is not None:
                found[fact.reader_id, study_id] = _bare(reading_to_json(fact.reading))
    for key in found.keys() ^ told.answers.keys():
        yield f"answer of {key[0]}: {'not told' if key in found else 'lost'}"
    yield from (
        f"answer of {key[0]}: another" for key in found.keys() & told.answers if found[key] != _bare(told.answers[key])
    )


def _of_numbers(project: Project) -> Iterator[str]:
    numbers = [fact.number for facts in project.catalog.facts().values() for fact in facts]
    if len(set(numbers)) != len(numbers):
        yield "facts share a number"


def _bare(reading: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in reading.items() if key not in ("study_id", "reader_id")}
