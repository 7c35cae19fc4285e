from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, build_role, evt

from mammoset.phantom.hospital import Hospital
from mammoset.phantom.pacs import SERVICES, EmbeddedPacs, SharedContexts, send_at_once, serve_pacs
from mammoset.phantom.pacs_index import Entry, PacsIndex
from mammoset.phantom.truth import ExamTruth
from mammoset.terms.dicom import MG_FOR_PRESENTATION

VERIFY = "1.2.840.10008.1.1"
PATIENT_FIND = "1.2.840.10008.5.1.4.1.2.1.1"
FIND, MOVE, GET = (f"1.2.840.10008.5.1.4.1.2.2.{service}" for service in (1, 2, 3))


@dataclass
class Inbox:
    """A storage SCP that remembers what arrives."""

    refuse: set[str] = field(default_factory=set)
    received: dict[str, Dataset] = field(default_factory=dict)
    port: int = 0

    def store(self, event: Any) -> int:
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        if dataset.SOPInstanceUID in self.refuse:
            return 0xA700
        self.received[dataset.SOPInstanceUID] = dataset
        return 0x0000


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    entity, box = AE("MAMMOSET"), Inbox()
    for context in AllStoragePresentationContexts:
        entity.add_supported_context(str(context.abstract_syntax), ALL_TRANSFER_SYNTAXES)
    handlers: list[Any] = [(evt.EVT_C_STORE, box.store), (evt.EVT_CONN_OPEN, send_at_once)]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    assert server.socket is not None
    server.contexts = SharedContexts(server.contexts)
    box.port = server.socket.getsockname()[1]
    yield box
    entity.shutdown()


@pytest.fixture
def pacs(hospital: Hospital, inbox: Inbox) -> Iterator[EmbeddedPacs]:
    with EmbeddedPacs(hospital.images, destinations={"MAMMOSET": ("127.0.0.1", inbox.port)}) as running:
        yield running


@contextmanager
def association(pacs: EmbeddedPacs, *, title: str = "PACS", handler: Any = None) -> Iterator[Any]:
    entity = AE("TEST")
    entity.dimse_timeout = 60
    for service in SERVICES:
        entity.add_requested_context(service)
    roles: list[Any] = []
    if handler is not None:
        entity.add_requested_context(MG_FOR_PRESENTATION, "1.2.840.10008.1.2.1")
        roles = [build_role(MG_FOR_PRESENTATION, scp_role=True)]
    handlers: list[Any] = [(evt.EVT_CONN_OPEN, send_at_once)]
    handlers += [(evt.EVT_C_STORE, handler)] if handler is not None else []
    opened = entity.associate(
        "127.0.0.1", pacs.port, ae_title=title, ext_neg=roles, evt_handlers=handlers
    )  # fmt: skip
    try:
        yield opened
    finally:
        if opened.is_established:
            opened.release()


def query(level: str, **keys: Any) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(dataset, keyword, value)
    return dataset


def find(pacs: EmbeddedPacs, level: str, model: str = FIND, **keys: Any) -> list[Dataset]:
    with association(pacs) as opened:
        replies = list(opened.send_c_find(query(level, **keys), model))
    assert replies[-1][0].Status == 0x0000
    return [dataset for _, dataset in replies if dataset is not None]


def move(pacs: EmbeddedPacs, destination: str = "MAMMOSET", level: str = "STUDY", **keys: Any) -> list[Dataset]:
    with association(pacs) as opened:
        return [status for status, _ in opened.send_c_move(query(level, **keys), destination, MOVE)]


def mammography(hospital: Hospital) -> list[ExamTruth]:
    return [exam for exam in hospital.exams if any(image.laterality for image in exam.images)]


def test_an_echo_is_answered(pacs: EmbeddedPacs) -> None:
    with association(pacs) as opened:
        assert opened.send_c_echo().Status == 0x0000


def test_a_call_under_another_title_is_rejected(pacs: EmbeddedPacs) -> None:
    with association(pacs, title="ANOTHER") as opened:
        assert opened.is_rejected


def test_an_address_that_others_can_reach_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        EmbeddedPacs(tmp_path, host="0.0.0.0")


