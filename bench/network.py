"""Images a second taken in over the loopback interface, against DCMTK's storescp receiving the same files; full size.

Acquisition reads each header, decides, hashes, flushes to disk and records in vault and catalog; storescp only writes
files, which the system puts on disk when it likes. The clock stops when every exam has been decided about; that servers
take half a second to end is not counted, of neither.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

from pydicom import dcmread
from tests.acquire.peers import OUR_TITLE, Archive, free_port, orthanc, running

from bench.files import write_exams
from bench.pixels import Rate
from mammoset.acquire import acquire_pacs, listen
from mammoset.project import Project

EXAMS = 8
TURNS = 3
QUICKLY = {**os.environ, "TCP_NODELAY": "1"}
"""DCMTK waits 40 ms before small packets otherwise."""


def measure_network(turns: int = TURNS) -> list[Rate]:
    """Measure pushes (storescu) and retrievals (C-MOVE from Orthanc), in turns."""
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        files = write_exams(folder, EXAMS, "full")
        (folder / "orthanc").mkdir()
        archive = stack.enter_context(orthanc(folder / "orthanc", (path.read_bytes() for path in files)))
        studies = sorted({str(dcmread(path, stop_before_pixels=True).StudyInstanceUID) for path in files})
        works: dict[str, Callable[[Path], tuple[float, float]]] = {
            "storescp, pushed": partial(_push_to_storescp, folder / "exams"),
            "acquire listen, pushed": partial(_push_to_us, folder / "exams"),
            "storescp, C-MOVE from Orthanc": partial(_move_to_storescp, archive, studies),
            "acquire pacs, C-MOVE from Orthanc": partial(_move_to_us, archive),
        }
        for turn in range(turns):
            for name, work in works.items():
                place = folder / f"{turn} {name}"
                place.mkdir()
                spent = work(place)
                best[name] = min(best.get(name, spent), spent)
                shutil.rmtree(place)
    names, n = list(best), len(files)
    return [
        Rate(ours, n / best[ours][0], n / best[ours][1], base, n / best[base][0])
        for base, ours in zip(names[::2], names[1::2], strict=True)
    ]


class _Watch:
    """Clock and time on a processor, from when it is made."""

    def __init__(self) -> None:
        self.start = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        clock, spent = self.start
        return time.perf_counter() - clock, max(time.process_time() - spent, 1e-9)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    watch = _Watch()
    work()
    return watch.read()


@contextmanager
def _storescp(place: Path, port: int) -> Iterator[None]:
    received = place / "received"
    received.mkdir()
    command = ["storescp", "--fork", "-pdu", "131072", "-aet", OUR_TITLE, "-od", str(received), str(port)]
    with running(command, port, place / "log"):
        yield


def _send(exams: Path, port: int) -> None:
    command = ["storescu", "-pdu", "131072", "-aec", OUR_TITLE, "+sd", "+r", "127.0.0.1", str(port), str(exams)]
    subprocess.run(command, check=True, env=QUICKLY, capture_output=True)


def _push_to_storescp(exams: Path, place: Path) -> tuple[float, float]:
    port = free_port()
    with _storescp(place, port):
        return _timed(partial(_send, exams, port))


def _push_to_us(exams: Path, place: Path) -> tuple[float, float]:
    settings = f'[dataset]\nname = "bench"\n[acquire]\nae_title = "{OUR_TITLE}"\nport = 0\nlisten_to = "any"\n'
    with Project.create(place / "project", settings_text=settings) as project:
        stop, ready, sorted_in, ports = Event(), Event(), Event(), list[int]()

        def at(port: int) -> None:
            ports.append(port)
            ready.set()

        def count(what: str, done: int, total: int | None) -> None:  # noqa: ARG001
            if done == 4 * EXAMS:
                sorted_in.set()

        thread = Thread(target=partial(listen, project, until=stop, ready=at, progress=count))
        thread.start()
        if not ready.wait(60):
            raise RuntimeError("our storage SCP does not listen")

        def push() -> None:
            _send(exams, ports[0])
            if not sorted_in.wait(60):
                raise RuntimeError("not every image was sorted in")

        try:
            return _timed(push)
        finally:
            stop.set()
            thread.join()


def _move_to_storescp(archive: Archive, studies: list[str], place: Path) -> tuple[float, float]:
    def move() -> None:
        for uid in studies:
            command = ["movescu", "-S", "-aem", OUR_TITLE, "-aec", archive.title, "-k", "QueryRetrieveLevel=STUDY"]
            command += ["-k", f"StudyInstanceUID={uid}", "127.0.0.1", str(archive.port)]
            subprocess.run(command, check=True, env=QUICKLY, capture_output=True)

    with _storescp(place, archive.our_port):
        return _timed(move)


def _move_to_us(archive: Archive, place: Path) -> tuple[float, float]:
    with Project.create(place / "project", settings_text=archive.settings("move")) as project:
        found = list[tuple[float, float]]()
        watch = _Watch()

        def count(what: str, done: int, total: int | None) -> None:  # noqa: ARG001
            if (what, done) == ("exams", EXAMS):
                found.append(watch.read())

        acquire_pacs(project, "pacs", progress=count)
        decided = project.catalog.decisions()
    if sum(bool(one.image_id) for one in decided) != 4 * EXAMS:
        raise RuntimeError("not every image arrived")
    return found[0]


if __name__ == "__main__":
    for one in measure_network(1):
        print(one, one.ratio)
