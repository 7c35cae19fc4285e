"""The rule of which objects count, and the order of the draw."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.acquire.sample import ObjectHeader, StudyVerdict, choose, permutation, refusal_of
from mammoset.pixels.views import ViewIdentity
from mammoset.terms.dicom import (
    BREAST_TOMOSYNTHESIS,
    MG_FOR_PRESENTATION,
    MG_FOR_PROCESSING,
    STANDARD_VIEWS,
    Laterality,
    ViewModifier,
    ViewPosition,
)
from mammoset.terms.reasons import REASONS, Outcome

L_CC = ViewIdentity(Laterality.L, ViewPosition.CC)
SPOT = ViewIdentity(Laterality.L, ViewPosition.CC, frozenset({ViewModifier.SPOT_COMPRESSION}))
IMPLANT = ViewIdentity(Laterality.L, ViewPosition.CC, frozenset({ViewModifier.IMPLANT_DISPLACED}))
MAGNIFIED = ViewIdentity(Laterality.L, ViewPosition.CC, is_magnified=True)


def header(sop_uid: str, view: ViewIdentity | None = L_CC, **values: object) -> ObjectHeader:
    given_values = {"patient_id": "P", **values}
    return ObjectHeader("1.1", "1.2", sop_uid, view=view, **given_values)  # type: ignore[arg-type]


def four() -> list[ObjectHeader]:
    return [header(f"9.{place}", ViewIdentity(*view)) for place, view in enumerate(STANDARD_VIEWS)]


views = st.builds(
    ViewIdentity, st.sampled_from(Laterality), st.sampled_from([ViewPosition.CC, ViewPosition.MLO, ViewPosition.ML]),
    st.frozensets(st.sampled_from([ViewModifier.SPOT_COMPRESSION, ViewModifier.ROLLED_LATERAL]), max_size=1),
    st.booleans(),
)  # fmt: skip
headers = st.builds(
    ObjectHeader,
    study_uid=st.just("1.1"), series_uid=st.sampled_from(["1.2", "1.2", "1.3", ""]),
    sop_uid=st.integers(0, 10**6).map(lambda number: f"9.{number}"),
    patient_id=st.sampled_from(["P", "P", ""]), issuer=st.just(""),
    sop_class=st.sampled_from([MG_FOR_PRESENTATION] * 6 + [MG_FOR_PROCESSING, BREAST_TOMOSYNTHESIS, "1.2.3"]),
    presentation_intent=st.sampled_from(["FOR PRESENTATION", "FOR PRESENTATION", "", "FOR PROCESSING"]),
    image_type=st.sampled_from([(), ("ORIGINAL", "PRIMARY"), ("DERIVED", "PRIMARY", "TOMO", "GENERATED_2D")]),
    sources=st.just(frozenset()), view=st.none() | views,
    acquired=st.tuples(st.sampled_from(["", "20190101"]), st.sampled_from(["", "101500", "101600"])),
    instance_number=st.integers(0, 3), is_whole=st.sampled_from([True, True, True, False]),
)  # fmt: skip
exams = st.lists(headers, max_size=14, unique_by=lambda one: one.sop_uid)


@given(exams, st.randoms())
def test_the_order_of_objects_does_not_matter(objects: list[ObjectHeader], random: object) -> None:
    shuffled = list(objects)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose(shuffled) == choose(objects)


def standing(objects: list[ObjectHeader], verdict: StudyVerdict) -> list[ObjectHeader]:
    chosen = {one.sop_uid for one in verdict.objects if one.outcome == Outcome.KEPT and not one.reason}
    return [one for one in objects if one.sop_uid in chosen]


@given(exams)
def test_each_standard_view_has_at_most_one_image_and_an_exam_is_complete_with_four(
    objects: list[ObjectHeader],
) -> None:
    verdict = choose(objects)
    chosen = [(one.view.laterality, one.view.view_position) for one in standing(objects, verdict) if one.view]
    assert len(chosen) == len(set(chosen))
    assert set(chosen) <= set(STANDARD_VIEWS)
    assert verdict.is_complete == (len(chosen) == 4)


@given(exams)
def test_every_object_has_one_verdict_with_a_reason_of_the_vocabulary(objects: list[ObjectHeader]) -> None:
    verdict = choose(objects)
    assert [one.sop_uid for one in verdict.objects] == sorted(one.sop_uid for one in objects)
    for one in verdict.objects:
        assert one.reason in {"", "repeat", "further_view"} if one.outcome == Outcome.KEPT else one.reason in REASONS
    assert (verdict.reason in REASONS) == (not verdict.is_complete)


@given(exams)
def test_the_image_that_stands_is_the_last_of_those_that_can(objects: list[ObjectHeader]) -> None:
    verdict = choose(objects)
    for chosen in standing(objects, verdict):
        assert chosen.view is not None
        rivals = [
            one for one in objects
            if one.view is not None and not refusal_of(one) and one.view.can_stand_for_its_view
            and (one.view.laterality, one.view.view_position) == (chosen.view.laterality, chosen.view.view_position)
        ]  # fmt: skip
        assert max(one.acquired for one in rivals) == chosen.acquired


@pytest.mark.parametrize("missing", [pair for size in (1, 2, 3, 4) for pair in combinations(range(4), size)])
def test_missing_views_are_named_in_a_fixed_order(missing: tuple[int, ...]) -> None:
    names = ["L-CC", "L-MLO", "R-CC", "R-MLO"]
    rest = [one for place, one in enumerate(four()) if place not in missing]
    spot = header("9.9", SPOT)
    verdict = choose([*rest, spot])
    assert (verdict.outcome, verdict.reason) == (Outcome.EXCLUDED, "missing_views")
    assert verdict.detail == ", ".join(names[place] for place in missing)


@pytest.mark.parametrize("view", [SPOT, IMPLANT, MAGNIFIED])
def test_a_special_view_never_stands_even_when_it_is_the_last(view: ViewIdentity) -> None:
    special = header("9.99", view, acquired=("20990101", ""))
    verdict = choose([*four(), special])
    assert verdict.is_complete
    assert {one.sop_uid: one.reason for one in verdict.objects}["9.99"] == "further_view"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"image_type": ("DERIVED", "PRIMARY", "TOMO", "GENERATED_2D")}, "synthesized"),
        ({"image_type": ("DERIVED", "PRIMARY", "TOMOSYNTHESIS", "NONE")}, "synthesized"),
        ({"sources": frozenset({BREAST_TOMOSYNTHESIS})}, "synthesized"),
        ({"image_type": ("DERIVED", "PRIMARY", "TOMO_2D", "LEFT")}, ""),
        ({"sources": frozenset({MG_FOR_PROCESSING})}, ""),
        ({"presentation_intent": ""}, ""),
        ({"presentation_intent": "FOR PROCESSING"}, "for_processing"),
        ({"sop_class": MG_FOR_PROCESSING}, "for_processing"),
        ({"sop_class": BREAST_TOMOSYNTHESIS}, "tomosynthesis"),
        ({"sop_class": ""}, "wrong_sop_class"),
        ({"view": None}, "unknown_view"),
        ({"is_whole": False}, "unreadable"),
    ],
)
def test_the_reason_of_a_refusal(values: dict[str, object], reason: str) -> None:
    assert refusal_of(header("9.1", **values)) == reason  # type: ignore[arg-type]


def test_a_contrast_subtraction_does_not_stand_for_its_view() -> None:
    difference = header("9.99", image_type=("DERIVED", "PRIMARY", "POST_CONTRAST", "SUBTRACTION"), instance_number=9)
    verdict = choose([*four(), difference])
    assert {one.sop_uid: one.reason for one in verdict.objects}["9.99"] == "further_view"


def test_an_exam_of_nothing_has_no_images() -> None:
    assert choose([]).reason == "no_images"


uids = st.lists(st.integers(0, 10**9).map(lambda number: f"1.2.{number}"), unique=True, max_size=30)


@given(uids, st.integers(0, 2**32), st.randoms())
def test_the_draw_depends_on_the_studies_and_the_seed_alone(studies: list[str], seed: int, random: object) -> None:
    shuffled = [*studies, *studies[:3]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    drawn = permutation(shuffled, seed)
    assert drawn == permutation(studies, seed)
    assert sorted(drawn) == sorted(studies)


def test_the_draw_is_the_same_on_every_machine() -> None:
    drawn = permutation([f"1.2.{number}" for number in range(8)], 7)
    assert [int(uid.rpartition(".")[2]) for uid in drawn] == [0, 6, 7, 2, 4, 5, 1, 3]
