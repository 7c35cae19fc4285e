from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoset.phantom.flaws import ARCHIVE_FLAWS, DEMO_FLAWS, FATAL, Flaw, pool_size
from mammoset.phantom.plans import ExamPlan
from mammoset.phantom.population import AGES, draw_population, years
from mammoset.phantom.quotas import COMBINATIONS, ENRICHED, PAPER, box_groups, largest_remainder
from mammoset.phantom.vendors import VENDORS
from mammoset.terms import findings as f
from mammoset.terms.dicom import ViewPosition

SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def paper() -> tuple[ExamPlan, ...]:
    return draw_population(5000, seed=1)


def boxes(exams: tuple[ExamPlan, ...]) -> Counter[str]:
    return Counter(
        category
        for exam in exams
        for breast in exam.breasts
        for lesion in breast.lesions
        for category in lesion.categories
        for _ in lesion.views
    )


def test_five_thousand_exams_have_the_totals_of_the_papers(paper: tuple[ExamPlan, ...]) -> None:
    breasts = [breast for exam in paper for breast in exam.breasts]
    assert Counter(breast.birads for breast in breasts) == PAPER.birads
    assert Counter(breast.density for breast in breasts) == PAPER.density
    assert boxes(paper) == PAPER.boxes


def test_five_thousand_complete_exams_of_a_flawed_pool_have_the_totals_of_the_papers() -> None:
    complete: tuple[ExamPlan, ...] = ()
    n = 5000
    while len(complete) < 5000:
        n += 5000 - len(complete) if complete else 0
        complete = tuple(exam for exam in draw_population(n, seed=3, flaws=ARCHIVE_FLAWS) if exam.is_complete)
    assert len(complete) == 5000
    assert boxes(complete) == PAPER.boxes
    assert Counter(breast.birads for exam in complete for breast in exam.breasts) == PAPER.birads


def test_a_patient_has_one_birth_date_and_ages_that_follow_from_it(paper: tuple[ExamPlan, ...]) -> None:
    visits: dict[str, list[ExamPlan]] = {}
    for exam in paper:
        visits.setdefault(exam.patient.patient_id, []).append(exam)
    assert Counter(len(exams) for exams in visits.values()).keys() == {1, 2, 3}
    for exams in visits.values():
        assert len({exam.patient for exam in exams}) == 1
        assert len({exam.moment for exam in exams}) == len(exams)
        for exam in exams:
            assert exam.age in (None, years(exam.patient.birth_date, exam.moment.date()))


def test_ages_are_plausible_a_few_are_above_89_and_some_are_missing(paper: tuple[ExamPlan, ...]) -> None:
    ages = sorted(exam.age for exam in paper if exam.age is not None)
    assert 45 <= ages[len(ages) // 2] <= 50
    assert ages[0] >= min(AGES)
    assert 1 <= sum(age > 89 for age in ages) <= 40
    assert 0.02 < sum(exam.age is None for exam in paper) / len(paper) < 0.06


def test_density_is_mostly_equal_on_both_sides(paper: tuple[ExamPlan, ...]) -> None:
    equal = sum(exam.breasts[0].density == exam.breasts[1].density for exam in paper)
    assert 0.9 < equal / len(paper) < 1


def test_every_vendor_has_its_share(paper: tuple[ExamPlan, ...]) -> None:
    assert Counter(exam.vendor for exam in paper) == {key: one.share * 5000 for key, one in VENDORS.items()}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 120), SEEDS, st.booleans(), st.sampled_from([{}, DEMO_FLAWS, ARCHIVE_FLAWS]))
def test_breasts_and_their_lesions_never_contradict_each_other(
    n: int, seed: int, enriched: bool, flaws: dict[Flaw, float]
) -> None:
    exams = draw_population(n, seed=seed, enriched=enriched, flaws=flaws)
    assert [exam.number for exam in exams] == list(range(n))
    for exam in exams:
        for breast in exam.breasts:
            assert not breast.lesions or breast.birads >= 3
            asymmetries = {lesion.views for lesion in breast.lesions if lesion.categories == (f.ASYMMETRY,)}
            assert len(asymmetries) <= 1
            for lesion in breast.lesions:
                assert lesion.categories == tuple(one for one in f.FINDING_CATEGORIES if one in lesion.categories)
                assessed = bool(set(lesion.categories) & set(f.LESION_CATEGORIES))
                assert (lesion.birads is not None) == assessed
                assert lesion.birads is None or 3 <= lesion.birads <= breast.birads
                if f.SUSPICIOUS_LYMPH_NODE in lesion.categories:
                    assert lesion.views == (ViewPosition.MLO,)
                if f.ASYMMETRY in lesion.categories:
                    assert len(lesion.views) == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), SEEDS, st.booleans())
def test_another_number_of_exams_has_the_same_proportions(n: int, seed: int, enriched: bool) -> None:
    exams = draw_population(n, seed=seed, enriched=enriched)
    quotas = (ENRICHED if enriched else PAPER).scaled(n)
    found = Counter(breast.birads for exam in exams for breast in exam.breasts)
    assert found == Counter({key: count for key, count in quotas.birads.items() if count})
    if any(found[category] for category in (3, 4, 5)):
        assert boxes(exams) == Counter({key: count for key, count in quotas.boxes.items() if count})


def test_the_same_seed_draws_the_same_exams_and_another_seed_others() -> None:
    drawn = draw_population(50, seed=7, flaws=DEMO_FLAWS)
    assert drawn == draw_population(50, seed=7, flaws=DEMO_FLAWS)
    assert drawn != draw_population(50, seed=8, flaws=DEMO_FLAWS)


def test_a_dozen_enriched_exams_have_several_findings() -> None:
    assert sum(boxes(draw_population(12, seed=0, enriched=True)).values()) >= 10


def test_a_negative_number_of_exams_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        draw_population(-1, seed=0)


@given(st.integers(0, 400), st.sampled_from([{}, DEMO_FLAWS, ARCHIVE_FLAWS]), SEEDS)
@settings(max_examples=30, deadline=None)
def test_a_pool_of_the_given_size_leaves_as_many_exams_as_wanted(
    wanted: int, flaws: dict[Flaw, float], seed: int
) -> None:
    exams = draw_population(pool_size(wanted, flaws), seed=seed, flaws=flaws)
    lost = {*FATAL}
    assert sum(not exam.flaws & lost for exam in exams) >= wanted


@given(st.dictionaries(st.integers(), st.integers(1, 1000), min_size=1, max_size=8), st.integers(0, 5000))
def test_shares_add_up_and_are_within_one_of_the_exact_value(weights: dict[int, int], total: int) -> None:
    shares = largest_remainder(weights, total)
    assert sum(shares.values()) == total
    for key, share in shares.items():
        assert abs(share - weights[key] * total / sum(weights.values())) < 1


@given(st.dictionaries(st.sampled_from(f.FINDING_CATEGORIES), st.integers(0, 300)))
def test_boxes_of_several_categories_take_nothing_away_from_the_totals(wanted: dict[str, int]) -> None:
    groups = box_groups(wanted)
    counted: Counter[str] = Counter()
    for categories, count in groups.items():
        assert count > 0
        counted.update(dict.fromkeys(categories, count))
    assert counted == Counter({key: count for key, count in wanted.items() if count})
    assert set(groups) <= set(COMBINATIONS) | {(category,) for category in f.FINDING_CATEGORIES}
