"""Values made anew only when what they are made of has changed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A value made anew only when its revision changes; threads that ask at once wait for one of them to make it."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._lock = Lock()
        self._revision: Any = None
        self._value: Value | None = None

    def at(self, revision: Any) -> Value:
        """Return the value as of a revision."""
        with self._lock:
            if self._value is None or revision != self._revision:
                self._value = self._make()
                self._revision = revision
            return self._value


class MadeInBackground(Generic[Value]):
    """A value that takes long: nobody waits for it, it is there when asked for again later.

    At most one thread makes it at a time. It ends with the process, whatever it was about.
    """

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._changed = Condition()
        self._is_busy = False
        self._revision: Any = None
        self._value: Value | None = None
        self._error: Exception | None = None

    def at(self, revision: Any) -> Value | None:
        """Return the value as of a revision; None while it is being made.

        Raises
        ------
        Exception
            What making it raised.
        """
        with self._changed:
            if self._revision == revision and not self._is_busy:
                if self._error is not None:
                    raise self._error
                return self._value
            if not self._is_busy:
                self._is_busy, self._revision = True, revision
                Thread(target=self._work, daemon=True).start()
            return None

    def latest(self) -> Value | None:
        """Return the value that was made last, of whatever revision; None before the first."""
        with self._changed:
            return self._value

    def wait(self) -> None:
        """Wait until no thread makes it."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_busy)

    def _work(self) -> None:
        value: Value | None = None
        failure: Exception | None = None
        try:
            value = self._make()
        except Exception as error:  # whoever asks next is told
            failure = error
        with self._changed:
            self._value, self._error, self._is_busy = value, failure, False
            self._changed.notify_all()
