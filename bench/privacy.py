"""What the search for burned-in text costs, other encodings cost, and how fast other tools do their lesser work."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from pydicom import dcmread

from bench.files import write_exams
from bench.leaks import PEERS, PEERS_PYTHON, run_peer
from bench.pixels import Rate, Work, best_of, copied, each
from mammoset.content import write_whole
from mammoset.pixels.breast import breast_mask, chest_wall_of
from mammoset.pixels.codec import decode, file_bytes, transcode, with_pixels
from mammoset.pixels.text import find_text
from mammoset.pixels.window import Presentation
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.cleaning import Cleaning, clean
from mammoset.pseudonymize.gate import Treatment, rebuild
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.terms.dicom import JPEG_LS_LOSSLESS

COPY = "cp + fsync, 19.7 MB"
COPY_JPEG_LS = "cp + fsync, JPEG-LS"
TURNS = 3
NAMES = Pseudonyms("2.25.1", "2.25.2", "2.25.3", "P4")


def measure_privacy(turns: int = TURNS) -> list[Rate]:
    """Measure in a folder of its own, in turns."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        originals = write_exams(folder, 1, "full")
        kinds = _kinds(folder, originals)
        best = best_of({name: work for name, (work, _) in kinds.items()}, turns)
        peers = [_peer(folder, originals, peer, best[COPY][0], turns) for peer in PEERS if PEERS_PYTHON.exists()]
    n = len(originals)
    rates = [
        Rate(name, n / best[name][0], n / best[name][1], against, n / best[against][0])
        for name, (_, against) in kinds.items()
        if against
    ]
    return [*rates, *peers]


def _kinds(folder: Path, originals: list[Path]) -> dict[str, tuple[Work, str]]:
    coded = [folder / "jpeg-ls" / f"{number}.dcm" for number in range(len(originals))]
    for path, original in zip(coded, originals, strict=True):
        write_whole(path, transcode(original.read_bytes(), JPEG_LS_LOSSLESS))
    kinds: dict[str, tuple[Work, str]] = {
        COPY: (partial(copied, originals, folder / "copies"), ""),
        COPY_JPEG_LS: (partial(copied, coded, folder / "copies"), ""),
        "JPEG-LS in and out, corners": (partial(each, partial(_as_jpeg_ls, folder / "out.dcm"), coded), COPY_JPEG_LS),
        "search beside the breast only, HTJ2K out": (
            partial(each, partial(_beside, folder / "out.dcm"), originals),
            COPY,
        ),
    }
    for effort in ("fast", "thorough"):
        options = Options(text_check=effort)  # type: ignore[arg-type]
        tasks = [GateTask(path, folder / "content", NAMES, Treatment(options)) for path in originals]
        kinds[f"pseudonymize, text {effort}, HTJ2K out"] = (partial(each, treat, tasks), COPY)
    return kinds


def _as_jpeg_ls(target: Path, path: Path) -> None:
    rebuilt = rebuild(dcmread(path), NAMES)
    write_whole(target, file_bytes(with_pixels(rebuilt.dataset, rebuilt.pixels, JPEG_LS_LOSSLESS)))


def _beside(target: Path, path: Path) -> None:
    """Mask what stands out of the air, besides all that the gate does with corners."""
    dataset = dcmread(path)
    pixels, presentation = decode(dataset), Presentation.of(dataset)
    found = find_text(pixels, presentation, spacing_mm=0.085, effort="air").outside
    mask = breast_mask(pixels, presentation)
    decided = {one.rectangle: "mask" for one in found}
    clean(pixels, presentation, mask, chest_wall_of(mask), Cleaning("off", None, decided))  # type: ignore[arg-type]
    treat(GateTask(path, target.parent / "content", NAMES))


def _peer(folder: Path, originals: list[Path], peer: str, copy_seconds: float, turns: int) -> Rate:
    source = folder / "peer"
    source.mkdir(exist_ok=True)
    for number, path in enumerate(originals):
        shutil.copyfile(path, source / f"{number}.dcm")
    runs = []
    for _ in range(turns):
        shutil.rmtree(folder / "treated", ignore_errors=True)
        runs.append(run_peer(peer, source, folder / "treated"))
    n = len(originals)
    clock, spent = min(one["seconds"] for one in runs), min(one["cpu"] for one in runs)
    return Rate(f"{peer}, header only", n / clock, n / spent, COPY, n / copy_seconds)


if __name__ == "__main__":
    for one in measure_privacy():
        print(one.what, f"{one.images:.2f} {one.images_per_core_second:.2f} a core, {one.ratio:.2f} ×")
