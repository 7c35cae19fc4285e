"""How fast, and at which hours, an archive is asked for exams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mammoset.acquire.archive import pause
from mammoset.engine import Progress
from mammoset.project.settings import PacedSettings

MINUTES_A_DAY = 24 * 60


def local_time() -> datetime:
    """Return the present local time."""
    return datetime.now(UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, and how time passes; tests bring their own."""

    now: Callable[[], datetime] = local_time
    wait: Callable[[float], object] = pause


class Pace:
    """Holds a run back as an archive's settings demand.

    Parameters
    ----------
    may_wait : bool
        Whether to wait until the archive's hours begin, instead of ending.
    """

    def __init__(self, settings: PacedSettings, clock: Clock, progress: Progress, *, may_wait: bool) -> None:
        self.hours = settings.hours
        self.gap = 60 / settings.studies_per_minute if settings.studies_per_minute else 0.0
        self.clock = clock
        self.progress = progress
        self.may_wait = may_wait
        self._last: datetime | None = None

    def may_go_on(self) -> bool:
        """Wait until the next exam may be fetched; False when it may not be now and the run is not to wait."""
        if self._last is not None and self.gap:
            passed = (self.clock.now() - self._last).total_seconds()
            if passed < self.gap:
                self.clock.wait(self.gap - max(passed, 0.0))  # below zero when the clock was put back
        if not self._is_within_hours():
            return False
        self._last = self.clock.now()
        return True

    def _is_within_hours(self) -> bool:
        whole = left = minutes_until(self.hours, self.clock.now())
        if left and not self.may_wait:
            return False
        what = f"minutes waited until {self.hours[:5]}"
        while left:
            self.progress(what, max(whole - left, 0), whole)
            self.clock.wait(60.0)  # a minute at a time: the clock may be put forward or back meanwhile
            left = minutes_until(self.hours, self.clock.now())
        if whole:
            self.progress(what, whole, whole)
        return True


def minutes_until(hours: str, now: datetime) -> int:
    """Return the minutes until hours such as ``19:00-06:00`` begin, 0 within them and when there are none."""
    if not hours:
        return 0
    start, end = (int(one[:2]) * 60 + int(one[3:]) for one in hours.split("-"))
    present = now.hour * 60 + now.minute
    is_within = start <= present < end if start < end else present >= start or present < end
    return 0 if is_within else (start - present) % MINUTES_A_DAY
