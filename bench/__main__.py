"""Every measurement, printed and written to docs/benchmarks.md: ``python -m bench [--long] [--only SECTION]``."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.leaks import Leaks, measure_leaks
from bench.memory import Usage, measure_memory
from bench.network import measure_network
from bench.offline import ROOT, measure_offline
from bench.pixels import Rate, measure_pixels
from bench.privacy import measure_privacy
from bench.reading_room import HEAD as ROOM_HEAD
from bench.reading_room import measure_reading_room
from bench.reading_room import rows_of as rows_of_room
from bench.rows import RowTimes, measure_rows
from bench.split import CASES, measure
from bench.text import HEAD as TEXT_HEAD
from bench.text import measure_text, rows_of
from bench.viewer import HEAD as VIEWER_HEAD
from bench.viewer import measure_viewer
from bench.viewer import rows_of as rows_of_viewer
from bench.workers import Scaling, measure_workers

TARGET = ROOT / "docs" / "benchmarks.md"
SPLIT_SEEDS = 5
AIMS = {
    "acquire listen, pushed": "≥ 0.6 ×",
    "acquire pacs, C-MOVE from Orthanc": "≥ 0.6 ×",
    "pseudonymize, written uncompressed": "≥ 0.35 ×",
    "pseudonymize, as stored (HTJ2K)": "≥ 10 a core",
    "JPEG-LS in and out, corners": "≥ 3.5 a core",
    "search beside the breast only, HTJ2K out": "≥ 4 a core",
}
WORKERS_AIM = 1.8
HEAD = """\
# Benchmarks

Written by `make bench`; nothing in it is typed by hand.

