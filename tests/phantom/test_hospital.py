from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from pydicom import dcmread

from mammoset import engine
from mammoset.phantom import hospital as hospital_module
from mammoset.phantom.flaws import DEMO_FLAWS, Flaw
from mammoset.phantom.hospital import Hospital, build_hospital
from mammoset.terms.dicom import STANDARD_VIEWS


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_with_one_worker_and_with_two(tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        build_hospital(tmp_path / name, n_exams=3, seed=9, size="small", flaws=DEMO_FLAWS, workers=workers)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_an_archive_is_opened_again_as_it_was_built(hospital: Hospital) -> None:
    assert Hospital.load(hospital.folder) == hospital


def test_an_archive_that_was_not_finished_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Hospital.load(tmp_path)


def test_the_folder_holds_the_files_of_the_truth_and_nothing_else(hospital: Hospital) -> None:
    files = {str(path.relative_to(hospital.images)) for path in hospital.images.rglob("*") if path.is_file()}
    assert files == {image.path for exam in hospital.exams for image in exam.images}
    assert sorted(path.name for path in hospital.folder.iterdir()) == ["archive", "truth.json"]


def test_the_truth_says_what_the_headers_say(hospital: Hospital) -> None:
    for exam in hospital.exams:
        for image in exam.images:
            dataset = dcmread(hospital.images / image.path, stop_before_pixels=True)
            assert dataset.SOPInstanceUID == image.image_id
            assert dataset.SeriesInstanceUID == image.series_id
            assert dataset.StudyInstanceUID == exam.study_id
            assert dataset.PatientID == exam.patient_id
            assert dataset.get("PatientAge") == (None if exam.age_years is None else f"{exam.age_years:03d}Y")
            if image.laterality is not None:
                assert (dataset.Rows, dataset.Columns) == (image.rows, image.columns)
                assert dataset.Manufacturer.startswith(exam.vendor)


def test_a_complete_exam_has_one_image_for_each_of_the_four_views(hospital: Hospital) -> None:
    for exam in hospital.exams:
        views = Counter((image.laterality, image.view_position) for image in exam.standard_images)
        assert (views == Counter(STANDARD_VIEWS)) == exam.is_complete


def test_findings_lie_inside_the_images_that_stand_for_a_view(hospital: Hospital) -> None:
    assert sum(len(exam.findings) for exam in hospital.exams) >= 10
    for exam in hospital.exams:
        images = {image.image_id: image for image in exam.standard_images}
        for finding in exam.findings:
            image = images[finding.image_id]
            assert 0 <= finding.box.xmin < finding.box.xmax <= image.columns
            assert 0 <= finding.box.ymin < finding.box.ymax <= image.rows
            assert image.laterality is not None
            breast = exam.breast(image.laterality)
            assert breast.birads is not None
            assert breast.birads >= max(3, finding.birads or 3)


def test_a_demonstration_has_nearly_every_flaw(hospital: Hospital) -> None:
    assert {flaw for exam in hospital.exams for flaw in exam.flaws} == set(Flaw)


def test_no_two_objects_share_a_uid(hospital: Hospital) -> None:
    uids = [image.image_id for exam in hospital.exams for image in exam.images]
    assert len(uids) == len(set(uids))


def test_an_exam_that_cannot_be_made_ends_the_building_without_a_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(hospital_module, "make", fail)
    with pytest.raises(RuntimeError, match=r"exam 0 .* OSError"):
        build_hospital(tmp_path, n_exams=2, seed=1, size="small", workers=1)
    assert not (tmp_path / "truth.json").exists()


def test_progress_is_told_exam_by_exam(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    class Listener:
        def __call__(self, what: str, done: int, total: int | None) -> None:
            told.append((what, done, total))

    listener: engine.Progress = Listener()
    build_hospital(tmp_path, n_exams=2, seed=1, size="small", flaws={}, workers=1, progress=listener)
    assert told == [("exams", 1, 2), ("exams", 2, 2)]
