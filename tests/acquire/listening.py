"""`listen` in a thread, and a PACS that pushes to it."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event, Thread

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE

from mammoset.acquire import listen
from mammoset.acquire.peer import settle
from mammoset.acquire.summary import AcquireSummary
from mammoset.project import Project
from tests.acquire.made import encoded

SECONDS = 60.0


class Listener:
    """`listen` in a thread, and a PACS that pushes to it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.until, self.open, self.sorted = Event(), Event(), Event()
        self.port = 0
        self.seen = 0
        self.expected = 0
        self.summary: AcquireSummary | None = None
        self.thread = Thread(target=self._run)
        self.thread.start()
        assert self.open.wait(SECONDS)

    def _run(self) -> None:
        self.summary = listen(self.project, until=self.until, ready=self._ready, progress=self._progress)

    def _ready(self, port: int) -> None:
        self.port = port
        self.open.set()

    def _progress(self, what: str, done: int, total: int | None) -> None:
        self.seen = done
        if done >= self.expected:
            self.sorted.set()

    def push(self, objects: Iterable[Dataset], title: str = "MAMMOSET", calling: str = "PACS") -> list[int]:
        """Send objects over one association and return the statuses."""
        ae = AE(ae_title=calling)
        sent = list(objects)
        for sop_class in {made.SOPClassUID for made in sent}:
            ae.add_requested_context(sop_class, ExplicitVRLittleEndian)
        association = ae.associate("127.0.0.1", self.port, ae_title=title)
        if not association.is_established:
            return []
        for made in sent:
            encoded(made)  # gives it File Meta Information
        statuses = []
        for made in sent:
            statuses.append(int(association.send_c_store(made).Status))
            settle(association)
        association.release()
        return statuses

    def wait_for(self, count: int) -> None:
        """Wait until so many objects have been sorted in."""
        self.sorted.clear()
        self.expected = count
        if self.seen < count:
            assert self.sorted.wait(SECONDS)

    def end(self) -> AcquireSummary:
        self.until.set()
        self.thread.join(SECONDS)
        assert self.summary is not None
        return self.summary
