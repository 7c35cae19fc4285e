"""Map a pure function over many items: processes, results in order, bounded memory.

One item that fails is one `Failure` among the results; it never takes the run down. Only a disk that cannot be written
does, for it is no fault of the item, and the next would fail too.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Generic, Protocol, TypeVar

import cv2

from mammoset.errors import MammosetError, RefusedObject, StorageError

Item = TypeVar("Item")
Value = TypeVar("Value")

IN_FLIGHT_PER_WORKER = 3
"""Enough to keep a worker busy while the parent handles a result; few enough to keep memory flat."""

PRELOADED = ("numpy", "cv2", "imagecodecs", "pydicom", "mammoset.pixels.codec")
"""Loaded once, before workers are forked, instead of by each worker of each stage; and the module of the function."""

KEPT_MEMORY = 256 << 20
"""Bytes that a process keeps for the next image: several of the largest arrays of a mammogram, 20 to 50 MB each."""
ITEM_SECONDS = 600
"""So long a worker may be busy with one item; a damaged file may send a decoder round in circles."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""


@dataclass(frozen=True, slots=True)
class Failure(Generic[Item]):
    """An item whose function raised, or whose worker died.

    Attributes
    ----------
    kind : str
        The exception's class name; ``WorkerDied`` when the process ended.
    reason, detail : str
        Of a `RefusedObject`; otherwise ``reason`` is empty and ``detail`` names the kind only, because
        the text of a foreign exception may quote a header value.
    """

    item: Item
    kind: str
    reason: str = ""
    detail: str = ""


class Progress(Protocol):
    """How a stage tells of its progress; the command line draws it, tests and libraries pass nothing."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Say that `done` of `total` (None when unknown) of `what` are finished."""


