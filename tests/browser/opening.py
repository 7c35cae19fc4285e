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

from mammoset.catalog import passwords
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.serving import _listen, _Server
from tests.web.opening import add_person
from tests.web.wiring import NAME

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization", "--disable-gpu-compositing", f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
)  # fmt: skip
"""WebGL by the processor: the same code as on a graphics card; all around it is painted without, which is quicker."""
PASSWORD = "four words of hers"

SIGNED_OUT = "status of 401|Clear-Site-Data header|GL Driver Message"
"""What Chromium itself says of who has not signed in yet or signs out, and of taking pictures of what it paints."""
EXPECTED = f"{SIGNED_OUT}|status of (404|409|410)"
"""And of exams that are not there, have changed, or are held."""
AWAY = "ERR_INTERNET_DISCONNECTED"
"""And of a network that is away."""
ANYTHING, NOTHING = "", "(?!)"

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
def watched(
    browser: Browser, size: tuple[int, int] = SIZE, *, expected: str = EXPECTED, locale: str = "en-GB", **more: Any
) -> Iterator[BrowserContext]:
    """Give a browser of one person; anything that it complains of and that is not `expected` is an error at the end."""
    complaints: list[str] = []
    viewport: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce", **more)
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        yield context
    finally:
        context.close()  # or the server would wait for it
    assert not [one for one in complaints if not re.search(expected, one)]


@contextmanager
def serving(what: Any) -> Iterator[str]:
    """Serve an application, or a project by one of its own, on a free port; yield the address."""
    ready: SimpleQueue[None] = SimpleQueue()
    app = create_app(what) if isinstance(what, Project) else what
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


def hire(project: Project, **roles: str) -> None:
    """Give people accounts whose password is `PASSWORD`: names, each with a role or several between spaces."""
    for name, held in roles.items():
        add_person(project, name, *held.split(), password_hash=passwords.hashed(PASSWORD))


def sign_in(page: Page, name: str = "alice", password: str = PASSWORD) -> None:
    """Fill in the form that is shown to who is not signed in."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def enter(page: Page, address: str, path: str, name: str) -> None:
    """Go to a page as somebody who signs in on the way, and wait for its address."""
    page.goto(f"{address}{path}")
    sign_in(page, name)
    page.wait_for_url(f"**{path}")
