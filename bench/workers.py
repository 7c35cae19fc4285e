"""How much faster two worker processes are than one, and how much faster this machine lets any two processes be.

The gate treats the same images in one process, in the engine's two workers, and in two processes that know nothing of
each other. Two on their own are as fast as the machine can be asked to be: they share its memory, its disk and whatever
else runs on it, and nothing of mammoset's.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.files import write_exams
from mammoset.engine import IN_FLIGHT_PER_WORKER, Failure, run
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.treat import GateTask, treat

EXAMS = 6
ROUNDS = 3
"""How often every image is treated in one measurement, so that it takes several seconds."""
TURNS = 3


@dataclass(frozen=True, slots=True)
class Scaling:
    """Two processes against one.

    Attributes
    ----------
    engine, machine : float
        How many times the images a second, of the engine's workers and of two processes on their own.
    start_seconds : float
        From asking for two workers to the first result, less the time of one image.
    """

    engine: float
    machine: float
    start_seconds: float


def measure_workers(turns: int = TURNS) -> Scaling:
    """Measure all four in turns; of each the best turn counts."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_exams(folder, EXAMS, "full")
        found = [(*_engine(folder, 1), *_engine(folder, 2), _alone(folder, 1), _alone(folder, 2)) for _ in range(turns)]
    one, _, two, start, lone, pair = zip(*found, strict=True)
    return Scaling(min(one) / min(two), 2 * min(lone) / min(pair), min(start) - min(one))


def gate_tasks(folder: Path) -> list[GateTask]:
    """Return the tasks of the gate for the exams of a folder, each image several times."""
    originals = sorted((folder / "exams").rglob("*.dcm"))
    return [
        GateTask(path, folder / "content", Pseudonyms(f"2.25.{n}", f"2.25.1{n}", "2.25.7", "P7"))
        for n, path in enumerate(originals)
    ] * ROUNDS


def _engine(folder: Path, workers: int) -> tuple[float, float]:
    """Return the seconds an image takes when all workers are busy, and those until the first result."""
    start, moments = time.perf_counter(), []
    for result in run(treat, gate_tasks(folder), workers=workers):
        if isinstance(result, Failure):
            raise RuntimeError(f"the gate fails: {result.kind} {result.detail}")
        moments.append(time.perf_counter() - start)
    # neither the first ones, while a worker may still be starting, nor the last ones, while one has nothing to do
    begun, ended = IN_FLIGHT_PER_WORKER * workers, len(moments) - 1 - workers
    return (moments[ended] - moments[begun]) / (ended - begun), moments[0]


def _alone(folder: Path, count: int) -> float:
    """Return the seconds an image takes in the slowest of some processes that run at the same time."""
    command = [sys.executable, "-m", "bench.workers", str(folder)]
    processes = [
        subprocess.Popen([*command, f"{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(count)
    ]
    for process in processes:
        _line_of(process)  # it has warmed up
    outputs = [process.stdin for process in processes if process.stdin is not None]
    for stdin in outputs:
        stdin.write("go\n")
        stdin.flush()
    seconds = [float(_line_of(process)) for process in processes]
    for process in processes:
        process.communicate()
    return max(seconds)


def _line_of(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise subprocess.CalledProcessError(process.wait(), "bench.workers")
    return line


def _treat_alone(folder: Path, number: int) -> None:
    tasks = gate_tasks(folder)
    target = folder / f"content.{number}"
    own = [GateTask(one.path, target, one.pseudonyms) for one in tasks[: len(tasks) // 2]]
    for _ in run(treat, own[:4], workers=1):
        pass
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.perf_counter()
    for _ in run(treat, own, workers=1):
        pass
    print((time.perf_counter() - start) / len(own), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _treat_alone(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        print(measure_workers())
