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
pynetdicom takes a reply for itself                test_a_reply_that_the_reactor_takes_for_itself_is_not_lost
our disk is full                                   test_listen_full_disk; test_an_object_that_could_not_be_stored…
association limit                                  test_an_archive_with_too_many_associations_is_tried_again_later
we are killed in mid-transfer                      test_killed_in_mid_transfer_the_next_run_completes
C-GET: roles, a context per syntax, at most 128    test_what_is_proposed_in_a_c_get_fits; test_pacs with get (real)
one failed UID instead of a list                   test_final_status_and_counters_are_not_believed
=================================================  =====================================================================

The tests are here, in `test_peers_storing`, `test_peers_queries` and `test_peers_associations`.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from mammoset.acquire import acquire_pacs
from mammoset.acquire.admit import open_vault
from mammoset.errors import AcquireError
from mammoset.jobs.status import whereabouts_of
from mammoset.terms.reasons import Outcome
from tests.acquire.made import exam, image_uid, study_uid
from tests.acquire.meeting import ProjectOf, assert_whole, decision
from tests.acquire.scripted import Delivery, ScriptedPacs
from tests.running import Run


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
