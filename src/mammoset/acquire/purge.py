"""Give back the disk of originals that nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mammoset.acquire.admit import open_vault
from mammoset.catalog import now
from mammoset.errors import AcquireError
from mammoset.project import Project
from mammoset.terms.reasons import Stage
from mammoset.vault import Vault


@dataclass(frozen=True, slots=True)
class PurgeSummary:
    """What was deleted, or of a dry run would be: exams, originals, bytes.

    Attributes
    ----------
    not_passed : int
        Exams with originals that have not passed the gate or the review; they stay, unless everything was asked for.
    retained : int
        Exams that stay because something was decided about them a short time ago.
    """

    exams: int
    originals: int
    size: int
    not_passed: int = 0
    retained: int = 0
    dry_run: bool = False


def purge(
    project: Project, *, everything: bool = False, dry_run: bool = False, at: datetime | None = None
) -> PurgeSummary:
    """Delete the originals of exams that have passed the gate and, where required, the review.

    Exams that wait for either stay, and so do those that were left out: the gate may be run again on them with other
    settings. The identities stay; without them no pseudonym could be resolved. With ``acquire.retain_originals_days``
    in the settings, an exam stays for so many days after the last decision about it.

    Parameters
    ----------
    everything : bool
        Also of exams that have not passed: they can only be acquired anew then.
    at : datetime or None
        The time that it is; None takes the clock's.

    Raises
    ------
    AcquireError
        If files cannot be deleted; the next purge goes on with them.
    """
    with project.lock("acquire"):
        vault = open_vault(project)
        held = vault.originals()
        studies = {one.study_id for one in held}
        passed = studies & _passed(project)
        young = studies & _young(project, at or now())
        gone = (studies if everything else passed) - young
        if not dry_run:
            _delete(vault, sorted(gone))
        deleted = [one for one in held if one.study_id in gone]
        size = sum(one.size for one in deleted)
        retained = len((studies if everything else passed) & young)
        not_passed = len((gone if everything else studies) - passed)
        return PurgeSummary(len(gone), len(deleted), size, not_passed, retained, dry_run)


def _passed(project: Project) -> set[str]:
    """Return the exams whose originals are not needed any more."""
    return set(project.approved_study_ids())


def _young(project: Project, at: datetime) -> set[str]:
    """Return the exams about which something was decided within the days of the settings."""
    days = project.settings.acquire.retain_originals_days
    if days is None:
        return set()
    earliest = at - timedelta(days=days)
    decisions = (one for stage in Stage for one in project.catalog.study_decisions(stage).values())
    return {one.study_id for one in decisions if one.at > earliest}


def _delete(vault: Vault, studies: list[str]) -> None:
    try:
        vault.purge(studies)
    except OSError as error:
        raise AcquireError(f"vault: an original cannot be deleted ({error.strerror}); check its rights") from None
