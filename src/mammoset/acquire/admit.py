"""The way of an exam into quarantine and catalog.

Its objects are compared with those that are there, the files of those that pass are put in their place, their
originals recorded in the vault, and then the decisions written in one transaction. A run that is killed before that
finds the exam undecided and does it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from mammoset.acquire.quarantine import Arrival, arrival_of, is_copy, put
from mammoset.acquire.sample import ObjectHeader, StudyVerdict, choose, permutation, refusal_of
from mammoset.acquire.summary import WITHDRAWN, Count
from mammoset.acquire.tombstones import Tombstones
from mammoset.catalog import Decision, PoolEntry
from mammoset.errors import RefusedObject
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Original, Vault

LATE = "it arrived after the exam had been pseudonymized"
CONFLICT = "another object of the same UID but other content was refused"
STUDY_AS_ISSUER = "\0study"
"""Issuer under which a study stands for its patient where there is no Patient ID; no archive can send a NUL."""


def open_vault(project: Project) -> Vault:
    """Open the project's vault; make it only while nothing depends on its key.

    Raises
    ------
    ConfigError
        If exams have been drawn and the key is not there: a new one would give them new pseudonyms.
    """
    name, ask = project.settings.dataset.name, project.ask_passphrase
    is_in_use = bool(project.catalog.pool())
    return Vault(project.vault_path, name, ask) if is_in_use else Vault.create(project.vault_path, name, ask)


def extend_pool(project: Project, vault: Vault, study_uids: Iterable[str], seed: int, source: str) -> None:
    """Add studies to the pool, behind those that are there, in an order drawn with the seed; not withdrawn ones."""
    wanted = Tombstones(project, vault).refuse_exams(study_uids)
    pseudonyms = {uid: vault.keys.pseudonym_uid(uid) for uid in wanted}
    known = project.catalog.in_pool(pseudonyms.values())
    new = permutation([uid for uid, pseudonym in pseudonyms.items() if pseudonym not in known], seed)
    vault.remember("study", [(pseudonyms[uid], uid) for uid in new])
    start = project.catalog.next_draw()
    project.catalog.put_pool(PoolEntry(pseudonyms[uid], start + place, source) for place, uid in enumerate(new))


class Admission:
    """Takes exams into one project, and counts the objects it looked at.

    Attributes
    ----------
    objects : Counter
        Objects by (outcome, reason).
    conflicts : list of Arrival
        Those of the exam last admitted whose UID another object has.
    """

    def __init__(self, project: Project, vault: Vault) -> None:
        self.project = project
        self.vault = vault
        self.tombstones = Tombstones(project, vault)
        self.objects: Counter[Count] = Counter()
        self.conflicts: list[Arrival] = []

    def is_withdrawn(self, study_uid: str, arrivals: Sequence[Arrival]) -> bool:
        """Whether an exam is altogether that of a patient who was withdrawn."""
        if self.tombstones.covers_exam(study_uid):
            return True
        if not arrivals or self.tombstones.sift(study_uid, arrivals):
            return False
        return self.tombstones.is_new(self.vault.keys.pseudonym_uid(study_uid))

    def _let_in(self, study_uid: str, arrivals: Sequence[Arrival]) -> list[Arrival] | None:
        """Return the objects of an exam that may come in; None where the exam may not. Count the others."""
        is_withdrawn = self.is_withdrawn(study_uid, arrivals)
        wanted = [] if is_withdrawn else self.tombstones.sift(study_uid, arrivals)
        for _ in range(len(arrivals) - len(wanted)):
            self.count(WITHDRAWN)
        if is_withdrawn:
            self.tombstones.refuse_exam(study_uid)
        return None if is_withdrawn else wanted

    def count(self, reason: str, outcome: Outcome = Outcome.EXCLUDED) -> None:
        """Count one object."""
        self.objects[outcome.value, reason] += 1

    def admit(self, study_uid: str, arrivals: Sequence[Arrival], lacking: str = "") -> None:
        """Take in the objects of one exam and decide about it, together with what came of it before.

        Parameters
        ----------
        study_uid : str
            Original Study Instance UID, in the pool already.
        arrivals : sequence of Arrival
            With SOP Instance UIDs, in the order of arrival: of two different objects with one UID the first counts.
        lacking : str
            What is known not to have arrived, in words, and why; the exam then has failed until it has.

        Raises
        ------
        AcquireError
            If the vault's file system is too full.
        """
        self.conflicts = []
        wanted = self._let_in(study_uid, arrivals)
        if wanted is None:
            return
        arrivals = wanted
        study_id = self.vault.keys.pseudonym_uid(study_uid)
        before = {one.image_id: one for one in self.project.catalog.decisions(Stage.ACQUIRE, study_id)}
        if self._passed_the_gate(study_id):
            self._turn_away(study_id, arrivals, before)
            return
        here = self._in_quarantine(study_id)
        fresh, conflicts = self._sift(self._of_this_exam(study_id, arrivals), here, before)
        headers = self._store(study_id, [one.header for one in here.values()], fresh)
        verdict = choose(headers)
        if lacking:
            verdict = replace(verdict, outcome=Outcome.FAILED, reason="peer_failed", detail=lacking)
        self._record(study_id, verdict, before, conflicts)
        arrived = {one.header.sop_uid for one in fresh}
        for one in verdict.objects:
            if one.sop_uid in arrived:
                self.count(one.reason, one.outcome)

    def decide(self, study_uid: str, outcome: Outcome, reason: str, detail: str = "") -> None:
        """Decide about an exam of which nothing arrived."""
        study_id = self.vault.keys.pseudonym_uid(study_uid)
        self.project.catalog.decide([Decision(Stage.ACQUIRE, study_id, outcome, reason, detail=detail)])

    def decided_images(self, study_uid: str) -> set[str]:
        """Return the pseudonyms of the objects of an exam that need not come again."""
        study_id = self.vault.keys.pseudonym_uid(study_uid)
        decided = self.project.catalog.decisions(Stage.ACQUIRE, study_id)
        return {one.image_id for one in decided if one.image_id and one.reason != "unreadable"}

    def _passed_the_gate(self, study_id: str) -> bool:
        decided = self.project.catalog.decisions(Stage.PSEUDONYMIZE, study_id)
        return any(not one.image_id and one.outcome == Outcome.KEPT for one in decided)

    def _turn_away(self, study_id: str, arrivals: Sequence[Arrival], before: dict[str, Decision]) -> None:
        """Leave an exam as it is that people may be reading already, and say so for each new object.

        Originals of images that were lost since, as after a backup without content was put back, are taken in again.
        """
        self._store(study_id, [], [one for one in arrivals if self._is_lost(study_id, one)])
        late: dict[str, Decision] = {}
        for one in arrivals:
            image_id = self.vault.keys.pseudonym_uid(one.header.sop_uid)
            is_known = image_id in before or image_id in late
            self.count("duplicate" if is_known else "arrived_late")
            if not is_known:
                late[image_id] = Decision(Stage.ACQUIRE, study_id, Outcome.EXCLUDED, "arrived_late", image_id, LATE)
        headers = [one.header for one in arrivals]
        self.vault.remember_all(self._identities(headers), self._owners(study_id, headers))
        self.project.catalog.decide(late.values())

    def _is_lost(self, study_id: str, arrival: Arrival) -> bool:
        """Whether an object passed the gate and neither its image nor its original is there any more."""
        image_id = self.vault.keys.pseudonym_uid(arrival.header.sop_uid)
        record = self.project.catalog.image_record(image_id)
        is_here = self.vault.place(study_id, image_id).exists()
        return record is not None and not is_here and not self.project.content.path(record.image).exists()

    def _in_quarantine(self, study_id: str) -> dict[str, Arrival]:
        """Return the objects of the exam that are in quarantine already, by SOP Instance UID."""
        found = {}
        for original in self.vault.originals(study_id):
            try:
                here = arrival_of(original.path)
            except (OSError, RefusedObject):  # lost or damaged: it may come in again
                continue
            found[here.header.sop_uid] = here
        return found

    def _of_this_exam(self, study_id: str, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return the arrivals whose UID no other exam has; count the others, of which the first stays."""
        names = {one.header.sop_uid: self.vault.keys.pseudonym_uid(one.header.sop_uid) for one in arrivals}
        elsewhere = {image_id for image_id, one in self.vault.studies_of(names.values()).items() if one != study_id}
        for image_id in names.values():
            record = self.project.catalog.image_record(image_id)  # its original may have been purged
            if record is not None and record.image.study_id != study_id:
                elsewhere.add(image_id)
        foreign = [one for one in arrivals if names[one.header.sop_uid] in elsewhere]
        for one in foreign:
            self.count("conflicting_copy")
            self.conflicts.append(one)
        return [one for one in arrivals if names[one.header.sop_uid] not in elsewhere]

    def _sift(
        self, arrivals: Sequence[Arrival], here: dict[str, Arrival], before: dict[str, Decision]
    ) -> tuple[list[Arrival], set[str]]:
        """Return the arrivals that are new, and the UIDs for which other content came too; count what is not new."""
        fresh: dict[str, Arrival] = {}
        conflicts: set[str] = set()
        for one in arrivals:
            uid = one.header.sop_uid
            if uid in here and self.vault.keys.pseudonym_uid(uid) not in before:
                del here[uid]  # an interrupted run had put it in place and not decided
            first = here.get(uid) or fresh.get(uid)
            if first is None:
                fresh[uid] = one
            elif is_copy(first, one):
                self.count("duplicate")
            else:
                self.count("conflicting_copy")
                conflicts.add(uid)
                self.conflicts.append(one)
        return list(fresh.values()), conflicts

    def _store(self, study_id: str, here: Sequence[ObjectHeader], fresh: Sequence[Arrival]) -> list[ObjectHeader]:
        """Put the files of what passes into their places; return all headers, those of unreadable files marked so."""
        patients = _Patients(self.vault, [*here, *(one.header for one in fresh)])
        headers, originals = list(here), []
        for one in fresh:
            header = one.header
            if not refusal_of(header):
                image_id, series_id = map(self.vault.keys.pseudonym_uid, (header.sop_uid, header.series_uid))
                place = self.vault.place(study_id, image_id)
                try:
                    sha256, size = put(one, place, self.vault)
                except RefusedObject:
                    header = replace(header, is_whole=False)
                else:
                    patient_id = patients.pseudonym(header)
                    originals.append(Original(image_id, study_id, series_id, patient_id, place, sha256, size))
            headers.append(header)
        owners = [*self._owners(study_id, headers), *(("study", study_id, patients.pseudonym(one)) for one in headers)]
        self.vault.remember_all([*self._identities(headers), *patients.identities(headers)], owners)
        self.vault.admit(*originals)
        return headers

    def _owners(self, study_id: str, headers: Iterable[ObjectHeader]) -> list[tuple[str, str, str]]:
        """Return (kind, pseudonym, owner) of the series and images of an exam."""
        kinds = (("series", one.series_uid) for one in headers), (("image", one.sop_uid) for one in headers)
        found = {(kind, self.vault.keys.pseudonym_uid(uid), study_id) for kind, uid in chain(*kinds) if uid}
        return sorted(found)

    def _identities(self, headers: Iterable[ObjectHeader]) -> list[tuple[str, str, str]]:
        """Return (kind, pseudonym, original) of the UIDs of objects."""
        found = set()
        for one in headers:
            for kind, uid in (("study", one.study_uid), ("series", one.series_uid), ("image", one.sop_uid)):
                if uid:
                    found.add((kind, self.vault.keys.pseudonym_uid(uid), uid))
        return sorted(found)

    def _record(self, study_id: str, verdict: StudyVerdict, before: dict[str, Decision], conflicts: set[str]) -> None:
        """Write the decisions that are new or have changed."""
        decisions = [Decision(Stage.ACQUIRE, study_id, verdict.outcome, verdict.reason, detail=verdict.detail)]
        for one in verdict.objects:
            image_id = self.vault.keys.pseudonym_uid(one.sop_uid)
            detail = CONFLICT if one.sop_uid in conflicts else ""
            decisions.append(Decision(Stage.ACQUIRE, study_id, one.outcome, one.reason, image_id, detail))
        self.project.catalog.decide(one for one in decisions if _is_news(one, before.get(one.image_id)))