def test_every_study_is_found_with_the_keys_that_were_asked_for(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    found = find(pacs, "STUDY", StudyInstanceUID="", PatientName="", NumberOfStudyRelatedInstances="")
    counts = {reply.StudyInstanceUID: reply.NumberOfStudyRelatedInstances for reply in found}
    assert counts == {exam.study_id: len(exam.images) for exam in hospital.exams}
    assert all(reply.PatientName and "AccessionNumber" not in reply for reply in found)


def test_studies_are_found_by_modality(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    found = find(pacs, "STUDY", StudyInstanceUID="", ModalitiesInStudy="MG")
    assert {reply.StudyInstanceUID for reply in found} == {exam.study_id for exam in mammography(hospital)}
    ultrasound = find(pacs, "STUDY", StudyInstanceUID="", ModalitiesInStudy="US")
    assert len(ultrasound) + len(found) == len(hospital.exams)


def test_studies_are_found_by_a_range_of_dates(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    dates = sorted(reply.StudyDate for reply in find(pacs, "STUDY", StudyInstanceUID="", StudyDate=""))
    low, high = dates[3], dates[8]
    for asked, expected in (
        (f"{low}-{high}", [day for day in dates if low <= day <= high]),
        (f"{low}-", [day for day in dates if day >= low]),
        (f"-{high}", [day for day in dates if day <= high]),
        (low, [low]),
    ):
        found = find(pacs, "STUDY", StudyInstanceUID="", StudyDate=asked)
        assert sorted(reply.StudyDate for reply in found) == expected


def test_patients_are_found_by_wildcards_and_names_without_regard_to_case(
    pacs: EmbeddedPacs, hospital: Hospital
) -> None:
    exam = hospital.exams[0]
    found = find(pacs, "STUDY", StudyInstanceUID="", PatientID=exam.patient_id[:-2] + "??")
    assert exam.study_id in {reply.StudyInstanceUID for reply in found}
    (name,) = {str(reply.PatientName) for reply in find(pacs, "STUDY", StudyInstanceUID=exam.study_id, PatientName="")}
    family = name.split("^")[0].upper()
    found = find(pacs, "STUDY", StudyInstanceUID="", PatientName=f"{family}*")
    assert exam.study_id in {reply.StudyInstanceUID for reply in found}
    assert all(str(reply.PatientName or "").upper().startswith(family) for reply in
               find(pacs, "STUDY", PatientName=f"{family}*"))  # fmt: skip


def test_series_and_images_of_a_study_are_found(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    exam = hospital.exams[1]
    series = find(pacs, "SERIES", StudyInstanceUID=exam.study_id, SeriesInstanceUID="", Modality="")
    assert {reply.SeriesInstanceUID for reply in series} == {image.series_id for image in exam.images}
    images = find(pacs, "IMAGE", StudyInstanceUID=exam.study_id, SOPInstanceUID="", SOPClassUID="")
    assert {reply.SOPInstanceUID for reply in images} == {image.image_id for image in exam.images}


def test_patients_are_found_in_the_patient_root_model(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    found = find(pacs, "PATIENT", PATIENT_FIND, PatientID="")
    assert {reply.PatientID for reply in found} == {exam.patient_id for exam in hospital.exams}


def test_an_unknown_level_is_an_error_and_moves_nothing(pacs: EmbeddedPacs, inbox: Inbox) -> None:
    with association(pacs) as opened:
        assert [status.Status for status, _ in opened.send_c_find(query("FRAME"), FIND)] == [0xA900]
    assert move(pacs, level="FRAME", StudyInstanceUID="1.2")[-1].NumberOfCompletedSuboperations == 0
    assert inbox.received == {}


def test_a_moved_study_arrives_as_it_is_stored_with_counts_on_the_way(
    pacs: EmbeddedPacs, hospital: Hospital, inbox: Inbox
) -> None:
    exam = max(hospital.exams, key=lambda one: len(one.images))
    replies = move(pacs, StudyInstanceUID=exam.study_id)
    assert [reply.Status for reply in replies] == [0xFF00] * len(exam.images) + [0x0000]
    assert [reply.NumberOfCompletedSuboperations for reply in replies[:-1]] == list(range(1, len(exam.images) + 1))
    for image in exam.images:
        original, arrived = dcmread(hospital.images / image.path), inbox.received[image.image_id]
        assert arrived.file_meta.TransferSyntaxUID == original.file_meta.TransferSyntaxUID
        assert arrived.get("PixelData") == original.get("PixelData")
        assert [one for one in arrived if one.tag != (0x7FE0, 0x0010)] == [
            one for one in original if one.tag != (0x7FE0, 0x0010)
        ]


def test_every_study_of_the_archive_can_be_moved(pacs: EmbeddedPacs, hospital: Hospital, inbox: Inbox) -> None:
    for exam in hospital.exams:
        assert move(pacs, StudyInstanceUID=exam.study_id)[-1].Status == 0x0000
    assert set(inbox.received) == {image.image_id for exam in hospital.exams for image in exam.images}


def test_single_images_can_be_moved(pacs: EmbeddedPacs, hospital: Hospital, inbox: Inbox) -> None:
    exam = hospital.exams[0]
    wanted = [image.image_id for image in exam.images[:2]]
    replies = move(pacs, level="IMAGE", StudyInstanceUID=exam.study_id, SOPInstanceUID=wanted)
    assert replies[-1].NumberOfCompletedSuboperations == 2
    assert set(inbox.received) == set(wanted)


def test_a_move_without_the_key_of_its_level_moves_nothing(pacs: EmbeddedPacs, inbox: Inbox) -> None:
    assert move(pacs, StudyInstanceUID="")[-1].NumberOfCompletedSuboperations == 0
    assert inbox.received == {}


def test_a_refused_object_is_counted_and_the_others_arrive(
    pacs: EmbeddedPacs, hospital: Hospital, inbox: Inbox
) -> None:
    exam = hospital.exams[0]
    inbox.refuse = {exam.images[0].image_id}
    last = move(pacs, StudyInstanceUID=exam.study_id)[-1]
    assert last.Status == 0xB000
    assert last.NumberOfFailedSuboperations == 1
    assert last.NumberOfCompletedSuboperations == len(exam.images) - 1 == len(inbox.received)


def test_a_file_that_is_gone_is_a_failed_sub_operation(hospital: Hospital, inbox: Inbox, tmp_path: Path) -> None:
    exam = hospital.exams[0]
    home = tmp_path / "archive"
    shutil.copytree(hospital.images / Path(exam.images[0].path).parent, home)
    with EmbeddedPacs(home, destinations={"MAMMOSET": ("127.0.0.1", inbox.port)}) as pacs:
        (home / Path(exam.images[0].path).name).unlink()
        last = move(pacs, StudyInstanceUID=exam.study_id)[-1]
    assert (last.Status, last.NumberOfFailedSuboperations) == (0xB000, 1)
    assert len(inbox.received) == len(exam.images) - 1


def test_an_unknown_destination_is_named_as_such(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    assert [reply.Status for reply in move(pacs, "NOBODY", StudyInstanceUID=hospital.exams[0].study_id)] == [0xA801]


def test_images_can_be_got_on_the_same_association(pacs: EmbeddedPacs, hospital: Hospital) -> None:
    exam = next(
        one
        for one in hospital.exams
        if one.is_complete and not one.flaws
        and dcmread(hospital.images / one.images[0].path).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    )  # fmt: skip
    got: list[str] = []

    def keep(event: Any) -> int:
        got.append(event.request.AffectedSOPInstanceUID)
        return 0x0000

    with association(pacs, handler=keep) as opened:
        replies = list(opened.send_c_get(query("STUDY", StudyInstanceUID=exam.study_id), GET))
    assert replies[-1][0].Status == 0x0000
    assert got == [image.image_id for image in exam.images]


@pytest.mark.parametrize("in_folder", [True, False])
def test_a_stored_object_can_be_moved_on(in_folder: bool, hospital: Hospital, inbox: Inbox, tmp_path: Path) -> None:
    image = hospital.exams[0].images[0]
    dataset = dcmread(hospital.images / image.path)
    (tmp_path / "empty").mkdir()
    incoming = tmp_path / "incoming" if in_folder else None
    destinations = {"MAMMOSET": ("127.0.0.1", inbox.port)}
    with EmbeddedPacs(tmp_path / "empty", destinations=destinations, incoming=incoming) as pacs:
        entity = AE("TEST")
        entity.add_requested_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
        opened = entity.associate("127.0.0.1", pacs.port, ae_title="PACS")
        assert opened.send_c_store(dataset).Status == 0x0000
        opened.release()
        assert move(pacs, StudyInstanceUID=dataset.StudyInstanceUID)[-1].Status == 0x0000
    assert inbox.received[image.image_id].PixelData == dataset.PixelData
    assert (tmp_path / "incoming").exists() == in_folder


def test_serving_ends_when_it_is_told_to(hospital: Hospital) -> None:
    stop, ready = threading.Event(), threading.Event()
    server = threading.Thread(
        target=serve_pacs, args=(hospital.images,), kwargs={"port": 0, "stop": stop, "ready": ready}
    )
    server.start()
    assert ready.wait(60)
    stop.set()
    server.join(60)
    assert not server.is_alive()


def test_stopping_twice_does_no_harm(hospital: Hospital) -> None:
    pacs = EmbeddedPacs(hospital.images).start()
    pacs.stop()
    pacs.stop()


def test_files_that_are_no_dicom_are_passed_over(tmp_path: Path, hospital: Hospital) -> None:
    (tmp_path / "README.txt").write_text("exported on Monday")
    shutil.copy(hospital.images / hospital.exams[0].images[0].path, tmp_path / "1.dcm")
    assert len(EmbeddedPacs(tmp_path).index) == 1


TEXTS = st.text("ABab*?[].-", max_size=6)


@given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS)
def test_a_key_matches_by_wildcards_and_nothing_else(values: list[str], asked: str) -> None:
    index = PacsIndex(
        Entry({"StudyInstanceUID": f"1.{n}", "SOPInstanceUID": f"1.{n}.1", "StudyDescription": value}, "")
        for n, value in enumerate(values)
    )
    found = [files[0]["StudyDescription"] for files in index.matching("STUDY", query("STUDY", StudyDescription=asked))]
    assert found == [value for value in values if not asked or _like(asked, value)]


def _like(pattern: str, value: str) -> bool:
    """The definition of the Standard, letter by letter."""
    if not pattern:
        return not value
    if pattern[0] == "*":
        return any(_like(pattern[1:], value[start:]) for start in range(len(value) + 1))
    return bool(value) and pattern[0] in ("?", value[0]) and _like(pattern[1:], value[1:])


def test_a_second_object_of_the_same_uid_replaces_the_first() -> None:
    index = PacsIndex()
    for description in ("first", "second"):
        index.add(Entry({"StudyInstanceUID": "1", "SOPInstanceUID": "2", "StudyDescription": description}, ""))
    ((entry,),) = index.matching("STUDY", query("STUDY", StudyInstanceUID="1"))
    assert len(index) == 1
    assert entry["StudyDescription"] == "second"
