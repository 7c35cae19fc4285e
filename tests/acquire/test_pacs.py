"""Exams from real archives, by C-MOVE and C-GET."""

from __future__ import annotations

import hashlib
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from mammoset.acquire import acquire_folder, acquire_pacs, study_pseudonyms_of
from mammoset.acquire.admit import open_vault
from mammoset.acquire.sample import permutation
from mammoset.errors import AcquireError, ConfigError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from tests.acquire.made import (
    BASIC_TEXT_SR,
    CT_IMAGE,
    VIEWS,
    encoded,
    exam,
    for_processing,
    mammogram,
    plain,
    study_uid,
)
from tests.acquire.peers import ARCHIVES, Archive, free_port, orthanc

Method = Literal["move", "get"]
COMPLETE = (1, 2, 3, 4, 6)
INCOMPLETE = {5: "R-MLO", 7: "L-CC, L-MLO"}
ONLY_PROCESSING, COMPUTED_TOMOGRAPHY = 8, 9
DAYS = {1: "20190105", 2: "20190105", 3: "20190106", 4: "20190106", 5: "20190105", 6: "20190107", 7: "20190107"}
MAMMOGRAPHY = (*COMPLETE, *INCOMPLETE, ONLY_PROCESSING)


def archived() -> list[Dataset]:
    objects = [made for study in COMPLETE for made in exam(study, StudyDate=DAYS[study])]
    objects += exam(5, VIEWS[:3], StudyDate=DAYS[5]) + exam(7, VIEWS[2:], StudyDate=DAYS[7])
    objects += [mammogram(1, "R-CC", 8), for_processing(1, 9), plain(1, 10, BASIC_TEXT_SR, "SR")]
    objects += [for_processing(ONLY_PROCESSING, 1), plain(COMPUTED_TOMOGRAPHY, 1, CT_IMAGE, "CT")]
    return objects


@pytest.fixture(scope="module", params=[pytest.param(kind, marks=pytest.mark.real(kind)) for kind in ARCHIVES])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp(request.param)
    with ARCHIVES[request.param](folder, [encoded(made) for made in archived()]) as running:
        yield running


@pytest.fixture
def project_of(tmp_path: Path) -> Iterator[Callable[..., Project]]:
    """Return a function that makes a project which uses an archive."""
    made: list[Project] = []

    def project_of(archive: Archive, method: Method = "move") -> Project:
        made.append(Project.create(tmp_path / f"project{len(made)}", settings_text=archive.settings(method)))
        return made[-1]

    yield project_of
    for project in made:
        project.close()


def reasons(project: Project) -> dict[int, tuple[Outcome, str]]:
    """Return what was decided about each study of the archive."""
    pseudonyms = study_pseudonyms_of(project, [study_uid(number) for number in range(20)])
    numbers = {pseudonym: int(uid.rpartition(".")[2]) for uid, pseudonym in pseudonyms.items()}
    decided = project.catalog.study_decisions(Stage.ACQUIRE)
    return {numbers[study]: (one.outcome, one.reason) for study, one in decided.items()}


@pytest.mark.parametrize("method", ["move", "get"])
def test_the_whole_archive_arrives_and_is_accounted_for(
    archive: Archive, project_of: Callable[..., Project], method: Method
) -> None:
    project = project_of(archive, method)
    summary = acquire_pacs(project, "pacs")
    assert summary.pool == len(MAMMOGRAPHY) == sum(summary.exams.values())
    assert summary.exams == {
        ("kept", ""): len(COMPLETE),
        ("excluded", "missing_views"): len(INCOMPLETE),
        ("excluded", "not_mammography"): 1,
    }
    assert summary.objects == {
        ("kept", ""): 4 * len(COMPLETE) + 5,
        ("kept", "repeat"): 1,
        ("excluded", "for_processing"): 2,
        ("excluded", "wrong_sop_class"): 1,
    }
    details = Counter(one.detail for one in project.catalog.study_decisions(Stage.ACQUIRE).values() if one.detail)
    assert details == Counter(INCOMPLETE.values())
    vault = open_vault(project)
    assert not list(vault.incoming.iterdir())
    sources = {made.SOPInstanceUID: made for made in archived()}
    for original in vault.originals():
        assert hashlib.sha256(original.path.read_bytes()).hexdigest() == original.sha256
        received = dcmread(original.path)
        source = sources[received.SOPInstanceUID]
        assert received.PixelData == source.PixelData
        assert received.PatientID == source.PatientID