def _is_news(decision: Decision, before: Decision | None) -> bool:
    if before is None:
        return True
    detail = decision.detail or before.detail if decision.image_id else decision.detail
    return (before.outcome, before.reason, before.detail) != (decision.outcome, decision.reason, detail)


class _Patients:
    """Who an exam's images belong to.

    Where all objects that name a patient name the same one, all images are theirs; where none does, the exam is a
    patient of its own.
    """

    def __init__(self, vault: Vault, headers: Sequence[ObjectHeader]) -> None:
        self.vault = vault
        named = {one.patient_id for one in headers if one.patient_id}
        issuers = sorted({one.issuer for one in headers if one.patient_id and one.issuer})
        self.only = (named.pop(), issuers[0] if issuers else "") if len(named) == 1 else None

    def identity(self, header: ObjectHeader) -> tuple[str, str]:
        """Return the original id and issuer of the patient of an object."""
        if self.only is not None:
            return self.only
        return (header.patient_id, header.issuer) if header.patient_id else (header.study_uid, STUDY_AS_ISSUER)

    def pseudonym(self, header: ObjectHeader) -> str:
        """Return the pseudonym of the patient of an object."""
        return self.vault.keys.pseudonym_patient(*self.identity(header))

    def identities(self, headers: Iterable[ObjectHeader]) -> list[tuple[str, str, str]]:
        """Return (kind, pseudonym, original) of the patients; the original in the form ``id^^^issuer`` (HL7 CX)."""
        found = {self.pseudonym(one): self.identity(one) for one in headers}
        return [
            ("patient", pseudonym, f"{patient}^^^{issuer}" if issuer and issuer != STUDY_AS_ISSUER else patient)
            for pseudonym, (patient, issuer) in sorted(found.items())
        ]
