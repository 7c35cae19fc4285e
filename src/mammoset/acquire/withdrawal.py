"""Taking a patient out of vault, quarantine and catalog. What lies in other folders is `mammoset.jobs.withdraw`'s.

The tombstone comes first and the identities go last: a withdrawal that was killed is found again by the same id, and
until it is completed no acquisition begins.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mammoset.acquire.admit import STUDY_AS_ISSUER, open_vault
from mammoset.acquire.quarantine import UNREADABLE, arrival_of
from mammoset.acquire.refusals import KIND, REFUSED_FILE, write_list
from mammoset.acquire.tombstones import (
    ANY_ISSUER,
    OF_ISSUER,
    erase_what_is_due,
    exam_token,
)
from mammoset.catalog.withdrawal import Known, known_of, withdraw
from mammoset.errors import ConfigError, RefusedObject, storing
from mammoset.project import Project
from mammoset.vault import Keys
from mammoset.vault.keys import plain
from mammoset.vault.withdrawn import (
    ERASING,
    WITHDRAWING,
    Belongings,
    belongings,
    bury,
    clear_mark,
    forget,
    note_of,
    set_mark,
    tombstones,
)

SEPARATOR = "^^^"
"""Between a patient's id and its issuer in the vault (HL7 CX)."""
SHEETS = "sheets"
"""Folder of the vault with pictures of many patients' originals; made again when wanted."""


@dataclass(frozen=True, slots=True)
class Patient:
    """Who is withdrawn: the hospital's id, as a person gave it; never shown.

    Attributes
    ----------
    issuer : str or None
        None stands for any issuer.
    """

    patient_id: str
    issuer: str | None = None

    def __repr__(self) -> str:
        return "Patient(…)"

    def is_named(self, patient_id: str, issuer: str) -> bool:
        """Whether an id and its issuer, empty where none is given, are this patient's."""
        is_same = plain(patient_id) == plain(self.patient_id)
        return is_same and (self.issuer is None or plain(issuer) in ("", plain(self.issuer)))

    def tokens(self, keys: Keys) -> set[str]:
        """Return what this patient will be known again by; an id without issuer is theirs as well."""
        if self.issuer is None:
            return {keys.tombstone_of(ANY_ISSUER, self.patient_id)}
        return {keys.tombstone_of(OF_ISSUER, self.patient_id, one) for one in ("", self.issuer)}

    def pseudonyms(self, keys: Keys, issuers: Collection[str]) -> set[str]:
        """Return the pseudonyms that they would have from these issuers, in every form an id may be written in."""
        forms = {self.patient_id, *(unicodedata.normalize(form, plain(self.patient_id)) for form in ("NFC", "NFD"))}
        named = {one for one in issuers if self.is_named(self.patient_id, one)}
        return {keys.pseudonym_patient(form, one) for form in forms for one in (*named, "", STUDY_AS_ISSUER)}