def test_an_archive_brings_the_same_as_a_folder(
    archive: Archive, project_of: Callable[..., Project], tmp_path: Path
) -> None:
    got, read = project_of(archive), project_of(archive)
    open_vault(got)
    read.vault_path.mkdir(mode=0o700)
    (read.vault_path / "key").write_text((got.vault_path / "key").read_text())  # gives the same pseudonyms
    acquire_pacs(got, "pacs", method="get")
    folder = tmp_path / "objects"
    folder.mkdir()
    for number, made in enumerate(archived()):
        (folder / str(number)).write_bytes(encoded(made))
    acquire_folder(read, [folder])
    images = [
        {(one.study_id, one.image_id, one.patient_id) for one in open_vault(project).originals()}
        for project in (got, read)
    ]
    assert images[0] == images[1]
    assert acquire_folder(got, [folder]).objects[("excluded", "duplicate")] == len(images[0])


def test_a_sample_is_drawn_along_the_permutation_and_can_be_enlarged(
    archive: Archive, project_of: Callable[..., Project]
) -> None:
    project = project_of(archive)
    order = [int(uid.rpartition(".")[2]) for uid in permutation([study_uid(one) for one in MAMMOGRAPHY], 11)]
    complete_in_order = [one for one in order if one in COMPLETE]
    summary = acquire_pacs(project, "pacs", sample=2, seed=11)
    assert summary.complete == 2
    second = order.index(complete_in_order[1])
    assert [one for one, (outcome, _) in reasons(project).items() if outcome == Outcome.NOT_DRAWN] == order[
        second + 1 :
    ]
    assert sum(summary.exams.values()) == summary.pool == len(MAMMOGRAPHY)

    before = {one.image_id: one.path.stat().st_mtime_ns for one in open_vault(project).originals()}
    larger = acquire_pacs(project, "pacs", sample=4, seed=99)
    assert larger.complete == 4
    kept = [one for one in order if reasons(project)[one][0] == Outcome.KEPT]
    assert kept == complete_in_order[:4], "the place in the first permutation holds, whatever the seed now"
    after = {one.image_id: one.path.stat().st_mtime_ns for one in open_vault(project).originals()}
    assert {one: after[one] for one in before} == before, "nothing is fetched twice"
    assert ("excluded", "duplicate") not in larger.objects


def test_an_exam_that_does_not_count_is_replaced_by_the_next(
    archive: Archive, project_of: Callable[..., Project]
) -> None:
    project = project_of(archive)
    acquire_pacs(project, "pacs", sample=2)
    decided = project.catalog.study_decisions(Stage.ACQUIRE)
    rejected = [study for study, one in decided.items() if one.outcome == Outcome.KEPT][:1]
    summary = acquire_pacs(project, "pacs", sample=2, exclude_from_count=rejected)
    assert summary.complete == 2
    assert summary.exams[("kept", "")] == 3


def test_a_sample_larger_than_the_archive_takes_what_there_is(
    archive: Archive, project_of: Callable[..., Project]
) -> None:
    summary = acquire_pacs(project_of(archive), "pacs", sample=100)
    assert summary.complete == len(COMPLETE)
    assert not [reason for _, reason in summary.exams if reason == "not_needed"]


def test_study_dates_bound_the_pool_and_later_studies_come_behind(
    archive: Archive, project_of: Callable[..., Project]
) -> None:
    project = project_of(archive)
    first = acquire_pacs(project, "pacs", date_from=date(2019, 1, 6), date_to=date(2019, 1, 7), sample=1)
    assert first.pool == 4
    places = {one.study_id: one.draw for one in project.catalog.pool()}
    second = acquire_pacs(project, "pacs", date_to=date(2019, 1, 5), sample=1)
    assert second.pool == len(MAMMOGRAPHY)
    pool = project.catalog.pool()
    assert {one.study_id: one.draw for one in pool[:4]} == places
    assert [one.draw for one in pool] == list(range(len(MAMMOGRAPHY)))


