"""A PACS: C-FIND, C-MOVE and C-GET of the Study Root model (PS3.4 C), and its errors in words."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from threading import Event
from time import monotonic
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pynetdicom import AE, build_context, build_role, evt
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)
from pynetdicom.status import GENERAL_STATUS, QR_MOVE_SERVICE_CLASS_STATUS, code_to_category

from mammoset.acquire.archive import PAUSES, Answer, Archive, Ended, ListedImage, PeerError, Question, Row, pause
from mammoset.acquire.receive import MAX_PDU, read_at_once
from mammoset.acquire.syntaxes import retrieval_pairs
from mammoset.pixels.header import quietly
from mammoset.project.settings import PeerSettings

FIND = StudyRootQueryRetrieveInformationModelFind
GET = StudyRootQueryRetrieveInformationModelGet
MOVE = StudyRootQueryRetrieveInformationModelMove

CONNECT_SECONDS = 10
FIND_SECONDS = 120
RETRIEVE_SECONDS = 900
"""Per answer: a peer need not say anything until a whole study has been sent."""
ATTEMPTS = 3
SETTLE_SECONDS = 5.0

SUCCESS = 0x0000
PENDING = (0xFF00, 0xFF01)
NO_ANSWER = -1
REJECTED_TRANSIENT = 0x02
"""PS3.8 9.3.4."""
Handlers = Sequence[tuple[Any, Callable[..., Any]]]


def status_words(status: int) -> str:
    """Return a status in hexadecimal digits and words (PS3.7 C, PS3.4 C.4.2)."""
    if status == NO_ANSWER:
        return "no answer"
    known = QR_MOVE_SERVICE_CLASS_STATUS.get(status) or GENERAL_STATUS.get(status)
    text = known[1] if known and known[1] else code_to_category(status)
    return f"0x{status:04X} {text.lower().replace('sop ', 'SOP ')}"


def _opened(event: Any, connected: Event) -> None:
    """Send small messages at once: Nagle's algorithm and delayed acknowledgement cost 40 ms for each."""
    connected.set()
    read_at_once(event)
    event.assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _is_too_busy(association: Association) -> bool:
    answer = association.acceptor.primitive
    return bool(association.is_rejected and answer is not None and answer.result == REJECTED_TRANSIENT)


def _was_cut_off(association: Association) -> bool:
    """Whether the connection ended before the peer said yes or no."""
    answer = association.acceptor.primitive
    return not association.is_rejected and not (answer is not None and association.rejected_contexts)


