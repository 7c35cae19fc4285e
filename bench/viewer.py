"""How fast images are on a reader's screen: a real server process, Debian's Chromium, exams of full size.

``python -m bench.viewer EXAMS [next|open|cold|list|drag|dots …]`` prints some of it alone.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.dots import Seen, look_at_dots
from tests.load.room import Server
from tests.web.building import uid

from bench.viewer_browser import Reader, Times, reading
from bench.viewer_exams import Exams, furnish

N_EXAMS, TURNS = 140, 7
IN_A_ROW = 100
"""Exams that are read one after the other; the others are opened one by one."""
MOVES = 40
SIZES = ((1024, 640), (1280, 720), (1366, 768), (1600, 1000), (1920, 1080), (2560, 1440), (3840, 2160))
ANSWER = "2b1c"
"""Both breasts, so that Enter submits and opens the next exam."""
HEAD = ("what", "measured", "aim", "reached")


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured; `aim` the most (or of shares the least) it should be, None where nothing is aimed at."""

    what: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def is_reached(self) -> bool:
        """Whether the aim is met; shares are to be high, all else low."""
        if self.aim is None:
            return True
        return self.value >= self.aim if self.unit == "%" else self.value <= self.aim


@dataclass(frozen=True, slots=True)
class Room:
    """Where all is measured."""

    address: str
    exams: Exams

    def images(self, number: int) -> list[str]:
        """Return the names of the images of an exam."""
        return [uid(2, number, index) for index in range(4)]


def measure_viewer(n_exams: int = N_EXAMS, only: Sequence[str] = ()) -> Iterator[Result]:
    """Measure everything, or parts of it by their names."""
    with _room(n_exams) as room:
        for name, part in PARTS.items():
            if not only or name in only:
                yield from part(room)


@contextmanager
def _room(n_exams: int) -> Iterator[Room]:
    with tempfile.TemporaryDirectory() as folder:
        exams = furnish(Path(folder) / "p", n_exams)
        server = Server(Path(folder) / "p")
        server.start()
        try:
            yield Room(server.url, exams)
        finally:
            server.stop()


def _open(room: Room) -> list[Result]:
    found = []
    with reading(room.address) as signed_in:
        cookies = signed_in.context.cookies()
    for study in room.exams.studies[-TURNS:]:
        with reading(room.address, cookies=cookies) as reader:
            reader.throttle()
            found.append(reader.open(study))
    return [
        Result("page open, empty cache, 100 Mbit/s → first view", _median(found, "first"), "ms"),
        Result("… → four views, as fine as wanted", _median(found, "settled"), "ms", 1100),
    ]


def _cold(room: Room) -> list[Result]:
    with reading(room.address) as reader:
        found = []
        for study in room.exams.studies[-2 * TURNS : -TURNS]:
            _to_list(reader)
            reader.page.locator(f'a[href$="{study}"]').click()
            found.append(reader.arrived())
    return [
        Result("new exam, nothing of it loaded, 100 Mbit/s → four views, 16 bit", _median(found, "all"), "ms", 300),
        Result("… → as fine as wanted", _median(found, "settled"), "ms"),
    ]


def _list(room: Room) -> list[Result]:
    with reading(room.address) as reader:
        found = []
        for _ in range(TURNS):
            _to_list(reader)
            reader.page.keyboard.press("n")
            found.append(reader.arrived())
    return [Result("first exam from the list, N → four views", _median(found, "settled"), "ms", 60)]


def _to_list(reader: Reader) -> None:
    """Come to the list in a new page, and wait until all is loaded that it loads ahead."""
    reader.renew()
    reader.throttle()
    reader.page.goto(f"{reader.address}/worklist")
    reader.calm()
    reader.begin()


def _next(room: Room) -> list[Result]:
    """Answer exams and go on to the next."""
    found, memory = [], []
    with reading(room.address) as reader:
        reader.open(room.exams.studies[0])
        for number in range(min(IN_A_ROW, len(room.exams.studies) - 2 * TURNS)):
            _look_closely(reader)
            reader.prefetched(room.images(number + 1))
            memory.append(reader.megabytes())
            found.append(_answer(reader))
    return _said_of_next(found, memory)


