"""Peak memory and time of each stage, alone in a process, as the exams grow in number; small pixels."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.files import write_exams
from bench.stages import STAGES

PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Usage:
    """What one stage took: the highest resident sizes in MB of the program and of one worker."""

    stage: str
    exams: int
    program: float
    worker: float


def measure_memory(sizes: tuple[int, ...]) -> list[Usage]:
    """Run all stages at each number of exams."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write_exams(Path(folder), size, "small")
            found += [_run(stage, size, folder) for stage in STAGES]
    return found


def _run(stage: str, exams: int, folder: str) -> Usage:
    process = subprocess.Popen([sys.executable, "-m", "bench.stages", stage, folder], start_new_session=True)
    peaks: dict[int, float] = {}
    while process.poll() is None:
        _look(process.pid, peaks)
        time.sleep(PAUSE)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, f"{stage} of {exams} exams")
    program = peaks.pop(process.pid, 0.0)
    return Usage(stage, exams, program, max(peaks.values(), default=0.0))


def _look(session: int, peaks: dict[int, float]) -> None:
    """Note the high-water marks of the processes of a session; the kernel keeps them, so looking rarely is enough."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            status = (entry / "status").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[3]) == session and "VmHWM:" in status:
            peaks[int(entry.name)] = int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    for one in measure_memory((10, 50)):
        print(one)
