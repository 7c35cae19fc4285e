"""What every test of a peer needs: projects that use it, and what must be true in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

from mammoset.acquire import study_pseudonyms_of
from mammoset.acquire.admit import open_vault
from mammoset.catalog import Decision
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.acquire.made import study_uid
from tests.acquire.peers import ARCHIVES

Method = Literal["move", "get"]
ProjectOf = Callable[..., Project]
REAL = [pytest.param(kind, marks=pytest.mark.real(kind)) for kind in ARCHIVES]


def decision(project: Project, study: int = 1) -> Decision:
    (pseudonym,) = study_pseudonyms_of(project, [study_uid(study)]).values()
    return project.catalog.study_decisions(Stage.ACQUIRE)[pseudonym]


def assert_whole(project: Project, n_exams: int = 1) -> None:
    """Assert that nothing is lost, doubled or left lying about."""
    vault = open_vault(project)
    assert len(vault.originals()) == 4 * n_exams
    assert len(list(vault.quarantine.glob("*/*.dcm"))) == 4 * n_exams
    assert not list(vault.incoming.iterdir())
    decided = project.catalog.study_decisions(Stage.ACQUIRE).values()
    assert [one.outcome for one in decided] == [Outcome.KEPT] * n_exams
