"""A PACS that misbehaves as it is told: for what no real one can be made to do when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import Any, Self

from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.dimse_primitives import C_MOVE
from pynetdicom.dsutils import encode
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove,
)

from mammoset.acquire.peer import settle
from mammoset.pixels.header import quietly
from tests.acquire.made import encoded
from tests.acquire.peers import OUR_TITLE, Archive, free_port

LEVELS = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}
PENDING = 0xFF00


@dataclass
class Delivery:
    """What a retrieval does: the objects it sends, and what it says of it; a status of None cuts the connection."""

    objects: list[Dataset]
    status: int | None = 0x0000
    completed: int = 0
    failed: int = 0
    failed_uids: str | list[str] = ""


@dataclass
class ScriptedPacs:
    """A context manager.

    Attributes
    ----------
    on_find : callable
        Turns a question and the true rows into the rows and the status that are answered; None cuts the connection.
    on_move : callable
        Turns the objects asked for into what is done.
    questions, moves : list of Dataset
        What was asked.
    """

    objects: list[Dataset]
    on_find: Callable[[Dataset, list[Dataset]], tuple[list[Dataset], int | None]] = lambda _, rows: (rows, 0)
    on_move: Callable[[list[Dataset]], Delivery] = lambda wanted: Delivery(wanted, completed=len(wanted))
    maximum_associations: int = 10
    our_port: int = field(default_factory=free_port)
    questions: list[Dataset] = field(default_factory=list)
    moves: list[Dataset] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def __enter__(self) -> Self:
        self.ae = AE(ae_title="PACS")
        self.ae.maximum_associations = self.maximum_associations
        for service in (StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelMove):
            self.ae.add_supported_context(service)
        handlers: list[Any] = [(evt.EVT_C_FIND, self._find), (evt.EVT_C_MOVE, self._move)]
        self.server: Any = self.ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()

    @property
    def archive(self) -> Archive:
        return Archive("scripted", "PACS", self.server.server_address[1], self.our_port)

    def _matching(self, asked: Dataset) -> list[Dataset]:
        return [made for made in self.objects if all(_matches(made, asked, keyword) for keyword in MATCHED)]

    def _find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        asked = event.identifier
        self.questions.append(asked)
        rows: dict[tuple[str, ...], Dataset] = {}
        for made in self._matching(asked):
            row = Dataset()
            row.QueryRetrieveLevel = asked.QueryRetrieveLevel
            for element in asked:
                setattr(row, element.keyword, made.get(element.keyword, element.value))
            if "ModalitiesInStudy" in asked:
                study = [one for one in self.objects if one.StudyInstanceUID == made.StudyInstanceUID]
                row.ModalitiesInStudy = sorted({one.Modality for one in study})
            rows[made.get(LEVELS[asked.QueryRetrieveLevel]), made.PatientID] = row  # a row per patient, as real ones
        answered, status = self.on_find(asked, list(rows.values()))
        for row in answered:
            yield PENDING, row
        if status is None:
            event.assoc.abort()
        else:
            yield status, None

    def _move(self, event: Any) -> Iterator[Any]:
        self.moves.append(event.identifier)
        delivery = self.on_move(self._matching(event.identifier))
        with self.lock:
            send(delivery.objects, self.our_port)
        if delivery.status is None:
            event.assoc.abort()
        else:
            event.assoc.dimse.send_msg(_response(event, delivery), event.context.context_id)
            event.assoc.dimse.send_msg = lambda *_: None  # pynetdicom would give an answer of its own, and a true one
        yield "127.0.0.1", self.our_port
        yield 0


MATCHED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "StudyDate", "StudyTime", "AccessionNumber")


def _matches(made: Dataset, asked: Dataset, keyword: str) -> bool:
    wanted = str(asked.get(keyword) or "")
    value = str(made.get(keyword) or "")
    if "-" in wanted:
        first, _, last = wanted.partition("-")
        return first <= value <= (last or "9")
    return wanted in ("", value)


def _response(event: Any, delivery: Delivery) -> C_MOVE:
    answer = C_MOVE()
    answer.MessageIDBeingRespondedTo = event.request.MessageID
    answer.AffectedSOPClassUID = event.request.AffectedSOPClassUID
    answer.Status = delivery.status
    answer.NumberOfCompletedSuboperations = delivery.completed
    answer.NumberOfFailedSuboperations = delivery.failed
    answer.NumberOfWarningSuboperations = 0
    if delivery.failed_uids:
        failed = Dataset()
        failed.FailedSOPInstanceUIDList = delivery.failed_uids
        answer.Identifier = BytesIO(encode(failed, is_implicit_vr=True, is_little_endian=True) or b"")
    return answer


def send(objects: list[Dataset], port: int) -> None:
    """Send objects to our storage SCP; stop where it is gone."""
    if not objects:
        return
    ae = AE(ae_title="PACS")
    classes = {made.SOPClassUID for made in list.__iter__(objects)}  # without side effects of the script's own lists
    ae.requested_contexts = [one for one in AllStoragePresentationContexts if one.abstract_syntax in classes]
    with quietly():
        association = ae.associate("127.0.0.1", port, ae_title=OUR_TITLE)
    for made in objects:
        if association.is_established:
            encoded(made)  # gives it File Meta Information
            association.send_c_store(made)
            settle(association)
    if association.is_established:
        association.release()
