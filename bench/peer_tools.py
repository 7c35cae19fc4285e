"""De-identifies files with another tool, in that tool's own environment: ``python peer_tools.py TOOL SOURCE TARGET``.

Prints one line of JSON: how long the files took by the clock and by the processor, and how many were written.
Loading the tool is not counted.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Treat = Callable[[Path, Path], None]


def dicognito() -> Treat:
    """Return dicognito, as its command line sets it up."""
    from dicognito.anonymizer import Anonymizer  # noqa: PLC0415 - only its own environment has it
    from pydicom import dcmread  # noqa: PLC0415

    tool = Anonymizer(seed="bench")

    def treat(source: Path, target: Path) -> None:
        with dcmread(source, force=False) as dataset:
            tool.anonymize(dataset)
            dataset.save_as(target, enforce_file_format=True)

    return treat


def deid() -> Treat:
    """Return pydicom's deid with the recipe it comes with, private elements removed."""
    from deid.config import DeidRecipe  # noqa: PLC0415
    from deid.dicom import replace_identifiers  # noqa: PLC0415

    recipe = DeidRecipe()

    def treat(source: Path, target: Path) -> None:
        done = replace_identifiers([str(source)], deid=recipe, save=False, remove_private=True, force=False)
        done[0].save_as(target)  # it leaves out what a DICOM file's meta information must hold

    return treat


TOOLS: dict[str, Callable[[], Treat]] = {"dicognito": dicognito, "pydicom/deid": deid}


def main(tool: str, source: Path, target: Path) -> None:
    """Treat every file of a folder, flushing each to disk; a file that the tool refuses is not written."""
    treat = TOOLS[tool]()
    files = sorted(path for path in source.rglob("*") if path.is_file())
    written = 0
    clock, spent = time.perf_counter(), time.process_time()
    for path in files:
        goal = target / path.relative_to(source)
        goal.parent.mkdir(parents=True, exist_ok=True)
        try:
            treat(path, goal)
        except Exception:
            goal.unlink(missing_ok=True)
            continue
        descriptor = os.open(goal, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        written += 1
    took = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - spent}
    sys.stdout.write(json.dumps({**took, "files": len(files), "written": written}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
