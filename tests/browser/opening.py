"""A real browser at the real server: started, watched for what it complains of, signed in."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from mammoset.web.serving import _listen, _Server

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
"""WebGL by the processor: the same code as on a graphics card."""
PASSWORD = "four words of hers"
EXPECTED = re.compile(r"status of (401|404|409|410)|GL Driver Message|Clear-Site-Data")
"""What Chromium itself says of refusals that belong to the pages, and of taking pictures of what it paints."""
SIZE = (1430, 760)
"""Wide enough for four views in a row beside the form."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        yield started
        started.close()


@contextmanager
def watched(browser: Browser, size: tuple[int, int] = SIZE, colors: Any = "dark") -> Iterator[BrowserContext]:
    """Give a browser of one person; anything that it complains of is an error at the end."""
    complaints: list[str] = []
    viewport: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, locale="en-GB", reduced_motion="reduce", color_scheme=colors)
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        yield context
    finally:
        context.close()  # or the server would wait for it
    assert not [one for one in complaints if not EXPECTED.search(one)]


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application on a free port; yield its address."""
    ready: SimpleQueue[None] = SimpleQueue()
    with _listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
        server = _Server(config, lambda: ready.put(None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ready.get(timeout=30)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def sign_in(page: Page, name: str) -> None:
    """Fill in the form that is shown to who is not signed in."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
