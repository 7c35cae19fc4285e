"""A PACS in the program itself: serves a folder of DICOM files on the loopback interface, for tests and the demo."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.filebase import DicomBytesIO
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, build_context, evt
from pynetdicom.presentation import PresentationContext

from mammoset.phantom.pacs_index import KEYS, LEVELS, Entry, PacsIndex, answer, entry_of, read_entries

SERVICES = (
    "1.2.840.10008.1.1",
    *(f"1.2.840.10008.5.1.4.1.2.{model}.{service}" for model in (1, 2) for service in (1, 2, 3)),
)
"""Verification; find, move and get of the patient root and the study root model."""

SUCCESS, PENDING, CANCELLED = 0x0000, 0xFF00, 0xFE00
BAD_IDENTIFIER, CANNOT_STORE = 0xA900, 0xC210
MOST_CONTEXTS = 128
SETTLE_SECONDS = 0.1

Answer = tuple[int, Dataset | None]
Address = tuple[str, int]


class EmbeddedPacs:
    """An archive that answers C-ECHO, C-FIND, C-MOVE, C-GET and C-STORE; a context manager.

    Files are read from disk one at a time when they are sent; only their headers are kept in memory.

    Parameters
    ----------
    folder : Path
        All DICOM files below it are served.
    ae_title : str
        Calls under another title are rejected.
    host : str
        A loopback address; anything else is refused with `ValueError`.
    port : int
        0 takes a free one; see `port`.
    destinations : mapping of str to (str, int)
        Where C-MOVE may send to, by AE title.
    incoming : Path, optional
        Folder for objects received by C-STORE; without one they are kept in memory.

    Examples
    --------
    >>> with EmbeddedPacs(hospital.images, destinations={"MAMMOSET": ("127.0.0.1", 11112)}) as pacs:  # doctest: +SKIP
    ...     print(pacs.port)
    """

    def __init__(
        self,
        folder: Path,
        *,
        ae_title: str = "PACS",
        host: str = "127.0.0.1",
        port: int = 0,
        destinations: Mapping[str, Address] | None = None,
        incoming: Path | None = None,
    ) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError("the embedded PACS serves the loopback interface only")
        self.ae_title, self.host = ae_title, host
        self.destinations = dict(destinations or {})
        self.index = PacsIndex(read_entries(folder))
        self._wanted_port, self._incoming = port, incoming
        self._server: Any = None
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port it listens on; only while it runs."""
        return int(self._server.socket.getsockname()[1])

    def start(self) -> Self:
        """Listen."""
        handlers: list[Any] = [
            (evt.EVT_CONN_OPEN, send_at_once),
            (evt.EVT_C_ECHO, lambda _: SUCCESS),
            (evt.EVT_C_FIND, self._find),
            (evt.EVT_C_MOVE, self._move),
            (evt.EVT_C_GET, self._get),
            (evt.EVT_C_STORE, self._store),
        ]
        entity = _application_entity(self.ae_title)
        self._server = entity.start_server((self.host, self._wanted_port), block=False, evt_handlers=handlers)
        self._server.contexts = SharedContexts(self._server.contexts)
        return self

    def stop(self) -> None:
        """Stop listening and end open associations; may be called twice."""
        server, self._server = self._server, None
        if server is not None:
            server.ae.shutdown()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _find(self, event: Any) -> Iterator[Answer]:
        level, query = _identifier(event)
        if level is None:
            yield BAD_IDENTIFIER, None
            return
        with self._lock:
            found = self.index.matching(level, query)
        for files in found:
            if event.is_cancelled:
                yield CANCELLED, None
                return
            yield PENDING, answer(level, query, files, self.ae_title)

    def _wanted(self, event: Any) -> list[Entry]:
        level, query = _identifier(event)
        # The Standard asks for the unique key of the level; without it a slip would move the whole archive.
        if level is None or not query.get(KEYS[level][0]):
            return []
        with self._lock:
            return [entry for files in self.index.matching(level, query) for entry in files]

    def _move(self, event: Any) -> Iterator[Any]:
        destination = str(event.move_destination).strip()
        if destination not in self.destinations:
            yield None, None
            return
        wanted = self._wanted(event)
        opened: list[Any] = []

        def remember(opening: Any) -> None:
            send_at_once(opening)
            opened.append(opening.assoc)

        host, port = self.destinations[destination]
        handlers = [(evt.EVT_CONN_OPEN, remember)]
        yield host, port, {"contexts": _contexts(wanted), "evt_handlers": handlers}
        yield len(wanted)
        for entry in wanted:
            if event.is_cancelled:
                yield CANCELLED, None
                return
            settle(opened)
            yield PENDING, _loaded(entry)

    def _get(self, event: Any) -> Iterator[Any]:
        wanted = self._wanted(event)
        yield len(wanted)
        for entry in wanted:
            if event.is_cancelled:
                yield CANCELLED, None
                return
            yield PENDING, _loaded(entry)

    def _store(self, event: Any) -> int:
        content = event.encoded_dataset()
        try:
            dataset = dcmread(DicomBytesIO(content), stop_before_pixels=True)
        except InvalidDicomError:
            return CANNOT_STORE
        path = None
        if self._incoming is not None:
            path = self._incoming / f"{dataset.SOPInstanceUID}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with self._lock:
            syntax = str(dataset.file_meta.TransferSyntaxUID)
            self.index.add(entry_of(dataset, syntax, path, None if path else content))
        return SUCCESS


