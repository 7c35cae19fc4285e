"""Real archives, and a storage of ours that does not behave; which row of the table is where: `test_peers`."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLosslessSV1

from mammoset.acquire import acquire_pacs, peer
from mammoset.acquire.admit import open_vault
from mammoset.acquire.receive import Inbox
from mammoset.errors import AcquireError
from mammoset.project import Project
from tests.acquire.made import BASIC_TEXT_SR, encoded, exam, image_uid, plain
from tests.acquire.meeting import REAL, Method, ProjectOf, assert_whole
from tests.acquire.peers import ARCHIVES, orthanc

PRIVATE_CLASS = "1.2.840.113619.4.30"


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize("method", ["move", "get"])
def test_an_object_that_could_not_be_stored_is_asked_for_again(
    project_of: ProjectOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, method: Method
) -> None:
    store, refused = Inbox.store, Event()

    def full_once(inbox: Inbox, event: Any) -> int:
        if event.request.AffectedSOPInstanceUID == image_uid(1, 2) and not refused.is_set():
            refused.set()
            return 0xA700
        return store(inbox, event)

    monkeypatch.setattr(Inbox, "store", full_once)
    with ARCHIVES[kind](tmp_path, [encoded(made) for made in exam(1)]) as archive:
        project = project_of(archive, method)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
    assert refused.is_set()
    assert_whole(project)


@pytest.mark.parametrize("kind", REAL)
def test_an_association_that_ends_after_three_objects_is_made_up_for(
    project_of: ProjectOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store, aborted = Inbox.store, Event()
    stored: list[str] = []

    def abort_once(inbox: Inbox, event: Any) -> int:
        if len(stored) == 3 and not aborted.is_set():
            aborted.set()
            event.assoc.abort()
            return 0xA700
        stored.append(event.request.AffectedSOPInstanceUID)
        return store(inbox, event)

    monkeypatch.setattr(Inbox, "store", abort_once)
    with ARCHIVES[kind](tmp_path, [encoded(made) for made in exam(1)]) as archive:
        project = project_of(archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
    assert aborted.is_set()
    assert_whole(project)


@pytest.mark.real("orthanc")
def test_storage_slower_than_the_archive_waits_for_is_made_up_for(
    project_of: ProjectOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, move, gave_up = Inbox.store, peer.Peer.move, Event()

    def slow_once(inbox: Inbox, event: Any) -> int:
        gave_up.wait(60)
        return store(inbox, event)

    def watched(self: peer.Peer, what: Dataset, destination: str) -> Any:
        try:
            return move(self, what, destination)
        finally:
            gave_up.set()

    monkeypatch.setattr(Inbox, "store", slow_once)
    monkeypatch.setattr(peer.Peer, "move", watched)
    with orthanc(tmp_path, [encoded(made) for made in exam(1)], {"DicomScuTimeout": 1}) as archive:
        project = project_of(archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
    assert_whole(project)


@pytest.mark.real("orthanc")
@pytest.mark.parametrize("method", ["move", "get"])
def test_an_object_of_a_private_class_does_not_keep_the_mammograms(
    project_of: ProjectOf, tmp_path: Path, method: Method
) -> None:
    objects = [*exam(1), plain(1, 9, PRIVATE_CLASS, "MG"), plain(1, 10, BASIC_TEXT_SR, "SR")]
    with orthanc(tmp_path, [encoded(made) for made in objects]) as archive:
        project = project_of(archive, method)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
    assert_whole(project)


@pytest.mark.parametrize("kind", REAL)
def test_a_destination_that_the_archive_does_not_know_is_explained(
    project_of: ProjectOf, tmp_path: Path, kind: str
) -> None:
    with ARCHIVES[kind](tmp_path, [encoded(made) for study in range(1, 6) for made in exam(study)]) as archive:
        text = archive.settings().replace('ae_title = "MAMMOSET"', 'ae_title = "NOT_KNOWN"')
        with (
            Project.create(tmp_path / "unknown", settings_text=text) as project,
            pytest.raises(
                AcquireError, match=r"\(C-MOVE\): 0x[AC]\w{3} .*is 'NOT_KNOWN' entered there with our address"
            ),
        ):
            acquire_pacs(project, "pacs")


@pytest.mark.real("orthanc")
@pytest.mark.parametrize("method", ["move", "get"])
def test_compressed_objects_come_as_they_are_stored(project_of: ProjectOf, tmp_path: Path, method: Method) -> None:
    with orthanc(tmp_path, [encoded(made, JPEGLosslessSV1) for made in exam(1)]) as archive:
        project = project_of(archive, method)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
    syntaxes = {dcmread(one.path).file_meta.TransferSyntaxUID for one in open_vault(project).originals()}
    assert syntaxes == {JPEGLosslessSV1}
