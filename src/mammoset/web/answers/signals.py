"""Tells open clients at once what cannot wait until they ask: server-sent events, from this process to its own."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from threading import Lock

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 900.0
"""A stream ends after so long and the client asks anew, so that who is signed out does not go on listening."""
MOST_STREAMS = 8
"""Of one person; the oldest ends when there is one more."""
RETRY = "retry: 2000\n\n"
HEARTBEAT = ": still here\n\n"

Queue = asyncio.Queue[str | None]


class Signals:
    """Streams of events to people. `tell` and `close` may be called from any thread."""

    def __init__(self, *, heartbeat: float = HEARTBEAT_SECONDS, longest: float = LONGEST_SECONDS) -> None:
        self._heartbeat, self._longest = heartbeat, longest
        self._lock = Lock()
        self._streams: dict[str, list[tuple[asyncio.AbstractEventLoop, Queue]]] = defaultdict(list)
        self._is_closed = False

    async def listen(self, name: str) -> AsyncIterator[str]:
        """Yield what is told to a person, and a heartbeat while there is nothing, until `close`."""
        loop = asyncio.get_running_loop()
        queue: Queue = asyncio.Queue()
        stream = (loop, queue)
        self._add(name, stream)
        try:
            yield RETRY
            end = loop.time() + self._longest
            while loop.time() < end:
                try:
                    event = await asyncio.wait_for(queue.get(), self._heartbeat)
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                if event is None:
                    return
                yield event
        finally:
            self._remove(name, stream)

    def tell(self, names: Collection[str], event: str, data: object) -> None:
        """Send an event to the open clients of some people."""
        text = f"event: {event}\ndata: {json.dumps(data)}\n\n"
        with self._lock:
            streams = [stream for name in names for stream in self._streams.get(name, ())]
        for stream in streams:
            _put(stream, text)

    def close(self) -> None:
        """End all streams, and those that would begin later at once."""
        with self._lock:
            self._is_closed = True
            streams = [stream for found in self._streams.values() for stream in found]
        for stream in streams:
            _put(stream, None)

    def _add(self, name: str, stream: tuple[asyncio.AbstractEventLoop, Queue]) -> None:
        with self._lock:
            streams = self._streams[name]
            streams.append(stream)
            ending = [stream] if self._is_closed else streams[:-MOST_STREAMS]
        for one in ending:
            _put(one, None)

    def _remove(self, name: str, stream: tuple[asyncio.AbstractEventLoop, Queue]) -> None:
        with self._lock:
            self._streams[name].remove(stream)
            if not self._streams[name]:
                del self._streams[name]


def _put(stream: tuple[asyncio.AbstractEventLoop, Queue], text: str | None) -> None:
    loop, queue = stream
    if not loop.is_closed():
        loop.call_soon_threadsafe(queue.put_nowait, text)
