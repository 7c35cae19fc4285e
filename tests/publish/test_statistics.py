"""Statistics count what the tables hold, as the papers count it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.labels import default_labels
from mammoset.domain.tables import BreastRow, FindingRow
from mammoset.publish.datasheet import Table, tables_of
from mammoset.publish.document import totals
from mammoset.publish.statistics import AGE_GROUPS, age_group, statistics_of, vocabularies_of

VOCABULARIES = vocabularies_of(default_labels(), ("training", "test"))


def breast(study: str, side: str, view: str, birads: int | None, density: str | None, fold: str) -> BreastRow:
    return BreastRow(study, "s", f"{study}{side}{view}", side, view, 96, 64, birads, density, fold)


def finding(row: BreastRow, names: tuple[str, ...], birads: int | None) -> FindingRow:
    xmin, ymin, xmax, ymax = (None,) * 4 if names == ("No Finding",) else (1.0, 1.0, 30.0, 30.0)
    cells = asdict(row)
    return FindingRow(
        **cells, finding_categories=names, finding_birads=birads, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax
    )


def exam(study: str, birads: tuple[int | None, int | None], density: str | None, fold: str) -> list[BreastRow]:
    return [
        breast(study, side, view, birads[n], density, fold) for n, side in enumerate("LR") for view in ("CC", "MLO")
    ]


ROWS = [*exam("1", (1, 4), "C", "training"), *exam("2", (1, None), None, "test")]
FINDINGS = [
    finding(ROWS[0], ("No Finding",), None),
    finding(ROWS[2], ("Mass", "Skin Retraction"), 4),
    finding(ROWS[2], ("Suspicious Lymph Node",), None),
    finding(ROWS[3], ("Mass",), 3),
]
METADATA = {row.image_id: {"Patient ID": f"P{row.study_id}", "Patient's Age": "057Y"} for row in ROWS[:4]}


def test_a_breast_counts_once_and_a_finding_in_each_of_its_categories() -> None:
    found = statistics_of(ROWS, FINDINGS, METADATA, VOCABULARIES)
    assert found.counts["training"] == {
        "patients": 1, "studies": 1, "breasts": 2, "images": 4, "images_with_finding": 2, "findings": 3,
    }  # fmt: skip
    assert (found.breast_birads["training"]["BI-RADS 1"], found.breast_birads["training"]["BI-RADS 4"]) == (1, 1)
    assert (found.findings["training"]["Mass"], found.findings["training"]["Skin Retraction"]) == (2, 1)
    assert found.finding_birads["Mass"] == {"BI-RADS 3": 1, "BI-RADS 4": 1, "BI-RADS 5": 0, "none": 0}
    assert found.finding_birads["Suspicious Lymph Node"]["none"] == 1


def test_unknown_is_not_negative() -> None:
    found = statistics_of(ROWS, FINDINGS, METADATA, VOCABULARIES)
    assert (found.breast_birads["test"]["BI-RADS 1"], found.breast_birads["test"]["not known"]) == (1, 1)
    assert found.breast_density["test"]["not known"] == 2
    assert found.age["test"]["not known"] == 1
    assert found.vendors == {"not known": {"not known": 8}}


def test_an_empty_release_counts_nothing_and_has_all_rows() -> None:
    found = statistics_of([], [], {}, VOCABULARIES)
    assert set(totals(found).values()) == {0}
    assert set(found.findings["test"]) == set(VOCABULARIES.finding_categories)
    assert tables_of(found.to_json(), [])


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("039Y", "under 40"), ("040Y", "40–44"), ("044Y", "40–44"), ("045Y", "45–49"), ("089Y", "85–89"),
        ("090Y", "90 and over"), ("999Y", "90 and over"), ("018M", "under 40"), ("", "not known"), ("57", "not known"),
    ],
)  # fmt: skip
def test_ages_are_grouped_as_dicom_writes_them(age: str, group: str) -> None:
    assert age_group(age) == group


@given(st.integers(0, 999))
def test_every_age_has_a_group(years: int) -> None:
    assert age_group(f"{years:03d}Y") in AGE_GROUPS[:-1]


exams = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from("ABCD"), st.sampled_from(["training", "test"])),
    max_size=12,
)


@given(exams, st.randoms(use_true_random=False))
def test_the_parts_add_up_and_the_order_of_rows_does_not_matter(
    said: list[tuple[int, int, str, str]], shuffle: object
) -> None:
    rows = [
        row for n, (left, right, density, fold) in enumerate(said) for row in exam(str(n), (left, right), density, fold)
    ]
    found = statistics_of(rows, [], {}, VOCABULARIES)
    for fold in ("training", "test"):
        n_breasts = found.counts[fold]["breasts"]
        assert sum(found.breast_birads[fold].values()) == sum(found.breast_density[fold].values()) == n_breasts
        assert sum(found.age[fold].values()) == found.counts[fold]["studies"]
    shuffle.shuffle(rows)  # type: ignore[attr-defined]
    assert statistics_of(rows, [], {}, VOCABULARIES) == found
    assert json.loads(json.dumps(found.to_json())) == found.to_json()


def test_the_tables_of_the_paper_come_out_as_the_paper_prints_them() -> None:
    """VinDr-Mammo's Tables 2 and 4, first version: numbers in, printed cells out."""
    birads = {
        "training": {"1": 5362, "2": 1871, "3": 372, "4": 305, "5": 90},
        "test": {"1": 1341, "2": 467, "3": 93, "4": 76, "5": 23},
    }
    counts = {"training": {"images": 16000}, "test": {"images": 4000}}
    findings = {"training": {"Mass": 989, "Focal Asymmetry": 216}, "test": {"Mass": 237, "Focal Asymmetry": 53}}
    tables: dict[str, Table] = {
        table.name: table
        for table in tables_of(
            {
                "counts": counts, "breast_birads": birads, "breast_density": {}, "findings": findings,
                "finding_birads": {}, "age": {}, "vendors": {},
            },
            [],
        )
    }  # fmt: skip
    assert tables["breast_birads"].rows[0] == (
        "training", "5,362 (67.03%)", "1,871 (23.39%)", "372 (4.65%)", "305 (3.81%)", "90 (1.12%)", "8,000",
    )  # fmt: skip
    assert tables["breast_birads"].rows[2][1] == "6,703 (67.03%)"
    assert tables["findings"].rows == (
        ("Mass", "989 (6.181)", "237 (5.925)", "1,226 (6.130)"),
        ("Focal Asymmetry", "216 (1.350)", "53 (1.325)", "269 (1.345)"),
    )
