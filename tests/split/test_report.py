"""The report says for every label what was wanted and what it got."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mammoset.split.attributes import label_counts
from mammoset.split.report import SplitReport, report
from mammoset.split.stratify import stratify
from tests.split.papers_table import FINDINGS, papers_references


@pytest.fixture(scope="module")
def papers_report() -> SplitReport:
    references, images = papers_references(0)
    ids, names, table = label_counts(references, list(FINDINGS), images_of=images)
    return report(stratify(table, shares=[0.8, 0.2], ids=ids, random_state=7), names, table)


def test_every_label_has_its_targets_counts_and_a_verdict(papers_report: SplitReport) -> None:
    by_name = {line.name: line for line in papers_report.labels}
    mass = by_name["Mass"]
    assert mass.total == sum(mass.counts) == 1226
    assert mass.targets == (980.8, 245.2)
    assert mass.deviations == tuple(round(n - t, 6) for n, t in zip(mass.counts, mass.targets, strict=True))
    assert {line.verdict for line in papers_report.labels} <= {"exact", "within one"}


def test_the_printed_categories_have_a_mean_of_their_own(papers_report: SplitReport) -> None:
    assert papers_report.sizes == papers_report.wanted_sizes == (4000, 1000)
    assert papers_report.printed_mean_deviation <= 0.35
    assert papers_report.printed_max_deviation <= papers_report.max_deviation <= 1
    assert papers_report.summary()[-1] == "Every label is within one of its share in every fold."


def test_it_is_written_as_json_with_seed_and_fingerprint(papers_report: SplitReport) -> None:
    read = json.loads(json.dumps(papers_report.to_json()))
    assert read["random_state"] == 7
    assert len(read["table_sha256"]) == 64
    assert read["labels"][10] == {
        "name": "Mass",
        "total": 1226,
        "targets": [980.8, 245.2],
        "counts": list(papers_report.labels[10].counts),
        "deviations": list(papers_report.labels[10].deviations),
        "least": 0.2,
        "verdict": papers_report.labels[10].verdict,
        "unavoidable": False,
    }


def test_its_table_has_a_row_for_every_label_that_occurs() -> None:
    table = np.array([[1, 0, 0]] * 5)
    folds = [f"{fold} {what}" for fold in ("training", "test") for what in ("target", "got", "deviation")]
    rows = report(stratify(table, shares=[4, 1], ids=list("abcde")), ["Mass", "Never", "Nor"], table).table()
    assert rows == [
        ["label", "total", *folds, "verdict"],
        ["Mass", "5", "4.0", "4", "+0.0", "1.0", "1", "+0.0", "exact"],
    ]


def test_a_gap_that_nobody_could_close_is_said_to_be_one() -> None:
    table = np.array([[10], [0], [0], [0], [0]])
    made = report(stratify(table, shares=[4, 1], ids=list("abcde")), ["Mass"], table)
    assert made.labels[0].verdict == "gap 2.0"
    assert made.labels[0].unavoidable
    assert "Mass: gap 2.0 (no split of these exams brings it and its parts nearer)." in made.summary()


def test_sizes_that_whole_patients_do_not_allow_are_stated() -> None:
    table = np.ones((9, 1), dtype=np.int64)
    split = stratify(table, shares=[2, 1], ids=list("abcdefghi"), groups=list("111122223"))
    lines = report(split, ["any"], table, units="patients").summary()
    assert lines[0] == "Exams: training 5, test 4; 3 patients kept whole."
    assert lines[1].startswith("Wanted were 6, 3;")


def test_the_fingerprint_depends_on_the_counts_and_not_on_order_or_ids() -> None:
    table = np.array([[1, 0], [0, 2], [3, 1]])

    def fingerprint(rows: list[int], names: list[str], ids: str) -> str:
        columns = [["a", "b"].index(name) for name in names]
        turned = table[rows][:, columns]
        return report(stratify(turned, shares=[1, 1], ids=list(ids)), names, turned).table_sha256

    first = fingerprint([0, 1, 2], ["a", "b"], "xyz")
    assert first == fingerprint([2, 0, 1], ["b", "a"], "uvw")
    table[0, 0] = 2
    assert first != fingerprint([0, 1, 2], ["a", "b"], "xyz")


def test_names_that_do_not_fit_are_refused() -> None:
    table = np.ones((4, 1), dtype=np.int64)
    split = stratify(table, shares=[1, 1], ids=list("abcd"))
    with pytest.raises(ValueError, match="3 fold names for 2 folds"):
        report(split, ["any"], table, fold_names=["a", "b", "c"])
    with pytest.raises(ValueError, match="2 label names for 1 labels"):
        report(split, ["any", "more"], table)
