"""Exams from folders, files and archives."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLosslessSV1

from mammoset.acquire import acquire_folder, pseudonyms_of, study_pseudonyms_of
from mammoset.acquire.admit import open_vault
from mammoset.acquire.summary import AcquireSummary
from mammoset.catalog import Decision
from mammoset.errors import AcquireError, CatalogError, ConfigError
from mammoset.project import Project
from mammoset.terms.reasons import REASONS, Outcome, Stage
from tests.acquire.made import (
    BASIC_TEXT_SR,
    VIEWS,
    encoded,
    exam,
    for_processing,
    image_uid,
    mammogram,
    plain,
    study_uid,
)

Write = Callable[[Iterable[Dataset]], None]
REAL = Path(__file__).parents[2].parent / "shared" / "real" / "GH133.dcm"


def decision_about(project: Project, study: int, number: int | None = None) -> Decision:
    study_id = study_pseudonyms_of(project, [study_uid(study)])[study_uid(study)]
    image_id = "" if number is None else next(iter(pseudonyms_of(project, [image_uid(study, number)]).values()))
    (found,) = [one for one in project.catalog.decisions(Stage.ACQUIRE, study_id) if one.image_id == image_id]
    return found


def assert_adds_up(project: Project, summary: AcquireSummary) -> None:
    assert sum(summary.exams.values()) == summary.pool == len(project.catalog.pool())
    assert {reason for _, reason in (*summary.exams, *summary.objects)} <= {"", *REASONS}


def test_a_four_view_exam_is_kept_byte_for_byte_under_pseudonyms(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    summary = acquire_folder(project, [folder])
    assert (summary.pool, summary.complete, summary.exams) == (1, 1, {("kept", ""): 1})
    originals = open_vault(project).originals()
    sources = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert {one.sha256 for one in originals} == sources
    assert {hashlib.sha256(one.path.read_bytes()).hexdigest() for one in originals} == sources
    assert len({one.patient_id for one in originals}) == 1
    assert not any(study_uid(1) in str(one.path) for one in originals)


def test_the_order_of_files_and_folders_does_not_matter(project: Project, folder: Path) -> None:
    for number, view in enumerate(VIEWS):
        for study in (1, 2):
            place = folder / str(number) / str(study * 7 % 5)
            place.mkdir(parents=True, exist_ok=True)
            (place / "a").write_bytes(encoded(mammogram(study, view)))
    assert acquire_folder(project, [folder]).exams == {("kept", ""): 2}


def test_a_missing_view_is_named(project: Project, folder: Path, write: Write) -> None:
    write(exam(1, ("L-CC", "L-MLO", "R-CC")))
    summary = acquire_folder(project, [folder])
    assert summary.exams == {("excluded", "missing_views"): 1}
    assert decision_about(project, 1).detail == "R-MLO"
    assert len(open_vault(project).originals()) == 3, "what was kept stays, for pseudonymize --allow-incomplete"


def test_objects_are_refused_one_by_one_with_reasons(project: Project, folder: Path, write: Write) -> None:
    write(
        [
            *exam(1),
            for_processing(1, 11),
            mammogram(1, "L-CC", 12, ImageType=["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "GENERATED_2D"]),
            plain(1, 13, BASIC_TEXT_SR, "SR"),
            plain(1, 14, "1.2.840.10008.5.1.4.1.1.13.1.3", "MG"),
            mammogram(1, "L-CC", 15, ViewPosition="QQ"),
            mammogram(1, "L-CC", 16, SeriesInstanceUID=None),
            mammogram(1, "L-CC", 17, PixelData=None),
        ]
    )
    summary = acquire_folder(project, [folder])
    assert summary.objects == {
        ("kept", ""): 4,
        ("excluded", "for_processing"): 1,
        ("excluded", "synthesized"): 1,
        ("excluded", "wrong_sop_class"): 1,
        ("excluded", "tomosynthesis"): 1,
        ("excluded", "unknown_view"): 1,
        ("excluded", "no_identity"): 1,
        ("excluded", "unreadable"): 1,
    }
    assert decision_about(project, 1, 13).reason == "wrong_sop_class"
    assert decision_about(project, 1).outcome == Outcome.KEPT
    assert len(open_vault(project).originals()) == 4, "refused objects are not stored"


def test_repeats_and_further_views_are_kept_beside_the_four(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1), mammogram(1, "R-CC", 8), mammogram(1, "L-CC", 9, ViewPosition="ML")])
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("kept", ""): 4, ("kept", "repeat"): 1, ("kept", "further_view"): 1}
    assert decision_about(project, 1, 8).reason == "", "the last acquired stands for its view"
    assert decision_about(project, 1, 3).reason == "repeat"


def test_an_exam_without_mammograms_is_not_mammography(project: Project, folder: Path, write: Write) -> None:
    write([plain(1, 1, BASIC_TEXT_SR, "SR"), for_processing(1, 2)])
    assert acquire_folder(project, [folder]).exams == {("excluded", "not_mammography"): 1}


@pytest.mark.parametrize(
    "content",
    [
        encoded(mammogram(1, "R-MLO"), ImplicitVRLittleEndian),
        encoded(mammogram(1, "R-MLO"), JPEGLosslessSV1),
        encoded(mammogram(1, "R-MLO"), DeflatedExplicitVRLittleEndian),
        encoded(mammogram(1, "R-MLO"), has_preamble=False),
        encoded(mammogram(1, "R-MLO"), ImplicitVRLittleEndian, has_preamble=False),
        encoded(mammogram(1, "R-MLO", PhotometricInterpretation="MONOCHROME1")),
        encoded(mammogram(1, "R-MLO", AcquisitionDate=None, AcquisitionTime=None, InstanceNumber=None)),
        encoded(mammogram(1, "R-MLO", PresentationIntentType=None)),
    ],
    ids=["implicit", "jpeg", "deflated", "bare", "bare implicit", "monochrome1", "undated", "no intent"],
)
def test_every_way_of_writing_a_mammogram_is_understood(
    project: Project, folder: Path, write: Write, content: bytes
) -> None:
    write(exam(1, ("L-CC", "L-MLO", "R-CC")))
    (folder / "fourth").write_bytes(content)
    assert acquire_folder(project, [folder]).exams == {("kept", ""): 1}
    assert content in {one.path.read_bytes() for one in open_vault(project).originals()}


def broken_files() -> dict[str, tuple[bytes, str]]:
    whole = encoded(mammogram(9, "L-CC"))
    jpeg = encoded(mammogram(9, "L-CC"), JPEGLosslessSV1)
    directory = Dataset()
    directory.SOPClassUID = "1.2.840.10008.1.3.10"
    directory.SOPInstanceUID = image_uid(9, 99)
    return {
        "empty": (b"", "not_dicom"),
        "text": (b"L-CC of Mrs. Doe\n" * 40, "not_dicom"),
        "bytes like a group": (b"\x08\x00\x05\x00" + b"\xff" * 300, "not_dicom"),
        "only a prefix": (b"\0" * 128 + b"DICM", "no_identity"),
        "cut in the pixels": (whole[:-1], "unreadable"),
        "cut in the header": (whole[:600], "no_identity"),
        "cut in the fragments": (jpeg[:-20], "unreadable"),
        "without its delimiter": (jpeg[:-8], "unreadable"),
        "garbage after the prefix": (b"\0" * 128 + b"DICM" + b"\xfe" * 500, "no_identity"),
        "DICOMDIR": (encoded(directory), "not_dicom"),
        "broken archive": (b"PK\x03\x04" + b"\0" * 200, "unreadable"),
    }


@pytest.mark.parametrize("kind", broken_files())
def test_a_broken_file_is_counted_and_the_rest_goes_on(project: Project, folder: Path, write: Write, kind: str) -> None:
    content, reason = broken_files()[kind]
    write(exam(1))
    (folder / "broken").write_bytes(content)
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("kept", ""): 4, ("excluded", reason): 1}
    assert summary.exams[("kept", "")] == 1


def test_pipes_and_links_to_nowhere_do_not_stop_it(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(folder / "nowhere")
    (folder / "loop").symlink_to(folder)
    assert acquire_folder(project, [folder]).objects == {("kept", ""): 4, ("excluded", "not_dicom"): 2}


def test_archives_are_read_without_unpacking_them(project: Project, folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "exam.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, made in enumerate(exam(1)):
            archive.writestr(f"../../../escaped/{number}", encoded(made))
        archive.writestr("readme.txt", "for Mrs. Doe")
        archive.mkdir("a folder")
    before = {path for path in tmp_path.rglob("*") if "vault" not in str(path) and "project" not in str(path)}
    summary = acquire_folder(project, [folder / "exam.zip"])
    assert summary.objects == {("kept", ""): 4, ("excluded", "not_dicom"): 1}
    after = {path for path in tmp_path.rglob("*") if "vault" not in str(path) and "project" not in str(path)}
    assert after == before
    assert not list(tmp_path.rglob("escaped"))


def test_a_damaged_archive_member_is_unreadable(project: Project, folder: Path) -> None:
    path = folder / "exam.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, made in enumerate(exam(1)):
            archive.writestr(str(number), encoded(made))
    content = bytearray(path.read_bytes())
    at = content.rindex(mammogram(1, "R-MLO").PixelData)
    content[at + 9] ^= 0xFF
    path.write_bytes(content)
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("kept", ""): 3, ("excluded", "unreadable"): 1}
    assert decision_about(project, 1).detail == "R-MLO"


def test_an_archive_member_beyond_the_limit_is_not_read(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", encoded(mammogram(1, "L-CC")) + b"\0" * 200_000)
    monkeypatch.setattr("mammoset.acquire.folder.MAX_MEMBER", 100_000)
    assert acquire_folder(project, [folder]).objects == {("excluded", "unreadable"): 1}


def test_a_deflated_object_that_grows_beyond_the_limit_is_unreadable(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mammogram(1, "L-CC", Rows=1000, Columns=1000, PixelData=bytes(2_000_000))
    (folder / "bomb").write_bytes(encoded(made, DeflatedExplicitVRLittleEndian))
    monkeypatch.setattr("mammoset.acquire.header.MAX_INFLATED", 1_500_000)
    assert acquire_folder(project, [folder]).objects == {("excluded", "unreadable"): 1}


def test_running_again_changes_nothing(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1), *exam(2, VIEWS[:2]), for_processing(1, 9)])
    first = acquire_folder(project, [folder])
    decisions, pool, originals = project.catalog.decisions(), project.catalog.pool(), open_vault(project).originals()
    again = acquire_folder(project, [folder])
    assert again.exams == first.exams
    assert again.objects == {("excluded", "duplicate"): 6, ("excluded", "for_processing"): 1}
    assert (project.catalog.decisions(), project.catalog.pool()) == (decisions, pool)
    assert open_vault(project).originals() == originals


def test_later_files_complete_an_exam(project: Project, folder: Path, write: Write) -> None:
    write(exam(1, VIEWS[:3]))
    acquire_folder(project, [folder])
    shutil.rmtree(folder)
    folder.mkdir()
    write(exam(1, VIEWS[3:]))
    assert acquire_folder(project, [folder]).exams == {("kept", ""): 1}
    assert decision_about(project, 1).detail == ""


def test_copies_and_conflicting_copies_are_told_apart(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    write([mammogram(1, "L-CC")])
    (folder / "from another archive").write_bytes(encoded(mammogram(1, "L-MLO"), ImplicitVRLittleEndian))
    conflicting = mammogram(1, "R-CC")
    conflicting.PixelData = bytes(len(conflicting.PixelData))
    write([conflicting])
    summary = acquire_folder(project, [folder])
    assert summary.objects == {
        ("kept", ""): 4,
        ("excluded", "duplicate"): 2,
        ("excluded", "conflicting_copy"): 1,
    }
    assert decision_about(project, 1, 3).outcome == Outcome.KEPT
    assert "other content" in decision_about(project, 1, 3).detail


def test_an_exam_without_patient_id_is_a_patient_of_its_own(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1, PatientID=""), *exam(2, PatientID=""), *exam(3, PatientID="A"), *exam(4, PatientID="A")])
    acquire_folder(project, [folder])
    patients = {one.study_id: one.patient_id for one in open_vault(project).originals()}
    assert sorted(Counter(patients.values()).values()) == [1, 1, 2]


def test_the_issuer_tells_patients_of_the_same_id_apart(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1, PatientID="A", IssuerOfPatientID="X"), *exam(2, PatientID="A", IssuerOfPatientID="Y")])
    acquire_folder(project, [folder])
    assert len({one.patient_id for one in open_vault(project).originals()}) == 2


def test_an_exam_under_two_patient_ids_is_left_out(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1, VIEWS[:2], PatientID="A"), *exam(1, VIEWS[2:], PatientID="B")])
    assert acquire_folder(project, [folder]).exams == {("excluded", "several_patients"): 1}
    assert decision_about(project, 1).detail == "its images carry 2 different patient ids"


def test_the_vault_resolves_every_pseudonym_and_the_catalog_none(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    acquire_folder(project, [folder])
    vault = open_vault(project)
    original = vault.originals()[0]
    assert vault.original_of("study", original.study_id) == study_uid(1)
    assert vault.original_of("patient", original.patient_id) == "PAT0001"
    assert vault.original_of("image", original.image_id) in {image_uid(1, number) for number in range(1, 5)}
    assert str(vault.original_of("series", original.series_id)).startswith("1.2.826")
    project.close()
    content = b"".join(path.read_bytes() for path in project.root.rglob("*") if path.is_file())
    assert b"1.2.826.0.1.3680043" not in content
    assert b"PAT0001" not in content


def test_a_dry_run_writes_nothing(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1), *exam(2, VIEWS[:3]), mammogram(1, "L-CC")])
    summary = acquire_folder(project, [folder], dry_run=True)
    assert (summary.pool, summary.complete) == (2, 1)
    assert summary.exams == {("kept", ""): 1, ("excluded", "missing_views"): 1}
    assert sum(summary.objects.values()) == 8
    assert not project.vault_path.exists()
    assert not project.catalog.pool()


def test_objects_that_come_after_the_gate_are_turned_away(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    acquire_folder(project, [folder])
    vault = open_vault(project)
    study_id = project.catalog.pool()[0].study_id
    project.catalog.decide([Decision(Stage.PSEUDONYMIZE, study_id, Outcome.KEPT)])
    vault.purge([study_id])
    write([mammogram(1, "L-CC", 9)])
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("excluded", "duplicate"): 4, ("excluded", "arrived_late"): 1}
    assert not vault.originals()
    assert decision_about(project, 1).outcome == Outcome.KEPT


def test_what_an_interrupted_run_left_is_done_again(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))

    def power_cut(decisions: Iterable[Decision]) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project.catalog, "decide", power_cut)
        with pytest.raises(KeyboardInterrupt):
            acquire_folder(project, [folder])
    (open_vault(project).incoming / "half.part").write_bytes(b"half")
    summary = acquire_folder(project, [folder])
    assert summary.objects == {("kept", ""): 4}
    assert summary.exams == {("kept", ""): 1}
    assert not list(open_vault(project).incoming.iterdir())


def test_a_path_that_is_not_there_is_an_error_without_its_name(project: Project, folder: Path) -> None:
    with pytest.raises(AcquireError, match=r"path 2 of 2 is not there") as caught:
        acquire_folder(project, [folder, folder / "Doe_Jane"])
    assert "Doe" not in str(caught.value)


def test_a_full_disk_is_an_error_that_says_what_to_do(
    project: Project, folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(exam(1))
    monkeypatch.setattr("mammoset.vault.Vault.free_bytes", lambda _: 1 << 20)
    with pytest.raises(AcquireError, match="acquire purge"):
        acquire_folder(project, [folder])
    assert not open_vault(project).originals()


def test_two_at_once_are_not_allowed(project: Project, folder: Path) -> None:
    with project.lock("acquire"), pytest.raises(CatalogError, match="already running"):
        acquire_folder(project, [folder])


def test_a_lost_vault_is_not_replaced_by_a_new_key(project: Project, folder: Path, write: Write) -> None:
    write(exam(1))
    acquire_folder(project, [folder])
    shutil.rmtree(project.vault_path)
    with pytest.raises(ConfigError, match="backup"):
        acquire_folder(project, [folder])
    assert not (project.vault_path / "key").exists()


def test_progress_is_told_in_exams(project: Project, folder: Path, write: Write) -> None:
    write([*exam(1), *exam(2)])
    told: list[tuple[str, int, int | None]] = []
    acquire_folder(project, [folder], progress=lambda *event: told.append(event))
    assert told[-1] == ("exams", 2, 2)
    assert ("files", 8, None) in told


@pytest.mark.parametrize("count", [0, 5])
def test_the_decisions_add_up_to_the_pool(project: Project, folder: Path, write: Write, count: int) -> None:
    for study in range(count):
        write(exam(study, VIEWS[: 4 - study % 3]))
        write([plain(study + 100, 1, BASIC_TEXT_SR, "SR")])
    assert_adds_up(project, acquire_folder(project, [folder]))


@pytest.mark.skipif(not REAL.exists(), reason="the real mammogram is not beside the repository")
def test_a_real_mammogram_is_one_view_of_an_incomplete_exam(project: Project) -> None:
    summary = acquire_folder(project, [REAL])
    assert summary.objects == {("kept", ""): 1}
    (decision,) = [one for one in project.catalog.decisions() if not one.image_id]
    assert (decision.outcome, decision.reason) == (Outcome.EXCLUDED, "missing_views")
    assert decision.detail == "L-CC, L-MLO, R-CC"
