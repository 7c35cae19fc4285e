from __future__ import annotations

from pathlib import Path

from mammoset.model import Box
from mammoset.phantom.hospital import Hospital
from mammoset.phantom.truth import ExamTruth, HospitalTruth, ImageTruth, Planted
from tests.phantom.exams import truths


def test_what_is_written_is_read_again(hospital: Hospital, tmp_path: Path) -> None:
    hospital.truth.write(tmp_path / "truth.json")
    assert HospitalTruth.read(tmp_path / "truth.json") == hospital.truth


def test_a_renamed_exam_has_no_original_identifier_left(hospital: Hospital) -> None:
    for exam in hospital.exams:
        mapping = {image.image_id: f"i{index}" for index, image in enumerate(exam.standard_images)}
        mapping |= {exam.study_id: "s", exam.patient_id: "p"}
        renamed = exam.renamed(mapping)
        assert (renamed.study_id, renamed.patient_id, renamed.number) == ("s", "p", exam.number)
        assert [image.image_id for image in renamed.images] == [f"i{n}" for n in range(len(exam.standard_images))]
        assert {finding.image_id for finding in renamed.findings} <= {image.image_id for image in renamed.images}
        assert len(renamed.findings) == len(exam.findings)
        text = str(renamed)
        assert not [planted for planted in exam.planted_strings if planted in text]


def test_an_image_without_a_new_name_takes_its_findings_with_it() -> None:
    exam = next(one for one in truths(40, enriched=True) if one.findings)
    gone = exam.findings[0].image_id
    kept = {image.image_id: image.image_id for image in exam.images if image.image_id != gone}
    renamed = exam.renamed(kept)
    assert gone not in {image.image_id for image in renamed.images}
    assert {finding.image_id for finding in renamed.findings} <= set(kept)
    assert len(renamed.findings) == sum(finding.image_id != gone for finding in exam.findings)


def test_only_texts_and_uids_of_some_length_are_proof_of_a_leak() -> None:
    planted = (
        Planted("Nguyen Thi Lan", "PatientName"), Planted("RCC", "pixels"), Planted("20190304", "StudyDate", "date"),
        Planted("094Y", "PatientAge", "age"), Planted("1.3.6.1.4.1.99999.1", "StudyInstanceUID", "uid"),
    )  # fmt: skip
    exam = ExamTruth(0, "s", "p", None, True, "GE", (), (), (), (), planted)
    assert exam.planted_strings == ("1.3.6.1.4.1.99999.1", "Nguyen Thi Lan")


def test_text_boxes_are_listed_by_image() -> None:
    box = Box(1, 2, 3, 4)
    images = (ImageTruth("a", "s", "", "standard", text_boxes=(box,)), ImageTruth("b", "s", "", "standard"))
    assert ExamTruth(0, "s", "p", None, True, "GE", (), (), images).text_boxes == {"a": (box,)}
