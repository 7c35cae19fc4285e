"""Every way in which archives are known to differ from the Standard, and what comes of it here.

=================================================  =====================================================================
what an archive does                               test; with (real) against Orthanc and dcmqrscp, else a scripted one
=================================================  =====================================================================
one sub-operation fails; 0xC000 and zero counters  test_an_object_that_could_not_be_stored_is_asked_for_again (real)
failure for all though everything came             test_final_status_and_counters_are_not_believed
success and full counters, and nothing came        test_success_without_objects_is_a_failure_that_status_explains
a part comes; the next run                         test_what_is_missing_is_named_and_the_next_run_fetches_just_that
a class that we do not accept                      test_an_object_of_a_private_class_does_not_… (real Orthanc)
association aborted after three objects            test_an_association_that_ends_after_three_objects… (real)
unknown destination AE                             test_a_destination_that_the_archive_does_not… (real)
not listening                                      test_pacs: …cannot_send_to_us_fails_with_its_status… (real)
unknown study; it went after the query             test_a_study_that_has_gone_is_asked_for_again_next_time
slow storage                                       test_storage_slower_than_the_archive_waits_for… (real Orthanc)
Modalities in Study ignored, not returned, joined  test_modalities_are_compared_here…; test_pacs: whole archive (real)
compressed originals                               test_compressed_objects_come_as_they_are_stored (real Orthanc)
image-level query without study UID                test_every_question_is_hierarchical
silent limit of results                            test_a_silent_limit_of_results_is_noticed
visible limit of results                           test_pacs: …cuts_short_is_asked_in_parts (real Orthanc)
names that lose letters                            test_names_that_lose_letters_do_not_matter (real)
one study UID under two patients                   test_one_study_uid_under_two_patients_is_one… (real)
a SOP UID sent again with other content            test_another_content_under_the_same_uid…; test_listen
lost replies                                       test_lost_replies_are_made_up_for
association limit                                  test_an_archive_with_too_many_associations_is_tried_again_later
we are killed in mid-transfer                      test_killed_in_mid_transfer_the_next_run_completes
C-GET: roles, a context per syntax, at most 128    test_what_is_proposed_in_a_c_get_fits; test_pacs with get (real)
one failed UID instead of a list                   test_final_status_and_counters_are_not_believed
=================================================  =====================================================================
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Literal

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLosslessSV1
from pynetdicom import AE

from mammoset.acquire import Clock, acquire_pacs, draw, peer, study_pseudonyms_of
from mammoset.acquire.admit import open_vault
from mammoset.acquire.listen import Inbox
from mammoset.acquire.syntaxes import MAMMOGRAPHY_CLASSES, MAX_CONTEXTS, SYNTAXES, retrieval_pairs
from mammoset.catalog import Decision
from mammoset.errors import AcquireError
from mammoset.jobs.status import whereabouts_of
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.acquire.made import BASIC_TEXT_SR, VIEWS, encoded, exam, image_uid, mammogram, plain, study_uid
from tests.acquire.peers import ARCHIVES, Archive, orthanc
from tests.acquire.scripted import Delivery, ScriptedPacs
from tests.running import Run

Method = Literal["move", "get"]
ProjectOf = Callable[..., Project]
REAL = [pytest.param(kind, marks=pytest.mark.real(kind)) for kind in ARCHIVES]
PRIVATE_CLASS = "1.2.840.113619.4.30"


@pytest.fixture
def project_of(tmp_path: Path) -> Iterator[ProjectOf]:
    made: list[Project] = []

    def project_of(archive: Archive, method: Method = "move") -> Project:
        made.append(Project.create(tmp_path / f"project{len(made)}", settings_text=archive.settings(method)))
        return made[-1]

    yield project_of
    for project in made:
        project.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for what will never come."""
    monkeypatch.setattr(draw, "LATE_ARRIVAL_SECONDS", 0.2)


def decision(project: Project, study: int = 1) -> Decision:
    (pseudonym,) = study_pseudonyms_of(project, [study_uid(study)]).values()
    return project.catalog.study_decisions(Stage.ACQUIRE)[pseudonym]


def assert_whole(project: Project, n_exams: int = 1) -> None:
    """Assert that nothing is lost, doubled or left lying about."""
    vault = open_vault(project)
    assert len(vault.originals()) == 4 * n_exams
    assert len(list(vault.quarantine.glob("*/*.dcm"))) == 4 * n_exams
    assert not list(vault.incoming.iterdir())
    decided = project.catalog.study_decisions(Stage.ACQUIRE).values()
    assert [one.outcome for one in decided] == [Outcome.KEPT] * n_exams


