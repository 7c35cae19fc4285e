"""The reading stage over the catalog: import of readings, and how far people are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mammoset.catalog import now
from mammoset.domain.readings_json import read_json, reading_from_json, require_unique
from mammoset.domain.workflow import ROLES, Fact, FactKind, Role, check_next, standing_of
from mammoset.errors import ConfigError, MammosetError, RuleViolation
from mammoset.model import Reading
from mammoset.project import Project
from mammoset.read.appending import append, key_of

SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import recorded."""

    readings: int
    arbitrations: int


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """How far one person is, in studies."""

    reader_id: str
    role: str
    assigned: int
    submitted: int


def import_readings(project: Project, text: str, *, source: str = "readings", dry_run: bool = False) -> ImportSummary:
    """Record readings from JSON: all of them, or none and every problem named.

    Parameters
    ----------
    text : str
        ``{"readings": [...]}``; each as in `mammoset.domain.readings_json`, and with it optionally ``"role"``
        (``"reader"``, ``"senior"`` for a reading for quality, ``"arbiter"`` for an arbitration) and ``"confirmed"``
        (codes of the questions that the reader answered with yes).
    source : str
        What messages call the text.

    Raises
    ------
    RuleViolation
        If a reading breaks the rules of labels.toml or the workflow does not allow it; the message names each place.
    ConfigError
        If the text is not of this shape.
    """
    records = _records(text, source)
    named = {str(one.get("study_id")) for one in records}
    studies = {one.study_id: one for one in project.catalog.studies(named)}
    facts, confirmed, problems = [], {}, []
    known = project.catalog.facts(named)
    people = {one.reader_id for one in project.catalog.readers()}
    for number, record in enumerate(records):
        where = f"{source}: readings[{number}]"
        try:
            fact, said = _fact_of(record, where)
            if fact.study_id not in studies:
                raise ConfigError(f"{where}.study_id: no exam of this project has this id; ids are those of the export")
            if fact.reader_id not in people:
                raise ConfigError(f"{where}.reader_id: nobody has this name; 'mammoset user list' shows who there is")
            history = known.setdefault(fact.study_id, [])
            check_next(history, fact, studies[fact.study_id].images, project.schema, confirmed=said)
        except MammosetError as error:
            message = str(error)
            problems.append(message if message.startswith(where) else f"{where}: {message}")
            continue
        history.append(fact)
        facts.append(fact)
        confirmed[key_of(fact)] = said
    if problems:
        rest = f"\n… and {len(problems) - SHOWN_PROBLEMS} more" if len(problems) > SHOWN_PROBLEMS else ""
        raise RuleViolation("nothing was imported:\n" + "\n".join(problems[:SHOWN_PROBLEMS]) + rest)
    if not dry_run:
        with project.lock("read"):
            append(project, facts, confirmed)
    arbitrations = sum(one.kind == FactKind.ARBITRATED for one in facts)
    return ImportSummary(len(facts) - arbitrations, arbitrations)


def _records(text: str, source: str) -> list[dict[str, Any]]:
    value = read_json(text, source)
    require_unique(value, source)
    records = value.get("readings") if isinstance(value, dict) else None
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise ConfigError(f'{source}: expected {{"readings": [...]}} with one object per reading')
    return records


def _fact_of(record: Mapping[str, Any], where: str) -> tuple[Fact, tuple[str, ...]]:
    require_unique(record, where)
    rest = {key: value for key, value in record.items() if key not in ("role", "confirmed")}
    role = record.get("role", "reader")
    if role not in ROLES:
        raise ConfigError(f"{where}.role: this is not allowed; say 'reader', 'senior' or 'arbiter'")
    said = record.get("confirmed", [])
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ConfigError(f"{where}.confirmed: expected a list of rule codes")
    reading = reading_from_json(rest, where)
    kind = FactKind.ARBITRATED if role == "arbiter" else FactKind.SUBMITTED
    return Fact(kind, reading.study_id, reading.reader_id, now(), role, reading), tuple(said)


def progress_of(project: Project) -> list[ReaderProgress]:
    """Return how far each person is with what is theirs now, by name and role."""
    assigned: Counter[tuple[str, Role]] = Counter()
    submitted: Counter[tuple[str, Role]] = Counter()
    for facts in project.catalog.facts().values():
        standing = standing_of(facts, project.schema)
        assigned.update(standing.people)
        submitted.update(one for one in standing.people if standing.answer_of(*one) is not None)
    return [ReaderProgress(name, role, assigned[name, role], submitted[name, role]) for name, role in sorted(assigned)]


def readings_by_study(project: Project) -> dict[str, list[Reading]]:
    """Return the first reads that count, by study, in the order of submission; arbitrations left out."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for study_id, facts in project.catalog.facts().items():
        found[study_id].extend(standing_of(facts, project.schema).readings)
    return found
