"""Which files of a folder were refused: counted in the catalog under pseudonyms, named in a list inside the vault.

Names of files and folders hold names of patients, so no message repeats them. ``refused.csv`` in the vault says which
file each refusal was about; a file that belongs to no exam is counted under a pseudonym of its place.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence

from mammoset.acquire.quarantine import Arrival
from mammoset.acquire.sample import ObjectHeader
from mammoset.acquire.summary import WITHDRAWN
from mammoset.acquire.tombstones import Tombstones
from mammoset.catalog import Decision
from mammoset.catalog.withdrawal import withdraw
from mammoset.content import write_whole
from mammoset.errors import storing
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage, reason_text
from mammoset.vault import Vault
from mammoset.vault.withdrawn import ERASING, Belongings, forget, set_mark

REFUSED_FILE = "refused.csv"
COLUMNS = ("reason", "meaning", "exam", "object", "file")
KIND = "file"
"""Of the vault's identities: pseudonym of an object, or of a place, to the file."""
CONFLICT = "conflicting_copy"
NO_EXAM = ""
BATCH = 1000


class Refusals:
    """Notes the files that one acquisition refuses, and writes the list of all that are refused now."""

    def __init__(self, project: Project, vault: Vault) -> None:
        self.project = project
        self.vault = vault
        self.tombstones = Tombstones(project, vault)
        decided = project.catalog.decisions(Stage.ACQUIRE, NO_EXAM)
        self._known = {one.image_id: one.reason for one in decided if one.outcome != Outcome.KEPT}
        self._decisions: list[Decision] = []
        self._files: list[tuple[str, str, str]] = []
        self._gone: set[str] = set()

    def refuse(self, file: str, reason: str, header: ObjectHeader | None = None, study_id: str = "") -> str:
        """Note a file that belongs to no exam, or is another copy of an object that does.

        Parameters
        ----------
        header : ObjectHeader or None
            What could be read of it.
        study_id : str
            The exam whose object it is another copy of.

        Returns
        -------
        str
            The reason that counts; of a patient who was withdrawn nothing is noted.
        """
        place = self._place(file)
        if header is not None and self.tombstones.covers(header):
            self._gone.add(place)
            return WITHDRAWN
        if self._known.get(place) != reason:
            self._known[place] = reason
            self._decisions.append(Decision(Stage.ACQUIRE, NO_EXAM, Outcome.EXCLUDED, reason, place))
        is_named = header is not None and header.patient_id and not study_id
        patient_id = self.vault.keys.pseudonym_patient(header.patient_id, header.issuer) if header and is_named else ""
        self._files.append((place, printable(file), study_id or patient_id))
        self._flush_when_many()
        return reason

    def accept(self, file: str, header: ObjectHeader) -> None:
        """Note a file that can be read; one that could not before is no longer counted."""
        place = self._place(file) if self._known else ""
        if self._known.get(place, CONFLICT) == CONFLICT:
            return
        del self._known[place]
        if self.tombstones.covers(header):
            self._gone.add(place)
            return
        self._decisions.append(Decision(Stage.ACQUIRE, NO_EXAM, Outcome.KEPT, "", place))
        self._flush_when_many()

    def exam(self, study_uid: str, arrivals: Sequence[Arrival], conflicts: Iterable[Arrival]) -> None:
        """Note what was refused of an exam that has just been decided about."""
        name = self.vault.keys.pseudonym_uid
        study_id = name(study_uid)
        decided = self.project.catalog.decisions(Stage.ACQUIRE, study_id)
        refused = {one.image_id for one in decided if one.image_id and one.outcome == Outcome.EXCLUDED}
        found = ((name(one.header.sop_uid), one.origin) for one in arrivals)
        self._files += [(image_id, printable(file), study_id) for image_id, file in found if image_id in refused]
        for one in conflicts:
            self.refuse(one.origin, CONFLICT, study_id=study_id)
        self._flush_when_many()

    def finish(self) -> None:
        """Record what was noted, and write the list."""
        self._flush()
        self._forget()
        write_list(self.project, self.vault)

    def _forget(self) -> None:
        """Forget the files, noted by an earlier run, that turned out to be of a patient who was withdrawn."""
        known = self._gone & self.vault.identities(KIND).keys()
        if known:
            set_mark(self.vault, ERASING)
            withdraw(self.project.catalog, known, (), "")
            forget(self.vault, Belongings(identities=frozenset((KIND, one) for one in known)))
        self._gone.clear()

    def _place(self, file: str) -> str:
        # no UID begins so: the pseudonym of a place is never that of an object
        return self.vault.keys.pseudonym_uid(f"file {printable(file)}")

    def _flush_when_many(self) -> None:
        if len(self._decisions) + len(self._files) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        files = [(KIND, place, file) for place, file, _ in self._files]
        self.vault.remember_all(files, [(KIND, place, owner) for place, _, owner in self._files if owner])
        self.project.catalog.decide(self._decisions)
        self._files, self._decisions = [], []


def write_list(project: Project, vault: Vault) -> None:
    """Write the list of the files that are refused now; what a kill left of an earlier one goes."""
    with storing(vault.root):
        for left in vault.root.glob(f".{REFUSED_FILE}.*.part"):
            left.unlink(missing_ok=True)
    files = vault.identities(KIND)
    rows = [
        (one.reason, reason_text(one.reason), one.study_id, one.image_id, files[one.image_id])
        for one in project.catalog.decisions(Stage.ACQUIRE)
        if one.image_id in files and one.outcome == Outcome.EXCLUDED
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *sorted(rows)])
    write_whole(vault.root / REFUSED_FILE, text.getvalue().encode())


def printable(file: str) -> str:
    """Return a file's name as text, for those whose bytes are none."""
    return os.fsencode(file).decode("utf-8", "backslashreplace")
