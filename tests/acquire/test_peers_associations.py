"""Associations that are refused, cut or lost; which row of the table is where: `test_peers`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from queue import Queue
from threading import Event
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.association import Association

from mammoset.acquire import Clock, acquire_pacs, peer
from mammoset.acquire.admit import open_vault
from mammoset.acquire.archive import Question
from mammoset.acquire.syntaxes import MAMMOGRAPHY_CLASSES, MAX_CONTEXTS, SYNTAXES, retrieval_pairs
from mammoset.errors import AcquireError
from mammoset.project.settings import PeerSettings
from tests.acquire.made import exam, study_uid
from tests.acquire.meeting import ProjectOf, assert_whole
from tests.acquire.scripted import Delivery, ScriptedPacs


@pytest.mark.parametrize("level", ["STUDY", "SERIES", "IMAGE"])
def test_lost_replies_are_made_up_for(project_of: ProjectOf, level: str) -> None:
    lost = Event()

    def lose_one(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int | None]:
        if asked.QueryRetrieveLevel == level and not lost.is_set():
            lost.set()
            return rows[:1], None
        return rows, 0

    with ScriptedPacs([*exam(1), *exam(2)], on_find=lose_one) as pacs:
        project = project_of(pacs.archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 2}
    assert lost.is_set()
    assert_whole(project, 2)


N_QUESTIONS = 8


class _Replies(Queue[Any]):
    """Replies of which the requester hears late, when pynetdicom's reactor has looked: as on a machine under load."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = Event()

    def wait_for_one(self, seconds: float) -> None:
        with self.not_empty:
            self.not_empty.wait_for(self._qsize, seconds)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if block:
            self.wait_for_one(1.0)
            self.looked.clear()
            self.looked.wait(0.01)
            return super().get(block, timeout)
        try:
            return super().get(block)
        finally:
            self.looked.set()


class _LateReactor(Event):
    """Lets the reactor go on only when a reply is there, or after a while."""

    def __init__(self, replies: _Replies) -> None:
        super().__init__()
        self.set()
        self.replies = replies

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set():
            super().wait(timeout)
            self.replies.wait_for_one(0.05)
        return True


@pytest.mark.parametrize("is_waited_for", [True, False])
def test_a_reply_that_the_reactor_takes_for_itself_is_not_lost(
    project_of: ProjectOf, monkeypatch: pytest.MonkeyPatch, is_waited_for: bool
) -> None:
    associate = peer.Peer._associate

    def laden(self: peer.Peer, *details: Any) -> Association:
        association = associate(self, *details)
        association.dimse.msg_queue = replies = _Replies()
        association._reactor_checkpoint = _LateReactor(replies)
        return association

    monkeypatch.setattr(peer.Peer, "_associate", laden)
    monkeypatch.setattr(peer, "FIND_SECONDS", 0.2)
    if not is_waited_for:
        monkeypatch.setattr(peer, "settle", lambda _: None)
    question = Question("STUDY", {"StudyInstanceUID": study_uid(1)})
    with ScriptedPacs(exam(1)) as pacs:
        settings = project_of(pacs.archive).settings.acquire.peers["pacs"]
        assert isinstance(settings, PeerSettings)
        asked = peer.Peer("pacs", settings, "MAMMOSET")
        answers = asked.ask([question] * N_QUESTIONS)
    is_whole = [len(one.rows) for one in answers] == [1] * N_QUESTIONS and len(pacs.questions) == N_QUESTIONS
    assert is_whole == is_waited_for, "without waiting, rows are lost without a word"


def test_an_archive_that_never_answers_is_named(project_of: ProjectOf) -> None:
    with (
        ScriptedPacs(exam(1), on_find=lambda *_: ([], None)) as pacs,
        pytest.raises(AcquireError, match=r"query \(C-FIND\): no answer"),
    ):
        acquire_pacs(project_of(pacs.archive), "pacs", date_from=date(2019, 1, 5), date_to=date(2019, 1, 5))


def test_an_archive_with_too_many_associations_is_tried_again_later(project_of: ProjectOf) -> None:
    with ScriptedPacs(exam(1), maximum_associations=1) as pacs:
        ae = AE()
        ae.add_requested_context(peer.FIND)
        other = ae.associate("127.0.0.1", pacs.archive.port)
        pauses: list[float] = []

        def wait(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                other.release()
            while len(pauses) >= 2 and pacs.server.active_associations:
                Event().wait(0.01)

        assert acquire_pacs(project_of(pacs.archive), "pacs", clock=Clock(wait=wait)).complete == 1
    assert pauses[:2] == [1.0, 5.0]


def test_an_archive_that_stays_too_busy_is_named(project_of: ProjectOf) -> None:
    with ScriptedPacs(exam(1), maximum_associations=1) as pacs:
        ae = AE()
        ae.add_requested_context(peer.FIND)
        other = ae.associate("127.0.0.1", pacs.archive.port)
        assert other.is_established
        quick = Clock(wait=lambda _: None)
        with pytest.raises(AcquireError, match=r"rejected: local limit exceeded; it has as many associations as"):
            acquire_pacs(project_of(pacs.archive), "pacs", clock=quick)
        other.release()


RUN = "import sys; from mammoset.cli import main; sys.exit(main())"


def test_killed_in_mid_transfer_the_next_run_completes(project_of: ProjectOf) -> None:
    with ScriptedPacs([made for study in (1, 2, 3) for made in exam(study)]) as pacs:
        project = project_of(pacs.archive)
        command = [sys.executable, "-c", RUN, "-C", str(project.root), "acquire", "pacs", "pacs"]
        begun: list[subprocess.Popen[bytes]] = []

        def kill(wanted: list[Dataset]) -> Delivery:
            if len(pacs.moves) == 2:
                pacs.on_move = lambda wanted: Delivery(wanted)
                return Delivery(_Deadly(wanted, begun[0]))
            return Delivery(wanted)

        pacs.on_move = kill
        begun.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        assert begun[0].wait(120) == -signal.SIGKILL
        vault = open_vault(project)
        assert len(vault.originals()) == 4, "the first exam"
        assert list(vault.incoming.iterdir()), "it was in the middle of the second"
        pacs.moves.clear()
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 3}
        assert len(pacs.moves) == 2, "the first exam is not fetched again"
    assert_whole(project, 3)


class _Deadly(list[Dataset]):
    """Objects of which sending the third kills the receiver."""

    def __init__(self, objects: list[Dataset], receiver: subprocess.Popen[bytes]) -> None:
        super().__init__(objects)
        self.receiver = receiver

    def __iter__(self) -> Iterator[Dataset]:
        for number in range(len(self)):
            if number == 2 and self.receiver.poll() is None:
                os.kill(self.receiver.pid, signal.SIGKILL)
                self.receiver.wait()
            yield self[number]


@pytest.mark.parametrize("n_classes", [0, 1, 8, 40, 200])
def test_what_is_proposed_in_a_c_get_fits(n_classes: int) -> None:
    classes = [*MAMMOGRAPHY_CLASSES[:1], *(f"1.2.3.{number}" for number in range(n_classes - 1))] if n_classes else [""]
    pairs = retrieval_pairs(classes)
    assert len(pairs) < MAX_CONTEXTS
    originals = [pair[1] for pair in pairs if pair[0] == MAMMOGRAPHY_CLASSES[0]]
    assert originals == [(one,) for one in SYNTAXES], "mammograms in every syntax, each in a context of its own"