# -- final statuses and counters ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        {"status": 0xC000},
        {"status": 0xA702, "failed": 4},
        {"status": 0xB000, "completed": 1, "failed": 3, "failed_uids": [image_uid(1, 1), image_uid(1, 2)]},
        {"status": 0xB000, "failed": 1, "failed_uids": image_uid(1, 1)},
        {"status": 0xFE00},
        {"status": None},
    ],
)
def test_final_status_and_counters_are_not_believed(project_of: ProjectOf, told: dict[str, Any]) -> None:
    with ScriptedPacs(exam(1), on_move=lambda wanted: Delivery(wanted, **told)) as pacs:
        project = project_of(pacs.archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
        assert len(pacs.moves) == 1, "what has come is not asked for again"
    assert_whole(project)


@pytest.mark.usefixtures("impatient")
def test_success_without_objects_is_a_failure_that_status_explains(project_of: ProjectOf, run: Run) -> None:
    with ScriptedPacs(exam(1), on_move=lambda wanted: Delivery([], completed=len(wanted))) as pacs:
        project = project_of(pacs.archive)
        assert acquire_pacs(project, "pacs").exams == {("failed", "peer_failed"): 1}
    assert decision(project).detail == "0x0000 success; 4 of 4 mammograms did not arrive"
    (one,) = whereabouts_of(project)
    assert (one.outcome, one.reason, one.detail) == ("failed", "peer_failed", decision(project).detail)
    listed = run("-C", project.root, "status", "--exams").out
    assert "the archive did not deliver it: 0x0000 success; 4 of 4 mammograms did not arrive" in listed
    assert "the archive did not deliver it" in run("-C", project.root, "status").out
    assert study_uid(1) not in listed


def test_what_is_missing_is_named_and_the_next_run_fetches_just_that(project_of: ProjectOf) -> None:
    missing = image_uid(1, 3)

    def all_but_one(wanted: list[Dataset]) -> Delivery:
        return Delivery([made for made in wanted if made.SOPInstanceUID != missing], 0xC000)

    with ScriptedPacs(exam(1), on_move=all_but_one) as pacs:
        project = project_of(pacs.archive)
        assert acquire_pacs(project, "pacs").complete == 0
        found = decision(project)
        assert (found.outcome, found.detail) == (
            Outcome.FAILED, "0xC000 unable to process; 1 of 4 mammograms did not arrive",
        )  # fmt: skip
        vault = open_vault(project)
        before = {one.path: one.path.stat().st_mtime_ns for one in vault.originals()}
        assert len(before) == 3, "what has come stays"
        pacs.moves.clear()
        pacs.on_move = lambda wanted: Delivery(wanted, 0xC000)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 1}
        assert [one.get("SOPInstanceUID") for one in pacs.moves] == [missing]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert_whole(project)


def test_exams_that_fail_every_time_do_not_keep_the_others_from_coming(project_of: ProjectOf, impatient: None) -> None:
    lost = {study_uid(number) for number in range(1, 6)}

    def only_the_last(wanted: list[Dataset]) -> Delivery:
        return Delivery([made for made in wanted if made.StudyInstanceUID not in lost], 0xC000)

    objects = [made for number in range(1, 6) for made in exam(number)]
    with ScriptedPacs(objects, on_move=only_the_last) as pacs:
        project = project_of(pacs.archive)
        with pytest.raises(AcquireError, match="5 exams in a row"):
            acquire_pacs(project, "pacs")
        pacs.objects += exam(6)
        assert acquire_pacs(project, "pacs").exams == {("failed", "peer_failed"): 5, ("kept", ""): 1}


def test_a_study_that_has_gone_is_asked_for_again_next_time(project_of: ProjectOf) -> None:
    def gone(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int]:
        return (rows if asked.QueryRetrieveLevel == "STUDY" else []), 0

    with ScriptedPacs(exam(1), on_find=gone) as pacs:
        project = project_of(pacs.archive)
        assert acquire_pacs(project, "pacs").exams == {("failed", "no_images"): 1}
        pacs.on_find = lambda _, rows: (rows, 0)
        assert acquire_pacs(project, "pacs").complete == 1
    assert_whole(project)


# -- real archives and a storage that does not behave -----------------------------------------------------------


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


# -- queries ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [25, 30, 59])
def test_a_silent_limit_of_results_is_noticed(project_of: ProjectOf, limit: int) -> None:
    objects = [mammogram(study, "L-CC", StudyTime=f"{7 + study % 11:02d}{study % 60:02d}00") for study in range(1, 61)]

    def limited(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int]:
        return rows[:limit], 0

    with ScriptedPacs(objects, on_find=limited) as pacs:
        project = project_of(pacs.archive)
        day = date(2019, 1, 5)
        assert acquire_pacs(project, "pacs", date_from=day, date_to=day, dry_run=True).pool == 60
        assert len(pacs.questions) < 60


def test_an_archive_that_ignores_the_time_of_day_is_not_asked_for_ever(project_of: ProjectOf) -> None:
    objects = [mammogram(study, "L-CC") for study in range(1, 41)]
    with ScriptedPacs(objects) as pacs:
        pacs.on_find = lambda asked, rows: ([_row(made, asked) for made in objects], 0)
        project = project_of(pacs.archive)
        day = date(2019, 1, 5)
        assert acquire_pacs(project, "pacs", date_from=day, date_to=day, dry_run=True).pool == 40
        assert len(pacs.questions) == 3


