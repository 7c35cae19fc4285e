"""Our own storage SCP: takes in what a PACS sends, on request (C-MOVE) or of itself (pushes).

It accepts every storage class in every transfer syntax: some archives send nothing of a study when one of its objects
is refused. What is not a mammogram is refused afterwards, object by object. Everything is written to a temporary
name on the vault's file system as it arrives and renamed when it is whole.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Condition, Event, Lock
from typing import Any, cast
from uuid import uuid4

from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, _config, evt
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]
from pynetdicom.transport import AssociationServer

from mammoset.acquire.admit import Admission, extend_pool, open_vault
from mammoset.acquire.peer import MAX_PDU
from mammoset.acquire.quarantine import Arrival, arrival_of
from mammoset.acquire.summary import AcquireSummary, summarize
from mammoset.engine import Progress, silent
from mammoset.errors import AcquireError, ConfigError, RefusedObject
from mammoset.project import Project
from mammoset.project.settings import AcquireSettings, PeerSettings
from mammoset.vault import Vault

SOURCE = "listen"
MAX_ASSOCIATIONS = 32
MOST_TITLES = 20
TITLE = re.compile(r"[A-Za-z0-9_. -]{1,16}")
IDLE_SECONDS = 300
STORED = 0x0000
OUT_OF_RESOURCES = 0xA700
"""PS3.4 B.2.3."""


class Inbox:
    """Objects as they arrive, from any number of threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changed = Condition()
        self._arrived: list[tuple[str, Path]] = []

    def store(self, event: Any) -> int:
        """Answer a C-STORE request: keep what arrived under a name of our own."""
        path = self.folder / f"{uuid4().hex}.dcm"
        request = event.request
        try:
            request._dataset_file.close()  # in a C-GET nobody else does
            Path(event.dataset_path).replace(path)
        except OSError:
            return OUT_OF_RESOURCES
        self._note(str(request.AffectedSOPInstanceUID), path)
        return STORED

    def put(self, path: Path) -> None:
        """Take a whole file of the folder; what it holds is read from it."""
        try:
            uid = arrival_of(path).header.sop_uid
        except RefusedObject:  # it is counted when it is sorted in
            uid = ""
        self._note(uid, path)

    def _note(self, sop_uid: str, path: Path) -> None:
        with self._changed:
            self._arrived.append((sop_uid, path))
            self._changed.notify_all()

    def has(self, sop_uids: Collection[str]) -> bool:
        """Whether all these objects have arrived."""
        with self._changed:
            return set(sop_uids) <= {uid for uid, _ in self._arrived}

    def wait_for(self, sop_uids: Collection[str], seconds: float) -> None:
        """Wait until all these objects have arrived, or none has for some seconds."""
        with self._changed:
            before = -1
            while not set(sop_uids) <= {uid for uid, _ in self._arrived} and len(self._arrived) > before:
                before = len(self._arrived)
                self._changed.wait(seconds)

    def take(self) -> list[Path]:
        """Empty the inbox and return its files in the order of their arrival."""
        with self._changed:
            files = [path for _, path in self._arrived]
            self._arrived.clear()
            return files


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


class _Shared(list[PresentationContext]):
    """The contexts we accept; pynetdicom copies them deeply for each association, for 0.1 s, and only reads them."""

    def __deepcopy__(self, memo: object) -> _Shared:
        return self


@contextmanager
def receiving_into(folder: Path) -> Iterator[None]:
    """Have pynetdicom write what it receives straight to files in a folder; its settings are those of the process."""
    before = _config.STORE_RECV_CHUNKED_DATASET, tempfile.tempdir
    _config.STORE_RECV_CHUNKED_DATASET, tempfile.tempdir = True, str(folder)
    try:
        yield
    finally:
        _config.STORE_RECV_CHUNKED_DATASET, tempfile.tempdir = before


