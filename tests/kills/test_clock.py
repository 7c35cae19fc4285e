"""A clock that was moved back changes no decision and no result: what was written last is in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from mammoset.catalog import records
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.kills.stages import STAGES, States, files_below
from tests.running import Run

LATE, EARLY = "2031-05-06T07:08:09+00:00", "2011-05-06T07:08:09+00:00"
pytestmark = pytest.mark.xdist_group("kills")


@pytest.fixture
def run_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that runs the program while the clock stands at a moment."""

    def run_at(moment: str, home: Path, *arguments: str) -> None:
        class Standing(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(datetime.fromisoformat(moment).timestamp(), tz)

        # the operating system gives no process a date of its own: the source of all moments is replaced
        monkeypatch.setattr(records, "datetime", Standing)
        done = run("-C", home / "project", *arguments)
        assert done.code == 0, done.err

    return run_at


def test_the_later_decision_holds_though_the_clock_was_moved_back(
    states: States, tmp_path: Path, run_at: Callable[..., None]
) -> None:
    home = states.copy("read", tmp_path / "home")
    with Project.open(home / "project") as project:
        study_id = project.catalog.studies()[0].study_id
    run_at(LATE, home, "review", "decide", "approve", study_id, "--by", "reviewer")
    run_at(EARLY, home, "review", "decide", "reject", study_id, "--by", "reviewer", "--reason", "image_quality")
    with Project.open(home / "project") as project:
        held = project.catalog.study_decisions(Stage.REVIEW)[study_id]
        released = {study.study_id for study in project.catalog.approved_studies(review_required=True)}
    assert (held.outcome, held.at.year) == (Outcome.EXCLUDED, 2011)
    assert released
    assert study_id not in released


def test_exports_of_one_second_and_of_an_earlier_clock_have_folders_of_their_own(
    states: States, tmp_path: Path, run_at: Callable[..., None]
) -> None:
    home = states.copy("read", tmp_path / "home")
    for moment in (LATE, LATE, EARLY):
        run_at(moment, home, "export")
    folders = sorted((home / "project" / "exports").iterdir())
    assert [one.name for one in folders] == ["20110506T070809Z", "20310506T070809Z", "20310506T070809Z-2"]
    expected = states.undisturbed(STAGES["export"])["newest"]
    assert [files_below(one) for one in folders] == [expected] * 3


def test_the_bytes_of_a_release_do_not_depend_on_the_clock(
    states: States, tmp_path: Path, run_at: Callable[..., None]
) -> None:
    stage, home = STAGES["publish"], states.copy("read", tmp_path / "home")
    run_at(EARLY, home, *stage.arguments)
    states.compare(stage, home)
