"""Our own storage SCP: takes in what a PACS sends, on request (C-MOVE) or of itself (pushes).

It accepts every storage class in every transfer syntax: some archives send nothing of a study when one of its objects
is refused. What is not a mammogram is refused afterwards, object by object. Everything is written to a temporary
name on the vault's file system as it arrives and renamed when it is whole.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from threading import Condition
from typing import Any, cast
from uuid import uuid4

from pydicom.config import IGNORE, settings
from pynetdicom import (
    AE,
    ALL_TRANSFER_SYNTAXES,
    AllStoragePresentationContexts,
    _config,
    build_context,
    dimse_messages,
    evt,
)
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]
from pynetdicom.transport import AssociationServer, AssociationSocket

from mammoset.acquire.quarantine import RESERVE, arrival_of, free_bytes
from mammoset.content import flush
from mammoset.errors import AcquireError, RefusedObject
from mammoset.project.settings import AcquireSettings

MAX_PDU = 131072
MAX_ASSOCIATIONS = 32
IDLE_SECONDS = 300
STORED = 0x0000
OUT_OF_RESOURCES = 0xA700
"""PS3.4 B.2.3."""


class Incoming:
    """A file as pynetdicom writes it while an object arrives; it stands in for a temporary file of `tempfile`.

    pynetdicom drops an association without a word when a write fails. So an error is only noted, with the file
    deleted and the rest of the object thrown away, and the sender is told when it has sent all.

    Attributes
    ----------
    path, name : Path, str
        Where it is written.
    is_broken : bool
        Whether it could not be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{uuid4().hex}.part"
        self.name = str(self.path)
        self.is_broken = False
        with self._noting():
            self._stream = self.path.open("wb")

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.is_broken = True
            with suppress(OSError):
                self.close()
            self.path.unlink(missing_ok=True)

    @property
    def file(self) -> Incoming:
        """The file itself, as a temporary file has it; kept as an attribute it would keep itself alive."""
        return self

    def write(self, data: bytes) -> int:
        """Append bytes, unless some before them could not be written."""
        if not self.is_broken:
            with self._noting():
                self._stream.write(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: pynetdicom asks for it after every 128 KiB."""

    def close(self) -> None:
        """Close the file; again without effect."""
        if hasattr(self, "_stream"):
            self._stream.close()

    def __del__(self) -> None:
        """Delete what came of an object whose association was cut off; one that was kept has another name by now."""
        with suppress(OSError):
            self.close()
            self.path.unlink(missing_ok=True)

    def finish(self, *, is_durable: bool) -> bool:
        """Close the file, durable also on disk; False when not all could be written."""
        if not self.is_broken:
            with self._noting():
                self._stream.flush()
                if is_durable:
                    os.fsync(self._stream.fileno())
                self._stream.close()
        return not self.is_broken


class Inbox:
    """Objects as they arrive, from any number of threads.

    Files get numbers, which go on behind those that are there: their names tell the order of arrival, which a clock
    that was put back would not.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    is_durable : bool
        Whether an object is acknowledged only once it is on disk: when its sender will not send it again.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self.folder = folder
        self.is_durable = is_durable
        self._numbers = count(1 + max(map(number_of, whole_files(folder)), default=0))
        self._changed = Condition()
        self._arrived: list[tuple[str, Path]] = []
        self._is_roused = False

    def store(self, event: Any) -> int:
        """Answer a C-STORE request: keep what arrived under a name of our own."""
        incoming: Incoming = event.request._dataset_file
        has_room = not self.is_durable or free_bytes(self.folder) >= RESERVE
        if not incoming.finish(is_durable=self.is_durable and has_room) or not has_room:
            return OUT_OF_RESOURCES  # pynetdicom deletes the file
        try:
            with self._changed:
                path = self.folder / f"{next(self._numbers):012d}.dcm"
                incoming.path.replace(path)
            if self.is_durable:
                flush(self.folder)
        except OSError:
            return OUT_OF_RESOURCES
        self._note(str(event.request.AffectedSOPInstanceUID), path)
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

    def rouse(self) -> None:
        """End `wait`, though nothing has arrived."""
        with self._changed:
            self._is_roused = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait for an object or to be roused, but only so long."""
        with self._changed:
            if not (self._arrived or self._is_roused):
                self._changed.wait(seconds)
            self._is_roused = False

    def take(self) -> list[Path]:
        """Empty the inbox and return its files in the order of their arrival."""
        with self._changed:
            files = [path for _, path in self._arrived]
            self._arrived.clear()
            return files


def number_of(path: Path) -> int:
    """Return the number of a file of an inbox, 0 for one that has none."""
    return int(path.stem) if path.stem.isdecimal() else 0


def whole_files(folder: Path) -> list[Path]:
    """Return the whole files of a folder in the order of their arrival."""
    return sorted(folder.glob("*.dcm"), key=lambda one: (number_of(one), one.name))


class _Shared(list[PresentationContext]):
    """The contexts we accept; pynetdicom copies them deeply for each association, for 0.1 s, and only reads them."""

    def __deepcopy__(self, memo: object) -> _Shared:
        return self


@cache
def _accepted() -> _Shared:
    """Return a context for every storage class, in every transfer syntax; making them takes 0.1 s."""
    classes = [str(one.abstract_syntax) for one in AllStoragePresentationContexts]
    made = [build_context(one, ALL_TRANSFER_SYNTAXES) for one in classes]
    return _Shared([build_context(Verification), *made])


class _Reader:
    """Reads a socket as fast as it goes; pynetdicom would ask for 4 KiB at a time."""

    def __init__(self, source: AssociationSocket) -> None:
        self.source = source

    def __call__(self, size: int) -> bytearray:
        """Return so many bytes, fewer where the connection ends before."""
        received, done = bytearray(size), 0
        with memoryview(received) as view:
            while done < size:
                more = cast(socket.socket, self.source.socket).recv_into(view[done:], size - done, socket.MSG_WAITALL)
                if not more:
                    break
                done += more
        return received[:done] if done < size else received


def read_at_once(event: Any) -> None:
    """Handle a connection that was opened: have it read quickly."""
    opened = event.assoc.dul.socket
    opened.recv = _Reader(opened)


@contextmanager
def receiving_into(folder: Path) -> Iterator[None]:
    """Have pynetdicom write what it receives straight to files in a folder; its settings are those of the process."""
    module: Any = dimse_messages
    before = _config.STORE_RECV_CHUNKED_DATASET, module.NamedTemporaryFile, settings.reading_validation_mode
    _config.STORE_RECV_CHUNKED_DATASET, module.NamedTemporaryFile = True, lambda **_: Incoming(folder)
    # an association names a thousand UIDs: to check their form takes longer than all else about it
    settings.reading_validation_mode = IGNORE
    try:
        yield
    finally:
        _config.STORE_RECV_CHUNKED_DATASET, module.NamedTemporaryFile, settings.reading_validation_mode = before


@contextmanager
def storage_scp(
    address: AcquireSettings,
    incoming: Path,
    store: Callable[[Any], int],
    handlers: Collection[tuple[Any, Callable[[Any], None]]] = (),
    calling: Collection[str] = (),
) -> Iterator[int]:
    """Run our storage SCP; gives its port.

    Parameters
    ----------
    address : AcquireSettings
        Our AE title, host and port; port 0 takes any free one, of use only with peers that can be told.
    incoming : Path
        Folder for what is just arriving.
    store : callable
        Answers C-STORE requests.
    handlers : collection of (event, callable)
        Called besides, with events of pynetdicom.
    calling : collection of str
        AE titles that may send; empty lets in whoever calls us by our title: a PACS may send on request under
        others.

    Raises
    ------
    AcquireError
        If the address cannot be listened on.
    """
    ae = AE(ae_title=address.ae_title)
    ae.maximum_pdu_size = MAX_PDU
    ae.maximum_associations = MAX_ASSOCIATIONS
    ae.network_timeout = IDLE_SECONDS
    ae.require_called_aet = True
    ae.require_calling_aet = list(calling)
    ae.add_supported_context(Verification)
    bound: list[Any] = [(evt.EVT_C_STORE, store), (evt.EVT_CONN_OPEN, read_at_once), *handlers]
    with receiving_into(incoming):
        try:
            server = cast(
                AssociationServer, ae.start_server((address.host, address.port), block=False, evt_handlers=bound)
            )
            server.contexts = _accepted()
        except OSError as error:
            raise AcquireError(
                f"our DICOM address {address.host}:{address.port} cannot be listened on ({error.strerror}); "
                "another program may have it: change acquire.host or acquire.port in mammoset.toml, and tell the PACS"
            ) from None
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
