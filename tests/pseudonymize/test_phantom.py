"""A phantom archive through the gate: every vendor valid, every planted identifier gone, corner text masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mammoset.catalog.records import ImageRecord
from mammoset.errors import RefusedObject
from mammoset.model import Box
from mammoset.phantom.flaws import DEMO_FLAWS
from mammoset.phantom.hospital import Hospital, build_hospital
from mammoset.phantom.truth import ImageTruth
from mammoset.pixels.codec import transcode
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.treat import GateTask
from mammoset.terms.dicom import EXPLICIT_VR_LE, JPEG_LS_LOSSLESS
from tests.pseudonymize.hostile import passed


@dataclass(frozen=True)
class Treated:
    truth: ImageTruth
    record: ImageRecord
    data: bytes


@dataclass(frozen=True)
class Archive:
    hospital: Hospital
    treated: list[Treated]
    refused: Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    root = tmp_path_factory.mktemp("phantom")
    hospital = build_hospital(root / "hospital", n_exams=12, seed=3, size="small", flaws=DEMO_FLAWS, workers=1)
    treated, refused = [], Counter[tuple[str, str]]()
    images = [image for exam in hospital.exams for image in exam.images]
    for number, truth in enumerate(images):
        names = Pseudonyms(f"2.25.{10**30 + number}", "2.25.102", "2.25.103", "P0123456789ABCDEF")
        try:
            record = passed(GateTask(hospital.images / truth.path, root / "content", names))
        except RefusedObject as refusal:
            refused[truth.role, refusal.reason] += 1
            continue
        stored = root / "content" / names.patient_id / names.study_id / f"{names.image_id}.dcm"
        treated.append(Treated(truth, record, stored.read_bytes()))
    return Archive(hospital, treated, refused)


def test_every_mammogram_passes_and_everything_else_is_refused(archive: Archive) -> None:
    assert {role for role, _ in archive.refused} == {"other"}
    assert {reason for _, reason in archive.refused} == {"for_processing", "wrong_sop_class"}
    makers = {one.record.attributes["manufacturer"] for one in archive.treated}
    assert makers == {"SIEMENS", "IMS", "PLANMED", "GE MEDICAL SYSTEMS"}
    for one in archive.treated:
        assert one.record.image.view == (one.truth.laterality, one.truth.view_position)
        assert one.record.attributes["manufacturer_model_name"]
        assert one.record.attributes["orientation_corrected"] is False


def test_no_planted_identifier_is_left(archive: Archive) -> None:
    secrets = {
        text.encode(code, "ignore")
        for text in archive.hospital.planted_strings
        for code in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
    }
    assert len(secrets) > 500
    assert not [secret for secret in secrets if len(secret) > 3 for one in archive.treated if secret in one.data]


def test_text_in_the_corners_away_from_the_chest_wall_is_masked(archive: Archive) -> None:
    corner = [(one, box) for one in archive.treated for box in one.truth.text_boxes if _is_in_a_corner(one, box)]
    assert len(corner) > 10
    for one, box in corner:
        assert any(
            xmin <= box.xmin and ymin <= box.ymin and box.xmax <= xmax and box.ymax <= ymax
            for xmin, ymin, xmax, ymax in one.record.masked
        )


def _is_in_a_corner(one: Treated, box: Box) -> bool:
    x, y = box.center
    is_far = (
        x > one.truth.columns * 0.8 if one.record.attributes["chest_wall"] == "left" else x < one.truth.columns * 0.2
    )
    return is_far and not one.truth.rows * 0.08 < y < one.truth.rows * 0.92


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("syntax", [EXPLICIT_VR_LE, JPEG_LS_LOSSLESS])
def test_the_validator_finds_no_error_in_any_of_them(
    archive: Archive, syntax: str, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    found = Counter[str]()
    for one in archive.treated:
        (tmp_path / "object.dcm").write_bytes(transcode(one.data, syntax))
        found.update(dciodvfy_errors(tmp_path / "object.dcm"))
    assert not found