Ratios compare runs of one turn on one machine, the best of several turns each; files are synthetic mammograms of
3518 × 2800 pixels, 19.7 MB uncompressed, unless said otherwise. What is below its aim is said so.
"""
RATES = """\
"Images/s" is by the clock, of one process; "a core" is by that process's own time on a processor, which other programs
disturb less.
"""
ROWS = """\
What stages do besides pixels, in ms of processor time. Ten times the exams should take about ten times as long; what is
done exam by exam ("each") should take the same at any size.
"""
LEAKS = """\
One file for each hiding place of the adversarial corpus (`mammoset.phantom.threats`), searched byte by byte, value by
value and in the decoded pixels for what was planted. A file that was refused leaks nothing, and is no success either.
Other tools work as they come: dicognito with its defaults, deid with its own recipe and private elements removed.
"""
TEXT = """\
Found means 90 % of the ink lies in what was detected. Texts of 4,095 grey steps; the numbers beside tissue say by how
much the ink is brighter. A clean view that is held costs a person one decision.
"""
ROOM = """\
`mammoset serve` as a process of its own, people who save a draft every 2 s and submit every 20 s for 3 minutes, each
with requests of their own; from asking to the answer. Aim: 95 of 100 drafts saved within 100 ms. In the lower rows the
server is killed and started again meanwhile. Last column: answers, drafts and versions that were told and are not in
the catalog, or are there and were not told.
"""
VIEWER = """\
`mammoset serve` and Debian's Chromium on this machine, which has no graphics card, so that the processor paints, as it
does by itself there; a window of 1600 × 1000, exams of four views of 3518 × 2800 pixels at 12 bits, medians of 7 turns,
of Enter of 100 exams in a row. Four exams are drawn; the others show the same pictures as images, files and addresses
of their own. Painted is what is there when the next frame begins. 100 Mbit/s, without delay, is what Chromium emulates
for the page. Enter keeps the answer, which is sent once the next exam is painted; before it all four are seen at 1:1.
Memory counts once what processes share. A dot of 2 × 2 pixels (0.17 mm), 2,000 of 4,095 grey steps brighter than flat
grey, is seen when it is 4 of 255 greys brighter than what is around; its view is grey up to the edges, so that it is
smaller in the window than a breast is.
"""
MEMORY = """\
Peak resident memory in MB of the program and of its largest worker, each stage alone in a process, on images of small
size; it should hardly grow with the exams.
"""


def main() -> None:
    """Measure, print, write each section as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="memory also at 5,000 exams; takes an hour")
    parser.add_argument("--only", action="append", metavar="SECTION", help="measure this section; others stay")
    options = parser.parse_args()
    sections = _sections((50, 500, 5000) if options.long else (50, 500))
    if unknown := set(options.only or ()) - {one.title for one in sections}:
        parser.error(f"no section is called {', '.join(sorted(unknown))}; there are: {_titles(sections)}")
    found = _written(TARGET)
    for one in sections:
        if options.only is None or one.title in options.only:
            found[one.title] = one.measured_now()
            print(found[one.title], flush=True)
            parts = [HEAD, *(found[each.title] for each in sections if each.title in found)]
            TARGET.write_text("\n".join(parts), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: what is measured, and what must be known to read it."""

    title: str
    remark: str
    measured: Callable[[], list[str]]

    def measured_now(self) -> str:
        """Measure it; when, where and how long is said under the title."""
        where, start = _machine(), time.monotonic()
        lines = self.measured()
        took = f"{(time.monotonic() - start) / 60:.0f} minutes" if time.monotonic() - start > 90 else "a minute"
        said = f"Measured on {datetime.now(UTC).date()} in {took}, on {where}."
        return "\n".join([f"## {self.title}\n", f"{said}\n", *([self.remark] if self.remark else []), *lines, ""])


def _sections(sizes: tuple[int, ...]) -> list[Section]:
    return [
        Section("Against copying and receiving", RATES, lambda: _rates([*measure_network(), *measure_pixels()])),
        Section("Privacy: speed", RATES, lambda: _rates(measure_privacy())),
        Section("Privacy: what comes through", LEAKS, lambda: _leaks(measure_leaks())),
        Section("Burned-in text", TEXT, lambda: _table(TEXT_HEAD, rows_of(measure_text()))),
        Section("Two workers", "", lambda: _workers(measure_workers())),
        Section("Split of 5,000 exams", "", _split),
        Section("Rows", ROWS, lambda: _rows(measure_rows())),
        Section("Reading room", ROOM, lambda: _table(ROOM_HEAD, rows_of_room(measure_reading_room()))),
        Section("Reading client", VIEWER, lambda: _table(VIEWER_HEAD, rows_of_viewer(measure_viewer()))),
        Section("Memory", MEMORY, lambda: _memory(measure_memory(sizes), sizes)),
        Section("Without internet", "", _offline),
    ]


def _titles(sections: Iterable[Section]) -> str:
    return ", ".join(f"'{one.title}'" for one in sections)


def _written(path: Path) -> dict[str, str]:
    """Return what was written before: title to the whole section."""
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:] if path.exists() else []
    return {part.partition("\n")[0]: f"## {part.strip()}\n" for part in parts}


def _machine() -> str:
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    debian = Path("/etc/debian_version")
    system = f"Debian {debian.read_text().strip()}" if debian.exists() else platform.system()
    load = os.getloadavg()[0]
    busy = f"; other programs ran besides (load {load:.1f})" if load > 0.5 else ""
    return f"{cores} cores, {gigabytes:.0f} GB of memory, {system}, Python {platform.python_version()}{busy}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _rates(rates: Sequence[Rate]) -> list[str]:
    return _table(
        ["what", "images/s", "a core", "against", "images/s", "ratio", "aim", "reached"],
        (
            [
                one.what, f"{one.images:.1f}", f"{one.images_per_core_second:.1f}", one.against, f"{one.base:.1f}",
                f"{one.ratio:.2f} ×", AIMS.get(one.what, ""), _verdict(one),
            ]
            for one in rates
        ),
    )  # fmt: skip


def _verdict(rate: Rate) -> str:
    aim = AIMS.get(rate.what)
    if aim is None:
        return ""
    found = rate.images_per_core_second if aim.endswith("a core") else rate.ratio
    return "yes" if found >= float(aim.split()[1]) else "no"


def _leaks(found: Sequence[Leaks]) -> list[str]:
    return _table(
        ["tool", "files with a leak", "without", "refused or failed"],
        ([one.tool, str(one.leaking), str(one.clean), str(one.refused)] for one in found),
    )


def _workers(found: Scaling) -> list[str]:
    said = "reached" if found.engine >= WORKERS_AIM else "not reached"
    return [
        f"Once they run, two workers treat images {found.engine:.2f} × as fast as one; the aim, {WORKERS_AIM} ×, is "
        f"{said}. Two processes",
        f"on their own reach {found.machine:.2f} × on this machine. Workers take {found.start_seconds:.1f} s to start.",
    ]


def _split() -> list[str]:
    rows = []
    for name, case in CASES.items():
        found = measure(case, range(SPLIT_SEEDS), 1)
        rows.append([name, f"{sorted(found[:, 0])[SPLIT_SEEDS // 2]:.0f}", f"{found[:, 1].max():.1f}"])
    return _table(["folds", "ms", "largest deviation of a label"], rows)


def _rows(times: Sequence[RowTimes]) -> list[str]:
    return _table(
        ["work", "500 exams", "5,000 exams", "growth"],
        (
            [
                f"{one.what}{', each' if one.is_each else ''}", f"{1000 * one.small:.0f}", f"{1000 * one.large:.0f}",
                f"{one.large / max(one.small, 1e-9):.1f} ×",
            ]
            for one in times
        ),
    )  # fmt: skip


def _memory(usages: Sequence[Usage], sizes: Sequence[int]) -> list[str]:
    by_stage: dict[str, list[Usage]] = {}
    for one in usages:
        by_stage.setdefault(one.stage, []).append(one)
    return _table(
        ["stage", *(f"{size:,} exams" for size in sizes)],
        ([stage, *(f"{one.program:.0f} + {one.worker:.0f}" for one in found)] for stage, found in by_stage.items()),
    )


def _offline() -> list[str]:
    found = measure_offline()
    if found is None:
        return ["Not measured: there is no archive in `build/bundle`; `make bench` makes it where there is internet."]
    return [
        f"The archive of {found.megabytes:.0f} MB installs in {found.install_seconds:.0f} s in an empty network "
        f"namespace; the demo there takes {found.demo_seconds:.0f} s, and `mammoset verify` says: {found.verified}."
    ]


if __name__ == "__main__":
    main()
