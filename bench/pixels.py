"""Images a second of pseudonymization, publication and verification, against copying the same files; full size.

Everything is measured in one process, in turns, and the best turn counts: so a machine that does other things besides
spoils the ratios least.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydicom import dcmread

from bench.files import write_exams
from mammoset.content import flush, write_whole
from mammoset.engine import Failure, run
from mammoset.pixels.codec import decode, file_bytes, transcode, with_pixels
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.gate import rebuild
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.publish.formats import ReleaseItem
from mammoset.publish.layout import TRANSFER_SYNTAXES
from mammoset.publish.metadata import pixel_digest
from mammoset.publish.release import release_image
from mammoset.publish.verify_files import digest_of
from mammoset.publish.verify_images import ImageToExamine, examine
from mammoset.terms.dicom import EXPLICIT_VR_LE

EXAMS = 2
TURNS = 5
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Rate:
    """Images a second, by the clock and by a core's own time, and the images a second of what it is compared with."""

    what: str
    images: float
    images_per_core_second: float
    against: str
    base: float

    @property
    def ratio(self) -> float:
        """How it compares, by the clock."""
        return self.images / self.base


def measure_pixels(turns: int = TURNS) -> list[Rate]:
    """Measure in a folder of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        originals = write_exams(folder, EXAMS, "full")
        kinds = _kinds(folder, originals)
        gc.freeze()  # as a worker does
        best = best_of({name: work for name, (work, _) in kinds.items()}, turns)
    n = len(originals)
    return [
        Rate(name, n / best[name][0], n / best[name][1], against, n / best[against][0])
        for name, (_, against) in kinds.items()
        if against
    ]


def best_of(works: dict[str, Work], turns: int) -> dict[str, tuple[float, float]]:
    """Return the best time of each work over some turns, by the clock and by the processor."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            clock, spent = time.perf_counter(), time.process_time()
            work()
            found[name].append((time.perf_counter() - clock, max(time.process_time() - spent, 1e-9)))
    return {name: (min(one for one, _ in both), min(one for _, one in both)) for name, both in found.items()}


def _kinds(folder: Path, originals: Sequence[Path]) -> dict[str, tuple[Work, str]]:
    """Return name to what is done and what it is compared with."""
    tasks = [
        GateTask(path, folder / "content", Pseudonyms(f"2.25.{n}", f"2.25.1{n}", "2.25.7", "P7"))
        for n, path in enumerate(originals)
    ]
    each(treat, tasks)
    stored = [folder / "content" / "P7" / "2.25.7" / f"2.25.{n}.dcm" for n in range(len(tasks))]
    digests = [_digests(path) for path in stored]
    raw, kept = "cp + fsync, 19.7 MB", "cp + fsync, as stored"
    kinds: dict[str, tuple[Work, str]] = {
        raw: (partial(copied, originals, folder / "copies"), ""),
        kept: (partial(copied, stored, folder / "copies"), ""),
        "pseudonymize, written uncompressed": (
            partial(each, partial(_uncompressed, folder / "plain.dcm"), tasks),
            raw,
        ),
        "pseudonymize, as stored (HTJ2K)": (partial(each, treat, tasks), raw),
    }
    for word, syntax in TRANSFER_SYNTAXES.items():
        items = [
            ReleaseItem(str(path), str(folder / word / path.name), f"images/2.25.7/{path.stem}.dicom", syntax, *digest)
            for path, digest in zip(stored, digests, strict=True)
        ]
        released = folder / word
        released.mkdir()
        for path in stored:
            write_whole(released / path.name, transcode(path.read_bytes(), syntax))
        examined = [ImageToExamine(item.target, item.name) for item in items]
        kinds[f"publish as {word}"] = (partial(_publish, items), kept)
        kinds[f"verify {word}"] = (partial(each, examine, examined), kept)
    return kinds


def _digests(path: Path) -> tuple[str, str]:
    dataset = dcmread(path)
    return digest_of(path.read_bytes()), pixel_digest(decode(dataset))


def each(work: Callable[[Any], object], items: Sequence[object]) -> None:
    """Do one after the other, as a worker does."""
    for result in run(work, items, workers=1):
        if isinstance(result, Failure):
            raise RuntimeError(f"what is measured fails: {result.kind} {result.detail}")


def copied(paths: Sequence[Path], folder: Path) -> None:
    """Copy files into a folder made anew, and have each put on disk."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, path in enumerate(paths):
        shutil.copyfile(path, folder / f"{number}")
        flush(folder / f"{number}")


def _uncompressed(target: Path, task: GateTask) -> None:
    rebuilt = rebuild(dcmread(task.path), task.pseudonyms, task.treatment)
    write_whole(target, file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, EXPLICIT_VR_LE)))


def _publish(items: Sequence[ReleaseItem]) -> None:
    for item in items:
        Path(item.target).unlink(missing_ok=True)
    each(release_image, items)


if __name__ == "__main__":
    for one in measure_pixels():
        print(one, one.ratio)