class Peer(Archive):
    """A PACS of the settings."""

    query = "query (C-FIND)"

    def __init__(
        self, name: str, settings: PeerSettings, ae_title: str, pause: Callable[[float], object] = pause
    ) -> None:
        self.pause = pause
        self.name = name
        self.settings = settings
        self.ae_title = ae_title
        self._visit: ExitStack | None = None
        self._held: Association | None = None

    @contextmanager
    def visited(self) -> Iterator[None]:
        """Ask what is asked in the block over one association: to make and end one takes 10 ms or more.

        Retrievals have associations of their own: a reply that got lost between two would cost a quarter of an hour.
        """
        with ExitStack() as self._visit:
            try:
                yield
            finally:
                self._held = self._visit = None

    @contextmanager
    def _asking(self) -> Iterator[Association]:
        """Hold an association for queries; in a visit it stays open."""
        if self._visit is None:
            with self.associated([build_context(FIND)], FIND_SECONDS) as association:
                yield association
            return
        if self._held is None or not self._held.is_established:
            self._held = self._visit.enter_context(self.associated([build_context(FIND)], FIND_SECONDS))
        yield self._held

    @contextmanager
    def associated(
        self, contexts: list[PresentationContext], seconds: float, handlers: Handlers = (), roles: Iterable[Any] = ()
    ) -> Iterator[Association]:
        """Hold an association; `PeerError` when the peer grants none."""
        pauses = iter(PAUSES)
        for attempt in count(1):
            connected = Event()
            opened = (evt.EVT_CONN_OPEN, lambda event, connected=connected: _opened(event, connected))
            association = self._associate(contexts, seconds, [opened, *handlers], list(roles))
            if _is_too_busy(association) and (seconds_off := next(pauses, None)) is not None:
                self.pause(seconds_off)  # it has as many associations as it allows
            elif (
                association.is_established
                or attempt >= ATTEMPTS
                or not (connected.is_set() and _was_cut_off(association))
            ):
                break
        try:
            if not association.is_established:
                raise self._refused(association, is_connected=connected.is_set())
            yield association
        finally:
            if association.is_established:
                association.release()

    def _associate(
        self, contexts: list[PresentationContext], seconds: float, handlers: list[Any], roles: list[Any]
    ) -> Association:
        ae = AE(ae_title=self.ae_title)
        ae.connection_timeout = CONNECT_SECONDS
        ae.acse_timeout = CONNECT_SECONDS * 3
        ae.dimse_timeout = seconds
        ae.network_timeout = None
        ae.maximum_pdu_size = MAX_PDU
        peer = self.settings
        with quietly():  # where nobody answers, pynetdicom drops its socket unclosed
            return ae.associate(
                peer.host, peer.port, contexts, peer.ae_title, max_pdu=MAX_PDU, ext_neg=roles, evt_handlers=handlers
            )

    def _refused(self, association: Association, *, is_connected: bool) -> PeerError:
        peer = self.settings
        answer = association.acceptor.primitive
        titles = f"is our AE title '{self.ae_title}' known there, and is '{peer.ae_title}' its own?"
        if association.is_rejected and answer is not None:
            busy = "it has as many associations as it allows: run this again later, or ask for more"
            hint = busy if _is_too_busy(association) else titles
            return PeerError(self.name, "association rejected", answer.reason_str.lower(), hint)
        if answer is not None and association.rejected_contexts:
            hint = "choose the other method (move or get) for this peer"
            return PeerError(self.name, "association refused", "it does not offer this service", hint)
        if is_connected:
            return PeerError(self.name, "association aborted", "it closed the connection", titles)
        hint = f"is it running, and is its address in [acquire.peers.{self.name}] right?"
        return PeerError(self.name, "no association", f"no answer at {peer.host}:{peer.port}", hint)

    # -- queries -------------------------------------------------------------------------------------------------

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask questions over one association; one that gets no final answer is asked again over a new one."""
        answers: list[Answer] = []
        for attempt in range(ATTEMPTS if questions else 0):
            with self._asking() as association:
                for question in questions[len(answers) :]:
                    rows, status = _ask(association, question)
                    if status == NO_ANSWER and attempt < ATTEMPTS - 1:
                        break
                    answers.append(Answer(rows, "" if status == SUCCESS else status_words(status)))
            if len(answers) == len(questions):
                break
        return answers

    # -- retrieval -----------------------------------------------------------------------------------------------

    def move(self, what: Dataset, destination: str) -> Ended:
        """Have objects sent to an AE title known to the peer; what it says of it in the end says little."""
        with self.associated([build_context(MOVE)], RETRIEVE_SECONDS) as association:
            return _final(association.send_c_move(what, destination, MOVE))

    def get(self, what: Dataset, sop_classes: Collection[str], store: Callable[..., int]) -> Ended:
        """Have objects sent over this association to the handler `store`."""
        pairs = retrieval_pairs(sop_classes)
        contexts = [build_context(GET), *(build_context(one, list(syntaxes)) for one, syntaxes in pairs)]
        roles = [build_role(one, scp_role=True) for one in {one for one, _ in pairs}]
        handlers = [(evt.EVT_C_STORE, store)]
        with self.associated(contexts, RETRIEVE_SECONDS, handlers, roles) as association:
            if GET not in {one.abstract_syntax for one in association.accepted_contexts}:
                raise PeerError(self.name, "retrieval (C-GET)", "it does not offer it", 'set method = "move" for it')
            return _final(association.send_c_get(what, GET))


def identifier(study_uid: str, image: ListedImage | None = None) -> Dataset:
    """Return the identifier that asks for a study, or for one object of it."""
    keys = {"StudyInstanceUID": study_uid}
    if image is None:
        return _identifier("STUDY", keys)
    return _identifier("IMAGE", {**keys, "SeriesInstanceUID": image.series_uid, "SOPInstanceUID": image.sop_uid})


def _identifier(level: str, keys: Mapping[str, str]) -> Dataset:
    made = Dataset()
    made.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(made, keyword, value)
    return made


def _ask(association: Association, question: Question) -> tuple[list[Row], int]:
    if not association.is_established:
        return [], NO_ANSWER
    rows: list[Row] = []
    status = NO_ANSWER
    with quietly():
        for answer, found in association.send_c_find(_identifier(question.level, question.keys), FIND):
            status = int(answer.get("Status", NO_ANSWER))
            if status in PENDING and found is not None:
                rows.append({keyword: _values(found, keyword) for keyword in question.keys})
    settle(association)
    return rows, status if status not in PENDING else NO_ANSWER


def _values(found: Dataset, keyword: str) -> tuple[str, ...]:
    value = found.get(keyword)
    values = value if isinstance(value, MultiValue) else [value]
    return tuple(text for one in values if one is not None and (text := str(one).strip(" \0")))


def _final(answers: Iterable[tuple[Dataset, Dataset | None]]) -> Ended:
    status = NO_ANSWER
    with quietly():
        for answer, _ in answers:
            status = int(answer.get("Status", NO_ANSWER))
    return Ended(status == SUCCESS, status_words(status))


def settle(association: Association) -> None:
    """Wait until pynetdicom's reactor runs again: it may otherwise take the next request's answer for itself.

    An association whose reactor does not go on in time, as on a machine that is busy beyond measure, is given up:
    `ask` makes another.
    """
    pausing = Event()
    end = monotonic() + SETTLE_SECONDS
    while association._is_paused and association.is_established:  # it has no public name
        if monotonic() > end:
            association.abort()
            return
        pausing.wait(0.0002)
