"""Who reads, arbitrates or reads again what: drawn for all studies that lack somebody, or said for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind, Role, Standing, StudyState, standing_of
from mammoset.errors import ConfigError
from mammoset.model import Reader, Study
from mammoset.project import Project
from mammoset.read.appending import append
from mammoset.read.assignment import draw_one_each, draw_readers, is_in_sample

ROLE_NEEDED: Mapping[Role, str] = {"reader": "reader", "senior": "arbiter", "arbiter": "arbiter"}
"""As what a person is assigned to the role that they must have in the project."""
WORDS: Mapping[Role, tuple[str, str]] = {
    "reader": ("read", "readers"), "senior": ("senior read", "arbiters"), "arbiter": ("arbitration", "arbiters"),
}  # fmt: skip
SHOWN_NAMES = 10


@dataclass(frozen=True, slots=True)
class AssignSummary:
    """What an assignment did.

    Attributes
    ----------
    reads, arbitrations, seniors : mapping of person to number of studies newly assigned
    missing : mapping of role to number of assignments that nobody could be found for
    why : tuple of str
        Sentences about what is missing, and what to do.
    """

    reads: Mapping[str, int]
    arbitrations: Mapping[str, int]
    seniors: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    why: tuple[str, ...] = ()


def assign(project: Project, *, seed: int | None = None, dry_run: bool = False, partial: bool = False) -> AssignSummary:
    """Give every approved study without readers its readers, every discordant one its arbiter, and a sample seniors.

    What was assigned before stays as it is. The draw depends on the order in which exams entered the project and
    on the seed, not on pseudonyms. Studies are drawn for people who are available, and for nobody above their cap,
    which counts what they have now in one role.

    Parameters
    ----------
    seed : int or None
        None takes ``read.seed`` of mammoset.toml.
    partial : bool
        Assign what is possible where people are missing; otherwise nothing is assigned then.

    Raises
    ------
    ConfigError
        If people are missing, and `partial` is False: how many assignments, and who has reached their cap.
    """
    with project.lock("read"):
        drawn = _Draw(project, project.settings.read.seed if seed is None else seed)
        summary = drawn.summary()
        if summary.why and not partial:
            raise ConfigError("\n".join(f"read assign: {one}" for one in summary.why) + "\n" + PARTIAL)
        if not dry_run:
            moment = now()
            append(project, [Fact(FactKind.ASSIGNED, study, who, moment, role) for study, who, role in drawn.found])
    return summary


PARTIAL = "nothing was assigned; --partial assigns what is possible"


@dataclass(frozen=True)
class _Draw:
    """One draw over the approved studies, in the order in which they entered the project."""

    project: Project
    seed: int

    @cached_property
    def people(self) -> list[Reader]:
        return self.project.catalog.readers()

    @cached_property
    def disabled(self) -> set[str]:
        """Return who cannot sign in any more; who never had an account reads elsewhere, and is not among them."""
        return {one.name for one in self.project.catalog.accounts.all().values() if one.is_disabled}

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Return where each study with facts stands, approved or not: what people have of it counts as theirs."""
        out, schema = self.project.catalog.excluded_study_ids(), self.project.schema
        facts = self.project.catalog.facts()
        return {one: standing_of(said, schema) for one, said in facts.items() if one not in out}

    @cached_property
    def studies(self) -> list[Study]:
        return self.project.approved_studies()

    @cached_property
    def teams(self) -> list[tuple[str, ...]]:
        """Return the readers of the studies that have some, the order of the draw first."""
        order = {study.study_id: study.draw for study in self.studies}
        known = sorted(self.standings, key=lambda one: (order.get(one, len(order)), one))
        return [self.standings[one].readers for one in known if self.standings[one].readers]

    @cached_property
    def readers(self) -> list[tuple[str, str]]:
        """Return study and new reader: whole teams first, then replacements of who was withdrawn."""
        wanted, pool, room = self.project.schema.readers_per_study, self.pool("reader"), self.room("reader")
        untouched = [one.study_id for one in self.studies if not people_of(self.standing(one))]
        teams = draw_readers(
            len(untouched), pool, per_study=wanted, random_state=self.seed, earlier=self.teams, room=room
        )  # fmt: skip
        reads = [(study, name) for study, team in zip(untouched, teams, strict=False) for name in team]
        taken = Counter(name for _, name in reads)
        earlier = [name for team in (*self.teams, *teams) for name in team]
        return [*reads, *self._replacements(pool, earlier, {name: n - taken[name] for name, n in room.items()})]

    def _replacements(self, pool: list[str], earlier: list[str], room: dict[str, int]) -> list[tuple[str, str]]:
        """Return study and new reader where readers were withdrawn: the first one that lacks, then the second."""
        found: list[tuple[str, str]] = []
        for place in range(self.project.schema.readers_per_study):
            barred = {
                study: people | {who for one, who in found if one == study}
                for study, (people, n) in self.lacking.items()
                if n > place
            }
            drawn = draw_one_each(barred, pool, random_state=self.seed, earlier=earlier, room=room)
            found += drawn.items()
            earlier = [*earlier, *drawn.values()]
            taken = Counter(drawn.values())
            room = {name: n - taken[name] for name, n in room.items()}
        return found

    @cached_property
    def lacking(self) -> dict[str, tuple[frozenset[str], int]]:
        """Return the studies that lack readers they once had, who may not be it, and how many they lack."""
        found = {}
        for study in self.studies:
            standing, people = self.standing(study), people_of(self.standing(study))
            n = self.project.schema.readers_per_study - len(standing.readers)
            if people and n > 0 and standing.state in (StudyState.UNASSIGNED, StudyState.AWAITING_READS):
                found[study.study_id] = people, n
        return found

    def one_each(self, role: Role, wanted: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
        """Return study and new arbiter or senior."""
        earlier = [name for one in self.standings.values() for name, its in one.people if its == role]
        drawn = draw_one_each(
            wanted, self.pool(role), random_state=self.seed, earlier=earlier, room=self.room(role)
        )  # fmt: skip
        return list(drawn.items())

    @cached_property
    def discordant(self) -> dict[str, frozenset[str]]:
        """Return the studies that need an arbiter, and who may not be it."""
        return {
            one.study_id: people_of(standing)
            for one in self.studies
            if (standing := self.standing(one)).state == StudyState.AWAITING_ARBITRATION and standing.arbiter is None
        }

    @cached_property
    def sample(self) -> dict[str, frozenset[str]]:
        """Return the concordant studies that a senior shall read, and who may not be it."""
        share = self.project.settings.read.senior_share
        return {
            one.study_id: people_of(standing)
            for one in self.studies
            if (standing := self.standing(one)).state == StudyState.CONCORDANT
            and standing.senior is None
            and is_in_sample(share, self.project.settings.read.seed, one.draw)
        }

    @cached_property
    def found(self) -> list[tuple[str, str, Role]]:
        """Return study, person and role of everything that is assigned anew."""
        return [
            *((study, who, "reader") for study, who in self.readers),
            *((study, who, "arbiter") for study, who in self.one_each("arbiter", self.discordant)),
            *((study, who, "senior") for study, who in self.one_each("senior", self.sample)),
        ]

    def standing(self, study: Study) -> Standing:
        """Return where a study stands."""
        return self.standings.get(study.study_id) or Standing(StudyState.UNASSIGNED)

    def pool(self, role: Role) -> list[str]:
        """Return the people who may be drawn."""
        able = (one for one in self.people if ROLE_NEEDED[role] in one.roles and one.is_available)
        return [one.reader_id for one in able if one.reader_id not in self.disabled]

    def room(self, role: Role) -> dict[str, int]:
        """Return how many more studies each person with a cap may get."""
        return {
            one.reader_id: one.workload_cap - load_of(self.standings.values(), one.reader_id, role)
            for one in self.people
            if one.workload_cap is not None
        }

    def summary(self) -> AssignSummary:
        """Return what is assigned, and what cannot be."""
        untouched = sum(not people_of(self.standing(one)) for one in self.studies)
        wanted: dict[Role, int] = {
            "reader": untouched * self.project.schema.readers_per_study + sum(n for _, n in self.lacking.values()),
            "arbiter": len(self.discordant), "senior": len(self.sample),
        }  # fmt: skip
        found = Counter(role for _, _, role in self.found)
        missing: dict[Role, int] = {role: n - found[role] for role, n in wanted.items() if n > found[role]}
        why = tuple(self._why(role, n) for role, n in missing.items())
        reads, arbitrations, seniors = (self._by_person(role) for role in ("reader", "arbiter", "senior"))
        return AssignSummary(reads, arbitrations, seniors, {str(role): n for role, n in missing.items()}, why)

    def _by_person(self, role: str) -> dict[str, int]:
        return dict(sorted(Counter(who for _, who, its in self.found if its == role).items()))

    def _why(self, role: Role, n: int) -> str:
        what, who = WORDS[role]
        pool, new = self.pool(role), self._by_person(role)
        full = [name for name, left in self.room(role).items() if name in pool and left <= new.get(name, 0)]
        named = ", ".join(full[:SHOWN_NAMES]) + (" …" if len(full) > SHOWN_NAMES else "")
        capped = f"; {named} {'has' if len(full) == 1 else 'have'} reached the cap" if full else ""
        return (
            f"{n} {what}{'s' if n > 1 else ''} cannot be assigned; {who} available: {len(pool)}{capped}; nobody gets a "
            f"study that they have seen in another role; raise a cap, or add somebody with 'mammoset user add NAME "
            f"--role {ROLE_NEEDED[role]}'"
        )


def people_of(standing: Standing) -> frozenset[str]:
    """Return everybody who is assigned to a study or has seen it, in any role."""
    now_on_it = {name for name, _ in standing.people}
    return frozenset(now_on_it) | standing.readers_seen | standing.seniors_seen | standing.arbiters_seen


def load_of(standings: Collection[Standing], name: str, role: Role) -> int:
    """Count the studies that a person has now in one role."""
    return sum((name, role) in standing.people for standing in standings)


def assign_one(project: Project, study_id: str, name: str, role: Role) -> None:
    """Assign one person to one study, available or not.

    Raises
    ------
    ConfigError
        If the person does not exist, lacks the role, has reached their cap, or the study is not approved.
    TransitionError
        If the workflow does not allow it.
    """
    change(project, study_id, role, to=name)


def withdraw(project: Project, study_id: str, name: str, role: Role, reason: str) -> None:
    """Take a study from a person; what they said of it stays on record and counts no more.

    Raises
    ------
    TransitionError
        If it is not theirs in this role, no reason is given, or it has an arbiter or senior who must go first.
    """
    with project.lock("read", may_wait=True):
        append(project, [Fact(FactKind.WITHDRAWN, study_id, name, now(), role, reason=reason)])


def reassign(project: Project, study_id: str, name: str, to: str, role: Role, reason: str) -> None:
    """Take a study from one person and give it to another, both or neither; errors as in the two steps."""
    change(project, study_id, role, to=to, instead_of=name, reason=reason)


def change(project: Project, study_id: str, role: Role, *, to: str, instead_of: str = "", reason: str = "") -> None:
    """Assign one person to one study, in the place of another where there is one."""
    with project.lock("read", may_wait=True):
        drawn = _Draw(project, 0)
        _require_possible(drawn, study_id, to, role)
        moment = now()
        facts = [Fact(FactKind.ASSIGNED, study_id, to, moment, role)]
        if instead_of:
            facts.insert(0, Fact(FactKind.WITHDRAWN, study_id, instead_of, moment, role, reason=reason))
        append(project, facts)


def _require_possible(drawn: _Draw, study_id: str, name: str, role: Role) -> None:
    person = next((one for one in drawn.people if one.reader_id == name), None)
    if person is None:
        raise ConfigError("read: nobody has this name; 'mammoset user list' shows who there is")
    if ROLE_NEEDED[role] not in person.roles:
        raise ConfigError(f"read: {name} lacks the role '{ROLE_NEEDED[role]}'; choose another person")
    if not any(one.study_id == study_id for one in drawn.studies):
        raise ConfigError("read: no approved exam has this id; nothing else is open for reading")
    cap = person.workload_cap
    if cap is not None and load_of(drawn.standings.values(), name, role) >= cap:
        raise ConfigError(f"read: {name} has {cap} exams as {role} already, which is their cap; raise it first")
