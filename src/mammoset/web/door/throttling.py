"""Attempts to sign in: each wrong one makes the next wait longer, whoever makes it.

Three counts run together. One is of a name from one address, one of an address, and one, gentle, of a name from
anywhere, which does not hold for an address from which the name has signed in: so strangers who try somebody's name
cannot keep that somebody out. Counts are kept in memory and forgotten after a quarter of an hour without an attempt.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

FORGOTTEN_AFTER = 15 * 60.0
"""Seconds."""
SWEPT_EVERY = 60.0
"""Seconds between two looks for counts that are to be forgotten."""
MANY = 10_000
"""From so many counts on only those are kept for which somebody has to wait."""


class Limit(NamedTuple):
    """So many wrong attempts are free; then the wait doubles from one second up to `longest` seconds."""

    free: int
    longest: float

    def wait(self, n_wrong: int) -> float:
        """Return the seconds to wait after so many wrong attempts."""
        return 0.0 if n_wrong < self.free else min(self.longest, 2.0 ** min(n_wrong - self.free, 30))


HERE, ADDRESS, NAME = Limit(5, 300.0), Limit(20, 60.0), Limit(20, 10.0)
"""Of a name from one address; of an address; of a name from anywhere."""


@dataclass(slots=True)
class _Count:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0


class Throttle:
    """Says who has to wait. Safe to use from several threads.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[Hashable, _Count] = {}
        self._known: set[tuple[str, str]] = set()
        self._swept = 0.0

    def attempt(self, name: str, address: str) -> float:
        """Count an attempt as a wrong one, until `succeeded` says otherwise.

        Counted before the password is compared, so that many attempts at once are no way round.

        Returns
        -------
        float
            Seconds to wait; 0 when the attempt may be made. One that has to wait is not counted.
        """
        with self._lock:
            moment = self._clock()
            self._forget(moment)
            keys = self._keys(name, address)
            wait = max((self._counts[key].until - moment for key in keys if key in self._counts), default=0.0)
            if wait > 0:
                return wait
            for key, limit in keys.items():
                count = self._counts.setdefault(key, _Count())
                count.wrong += 1
                count.until, count.last = moment + limit.wait(count.wrong), moment
            return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Forget what was counted of a name at an address: the password was right."""
        with self._lock:
            self._known.add((name, address))
            for key in ((name, address), (name, None)):
                self._counts.pop(key, None)
            shared = self._counts.get((None, address))
            if shared is not None:
                shared.wrong, shared.until = shared.wrong - 1, 0.0

    def _keys(self, name: str, address: str) -> dict[Hashable, Limit]:
        keys: dict[Hashable, Limit] = {(name, address): HERE, (None, address): ADDRESS}
        return keys if (name, address) in self._known else keys | {(name, None): NAME}

    def _forget(self, moment: float) -> None:
        is_full = len(self._counts) >= MANY
        if not is_full and moment - self._swept < SWEPT_EVERY:
            return
        self._swept = moment
        for key, one in list(self._counts.items()):
            if moment - one.last > FORGOTTEN_AFTER or (is_full and moment > one.until):
                del self._counts[key]
