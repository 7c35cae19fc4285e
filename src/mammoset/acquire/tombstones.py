"""Who must not come in any more: patients and exams that were withdrawn, known again by keyed tokens alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from mammoset.acquire.quarantine import Arrival
from mammoset.acquire.sample import ObjectHeader
from mammoset.catalog.withdrawal import count_exams, erase, withdraw
from mammoset.errors import CatalogError
from mammoset.project import Project
from mammoset.vault import Keys, Vault
from mammoset.vault.withdrawn import (
    ERASING,
    WITHDRAWING,
    belongings,
    bury,
    clear_mark,
    forget,
    has_marks,
    is_marked,
    set_mark,
    tombstones,
)

ANY_ISSUER, OF_ISSUER, EXAM = "patient", "patient of", "study"
"""Kinds of tokens (`Keys.tombstone_of`)."""


class Tombstones:
    """What was withdrawn from one project.

    Raises
    ------
    CatalogError
        If a withdrawal was interrupted: what it has not taken out yet must not be worked with.
    """

    def __init__(self, project: Project, vault: Vault) -> None:
        if has_marks(vault, WITHDRAWING):
            raise CatalogError(
                "a withdrawal was interrupted; run 'mammoset withdraw' again for the same patient, then this"
            )
        self.project = project
        self.vault = vault
        self.tokens = set(tombstones(vault))

    def covers(self, header: ObjectHeader) -> bool:
        """Whether the patient or the exam of an object was withdrawn."""
        return bool(self.tokens) and (self._is_theirs(header) or self.covers_exam(header.study_uid))

    def covers_exam(self, study_uid: str) -> bool:
        """Whether an exam was withdrawn, or refused because its patient had been."""
        return bool(self.tokens and study_uid) and exam_token(self.vault.keys, study_uid) in self.tokens

    def _is_theirs(self, header: ObjectHeader) -> bool:
        found = patient_tokens(self.vault.keys, header.patient_id, {header.issuer}) if header.patient_id else set()
        return not found.isdisjoint(self.tokens)

    def sift(self, study_uid: str, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return the objects of an exam that may come in.

        Where one names a patient who was withdrawn, those that name nobody are theirs too.
        """
        if not self.tokens:
            return list(arrivals)
        if self.covers_exam(study_uid):
            return []
        theirs = [self._is_theirs(one.header) for one in arrivals]
        if not any(theirs):
            return list(arrivals)
        return [one for one, is_theirs in zip(arrivals, theirs, strict=True) if one.header.patient_id and not is_theirs]

    def is_new(self, study_id: str) -> bool:
        """Whether nothing of an exam has come in yet."""
        decided = self.project.catalog.decisions(None, study_id)
        return not any(one.image_id for one in decided) and not self.vault.originals(study_id)

    def refuse_exam(self, study_uid: str) -> None:
        """Forget an exam of which nothing has come in, remember that it is not wanted, and count it.

        Its place in the pool goes before its identity and its token comes last, so that a run after a kill draws it
        again and comes here again.
        """
        study_id, token = self.vault.keys.pseudonym_uid(study_uid), exam_token(self.vault.keys, study_uid)
        if self.project.catalog.in_pool([study_id]):
            set_mark(self.vault, ERASING)
            withdraw(self.project.catalog, [study_id], [token], "")
            forget(self.vault, belongings(self.vault, (), [study_id]))
        else:
            count_exams(self.project.catalog, [token])
        bury(self.vault, [token])
        self.tokens.add(token)

    def refuse_exams(self, study_uids: Iterable[str]) -> list[str]:
        """Return the exams that were not withdrawn; count the others."""
        found = list(study_uids)
        covered = {one for one in found if self.covers_exam(one)}
        if covered:
            count_exams(self.project.catalog, [exam_token(self.vault.keys, one) for one in covered])
        return [one for one in found if one not in covered]


def exam_token(keys: Keys, study_uid: str) -> str:
    """Return what a withdrawn exam is known again by."""
    return keys.tombstone_of(EXAM, study_uid)


def patient_tokens(keys: Keys, patient_id: str, issuers: Collection[str]) -> set[str]:
    """Return everything that a patient may be known again by who has this id from one of these issuers."""
    named = {keys.tombstone_of(OF_ISSUER, patient_id, issuer) for issuer in issuers}
    return {keys.tombstone_of(ANY_ISSUER, patient_id), *named}


def erase_what_is_due(project: Project, vault: Vault) -> None:
    """Make what was deleted unreadable in the databases, when something was; `StorageError` when one is busy."""
    if is_marked(vault, ERASING):
        erase(project.catalog)
        vault.database.erase()
        clear_mark(vault, ERASING)