class Withdrawal:
    """The withdrawal of one patient from one project; close it in the end.

    Attributes
    ----------
    patients : frozenset of str
        Pseudonyms under which the vault knows them.
    was_withdrawn : bool
        Whether they had been withdrawn before.

    Raises
    ------
    ConfigError
        If the id is empty, or several issuers gave it and none is named.
    """

    def __init__(self, project: Project, patient: Patient) -> None:
        if not plain(patient.patient_id):
            raise ConfigError("withdraw: no patient id was given; write it to the standard input, one line")
        self.project = project
        self.patient = patient
        self.vault = open_vault(project)
        self.was_withdrawn = bool(patient.tokens(self.vault.keys) & tombstones(self.vault))
        self.patients = frozenset(self._patients())

    def __enter__(self) -> Withdrawal:
        return self

    def __exit__(self, *_: object) -> None:
        self.vault.close()

    def _patients(self) -> Iterator[str]:
        issuers = set()
        for pseudonym, original in self.vault.identities("patient").items():
            for patient_id, issuer in _readings(original):
                is_it = self.vault.keys.pseudonym_patient(patient_id, issuer) == pseudonym
                if is_it and self.patient.is_named(patient_id, "" if issuer == STUDY_AS_ISSUER else issuer):
                    issuers |= {plain(issuer)} - {"", STUDY_AS_ISSUER.strip("\0")}
                    yield pseudonym
        if self.patient.issuer is None and len(issuers) > 1:
            raise ConfigError(
                f"withdraw: {len(issuers)} issuers gave this id, each perhaps to somebody else; name one with --issuer"
            )

    @cached_property
    def known(self) -> Known:
        """What the catalog knows of them."""
        studies = belongings(self.vault, self.patients).studies
        return known_of(self.project.catalog, self.patients, studies)

    @cached_property
    def belongings(self) -> Belongings:
        """What the vault holds of them."""
        return belongings(self.vault, self.patients, self.known.studies)

    @property
    def is_known(self) -> bool:
        """Whether anything of them is here."""
        return bool(self.patients)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every pseudonym of theirs, also those that they would have."""
        held = {pseudonym for _, pseudonym in self.belongings.identities}
        everybody = self.vault.identities("patient").values()
        issuers = {issuer for original in everybody for _, issuer in _readings(original)}
        return frozenset(self.known.names | held | self.patient.pseudonyms(self.vault.keys, issuers))

    @property
    def _mark(self) -> str:
        return f"{WITHDRAWING} {min(self.patient.tokens(self.vault.keys))}"

    @property
    def note(self) -> str | None:
        """What was noted when this withdrawal began and was interrupted; None where it was not."""
        return note_of(self.vault, self._mark)

    def begin(self, note: str) -> None:
        """Put up the tombstones: from now on nothing of them comes in."""
        set_mark(self.vault, self._mark, note)
        bury(self.vault, [*self.patient.tokens(self.vault.keys), *self._exam_tokens()])
        if self.patients:  # what only the catalog knows to be theirs must be found again when that has gone
            owner = min(self.patients)
            rest = self.known.names - self.patients - self.known.studies
            exams = [("study", one, owner) for one in self.known.studies]
            self.vault.remember_all((), [*exams, *((kind, one, owner) for one in rest for kind in ("series", "image"))])
            self.__dict__.pop("belongings", None)

    def refuse_in_future(self) -> None:
        """Put up the tombstone of a patient of whom nothing is here."""
        bury(self.vault, self.patient.tokens(self.vault.keys))

    def take_out_of_catalog(self, reason: str) -> None:
        """Delete every row about them, and count their exams as withdrawn."""
        tokens = [token for token, is_counted in self._exam_tokens().items() if is_counted]
        withdraw(self.project.catalog, self.names, tokens, reason)

    def end(self) -> None:
        """Delete originals, what was pushed and waits, and the identities; then make all of it unreadable."""
        self.vault.empty_incoming()
        with storing(self.vault.quarantine):
            for path in list(self.vault.pushed.iterdir()):
                if self._is_theirs(path):
                    path.unlink(missing_ok=True)
            if (self.vault.root / SHEETS).exists():
                shutil.rmtree(self.vault.root / SHEETS)
        files = frozenset((KIND, place) for place in self._files_named_after_them())
        set_mark(self.vault, ERASING)
        forget(self.vault, self.belongings)
        forget(self.vault, Belongings(identities=files))
        if any(self.vault.root.glob(f"*{REFUSED_FILE}*")):  # also a part that a kill left
            write_list(self.project, self.vault)
        erase_what_is_due(self.project, self.vault)
        clear_mark(self.vault, self._mark)

    def _exam_tokens(self) -> dict[str, bool]:
        """Return the tokens of their exams, and whether each was in the pool and so counts."""
        studies = self.belongings.studies
        in_pool = self.project.catalog.in_pool(list(studies))
        return {exam_token(self.vault.keys, uid): study in in_pool for study, uid in studies.items() if uid}

    def _is_theirs(self, path: Path) -> bool:
        """Whether a pushed file is of this patient; one that cannot be read is nobody's."""
        try:
            header = arrival_of(path).header
        except (*UNREADABLE, RefusedObject):
            return False
        is_exam = self.vault.keys.pseudonym_uid(header.study_uid) in self.belongings.studies
        return is_exam or bool(header.patient_id and self.patient.is_named(header.patient_id, header.issuer))

    def _files_named_after_them(self) -> list[str]:
        """Return the pseudonyms of noted files whose path has the id as a word: refused ones may be theirs."""
        word = re.compile(rf"(?<![^\W_]){re.escape(plain(self.patient.patient_id))}(?![^\W_])", re.IGNORECASE)
        return [place for place, file in self.vault.identities(KIND).items() if word.search(file)]


def _readings(original: str) -> Iterator[tuple[str, str]]:
    """Yield every id and issuer that an identity may stand for."""
    yield original, ""
    yield original, STUDY_AS_ISSUER
    at = original.find(SEPARATOR)
    while at >= 0:
        yield original[:at], original[at + len(SEPARATOR) :]
        at = original.find(SEPARATOR, at + 1)