@contextmanager
def storage_scp(
    settings: AcquireSettings,
    incoming: Path,
    store: Callable[[Any], int],
    ended: Callable[[Any], None] | None = None,
    door: Door | None = None,
) -> Iterator[int]:
    """Run our storage SCP; gives its port.

    Parameters
    ----------
    settings : AcquireSettings
        Our AE title, host and port; port 0 takes any free one, of use only with peers that can be told.
    incoming : Path
        Folder for what is just arriving.
    store : callable
        Answers C-STORE requests.
    ended : callable or None
        Called after each association.
    door : Door or None
        Who may send; None lets in whoever calls us by our title: a PACS may send on request under other titles.

    Raises
    ------
    AcquireError
        If the address cannot be listened on.
    """
    ae = AE(ae_title=settings.ae_title)
    ae.maximum_pdu_size = MAX_PDU
    ae.maximum_associations = MAX_ASSOCIATIONS
    ae.network_timeout = IDLE_SECONDS
    ae.require_called_aet = True
    ae.add_supported_context(Verification)
    for context in AllStoragePresentationContexts:
        ae.add_supported_context(str(context.abstract_syntax), ALL_TRANSFER_SYNTAXES)
    handlers: list[Any] = [(evt.EVT_C_STORE, store)]
    if door is not None:
        ae.require_calling_aet = list(door.titles)
        handlers.append((evt.EVT_REJECTED, door.rejected_one))
    if ended is not None:
        handlers += [(one, ended) for one in (evt.EVT_RELEASED, evt.EVT_ABORTED, evt.EVT_CONN_CLOSE)]
    address = settings.host, settings.port
    with receiving_into(incoming):
        try:
            server = cast(AssociationServer, ae.start_server(address, block=False, evt_handlers=handlers))
            server.contexts = _Shared(server.contexts)
        except OSError as error:
            raise AcquireError(
                f"our DICOM address {settings.host}:{settings.port} cannot be listened on ({error.strerror}); "
                "another program may have it: change acquire.host or acquire.port in mammoset.toml, and tell the PACS"
            ) from None
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def listen(
    project: Project,
    *,
    until: Event | None = None,
    ready: Callable[[int], None] | None = None,
    progress: Progress = silent,
) -> AcquireSummary:
    """Take in what a PACS sends of itself, until told to stop or interrupted (Ctrl-C).

    An exam may come in several associations: it is decided about after each, and completed by the next.

    Parameters
    ----------
    until : threading.Event or None
        Set it to end; what has arrived by then is sorted in first.
    ready : callable or None
        Called with our port as soon as it is open.

    Raises
    ------
    AcquireError
        If our address cannot be listened on, or the vault's file system is too full.
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
        changed = Event()
        inbox = Inbox(vault.pushed)
        settings = project.settings.acquire
        with storage_scp(settings, vault.incoming, inbox.store, lambda _: changed.set(), door) as port:
            if ready is not None:
                ready(port)
            with suppress(KeyboardInterrupt):
                while until is None or not until.is_set():
                    if changed.wait(0.2):
                        changed.clear()
                        sorter.sort_in()
        sorter.sort_in()
        return replace(summarize(project, admission.objects), rejected=dict(door.rejected))


class _Sorter:
    """Sorts whole pushed objects into their exams."""

    def __init__(self, project: Project, vault: Vault, admission: Admission, progress: Progress) -> None:
        self.project = project
        self.vault = vault
        self.admission = admission
        self.progress = progress
        self.count = 0

    def sort_in(self) -> None:
        exams: dict[str, list[Arrival]] = {}
        for path in sorted(self.vault.pushed.glob("*.dcm"), key=lambda one: (one.stat().st_mtime_ns, one.name)):
            arrival = arrival_or_count(path, self.admission)
            if arrival is not None:
                exams.setdefault(arrival.header.study_uid, []).append(arrival)
        seed = self.project.settings.acquire.seed
        for study_uid in sorted(exams):
            extend_pool(self.project, self.vault, [study_uid], seed, SOURCE)
            self.admission.admit(study_uid, exams[study_uid])
            for arrival in exams[study_uid]:
                discard(arrival)
            self.count += len(exams[study_uid])
            self.progress("objects", self.count, None)


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
