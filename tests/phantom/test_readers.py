from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.domain.agreement import cohen_kappa
from mammoset.domain.labels import default_labels
from mammoset.domain.rules import check
from mammoset.model import Breast, Reading
from mammoset.phantom.readers import SIDES, SimulatedArbiter, SimulatedReader, default_readers
from mammoset.phantom.truth import ExamTruth
from tests.phantom.exams import images_of, truths

READER1, READER2, ARBITER = default_readers()


@pytest.fixture(scope="module")
def exams() -> list[ExamTruth]:
    return truths(2000)


def kappa(
    first: Sequence[Reading], second: Sequence[Reading], question: Callable[[Breast], object], categories: list[object]
) -> float:
    answers = [[question(one.breast(side)) for one in readings for side in SIDES] for readings in (first, second)]
    return cohen_kappa(answers[0], answers[1], categories=categories)


def test_readers_agree_as_well_as_radiologists_do(exams: list[ExamTruth]) -> None:
    readings = [[reader.read(exam) for exam in exams] for reader in (READER1, READER2, ARBITER)]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        birads = kappa(readings[one], readings[other], lambda breast: breast.birads, [1, 2, 3, 4, 5])
        density = kappa(readings[one], readings[other], lambda breast: breast.density, ["A", "B", "C", "D"])
        assert 0.4 < birads < 0.6
        assert 0.6 < density < 0.8


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.floats(0, 1))
def test_every_reading_keeps_the_rules_without_a_confirmation(seed: int, skill: float) -> None:
    schema = default_labels()
    reader, other = SimulatedReader("a", seed, skill), SimulatedReader("b", seed + 1, skill)
    arbiter = SimulatedArbiter("c", seed + 2, skill)
    for exam in truths(40, seed, enriched=True):
        images = images_of(exam)
        first, second = reader.read(exam), other.read(exam)
        for reading in (first, second, arbiter.read(exam), arbiter.arbitrate(exam, first, second)):
            assert check(reading, images, schema) == ()
            assert reading.study_id == exam.study_id


def test_a_reading_depends_on_reader_and_exam_only_never_on_pseudonyms() -> None:
    for exam in truths(60, enriched=True):
        names = {image.image_id: f"{97 * index % 5}-other" for index, image in enumerate(exam.images)}
        renamed = exam.renamed(names | {exam.study_id: "other"})
        plain, other = READER1.read(exam), READER1.read(renamed)
        assert plain.breasts == other.breasts
        assert [(one.box, one.categories, one.birads) for one in plain.findings] == [
            (one.box, one.categories, one.birads) for one in other.findings
        ]
        assert [names[one.image_id] for one in plain.findings] == [one.image_id for one in other.findings]


def test_a_reader_of_perfect_skill_reads_the_truth() -> None:
    perfect = SimulatedReader("a", 1, skill=1.0)
    for exam in truths(60, enriched=True):
        reading = perfect.read(exam)
        assert reading.breasts == exam.breasts
        assert {one.image_id for one in reading.findings} == {one.image_id for one in exam.findings}
        assert len(reading.findings) == len(exam.findings)


def test_two_readers_of_different_seeds_read_differently(exams: list[ExamTruth]) -> None:
    twin = SimulatedReader("twin", READER1.seed + 1, READER1.skill)
    assert [READER1.read(exam).breasts for exam in exams] != [twin.read(exam).breasts for exam in exams]


def test_readers_overlook_some_findings_and_mark_some_that_are_not_there(exams: list[ExamTruth]) -> None:
    read = [(exam, READER1.read(exam)) for exam in exams]
    marked = {(one.image_id, one.categories) for _, reading in read for one in reading.findings}
    there = {(one.image_id, one.categories) for exam, _ in read for one in exam.findings}
    assert 0.5 < len(marked & there) / len(there) < 0.95
    assert marked - there


def test_the_arbiter_is_nearer_to_the_truth_than_either_reader(exams: list[ExamTruth]) -> None:
    def right(readings: list[Reading]) -> int:
        return sum(
            reading.breast(side).birads == exam.breast(side).birads
            for exam, reading in zip(exams, readings, strict=True)
            for side in SIDES
        )

    first, second = [READER1.read(exam) for exam in exams], [READER2.read(exam) for exam in exams]
    decided = [ARBITER.arbitrate(*three) for three in zip(exams, first, second, strict=True)]
    assert right(decided) > max(right(first), right(second))


def test_the_arbiter_leaves_alone_what_both_readers_say(exams: list[ExamTruth]) -> None:
    for exam in exams[:300]:
        reading = READER1.read(exam)
        decided = ARBITER.arbitrate(exam, reading, reading)
        for side in SIDES:
            assert decided.breast(side).density == reading.breast(side).density


def test_the_default_readers_have_the_experience_of_those_of_the_papers() -> None:
    table = [(one.reader.years_experience, one.reader.annual_volume) for one in default_readers(7)]
    assert table == [(14, 10_000), (21, 15_000), (22, 15_000)]
    assert [one.reader.roles for one in default_readers()] == [("reader",), ("reader",), ("arbiter",)]
    assert len({one.seed for seed in range(5) for one in default_readers(seed)}) == 15
