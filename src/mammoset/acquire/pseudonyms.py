"""From original UIDs to pseudonyms, for who holds the originals anyway: a simulated hospital, a linkage list."""

from __future__ import annotations

from collections.abc import Iterable

from mammoset.acquire.admit import open_vault
from mammoset.project import Project


def pseudonyms_of(project: Project, image_uids: Iterable[str]) -> dict[str, str]:
    """Return the pseudonym of each original SOP Instance UID, whether or not it has been acquired."""
    keys = open_vault(project).keys
    return {uid: keys.pseudonym_uid(uid) for uid in image_uids}


def study_pseudonyms_of(project: Project, study_uids: Iterable[str]) -> dict[str, str]:
    """Return the pseudonym of each original Study Instance UID, whether or not it has been acquired."""
    return pseudonyms_of(project, study_uids)
