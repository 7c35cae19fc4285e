"""Reference answers are counted label by label."""

from __future__ import annotations

import numpy as np

from mammoset.model import Box, Breast, Finding, Reference
from mammoset.split.attributes import PAPER_COLUMNS, label_counts
from mammoset.terms.dicom import Laterality
from mammoset.terms.findings import FINDING_CATEGORIES, MASS, SKIN_RETRACTION, SUSPICIOUS_CALCIFICATION
from tests.split.papers_table import BREAST_BIRADS, DENSITIES, FINDINGS, papers_references

BOX = Box(0, 0, 5, 5)
L, R = Laterality.L, Laterality.R


def counts_of(reference: Reference, images: tuple[str, ...] = ("a", "b", "c", "d")) -> dict[str, int]:
    _, names, table = label_counts({"s": reference}, FINDING_CATEGORIES, images_of={"s": images})
    return {name: n for name, n in zip(names, table[0].tolist(), strict=True) if n}


def test_both_breasts_count_and_images_without_finding_are_labels_too() -> None:
    reference = Reference("s", (Breast(L, 1, "C"), Breast(R, 2, "C")))
    assert counts_of(reference) == {"breast BI-RADS 1": 1, "breast BI-RADS 2": 1, "density C": 2, "No Finding": 4}


def test_every_box_counts_and_a_box_with_two_categories_counts_in_both() -> None:
    findings = (
        Finding("a", BOX, (MASS,), 4),
        Finding("a", BOX, (MASS, SUSPICIOUS_CALCIFICATION), 5),
        Finding("b", BOX, (MASS, SKIN_RETRACTION), 4),
    )
    assert counts_of(Reference("s", (Breast(L, 5, "B"), Breast(R, 1, "B")), findings)) == {
        "breast BI-RADS 1": 1,
        "breast BI-RADS 5": 1,
        "density B": 2,
        "No Finding": 2,
        "Mass": 3,
        "Suspicious Calcification": 1,
        "Skin Retraction": 1,
        "finding BI-RADS 4": 2,
        "finding BI-RADS 5": 1,
        "Mass, BI-RADS 4": 2,
        "Mass, BI-RADS 5": 1,
        "Suspicious Calcification, BI-RADS 5": 1,
    }


def test_what_was_not_answered_is_in_no_column() -> None:
    assert counts_of(Reference("s", (Breast(L), Breast(R, 0, None))), images=()) == {"breast BI-RADS 0": 1}


def test_a_category_of_the_projects_own_is_counted_and_crossed_where_it_has_birads() -> None:
    reference = Reference("s", (), (Finding("a", BOX, ("Clip",), None), Finding("b", BOX, ("Cyst",), 3)))
    _, names, table = label_counts({"s": reference}, ["Clip", "Cyst"], images_of={})
    seen = {name: n for name, n in zip(names, table[0].tolist(), strict=True) if n}
    assert seen == {"Clip": 1, "Cyst": 1, "finding BI-RADS 3": 1, "Cyst, BI-RADS 3": 1}
    assert "Mass" not in names


def test_rows_are_in_the_order_of_ids_and_columns_do_not_depend_on_what_occurs() -> None:
    low, high = (Reference(study, (Breast(L, birads, "A"),)) for study, birads in (("a", 1), ("b", 5)))
    ids, names, table = label_counts({"b": high, "a": low}, FINDING_CATEGORIES, images_of={})
    assert ids == ["a", "b"]
    assert table[:, [names.index("breast BI-RADS 1"), names.index("breast BI-RADS 5")]].tolist() == [[1, 0], [0, 1]]
    assert names == label_counts({}, FINDING_CATEGORIES, images_of={})[1]
    assert set(PAPER_COLUMNS) < set(names)


def test_the_made_up_exams_have_the_papers_totals() -> None:
    references, images = papers_references(3)
    ids, names, table = label_counts(references, FINDING_CATEGORIES, images_of=images)
    totals = dict(zip(names, table.sum(axis=0).tolist(), strict=True))
    assert len(ids) == 5000
    assert {birads: totals[f"breast BI-RADS {birads}"] for birads in BREAST_BIRADS} == BREAST_BIRADS
    assert {density: totals[f"density {density}"] for density in DENSITIES} == DENSITIES
    assert {category: totals[category] for category in FINDINGS} == FINDINGS
    assert len(names) == 41
    # Totals are sums of their crossed columns, so an error in one shows in the other.
    crossed = [column for column, name in enumerate(names) if name.startswith("Mass, ")]
    assert np.array_equal(table[:, crossed].sum(axis=1), table[:, names.index("Mass")])
    for reference in references.values():
        for finding in reference.findings:
            breast = reference.breast(Laterality(finding.image_id.split("-")[1]))
            assert breast.birads is not None
            assert breast.birads >= max(3, finding.birads or 3)
