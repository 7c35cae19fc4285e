"""Withdrawing a patient: everything of theirs goes, nothing of theirs comes in again, and a person is told the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from mammoset.acquire.withdrawal import Patient, Withdrawal
from mammoset.errors import CatalogError, ConfigError
from mammoset.jobs.traces import remove, traces_of
from mammoset.project import Project

STAGES = ("acquire", "pseudonymize", "review", "read", "export", "split", "publish", "backup")
REASONS = ("consent", "objection", "mistake", "other")
"""Why a patient is withdrawn; closed, because whatever a person types may name them."""

__all__ = ["REASONS", "Patient", "WithdrawResult", "withdraw_patient"]


@dataclass(frozen=True, slots=True)
class WithdrawResult:
    """What was taken out, or of a dry run would be, and what a person has to look after.

    Attributes
    ----------
    is_known : bool
        Whether anything of the patient was here.
    was_withdrawn : bool
        Whether they had been withdrawn before, completely or not.
    exams, originals, images, facts : int
        Exams, originals in quarantine, images that passed the gate, and facts of the reading workflow.
    exports : tuple of str
        Exports that held them and are deleted: 'mammoset export' makes a new one.
    releases : tuple of str
        Published releases that hold them, unchanged.
    backups : tuple of dict
        Backups that hold them, or cannot be looked into from here: ``place``, ``at``, ``parts``, ``is_seen``.
    elsewhere : tuple of str
        Other files in the project's folder that name them, and folders of reviewers' sheets.
    """

    is_known: bool
    was_withdrawn: bool = False
    exams: int = 0
    originals: int = 0
    images: int = 0
    facts: int = 0
    exports: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    backups: tuple[dict[str, Any], ...] = field(default=())
    elsewhere: tuple[str, ...] = ()
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return asdict(self)


def withdraw_patient(
    project: Project, patient: Patient, *, reason: str = "other", refuse_in_future: bool = False, dry_run: bool = False
) -> WithdrawResult:
    """Take a patient out of a project and its vault.

    Killed at any moment and run again for the same patient, it completes what is missing; until then no acquisition
    begins. Published releases and backups stay as they are, and are named.

    Parameters
    ----------
    reason : str
        One of `REASONS`.
    refuse_in_future : bool
        Put up the tombstone also of a patient of whom nothing is here.

    Raises
    ------
    CatalogError
        If a stage is running, or nothing of such a patient is here.
    ConfigError
        If the id is empty or belongs to several issuers, or the reason is none.
    StorageError
        If something cannot be deleted, or another program keeps a database busy.
    """
    if reason not in REASONS:
        raise ConfigError(f"withdraw: '{reason}' is no reason; allowed: {', '.join(REASONS)}")
    with _alone(project), Withdrawal(project, patient) as withdrawal:
        if withdrawal.is_known or withdrawal.was_withdrawn:
            return _withdraw(project, withdrawal, reason, dry_run=dry_run)
        if not refuse_in_future:
            raise CatalogError(
                "withdraw: nothing of a patient with this id is here, and nothing was changed. Is it written as in the "
                "archive, and the issuer right? --refuse-in-future keeps the patient out all the same"
            )
        if not dry_run:
            withdrawal.refuse_in_future()
        return WithdrawResult(is_known=False, dry_run=dry_run)


@contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Hold the locks of all stages."""
    with ExitStack() as locks:
        for stage in STAGES:
            locks.enter_context(project.lock(stage))
        yield


def _withdraw(project: Project, withdrawal: Withdrawal, reason: str, *, dry_run: bool) -> WithdrawResult:
    traces = traces_of(project, withdrawal.names)
    result = WithdrawResult(
        is_known=withdrawal.is_known, was_withdrawn=withdrawal.was_withdrawn,
        exams=len(withdrawal.belongings.studies), originals=withdrawal.belongings.n_originals,
        images=withdrawal.known.n_images, facts=withdrawal.known.n_facts, exports=traces.exports,
        releases=traces.releases, backups=traces.backups, elsewhere=traces.elsewhere, dry_run=dry_run,
    )  # fmt: skip
    if dry_run:
        return result
    before = withdrawal.note
    if before is not None:  # it was interrupted: what was found then may not be found any more
        result = WithdrawResult(**{**json.loads(before), "was_withdrawn": True})
    withdrawal.begin(json.dumps(result.to_json()))
    withdrawal.take_out_of_catalog(reason)
    remove(traces, project.root)
    withdrawal.end()
    return result