def silent(what: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def n_workers(workers: int | None = None) -> int:
    """Return the number of processes to use: as asked, or one per core this process may run on."""
    return max(1, workers if workers is not None else len(os.sched_getaffinity(0)))


def run(
    function: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    item_seconds: int = ITEM_SECONDS,
) -> Generator[Value | Failure[Item], None, None]:
    """Apply `function` to every item and yield the results in the order of the items.

    Parameters
    ----------
    function : callable
        Picklable (a module's function or a `functools.partial` of one), without side effects other than
        files it writes whole; it may be run again for an item when a worker died.
    items : iterable
        Consumed lazily, a few ahead of the workers.
    workers : int or None
        Number of processes; 1 runs in this process, None takes one per core.
    item_seconds : int
        A worker that is busy with one item for longer is ended, and the item is a `Failure`; not with one process.

    Yields
    ------
    value or Failure

    Raises
    ------
    StorageError
        As `function` raises it; results of earlier items have been yielded, later items are not begun.
    MammosetError
        If worker processes cannot start, as from a script that does not guard its main part.
    """
    count = n_workers(workers)
    if count == 1:
        keep_memory()
        for item in items:
            yield attempt(function, item)
        return
    yield from _run_in_processes(_Bounded(function, item_seconds), iter(items), count)


def attempt(function: Callable[[Item], Value], item: Item) -> Value | Failure[Item]:
    """Apply `function` to one item; an exception becomes a `Failure` that quotes no foreign text.

    Raises
    ------
    StorageError, KeyboardInterrupt
        Which end the run.
    """
    try:
        return function(item)
    except RefusedObject as refusal:
        return Failure(item, "RefusedObject", refusal.reason, refusal.detail)
    except (StorageError, KeyboardInterrupt):
        raise
    except BaseException as error:  # also what ends a program: a library that calls exit, or panics, costs one item
        return _failure(item, error)


def _failure(item: Item, error: BaseException) -> Failure[Item]:
    return Failure(item, type(error).__name__, "", type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Bounded(Generic[Item, Value]):
    """A function that ends its process when it takes too long, also where no Python code runs any more."""

    function: Callable[[Item], Value]
    seconds: int

    def __call__(self, item: Item) -> Value:
        signal.alarm(self.seconds)  # nobody handles it, so that the system ends the process
        try:
            return self.function(item)
        finally:
            signal.alarm(0)


def _run_in_processes(
    function: Callable[[Item], Value], items: Iterator[Item], count: int
) -> Iterator[Value | Failure[Item]]:
    pool = _pool(count, function)
    _require_start(pool)
    flying: deque[tuple[Item, Future[Value | Failure[Item]]]] = deque()
    try:
        while True:
            for item in islice(items, count * IN_FLIGHT_PER_WORKER - len(flying)):
                flying.append((item, _submitted(pool, function, item)))
            if not flying:
                return
            item, future = flying.popleft()
            try:
                yield _result(item, future)
            except BrokenProcessPool:
                waiting = [item, *(one for one, _ in flying)]
                flying.clear()
                for one in waiting:
                    yield _alone(function, one)
                pool.shutdown(wait=False)
                pool = _pool(count, function)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(
    pool: ProcessPoolExecutor, function: Callable[[Item], Value], item: Item
) -> Future[Value | Failure[Item]]:
    """Hand an item to a worker; to a pool of which a worker has died since, it is as lost as those in flight."""
    try:
        return pool.submit(attempt, function, item)
    except BrokenProcessPool as error:
        lost: Future[Value | Failure[Item]] = Future()
        lost.set_exception(error)
        return lost


def _result(item: Item, future: Future[Value | Failure[Item]]) -> Value | Failure[Item]:
    """Wait for a result; an item or a result that cannot go from process to process is a failure of that item."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except StorageError as error:
        raise error from None  # without the worker's traceback, which may quote an item
    except Exception as error:
        return _failure(item, error)


def _require_start(pool: ProcessPoolExecutor) -> None:
    """Make sure that workers start at all, so that a script that cannot have any gets one error, not one per item."""
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool:
        pool.shutdown(wait=False)
        raise MammosetError(
            "worker processes cannot start; in a script of your own put the call under 'if __name__ == \"__main__\":', "
            "or ask for workers=1"
        ) from None


def _alone(function: Callable[[Item], Value], item: Item) -> Value | Failure[Item]:
    """Run one item in a process of its own, so that only the one that kills its worker is lost."""
    with _pool(1, function) as pool:
        try:
            return _result(item, pool.submit(attempt, function, item))
        except BrokenProcessPool:
            return Failure(item, "WorkerDied", "unreadable", "its process ended, or took too long")


def _pool(count: int, function: Callable[[Item], Value]) -> ProcessPoolExecutor:
    # forkserver: a fork of a process with threads (servers, progress bars) may deadlock
    context = get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, *_module_of(function)])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker)


def _module_of(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the module that defines a function, if a worker can import it by name."""
    whole = function.function if isinstance(function, _Bounded) else function
    plain = whole.func if isinstance(whole, partial) else whole
    name = getattr(plain, "__module__", None) or ""
    return (name,) if name not in ("", "builtins", "__main__") else ()


def _start_worker() -> None:
    """Keep a worker to one thread, for the processes already fill the cores, and have it end with the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends its workers
    keep_memory()
    gc.freeze()  # what was loaded stays; looking through it again and again took a fifteenth of a worker's time
    cv2.setNumThreads(1)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    Thread(target=_end_with_program, daemon=True).start()


def _end_with_program() -> None:
    """End this worker when the program was killed: nothing else tells it, and it would wait for work for ever."""
    program = parent_process()
    if program is not None:
        wait([program.sentinel])
        os._exit(1)


def keep_memory() -> None:
    """Have this process keep the memory of one image for the next, up to `KEPT_MEMORY`.

    Otherwise the C library of Linux gives large arrays back, and gets them again with every page cleared anew, which
    takes a sixth of a worker's time. Where the library is another one nothing changes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, KEPT_MEMORY)
        mallopt(_M_TRIM_THRESHOLD, KEPT_MEMORY)