def _row(made: Dataset, asked: Dataset) -> Dataset:
    row = Dataset()
    row.QueryRetrieveLevel = asked.QueryRetrieveLevel
    row.StudyInstanceUID, row.StudyDate, row.ModalitiesInStudy = made.StudyInstanceUID, made.StudyDate, "MG"
    return row


@pytest.mark.parametrize("told", [None, "", "MG,SR", ["MG", "SR"], "mg"])
def test_modalities_are_compared_here_and_asked_for_by_series_where_they_are_not_told(
    project_of: ProjectOf, told: Any
) -> None:
    computed = plain(2, 1, "1.2.840.10008.5.1.4.1.1.2", "CT")

    def as_told(asked: Dataset, rows: list[Dataset]) -> tuple[list[Dataset], int]:
        for row in rows:
            is_mammography = row.StudyInstanceUID == study_uid(1)
            if "ModalitiesInStudy" in row and told is None:
                del row.ModalitiesInStudy
            elif "ModalitiesInStudy" in row and is_mammography:
                row.ModalitiesInStudy = told
        return rows, 0

    with ScriptedPacs([*exam(1), computed], on_find=as_told) as pacs:
        assert acquire_pacs(project_of(pacs.archive), "pacs").exams == {("kept", ""): 1}
        assert not any(one.get("ModalitiesInStudy") for one in pacs.questions), "a filter cannot be relied on"


def test_every_question_is_hierarchical(project_of: ProjectOf) -> None:
    with ScriptedPacs(exam(1)) as pacs:
        acquire_pacs(project_of(pacs.archive), "pacs", date_from=date(2019, 1, 5), date_to=date(2019, 1, 6))
    needed = {
        "STUDY": ["StudyDate"],
        "SERIES": ["StudyInstanceUID"],
        "IMAGE": ["StudyInstanceUID", "SeriesInstanceUID"],
    }
    assert {one.QueryRetrieveLevel for one in pacs.questions} == set(needed)
    assert all(one.get(keyword) for one in pacs.questions for keyword in needed[one.QueryRetrieveLevel])
    assert not any("PatientName" in one or "PatientID" in one for one in pacs.questions), "they are never identity"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("orthanc", {"DefaultEncoding": "Utf8"}, marks=pytest.mark.real("orthanc")),
        pytest.param("orthanc", {"DefaultEncoding": "Latin1"}, marks=pytest.mark.real("orthanc")),
        pytest.param("dcmqrscp", {}, marks=pytest.mark.real("dcmqrscp")),
    ],
)
def test_names_that_lose_letters_do_not_matter(
    project_of: ProjectOf, tmp_path: Path, kind: str, options: dict[str, str]
) -> None:
    names = {1: ("ISO_IR 192", "Nguyễn^Thị"), 2: ("ISO_IR 126", "Διονυσιος"), 3: ("ISO_IR 100", "Müller^Ä")}
    objects = []
    for study, (character_set, name) in names.items():
        patient = "MÜ-1" if study != 2 else "GR-1"
        for made in exam(study, SpecificCharacterSet=character_set, PatientID=patient):
            made.PatientName = name
            objects.append(encoded(made))
    run_archive = partial(orthanc, options=options) if kind == "orthanc" else ARCHIVES[kind]
    with run_archive(tmp_path, objects) as archive:
        project = project_of(archive)
        assert acquire_pacs(project, "pacs").exams == {("kept", ""): 3}
    originals = open_vault(project).originals()
    assert len({one.patient_id for one in originals}) == 2, "one patient id in two character sets is one patient"
    received = {str(dcmread(one.path).PatientName) for one in originals}
    assert received == {name for _, name in names.values()}


@pytest.mark.parametrize("kind", REAL)
def test_one_study_uid_under_two_patients_is_one_exam_and_flagged(
    project_of: ProjectOf, tmp_path: Path, kind: str
) -> None:
    objects = [*exam(1, VIEWS[:2], PatientID="ONE"), *exam(1, VIEWS[2:], PatientID="OTHER"), *exam(2)]
    with ARCHIVES[kind](tmp_path, [encoded(made) for made in objects]) as archive:
        project = project_of(archive)
        summary = acquire_pacs(project, "pacs")
    assert summary.pool == 2
    assert summary.exams == {("excluded", "several_patients"): 1, ("kept", ""): 1}


def test_another_content_under_the_same_uid_is_refused_and_the_first_stays(project_of: ProjectOf) -> None:
    changed = mammogram(1, "L-CC", Rows=11, PixelData=b"\0" * 352)

    def twice(wanted: list[Dataset]) -> Delivery:
        return Delivery([*wanted, changed, wanted[1]])

    with ScriptedPacs(exam(1), on_move=twice) as pacs:
        project = project_of(pacs.archive)
        summary = acquire_pacs(project, "pacs")
    assert summary.objects == {("kept", ""): 4, ("excluded", "conflicting_copy"): 1, ("excluded", "duplicate"): 1}
    assert {dcmread(one.path).Rows for one in open_vault(project).originals()} == {12}
    assert_whole(project)


# -- associations ------------------------------------------------------------------------------------------------


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