def test_a_dry_run_counts_the_pool_and_writes_nothing(archive: Archive, project_of: Callable[..., Project]) -> None:
    project = project_of(archive)
    summary = acquire_pacs(project, "pacs", dry_run=True)
    assert (summary.pool, dict(summary.objects)) == (len(MAMMOGRAPHY), {})
    assert not project.vault_path.exists()


def test_progress_is_told_in_complete_exams(archive: Archive, project_of: Callable[..., Project]) -> None:
    told: list[tuple[str, int, int | None]] = []
    acquire_pacs(project_of(archive), "pacs", sample=2, progress=lambda *event: told.append(event))
    assert told[-1] == ("exams", 2, 2)
    exams_done = [done for what, done, _ in told if what == "exams"]
    assert exams_done == sorted(exams_done)


def test_a_peer_that_cannot_send_to_us_fails_with_its_status_and_is_asked_again(
    archive: Archive, project_of: Callable[..., Project]
) -> None:
    elsewhere = Archive(archive.kind, archive.title, archive.port, free_port())
    project = project_of(elsewhere)
    with pytest.raises(AcquireError, match=r"peer 'pacs'.*0x[0-9A-F]{4}.*5 exams in a row") as caught:
        acquire_pacs(project, "pacs")
    assert "1.2.826" not in str(caught.value)
    failed = [one for one in project.catalog.study_decisions(Stage.ACQUIRE).values() if one.outcome == Outcome.FAILED]
    assert len(failed) == 5
    assert all(one.reason == "peer_failed" and "did not arrive" in one.detail for one in failed)
    assert acquire_pacs(project, "pacs", method="get").complete == len(COMPLETE)


def test_a_title_that_the_peer_does_not_know_is_explained(archive: Archive, project_of: Callable[..., Project]) -> None:
    stranger = Archive(archive.kind, "NOBODY", archive.port, archive.our_port)
    with pytest.raises(AcquireError, match=r"association (rejected|aborted).*is our AE title 'MAMMOSET' known there"):
        acquire_pacs(project_of(stranger), "pacs")


@pytest.mark.real("orthanc")
def test_an_answer_that_the_peer_cuts_short_is_asked_in_parts(
    project_of: Callable[..., Project], tmp_path: Path
) -> None:
    objects = [encoded(mammogram(study, "L-CC", StudyTime=f"{8 + study:02d}3000")) for study in range(1, 13)]
    with orthanc(tmp_path, objects, {"LimitFindResults": 4}) as archive:
        project = project_of(archive)
        day = date(2019, 1, 5)
        assert acquire_pacs(project, "pacs", date_from=day, date_to=day, dry_run=True).pool == 12
        with pytest.raises(AcquireError, match="first and the last date"):
            acquire_pacs(project, "pacs", dry_run=True)


def nowhere(kind: str = "orthanc") -> Archive:
    return Archive(kind, "PACS", free_port(), free_port())


def test_a_peer_that_is_not_there_is_named_with_its_address(project_of: Callable[..., Project]) -> None:
    archive = nowhere()
    with pytest.raises(AcquireError, match=rf"peer 'pacs': no association: no answer at 127.0.0.1:{archive.port}"):
        acquire_pacs(project_of(archive), "pacs")


def test_an_unknown_peer_is_an_error_that_names_those_there_are(project_of: Callable[..., Project]) -> None:
    with pytest.raises(ConfigError, match=r"no peer 'pax'.*there are: pacs"):
        acquire_pacs(project_of(nowhere()), "pax")


def test_dates_in_the_wrong_order_are_an_error(project_of: Callable[..., Project]) -> None:
    with pytest.raises(ConfigError, match="after the last"):
        acquire_pacs(project_of(nowhere()), "pacs", date_from=date(2020, 1, 1), date_to=date(2019, 1, 1))


@pytest.mark.real("orthanc")
def test_our_port_taken_by_another_program_is_explained(project_of: Callable[..., Project], tmp_path: Path) -> None:
    with orthanc(tmp_path, [encoded(made) for made in exam(1)]) as archive, socket.socket() as taken:
        taken.bind(("127.0.0.1", archive.our_port))
        taken.listen()
        with pytest.raises(AcquireError, match=r"cannot be listened on.*acquire\.port"):
            acquire_pacs(project_of(archive), "pacs")