def _answer(reader: Reader) -> Times:
    reader.page.locator("aside[data-phase]").wait_for()
    for key in ANSWER:
        reader.page.keyboard.press(key)
    reader.begin()
    reader.page.keyboard.press("Enter")
    return reader.arrived()


def _look_closely(reader: Reader) -> None:
    """Look at a part of all four views at 1:1, so that they are decoded in full."""
    for pane in reader.page.locator("[data-image]").all()[::2]:
        box = pane.bounding_box()
        assert box is not None
        reader.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        reader.page.keyboard.press("x")
        reader.page.locator('[data-settled=true]:has([data-level="0"])').wait_for()
        reader.page.keyboard.press("x")
        reader.page.locator("[data-settled=true]:not(:has([data-level='0']))").wait_for()


def _said_of_next(found: Sequence[Times], memory: Sequence[float]) -> list[Result]:
    return [
        Result("next exam, loaded ahead: Enter → four views", _median(found, "settled"), "ms", 60),
        Result("memory of all processes of Chromium, most", max(memory), "MB", 1400),
        Result("… at exams 11–20", max(memory[10:20]), "MB"),
        Result(f"… at the last 10 of {len(memory)} exams", max(memory[-10:]), "MB", 1.1 * max(memory[10:20])),
    ]


def _drag(room: Room) -> list[Result]:
    longest = []
    with reading(room.address) as reader:
        reader.open(room.exams.studies[-1])
        reader.prefetched(room.images(len(room.exams.studies) - 1))
        reader.page.locator("aside[data-phase]").wait_for()
        for _ in range(TURNS):
            with reader.tracing() as tasks:
                _draw(reader)
            longest.append(max(tasks))
            reader.page.keyboard.press("Delete")
    return [
        Result(f"box drawn in {MOVES} moves: longest task", statistics.median(longest), "ms", 50),
        Result("… of all turns", max(longest), "ms"),
    ]


def _draw(reader: Reader) -> None:
    box = reader.page.locator("[data-image]").first.bounding_box()
    assert box is not None
    reader.page.keyboard.press("o")
    reader.page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.1 * box["height"])
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.9 * box["height"], steps=MOVES)
    reader.page.mouse.up()


def _dots(room: Room) -> list[Result]:
    results = []
    for how in ("processor", "card"):
        with reading(room.address, by_card=how == "card") as reader:
            reader.open(room.exams.dots.study_id, f"?paint={how}")
            reader.page.keyboard.press("h")
            seen = {size: look_at_dots(reader.page, room.exams.dots, *size) for size in SIZES}
            results += [_said_of_dots(how, size, one) for size, one in seen.items()]
    return results


def _said_of_dots(how: str, size: tuple[int, int], seen: Seen) -> Result:
    said = f"{100 * seen.scale:.0f} % of full size, level {seen.level}, all but 1 % by {seen.faintest:.0f} greys"
    return Result(f"dots seen at fit, {size[0]} × {size[1]}, by the {how} ({said})", 100 * seen.visible, "%", 99)


PARTS: dict[str, Callable[[Room], list[Result]]] = {
    "next": _next, "open": _open, "cold": _cold, "list": _list, "drag": _drag, "dots": _dots,
}  # fmt: skip


def _median(found: Sequence[Times], name: str) -> float:
    return statistics.median(float(getattr(one, name)) for one in found)


def rows_of(results: Iterable[Result]) -> list[list[str]]:
    """Return the lines of a table under `HEAD`."""
    return [_row(one) for one in results]


def _row(one: Result) -> list[str]:
    measured = f"{one.value:.1f} {one.unit}"
    if one.aim is None:
        return [one.what, measured, "", ""]
    side = "≥" if one.unit == "%" else "≤"
    return [one.what, measured, f"{side} {one.aim:.0f} {one.unit}", "yes" if one.is_reached else "no"]


if __name__ == "__main__":
    count, *names = sys.argv[1:] or [str(N_EXAMS)]
    print(*HEAD, sep="\t")
    for found in measure_viewer(int(count), names):
        print(*_row(found), sep="\t", flush=True)
