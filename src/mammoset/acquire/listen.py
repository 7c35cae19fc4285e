"""What a PACS sends of itself: acknowledged when it is on disk, sorted into its exams afterwards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import Any

from pynetdicom import evt

from mammoset.acquire.admit import Admission, extend_pool, open_vault
from mammoset.acquire.quarantine import RESERVE, Arrival, arrival_of, digested, require_room
from mammoset.acquire.receive import Inbox, storage_scp, whole_files
from mammoset.acquire.summary import AcquireSummary, summarize
from mammoset.acquire.tombstones import erase_what_is_due
from mammoset.engine import Progress, silent
from mammoset.errors import ConfigError, RefusedObject
from mammoset.project import Project
from mammoset.project.settings import AcquireSettings, PeerSettings
from mammoset.vault import Vault

SOURCE = "listen"
MOST_TITLES = 20
TITLE = re.compile(r"[A-Za-z0-9_. -]{1,16}")
LOOK_SECONDS = 0.2
"""How often to look whether to end."""
ENDINGS = (evt.EVT_RELEASED, evt.EVT_ABORTED, evt.EVT_CONN_CLOSE)


class Door:
    """Who may send of itself, and who was rejected.

    Attributes
    ----------
    titles : tuple of str
        AE titles; empty lets in everybody.
    rejected : Counter
        Associations by calling AE title, what could not be one under ``others``.

    Raises
    ------
    ConfigError
        If the settings name nobody: an address that takes in whatever comes must be wanted.
    """

    def __init__(self, settings: AcquireSettings) -> None:
        self.titles: tuple[str, ...] = ()
        if settings.listen_to != "any":
            peers = (one.ae_title for one in settings.peers.values() if isinstance(one, PeerSettings))
            self.titles = settings.listen_to or tuple(sorted(set(peers)))
            if not self.titles:
                raise ConfigError(
                    "mammoset.toml: acquire.listen_to does not say who may send; write the AE title of the PACS, as "
                    'listen_to = ["PACS"], or listen_to = "any" where the network keeps everybody else away'
                )
        self.rejected: Counter[str] = Counter()
        self._lock = Lock()

    def rejected_one(self, event: Any) -> None:
        """Count a rejected association."""
        request = event.assoc.requestor.primitive
        title = str(request.calling_ae_title).strip() if request is not None else ""
        with self._lock:
            is_shown = title in self.rejected or len(self.rejected) < MOST_TITLES
            self.rejected[title if is_shown and TITLE.fullmatch(title) else "others"] += 1


def listen(
    project: Project,
    *,
    until: Event | None = None,
    ready: Callable[[int], None] | None = None,
    progress: Progress = silent,
) -> AcquireSummary:
    """Take in what a PACS sends of itself, until told to stop or interrupted (Ctrl-C).

    An exam may come in several associations: it is decided about after each, and completed by the next. While the
    vault's disk is too full, senders are told so, and what was acknowledged before waits.

    Parameters
    ----------
    until : threading.Event or None
        Set it to end; what has arrived by then is sorted in first.
    ready : callable or None
        Called with our port as soon as it is open.

    Raises
    ------
    AcquireError
        If our address cannot be listened on, or, at the beginning or the end, the vault's file system is too full.
    ConfigError
        If the settings do not say who may send.
    """
    door = Door(project.settings.acquire)
    with project.lock("acquire"):
        vault = open_vault(project)
        vault.empty_incoming()
        admission = Admission(project, vault)
        sorter = _Sorter(project, vault, admission, progress)
        sorter.sort_in()  # what an earlier run had acknowledged and not sorted in
        _receive(project, sorter, door, until or Event(), ready)
        sorter.sort_in()
        erase_what_is_due(project, vault)
        return replace(summarize(project, admission.objects), rejected=dict(door.rejected))


def _receive(project: Project, sorter: _Sorter, door: Door, until: Event, ready: Callable[[int], None] | None) -> None:
    """Have objects come in, and sort them in whenever an association has ended."""
    inbox = Inbox(sorter.vault.pushed, is_durable=True)
    ended = Event()

    def end(_: Any) -> None:
        ended.set()
        inbox.rouse()

    handlers = [(evt.EVT_REJECTED, door.rejected_one), *((one, end) for one in ENDINGS)]
    with (
        storage_scp(project.settings.acquire, sorter.vault.incoming, inbox.store, handlers, door.titles) as port,
        suppress(KeyboardInterrupt),
    ):
        if ready is not None:
            ready(port)
        while not until.is_set():
            inbox.wait(LOOK_SECONDS)
            has_ended = ended.is_set()
            ended.clear()
            sorter.look_at(inbox.take())
            if has_ended and sorter.has_room:
                sorter.sort_in()


class _Sorter:
    """Sorts whole pushed objects into their exams."""

    def __init__(self, project: Project, vault: Vault, admission: Admission, progress: Progress) -> None:
        self.project = project
        self.vault = vault
        self.admission = admission
        self.progress = progress
        self.count = 0
        self._seen: dict[Path, Arrival] = {}

    @property
    def has_room(self) -> bool:
        """Whether the vault's disk has its reserve."""
        return self.vault.free_bytes() >= RESERVE

    def look_at(self, paths: Iterable[Path]) -> None:
        """Read and hash objects while others are still coming."""
        for path in paths:
            if path in self._seen or not path.exists():  # it was found in the folder before it was announced
                continue
            arrival = arrival_or_count(path, self.admission)
            if arrival is not None:
                self._seen[path] = replace(digested(arrival), is_flushed=True)

    def sort_in(self) -> None:
        """Take in all that was acknowledged, in the order of its arrival."""
        waiting = whole_files(self.vault.pushed)
        if waiting:
            require_room(self.vault)
        self.look_at(waiting)
        exams: dict[str, list[Arrival]] = {}
        for path in filter(self._seen.__contains__, waiting):
            exams.setdefault(self._seen[path].header.study_uid, []).append(self._seen[path])
        seed = self.project.settings.acquire.seed
        for study_uid in sorted(exams):
            if not self.admission.is_withdrawn(study_uid, exams[study_uid]):
                extend_pool(self.project, self.vault, [study_uid], seed, SOURCE)
            self.admission.admit(study_uid, exams[study_uid])
            for arrival in exams[study_uid]:
                discard(arrival)
            self.count += len(exams[study_uid])
            self.progress("objects", self.count, None)
        self._seen.clear()


def arrival_or_count(path: Path, admission: Admission) -> Arrival | None:
    """Return a received file as an arrival; count and delete one that belongs to no exam."""
    try:
        arrival = arrival_of(path)
        if not (arrival.header.study_uid and arrival.header.sop_uid):
            raise RefusedObject("no_identity")
    except RefusedObject as refusal:
        admission.count(refusal.reason)
        path.unlink()
        return None
    return arrival


def discard(arrival: Arrival) -> None:
    """Delete a received file that was not moved into quarantine."""
    if arrival.owned is not None:
        arrival.owned.unlink(missing_ok=True)
