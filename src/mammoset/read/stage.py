"""The reading stage over the catalog: assign, import, follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mammoset.catalog import now
from mammoset.domain.readings_json import read_json, reading_from_json, require_unique
from mammoset.domain.workflow import Fact, FactKind, Standing, StudyState, check_next, standing_of
from mammoset.errors import ConfigError, MammosetError, RuleViolation
from mammoset.model import Image, Reading
from mammoset.project import Project
from mammoset.read.assignment import draw_one_each, draw_readers

SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class AssignSummary:
    """What an assignment did.

    Attributes
    ----------
    reads, arbitrations : mapping of person to number of studies newly assigned
    """

    reads: Mapping[str, int]
    arbitrations: Mapping[str, int]


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


def assign(project: Project, *, seed: int | None = None, dry_run: bool = False) -> AssignSummary:
    """Give every approved study without readers its readers, and every discordant one its arbiter.

    What was assigned before stays as it is. The draw depends on the order in which exams entered the project and
    on the seed, not on pseudonyms.

    Parameters
    ----------
    seed : int or None
        None takes ``read.seed`` of mammoset.toml.

    Raises
    ------
    ConfigError
        If there are too few readers or arbiters.
    """
    with project.lock("read"):
        return _assign(project, project.settings.read.seed if seed is None else seed, dry_run)


def _assign(project: Project, random_state: int, dry_run: bool) -> AssignSummary:
    needs = _Needs.of(project)
    readers = [one.reader_id for one in project.catalog.readers() if "reader" in one.roles]
    arbiters = [one.reader_id for one in project.catalog.readers() if "arbiter" in one.roles]
    per_study = project.schema.readers_per_study
    teams = (
        draw_readers(len(needs.untouched), readers, per_study=per_study, random_state=random_state, earlier=needs.teams)
        if needs.untouched
        else []
    )
    replaced = draw_one_each(
        needs.replacement, readers, role="reader", random_state=random_state,
        earlier=[name for team in (*needs.teams, *teams) for name in team],
    )  # fmt: skip
    settling = draw_one_each(
        needs.arbiter, arbiters, role="arbiter", random_state=random_state, earlier=needs.arbiters
    )  # fmt: skip
    reads = [(study, name) for study, team in zip(needs.untouched, teams, strict=True) for name in team]
    reads += replaced.items()
    if not dry_run:
        moment = now()
        facts = [Fact(FactKind.ASSIGNED, study, name, moment, "reader") for study, name in reads]
        facts += [Fact(FactKind.ASSIGNED, study, name, moment, "arbiter") for study, name in settling.items()]
        _append(project, facts)
    counts = Counter(name for _, name in reads)
    return AssignSummary(dict(sorted(counts.items())), dict(sorted(Counter(settling.values()).items())))


@dataclass(frozen=True, slots=True)
class _Needs:
    """Which approved studies lack people, in the order of the draw, and who has been assigned so far.

    Attributes
    ----------
    untouched : tuple of str
        Studies nobody was ever assigned to.
    replacement, arbiter : mapping of study id to people who may not have it
        Studies that lack one reader, because one was withdrawn; discordant studies without an arbiter.
    """

    untouched: tuple[str, ...]
    replacement: Mapping[str, frozenset[str]]
    arbiter: Mapping[str, frozenset[str]]
    teams: tuple[tuple[str, ...], ...]
    arbiters: tuple[str, ...]

    @classmethod
    def of(cls, project: Project) -> _Needs:
        facts = project.catalog.facts()
        approved = project.approved_studies()
        order = [one.study_id for one in approved]
        standings = {one: standing_of(facts.get(one, []), project.schema) for one in order}
        seen = {one: _people(standing) for one, standing in standings.items()}
        untouched = tuple(one for one in order if not seen[one])
        lacking = {
            one: seen[one]
            for one in order
            if seen[one] and len(standings[one].readers) < project.schema.readers_per_study
        }
        discordant = {
            one: seen[one]
            for one in order
            if standings[one].state == StudyState.AWAITING_ARBITRATION and standings[one].arbiter is None
        }
        teams = tuple(one.readers for one in standings.values() if one.readers)
        return cls(
            untouched, lacking, discordant, teams, tuple(one.arbiter for one in standings.values() if one.arbiter)
        )


def _people(standing: Standing) -> frozenset[str]:
    """Return everybody who was assigned to a study or has seen it, in any role."""
    arbiter = {standing.arbiter} if standing.arbiter else frozenset()
    return frozenset({*standing.readers, *arbiter}) | standing.readers_seen | standing.arbiters_seen


def _append(project: Project, facts: list[Fact], confirmed: Mapping[str, tuple[str, ...]] | None = None) -> None:
    named = {fact.study_id for fact in facts}
    images: dict[str, tuple[Image, ...]] = {one.study_id: one.images for one in project.catalog.studies(named)}

    def check(known: Mapping[str, list[Fact]], fact: Fact) -> None:
        said = (confirmed or {}).get(_key(fact), ())
        check_next(known[fact.study_id], fact, images.get(fact.study_id, ()), project.schema, confirmed=said)

    project.catalog.append(facts, check)


def _key(fact: Fact) -> str:
    return f"{fact.study_id} {fact.reader_id} {fact.role}"


def import_readings(project: Project, text: str, *, source: str = "readings", dry_run: bool = False) -> ImportSummary:
    """Record readings from JSON: all of them, or none and every problem named.

    Parameters
    ----------
    text : str
        ``{"readings": [...]}``; each as in `mammoset.domain.readings_json`, and with it optionally ``"role"``
        (``"reader"``, or ``"arbiter"`` for an arbitration) and ``"confirmed"`` (codes of the questions that the
        reader answered with yes).
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
        confirmed[_key(fact)] = said
    if problems:
        rest = f"\n… and {len(problems) - SHOWN_PROBLEMS} more" if len(problems) > SHOWN_PROBLEMS else ""
        raise RuleViolation("nothing was imported:\n" + "\n".join(problems[:SHOWN_PROBLEMS]) + rest)
    if not dry_run:
        with project.lock("read"):
            _append(project, facts, confirmed)
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
    if role not in ("reader", "arbiter"):
        raise ConfigError(f"{where}.role: this is not allowed; say 'reader' or 'arbiter'")
    said = record.get("confirmed", [])
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ConfigError(f"{where}.confirmed: expected a list of rule codes")
    reading = reading_from_json(rest, where)
    kind = FactKind.ARBITRATED if role == "arbiter" else FactKind.SUBMITTED
    return Fact(kind, reading.study_id, reading.reader_id, now(), role, reading), tuple(said)


def progress_of(project: Project) -> list[ReaderProgress]:
    """Return how far each person is, by name and role."""
    assigned: Counter[tuple[str, str]] = Counter()
    submitted: Counter[tuple[str, str]] = Counter()
    for facts in project.catalog.facts().values():
        assigned.update({(one.reader_id, one.role) for one in facts if one.kind == FactKind.ASSIGNED})
        done = (FactKind.SUBMITTED, FactKind.ARBITRATED)
        submitted.update({(one.reader_id, one.role) for one in facts if one.kind in done})
    return [ReaderProgress(name, role, assigned[name, role], submitted[name, role]) for name, role in sorted(assigned)]


def readings_by_study(project: Project) -> dict[str, list[Reading]]:
    """Return the first reads that count, by study, in the order of submission; arbitrations left out."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for study_id, facts in project.catalog.facts().items():
        found[study_id].extend(standing_of(facts, project.schema).readings)
    return found
