"""The hours and the speed at which an archive may be asked, on a clock of the test's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.acquire import Clock, acquire_pacs
from mammoset.acquire.pace import Pace, minutes_until
from mammoset.engine import silent
from mammoset.project import Project
from mammoset.project.settings import PacedSettings
from tests.acquire.made import exam
from tests.acquire.scripted import ScriptedPacs

NIGHT = "19:00-06:00"


class TestClock:
    """A clock that only waiting moves."""

    __test__ = False

    def __init__(self, hour: int, minute: int = 0) -> None:
        self.time = datetime(2024, 3, 4, hour, minute)  # noqa: DTZ001 - local time
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.time, self.wait)


def pace(clock: TestClock, *, may_wait: bool = True, progress: object = silent, **values: object) -> Pace:
    return Pace(PacedSettings(**values), clock.clock, progress, may_wait=may_wait)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hours", "now", "minutes"),
    [
        (NIGHT, (19, 0), 0), (NIGHT, (23, 59), 0), (NIGHT, (5, 59), 0), (NIGHT, (6, 0), 780), (NIGHT, (18, 59), 1),
        ("08:00-16:00", (8, 0), 0), ("08:00-16:00", (16, 0), 960), ("08:00-16:00", (7, 30), 30), ("", (12, 0), 0),
    ],
)  # fmt: skip
def test_hours_may_reach_over_midnight(hours: str, now: tuple[int, int], minutes: int) -> None:
    assert minutes_until(hours, TestClock(*now).time) == minutes


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_after_the_minutes_until_the_hours_begin_they_have_begun(start: int, end: int, now: int) -> None:
    if start == end:
        return
    hours = "-".join(f"{one // 60:02d}:{one % 60:02d}" for one in (start, end))
    present = TestClock(now // 60, now % 60).time
    minutes = minutes_until(hours, present)
    assert minutes_until(hours, present + timedelta(minutes=minutes)) == 0
    assert not minutes or (now + minutes) % 1440 == start


def test_outside_its_hours_a_run_waits_and_says_until_when() -> None:
    told: list[tuple[str, int, int | None]] = []
    clock = TestClock(18, 57)
    assert pace(clock, hours=NIGHT, progress=lambda *event: told.append(event)).may_go_on()
    what = "minutes waited until 19:00"
    assert told == [(what, 0, 3), (what, 1, 3), (what, 2, 3), (what, 3, 3)]
    assert clock.time.hour == 19


def test_outside_its_hours_a_run_that_may_not_wait_ends() -> None:
    clock = TestClock(12)
    assert not pace(clock, hours=NIGHT, may_wait=False).may_go_on()
    assert not clock.waits


def test_exams_keep_their_distance() -> None:
    clock = TestClock(12)
    slow = pace(clock, studies_per_minute=6)
    assert slow.may_go_on()
    clock.time += timedelta(seconds=4)  # fetching takes its time
    assert slow.may_go_on()
    clock.time += timedelta(seconds=60)
    assert slow.may_go_on()
    assert clock.waits == [6.0]


def test_a_clock_put_back_does_not_stop_a_run() -> None:
    clock = TestClock(12)
    slow = pace(clock, studies_per_minute=6)
    slow.may_go_on()
    clock.time -= timedelta(hours=5)
    assert slow.may_go_on()
    assert clock.waits == [10.0]


def test_a_run_that_the_morning_ends_leaves_the_rest_to_the_next_night(tmp_path: Path) -> None:
    clock = TestClock(5, 58)
    with ScriptedPacs([made for study in range(1, 5) for made in exam(study)]) as pacs:
        text = pacs.archive.settings() + f'hours = "{NIGHT}"\nstudies_per_minute = 1\n'
        with Project.create(tmp_path / "p", settings_text=text) as project:
            first = acquire_pacs(project, "pacs", may_wait=False, clock=clock.clock)
            assert first.exams == {("kept", ""): 2, ("undecided", ""): 2}
            assert first.stopped == "it is outside the hours 19:00-06:00 of peer 'pacs'"
            clock.time = TestClock(20).time
            second = acquire_pacs(project, "pacs", may_wait=False, clock=clock.clock)
            assert (second.complete, second.stopped) == (4, "")
            assert len(pacs.moves) == 4
