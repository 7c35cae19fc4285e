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
from mammoset.catalog import Decision
from mammoset.content import write_whole
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage, reason_text
from mammoset.vault import Vault

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
        decided = project.catalog.decisions(Stage.ACQUIRE, NO_EXAM)
        self._known = {one.image_id: one.reason for one in decided if one.outcome != Outcome.KEPT}
        self._decisions: list[Decision] = []
        self._files: list[tuple[str, str]] = []

    def refuse(self, file: str, reason: str) -> None:
        """Note a file that belongs to no exam, or is another copy of an object that does."""
        place = self._place(file)
        if self._known.get(place) != reason:
            self._known[place] = reason
            self._decisions.append(Decision(Stage.ACQUIRE, NO_EXAM, Outcome.EXCLUDED, reason, place))
        self._files.append((place, printable(file)))
        self._flush_when_many()

    def accept(self, file: str) -> None:
        """Note a file that can be read; one that could not before is no longer counted."""
        place = self._place(file) if self._known else ""
        if self._known.get(place, CONFLICT) != CONFLICT:
            del self._known[place]
            self._decisions.append(Decision(Stage.ACQUIRE, NO_EXAM, Outcome.KEPT, "", place))
            self._flush_when_many()

    def exam(self, study_uid: str, arrivals: Sequence[Arrival], conflicts: Iterable[Arrival]) -> None:
        """Note what was refused of an exam that has just been decided about."""
        name = self.vault.keys.pseudonym_uid
        decided = self.project.catalog.decisions(Stage.ACQUIRE, name(study_uid))
        refused = {one.image_id for one in decided if one.image_id and one.outcome == Outcome.EXCLUDED}
        found = ((name(one.header.sop_uid), one.origin) for one in arrivals)
        self._files += [(image_id, printable(file)) for image_id, file in found if image_id in refused]
        for one in conflicts:
            self.refuse(one.origin, CONFLICT)
        self._flush_when_many()

    def finish(self) -> None:
        """Record what was noted, and write the list."""
        self._flush()
        files = self.vault.identities(KIND)
        rows = [
            (one.reason, reason_text(one.reason), one.study_id, one.image_id, files[one.image_id])
            for one in self.project.catalog.decisions(Stage.ACQUIRE)
            if one.image_id in files and one.outcome == Outcome.EXCLUDED
        ]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([COLUMNS, *sorted(rows)])
        write_whole(self.vault.root / REFUSED_FILE, text.getvalue().encode())

    def _place(self, file: str) -> str:
        # no UID begins so: the pseudonym of a place is never that of an object
        return self.vault.keys.pseudonym_uid(f"file {printable(file)}")

    def _flush_when_many(self) -> None:
        if len(self._decisions) + len(self._files) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self.vault.remember(KIND, self._files)
        self.project.catalog.decide(self._decisions)
        self._files, self._decisions = [], []


def printable(file: str) -> str:
    """Return a file's name as text, for those whose bytes are none."""
    return os.fsencode(file).decode("utf-8", "backslashreplace")
