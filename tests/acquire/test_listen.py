"""What a PACS sends of itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from pydicom import dcmread

from mammoset.acquire import listen
from mammoset.acquire.admit import open_vault
from mammoset.acquire.receive import Inbox, Incoming, whole_files
from mammoset.errors import AcquireError, ConfigError
from mammoset.project import Project
from tests.acquire.listening import Listener
from tests.acquire.made import BASIC_TEXT_SR, VIEWS, encoded, exam, mammogram, plain


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[Project]:
    """A project that listens on a free port."""
    text = '[dataset]\nname = "dataset"\n[acquire]\nport = 0\nlisten_to = ["PACS"]\n'
    with Project.create(tmp_path / "listening", settings_text=text) as made:
        yield made


def test_an_exam_may_come_in_several_associations(settled: Project) -> None:
    listener = Listener(settled)
    try:
        assert listener.push(exam(1, VIEWS[:2])) == [0, 0]
        listener.expected = 2
        assert listener.push([*exam(1, VIEWS[2:]), plain(1, 9, BASIC_TEXT_SR, "SR")]) == [0, 0, 0]
        listener.wait_for(5)
    finally:
        summary = listener.end()
    assert summary.exams == {("kept", ""): 1}
    assert summary.objects == {("kept", ""): 4, ("excluded", "wrong_sop_class"): 1}
    vault = open_vault(settled)
    assert len(vault.originals()) == 4
    assert not [*vault.pushed.iterdir(), *vault.incoming.iterdir()]


def test_what_was_acknowledged_before_a_power_cut_is_not_lost(settled: Project) -> None:
    vault = open_vault(settled)
    for number, made in enumerate(exam(1)):
        (vault.pushed / f"{number}.dcm").write_bytes(encoded(made))
    (vault.pushed / "9.dcm").write_bytes(b"no DICOM")
    until = Event()
    until.set()
    summary = listen(settled, until=until)
    assert summary.exams == {("kept", ""): 1}
    assert summary.objects == {("kept", ""): 4, ("excluded", "not_dicom"): 1}
    assert not list(vault.pushed.iterdir())


def test_the_order_of_arrival_is_counted_and_not_taken_from_the_clock(settled: Project) -> None:
    vault = open_vault(settled)
    first, later, last = (mammogram(1, "L-CC", Rows=rows, PixelData=bytes(32 * rows)) for rows in (10, 11, 12))
    for number, made in ((9, first), (10, later)):
        (vault.pushed / f"{number}.dcm").write_bytes(encoded(made))
    os.utime(vault.pushed / "9.dcm", (2e9, 2e9))  # the clock was put back after the first had come
    listener = Listener(settled)
    try:
        assert listener.push([last]) == [0]
        listener.wait_for(3)
    finally:
        summary = listener.end()
    assert summary.objects == {("kept", ""): 1, ("excluded", "conflicting_copy"): 2}
    assert [dcmread(one.path).Rows for one in open_vault(settled).originals()] == [10]


def test_numbers_go_on_behind_those_that_are_there(tmp_path: Path) -> None:
    for name in ("000000000007.dcm", "before.dcm"):
        (tmp_path / name).write_bytes(b"")
    inbox = Inbox(tmp_path)
    arriving = Incoming(tmp_path)
    arriving.write(encoded(mammogram(1, "L-CC")))
    request = SimpleNamespace(_dataset_file=arriving, AffectedSOPInstanceUID="1.2")
    assert inbox.store(SimpleNamespace(request=request)) == 0
    assert [path.name for path in inbox.take()] == ["000000000008.dcm"]
    assert [path.name for path in whole_files(tmp_path)] == ["before.dcm", "000000000007.dcm", "000000000008.dcm"]


def test_of_an_object_that_is_cut_off_nothing_stays(tmp_path: Path) -> None:
    arriving = Incoming(tmp_path)
    arriving.write(b"begun")
    assert list(tmp_path.iterdir())
    del arriving
    assert not list(tmp_path.iterdir())


def test_another_title_than_ours_is_rejected(settled: Project) -> None:
    listener = Listener(settled)
    try:
        assert listener.push(exam(1), title="SOMEBODY") == []
    finally:
        summary = listener.end()
    assert summary.pool == 0
    assert summary.rejected == {"PACS": 1}


def test_who_may_not_send_is_rejected_and_counted(settled: Project) -> None:
    listener = Listener(settled)
    try:
        assert listener.push(exam(1), calling="STRANGER") == []
        assert listener.push(exam(1), calling="STRANGER") == []
        assert listener.push(exam(1), calling="<^name^>") == []
        assert listener.push(exam(2)) == [0, 0, 0, 0]
        listener.wait_for(4)
    finally:
        summary = listener.end()
    assert summary.exams == {("kept", ""): 1}
    assert summary.rejected == {"STRANGER": 2, "others": 1}


def test_without_a_list_the_peers_may_send_and_without_peers_nobody(tmp_path: Path) -> None:
    text = '[dataset]\nname = "dataset"\n[acquire]\nport = 0\n'
    peer = '[acquire.peers.p]\nhost = "h"\nport = 1\nae_title = "MAIN"\n'
    with Project.create(tmp_path / "one", settings_text=text + peer) as project:
        listener = Listener(project)
        try:
            assert listener.push(exam(1)) == []
            assert listener.push(exam(1), calling="MAIN") == [0, 0, 0, 0]
        finally:
            assert listener.end().complete == 1
    with (
        Project.create(tmp_path / "two", settings_text=text) as project,
        pytest.raises(ConfigError, match=r"listen_to does not say who may send.*listen_to = \[\"PACS\"\]"),
    ):
        listen(project, until=Event())


def test_an_object_sent_again_with_other_content_is_refused_and_the_first_stays(settled: Project) -> None:
    listener = Listener(settled)
    try:
        assert listener.push(exam(1)) == [0, 0, 0, 0]
        listener.wait_for(4)
        changed = mammogram(1, "L-CC", PatientID="SOMEBODY ELSE")
        assert listener.push([changed, *exam(1, VIEWS[1:])]) == [0, 0, 0, 0], "the sender is told nothing of it"
        listener.wait_for(8)
    finally:
        summary = listener.end()
    assert summary.objects == {("kept", ""): 4, ("excluded", "conflicting_copy"): 1, ("excluded", "duplicate"): 3}
    assert summary.exams == {("kept", ""): 1}
    assert len({one.patient_id for one in open_vault(settled).originals()}) == 1


def test_a_port_that_is_taken_is_explained(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        text = f'[dataset]\nname = "dataset"\n[acquire]\nport = {taken.getsockname()[1]}\nlisten_to = "any"\n'
        with (
            Project.create(tmp_path / "project", settings_text=text) as project,
            pytest.raises(AcquireError, match=r"cannot be listened on \(.*\).*acquire\.port"),
        ):
            listen(project, until=Event())
