"""Chromium as a reader has it, measured: when images are on the screen, the longest task, the memory of it all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, CDPSession, ViewportSize, sync_playwright

from bench.viewer_exams import NAME, PASSWORD

ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
IMITATED_CARD = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""WebGL 2 by the processor: the code that runs on a graphics card."""
SIZE = ViewportSize(width=1600, height=1000)
MEGABITS = 100
CALM_MS = 1000
TRACED = "disabled-by-default-devtools.timeline,devtools.timeline,toplevel"

WATCH = """
globalThis.watch = (() => {
  let before = '', said = {}, tell
  const watch = { done: new Promise((resolve) => { tell = resolve }) }
  const panes = () => [...document.querySelectorAll('[data-image]')]
  const idsOf = (found) => found.map((one) => one.dataset.image).join()
  // what is painted in a frame is on the screen when the next one begins
  const note = (name) => {
    if (said[name] !== undefined) return
    said[name] = null
    requestAnimationFrame(() => {
      said[name] = performance.now()
      if (name === 'settled') tell({ ...said })
    })
  }
  const look = () => {
    const found = panes()
    if (found.length === 0 || idsOf(found) === before) return
    const there = found.filter((one) => one.dataset.level !== undefined)
    if (there.length > 0) note('first')
    if (there.length === found.length) note('all')
    if (document.querySelector('[data-stage]')?.dataset.settled === 'true') note('settled')
  }
  watch.begin = () => {
    before = idsOf(panes())
    said = {}
    watch.done = new Promise((resolve) => { tell = resolve })
  }
  const began = (event) => { said.began ??= event.timeStamp }
  for (const name of ['keydown', 'mousedown']) addEventListener(name, began, true)
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-settled', 'data-level'] }
  new MutationObserver(look).observe(document, watched)
  return watch
})()
"""
"""Notes when all panes of other images than before show something, and when they are as fine as wanted."""


class Times(NamedTuple):
    """When images were on the screen, in ms after the key, the click or the navigation that asked for them."""

    first: float
    all: float
    settled: float


class Reader:
    """A reader's browser, signed in: a profile of its own on the disk, one page at a time."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.page = context.pages[0]

    def sign_in(self) -> None:
        """Sign in, and come to the list."""
        self.page.goto(f"{self.address}/worklist")
        self.page.get_by_label("Name", exact=True).fill(NAME)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator("tbody tr").first.wait_for()

    def renew(self) -> None:
        """Close the page and take a new one."""
        before, self.page = self.page, self.context.new_page()
        before.close()

    def throttle(self) -> CDPSession:
        """Have this page's way to the server bear `MEGABITS`, without delay, as the proof of the viewer had it."""
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        rate = MEGABITS * 1e6 / 8
        conditions = {"offline": False, "latency": 0, "downloadThroughput": rate, "uploadThroughput": rate}
        session.send("Network.emulateNetworkConditions", conditions)
        return session

    def open(self, study_id: str, query: str = "") -> Times:
        """Open an exam by its address, and wait until it is on the screen as fine as it is wanted."""
        self.page.goto(f"{self.address}/read/{study_id}{query}")
        return self.arrived()

    def begin(self) -> None:
        """From now on wait for other images than those that are shown."""
        self.page.evaluate("() => watch.begin()")

    def arrived(self) -> Times:
        """Wait for the images; times since the key, the mouse button or the navigation."""
        found = self.page.evaluate("() => watch.done")
        began = found.get("began", 0)  # the navigation's beginning is where the page's clock begins
        return Times(*(found[name] - began for name in Times._fields))

    def prefetched(self, image_ids: Iterable[str]) -> None:
        """Wait until the whole code streams of images are in memory."""
        self.page.wait_for_function(
            """(ids) => {
                const kept = document.querySelector('[data-stage]')?.viewport?.kept.bytes ?? []
                const loaded = document.querySelector('[data-settled=true]') !== null
                return loaded && ids.every((id) => kept.some((key) => key.endsWith(id)))
            }""",
            arg=list(image_ids),
        )

    def calm(self) -> None:
        """Wait until nothing has come from the server for `CALM_MS`: all is loaded that is loaded ahead."""
        self.page.evaluate(
            """(ms) => new Promise((done) => {
                let calm = setTimeout(done, 2 * ms)
                const again = () => { clearTimeout(calm); calm = setTimeout(done, ms) }
                new PerformanceObserver(again).observe({ type: 'resource' })
            })""",
            CALM_MS,
        )

    @contextmanager
    def tracing(self) -> Iterator[list[float]]:
        """Trace the page; the list gets how long each task of its main thread took, in ms, once that ends."""
        session = self.context.new_cdp_session(self.page)
        tasks: list[float] = []
        ended: list[Any] = []
        events: list[dict[str, Any]] = []
        session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
        session.on("Tracing.tracingComplete", lambda said: ended.append(said))
        session.send("Tracing.start", {"categories": TRACED, "transferMode": "ReportEvents"})
        yield tasks
        session.send("Tracing.end")
        while not ended:
            self.page.wait_for_timeout(20)
        tasks.extend(_tasks(events))

    def megabytes(self) -> float:
        """Return the memory of all processes of the browser: what they share counted once."""
        return sum(_pss(pid) for pid in _descendants(os.getpid()) if _is_chromium(pid)) / 1024


@contextmanager
def reading(address: str, *, by_card: bool = False, cookies: Sequence[Any] = ()) -> Iterator[Reader]:
    """Give a reader who has signed in, in a browser that has no graphics card, unless one is imitated.

    With the cookies of another one's context the browser has nothing else of the site: its cache is empty.
    """
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=[*ARGUMENTS, *(IMITATED_CARD if by_card else ())],
            ignore_default_args=[] if by_card else ["--enable-unsafe-swiftshader"], viewport=SIZE,
            locale="en-GB",
        )  # fmt: skip
        context.add_init_script(WATCH)
        context.set_default_timeout(60_000)
        try:
            reader = Reader(context, address)
            reader.renew()
            if cookies:
                context.add_cookies(cookies)
            else:
                reader.sign_in()
            yield reader
        finally:
            context.close()


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    named = [one for one in events if one["name"] == "thread_name"]
    main = {(one["pid"], one["tid"]) for one in named if one["args"]["name"] == "CrRendererMain"}
    tasks = [one for one in events if one["name"] == "RunTask" and (one["pid"], one["tid"]) in main]
    return [one["dur"] / 1000 for one in tasks if "dur" in one]


def _descendants(pid: int) -> list[int]:
    children = [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in _text(task).split()]
    return [*children, *(deeper for child in children for deeper in _descendants(child))]


def _is_chromium(pid: int) -> bool:
    return "chromium" in _text(Path(f"/proc/{pid}/cmdline")).partition("\0")[0]


def _pss(pid: int) -> int:
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _text(path: Path) -> str:
    """Return what a file of a process says; nothing when the process has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