class SharedContexts(list[PresentationContext]):
    """The contexts a server accepts, shared by its associations.

    pynetdicom copies them deeply for every association, which takes 0.1 s when all kinds of objects in all transfer
    syntaxes are accepted, and only ever reads them.
    """

    def __deepcopy__(self, memo: object) -> Self:
        return self


def _application_entity(ae_title: str) -> AE:
    entity = AE(ae_title)
    entity.require_called_aet = True
    entity.maximum_pdu_size = 131072
    entity.maximum_associations = 64
    entity.acse_timeout, entity.connection_timeout = 30, 10
    entity.dimse_timeout = entity.network_timeout = 120
    for service in SERVICES:
        entity.add_supported_context(service)
    for context in AllStoragePresentationContexts:
        # Both roles: as SCP for C-STORE, as SCU for C-GET.
        entity.add_supported_context(str(context.abstract_syntax), ALL_TRANSFER_SYNTAXES, scu_role=True, scp_role=True)
    return entity


def send_at_once(event: Any) -> None:
    """Turn Nagle's algorithm off on a connection that opens: it costs 40 ms per small object."""
    connection = event.assoc.dul.socket
    if connection is not None and connection.socket is not None:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def settle(associations: list[Any]) -> None:
    """Wait until the reactor of a sending association has run after the last reply.

    Without it pynetdicom loses replies of back-to-back requests on a busy machine and waits for them in vain.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    for association in associations:
        while getattr(association, "_is_paused", False) and time.monotonic() < deadline:
            time.sleep(0.0002)


def _identifier(event: Any) -> tuple[str | None, Dataset]:
    """Return level and keys of a request; no level where there is none that is known."""
    query = event.identifier
    level = str(query.get("QueryRetrieveLevel", "")).strip()
    return (level if level in LEVELS else None), query


def _contexts(entries: list[Entry]) -> list[PresentationContext]:
    """Return one presentation context per kind of object and transfer syntax, so that files go out as they are."""
    kinds = sorted({(entry["SOPClassUID"], entry.transfer_syntax) for entry in entries})
    return [build_context(sop_class, syntax) for sop_class, syntax in kinds[:MOST_CONTEXTS]]


def _loaded(entry: Entry) -> Dataset:
    """Return a file's data set; of a file that cannot be read any more only its UID, which cannot be sent."""
    source = io.BytesIO(entry.content) if entry.content is not None else entry.path
    try:
        if source is not None:
            return dcmread(source)
    except (OSError, InvalidDicomError):
        pass
    lost = Dataset()
    lost.SOPClassUID, lost.SOPInstanceUID = entry["SOPClassUID"], entry["SOPInstanceUID"]
    return lost


def serve_pacs(
    folder: Path,
    *,
    ae_title: str = "PACS",
    host: str = "127.0.0.1",
    port: int = 4242,
    destinations: Mapping[str, Address] | None = None,
    stop: threading.Event | None = None,
    ready: threading.Event | None = None,
) -> None:
    """Serve a folder until `stop` is set, or forever.

    Parameters
    ----------
    ready : threading.Event, optional
        Set once calls are answered.

    See Also
    --------
    EmbeddedPacs : the other parameters.
    """
    with EmbeddedPacs(folder, ae_title=ae_title, host=host, port=port, destinations=destinations):
        if ready is not None:
            ready.set()
        (stop or threading.Event()).wait()
