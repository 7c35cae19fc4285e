"""The training exams: the same wherever they are made, apart from the dataset, made anew only where needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread

from mammoset.domain.rules import check
from mammoset.errors import DatasetDefect
from mammoset.jobs.training import make_training
from mammoset.pixels.codec import decode, decode_level
from mammoset.project import Project
from mammoset.read.training_set import TrainingSet, training_content
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.create(tmp_path_factory.mktemp("training") / "p") as project:
        make_training(project, size="small", workers=1)
        yield project


@pytest.fixture(scope="module")
def exams(made: Project) -> TrainingSet:
    found = TrainingSet.load(made.root)
    assert found is not None
    return found


def test_there_are_five_exams_of_four_views_each_with_something_of_its_own(exams: TrainingSet) -> None:
    assert [len(one.records) for one in exams.exams] == [4] * 5
    planted = [sorted({name for one in exam.planted.findings for name in one.categories}) for exam in exams.exams]
    assert planted == [[], ["Mass"], ["Suspicious Calcification"], ["Focal Asymmetry"], []]
    assert {one.density for one in exams.exams[0].planted.breasts} == {"A"}
    assert {one.density for one in exams.exams[4].planted.breasts} == {"D"}


def test_what_is_planted_keeps_the_rules_of_an_answer_and_is_seen_in_both_views(
    made: Project, exams: TrainingSet
) -> None:
    for exam in exams.exams:
        # boxes of so small pictures may be smaller than readers draw
        broken = {one.code for one in check(exam.planted, exam.images, made.schema)}
        assert broken <= {"box_too_small"}
        assert len(exam.planted.findings) in (0, 2)


def test_objects_are_of_the_store_s_kind_and_every_level_decodes(made: Project, exams: TrainingSet) -> None:
    record = exams.exams[2].records[0]
    path = training_content(made.root).path(record.image)
    dataset = dcmread(path)
    assert dataset.file_meta.TransferSyntaxUID == HTJ2K_LOSSLESS_RPCL
    assert "PHANTOM" not in str(dataset)
    data, ends = path.read_bytes()[record.codestream_offset :], record.tile_part_ends
    for level in range(len(ends)):
        rows = -(-record.image.height // 2**level)
        assert decode_level(data[: ends[len(ends) - 1 - level]], level).shape[0] == rows
    assert decode(dataset).shape == (record.image.height, record.image.width)


def test_nothing_of_them_is_in_the_dataset(made: Project) -> None:
    assert made.catalog.image_records() == []
    assert made.catalog.pool() == []
    assert not made.content.root.exists()


def test_made_elsewhere_they_are_the_same(made: Project, exams: TrainingSet, tmp_path: Path) -> None:
    with Project.create(tmp_path / "other") as other:
        make_training(other, size="small", workers=2)
        assert TrainingSet.load(other.root) == exams
        digests = [digests_in(project) for project in (made, other)]
    assert digests[0] == digests[1]


def digests_in(project: Project) -> dict[str, str]:
    root = training_content(project.root).root
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*.dcm")}


def test_they_are_made_once_again_where_a_file_is_gone_and_anew_in_another_size(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        assert make_training(project, size="small", workers=1).is_new
        assert not make_training(project, workers=1).is_new
        before = digests_in(project)
        next(training_content(project.root).root.rglob("*.dcm")).unlink()
        assert make_training(project, size="small", dry_run=True).is_new
        assert len(digests_in(project)) == 19
        assert make_training(project, size="small", workers=1).is_new
        assert digests_in(project) == before
        manifest = project.root / "training" / "training.json"
        manifest.write_text(manifest.read_text().replace('"1-small"', '"0-small"'))
        assert make_training(project, size="small", workers=1).is_new


def test_a_damaged_list_says_what_to_do(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        (project.root / "training").mkdir()
        (project.root / "training" / "training.json").write_text("{")
        with pytest.raises(DatasetDefect, match="delete the folder training"):
            make_training(project, size="small")
