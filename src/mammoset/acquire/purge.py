"""Give back the disk of originals that nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass

from mammoset.acquire.admit import open_vault
from mammoset.errors import AcquireError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage


@dataclass(frozen=True, slots=True)
class PurgeSummary:
    """What was deleted, or of a dry run would be: exams, originals, bytes."""

    exams: int
    originals: int
    size: int
    dry_run: bool = False


def purge(project: Project, *, dry_run: bool = False) -> PurgeSummary:
    """Delete the originals of exams that have passed the gate and, where required, the review.

    Exams that wait for either stay, and so do those that were left out: the gate may be run again on them with other
    settings. The identities stay; without them no pseudonym could be resolved.

    Raises
    ------
    AcquireError
        If files cannot be deleted; the next purge goes on with them.
    """
    with project.lock("acquire"):
        vault = open_vault(project)
        approved = project.catalog.study_decisions(Stage.PSEUDONYMIZE)
        gone = {study for study, one in approved.items() if one.outcome == Outcome.KEPT}
        if project.settings.review.required:
            reviewed = project.catalog.study_decisions(Stage.REVIEW)
            gone &= {study for study, one in reviewed.items() if one.outcome == Outcome.KEPT}
        originals = [one for one in vault.originals() if one.study_id in gone]
        studies = sorted({one.study_id for one in originals})
        if not dry_run:
            try:
                vault.purge(studies)
            except OSError as error:
                raise AcquireError(
                    f"vault: an original cannot be deleted ({error.strerror}); check its rights"
                ) from None
        return PurgeSummary(len(studies), len(originals), sum(one.size for one in originals), dry_run)
