"""The published tables: literally the columns and values of VinDr-Mammo, and back without loss."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.tables import (
    BREAST_COLUMNS,
    FINDING_COLUMNS,
    breast_rows,
    finding_rows,
    model_of,
    read_breast_csv,
    read_finding_csv,
    write_csv,
)
from mammoset.errors import DatasetDefect
from mammoset.model import Box, Breast, Finding, Reading, Reference, Study
from tests.domain.exams import L, R, exam, finding, image, images, reading, readings

ODD = Box(12.0, 2355.139892578125, 100.5, 2400.0)


def reference_of(answer: Reading) -> Reference:
    return Reference(answer.study_id, answer.breasts, answer.findings, "concordant")


def one_exam(*findings: Finding, right: int | None = 4) -> tuple[list[Study], dict[str, Reference], dict[str, str]]:
    return [exam()], {"s1": reference_of(reading("r1", *findings, right=right))}, {"s1": "training"}


def both(data: tuple[list[Study], dict[str, Reference], dict[str, str]]) -> tuple[str, str]:
    return write_csv(breast_rows(*data), BREAST_COLUMNS), write_csv(finding_rows(*data), FINDING_COLUMNS)


def test_the_breast_table_is_literally_this() -> None:
    assert both(one_exam())[0] == (
        "study_id,series_id,image_id,laterality,view_position,height,width,breast_birads,breast_density,split\n"
        "s1,s1-L-CC-series,s1-L-CC,L,CC,300,200,BI-RADS 1,DENSITY B,training\n"
        "s1,s1-L-MLO-series,s1-L-MLO,L,MLO,300,200,BI-RADS 1,DENSITY B,training\n"
        "s1,s1-R-CC-series,s1-R-CC,R,CC,300,200,BI-RADS 4,DENSITY B,training\n"
        "s1,s1-R-MLO-series,s1-R-MLO,R,MLO,300,200,BI-RADS 4,DENSITY B,training\n"
    )


def test_the_finding_table_is_literally_this() -> None:
    pair = finding("R-MLO", ODD, ("Mass", "Skin Retraction"), 4)
    lone = finding("R-MLO", Box(0, 5, 20, 25), ("Skin Thickening",), None)
    assert both(one_exam(pair, lone))[1] == (
        "study_id,series_id,image_id,laterality,view_position,height,width,breast_birads,breast_density,"
        "finding_categories,finding_birads,xmin,ymin,xmax,ymax,split\n"
        "s1,s1-L-CC-series,s1-L-CC,L,CC,300,200,BI-RADS 1,DENSITY B,['No Finding'],,,,,,training\n"
        "s1,s1-L-MLO-series,s1-L-MLO,L,MLO,300,200,BI-RADS 1,DENSITY B,['No Finding'],,,,,,training\n"
        "s1,s1-R-CC-series,s1-R-CC,R,CC,300,200,BI-RADS 4,DENSITY B,['No Finding'],,,,,,training\n"
        "s1,s1-R-MLO-series,s1-R-MLO,R,MLO,300,200,BI-RADS 4,DENSITY B,"
        "['Skin Thickening'],,0.0,5.0,20.0,25.0,training\n"
        "s1,s1-R-MLO-series,s1-R-MLO,R,MLO,300,200,BI-RADS 4,DENSITY B,"
        "\"['Mass', 'Skin Retraction']\",BI-RADS 4,12.0,2355.139892578125,100.5,2400.0,training\n"
    )


def test_rows_are_ordered_by_study_side_view_and_box_however_they_come() -> None:
    found = [finding("R-CC", Box(x, 20, x + 30, 60)) for x in (50, 10, 30)]
    answer = reading("r1", *found, right=4)
    studies = [replace(exam("s2"), images=images("s2")[::-1]), exam("s1")]
    references = {"s1": reference_of(answer), "s2": reference_of(reading(study="s2"))}
    assert [row.image_id for row in breast_rows(studies, references, {})] == [
        f"{study}-{view}" for study in ("s1", "s2") for view in ("L-CC", "L-MLO", "R-CC", "R-MLO")
    ]
    assert [row.xmin for row in finding_rows(studies, references, {}) if row.is_finding] == [10, 30, 50]


def test_a_study_without_final_answer_has_no_rows() -> None:
    assert breast_rows([exam("s1"), exam("s2")], {"s2": reference_of(reading(study="s2"))}, {})[0].study_id == "s2"
    assert finding_rows([exam("s1")], {}, {}) == []


def test_before_the_split_the_fold_is_empty() -> None:
    studies, references, _ = one_exam()
    assert {row.split for row in breast_rows(studies, references, {})} == {""}


def test_further_views_have_no_row() -> None:
    studies, references, folds = one_exam(finding("R-ML"))
    studies = [replace(studies[0], images=(*images(), image(R, "ML", is_standard=False)))]
    assert len(breast_rows(studies, references, folds)) == 4
    assert not any(row.is_finding for row in finding_rows(studies, references, folds))


def test_an_answer_not_given_is_an_empty_cell_not_a_negative_one() -> None:
    text = both(one_exam(right=None))[0]
    assert "R,CC,300,200,,DENSITY B" in text
    assert [row.breast_birads for row in read_breast_csv(text)] == [1, 1, None, None]


EDGES = st.floats(allow_nan=False, allow_infinity=False)


@given(EDGES)
def test_an_edge_is_written_as_a_plain_decimal_that_reads_back_the_same(edge: float) -> None:
    text = both(one_exam(finding(box=Box(edge, 0.0, 1.0, 1.0))))[1]
    (row,) = (row for row in read_finding_csv(text) if row.is_finding)
    assert row.xmin == edge
    cell = next(one for one in csv.DictReader(io.StringIO(text)) if one["finding_birads"])["xmin"]
    assert re.fullmatch(r"-?\d+\.\d+", cell)


@st.composite
def datasets(draw: st.DrawFn) -> tuple[list[Study], dict[str, Reference], dict[str, str]]:
    names = [f"s{n}" for n in range(draw(st.integers(0, 3)))]
    references = {}
    for name in names:
        answer = draw(readings(study=name))
        found = sorted(answer.findings, key=lambda one: (one.image_id, one.box, one.categories, one.birads or 0))
        references[name] = Reference(name, answer.breasts, tuple(found), "concordant")
    folds = {name: draw(st.sampled_from(["training", "test"])) for name in names}
    return [exam(name, draw=place) for place, name in enumerate(names)], references, folds


@given(datasets())
def test_model_to_tables_and_back_loses_nothing(data: tuple[list[Study], dict[str, Reference], dict[str, str]]) -> None:
    breast_text, finding_text = both(data)
    assert model_of(read_breast_csv(breast_text), read_finding_csv(finding_text)) == data


@given(datasets())
def test_tables_to_model_and_back_are_the_same_bytes(
    data: tuple[list[Study], dict[str, Reference], dict[str, str]],
) -> None:
    texts = both(data)
    assert both(model_of(read_breast_csv(texts[0]), read_finding_csv(texts[1]))) == texts


def test_blanks_a_byte_order_mark_windows_line_ends_and_further_columns_do_not_matter() -> None:
    text = both(one_exam())[0]
    untidy = "\ufeff" + "\r\n".join(f" {line.replace(',', ' , ')} , more" for line in text.splitlines()) + "\r\n"
    assert read_breast_csv(untidy) == read_breast_csv(text)


def test_lists_in_double_quotes_are_read_too() -> None:
    text = both(one_exam(finding()))[1].replace("['Mass']", '"[""Mass"",\'Skin Retraction\']"')
    assert ("Mass", "Skin Retraction") in {row.finding_categories for row in read_finding_csv(text)}


def test_a_name_of_this_vocabulary_or_not_is_read_as_it_stands() -> None:
    text = both(one_exam(finding()))[1].replace("Mass", "Lump, hard").replace(",R,CC,", ",X,ZZ,")
    text = text.replace("['Lump, hard']", "\"['Lump, hard']\"").replace("DENSITY B", "DENSITY Q")
    row = next(row for row in read_finding_csv(text) if row.is_finding)
    assert (row.laterality, row.view_position, row.finding_categories) == ("X", "ZZ", ("Lump, hard",))
    assert row.breast_density == "Q"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",300,200,BI-RADS 4", ",3e2,200,BI-RADS 4", "line 4, column height: '3e2' is not a whole number of pixels"),
        ("BI-RADS 4,DENSITY", "4,DENSITY", "line 4, column breast_birads: '4' is not an assessment such as BI-RADS 4"),
        ("BI-RADS 4,DENSITY", "BI-RADS ?,DENSITY", "line 4, column breast_birads"),
        ("DENSITY B", "B", "line 2, column breast_density: 'B' is not a density such as DENSITY C"),
        ("['Mass']", "Mass", "line 4, column finding_categories: 'Mass' is not a list such as"),
        ("['Mass']", "[]", "line 4, column finding_categories"),
        ("['Mass']", "[Mass]", "line 4, column finding_categories"),
        ("20.0,30.0", "20.0,thirty", "line 4, column ymin: 'thirty' is not a number, or empty"),
        ("20.0,30.0", "nan,30.0", "line 4, column xmin: 'nan' is not a number"),
        ("s1-R-MLO-series", "", "line 5, column series_id: '' is not a name"),
        ("training", "training,extra", "line 2 has 17 values, the header 16"),
        ("study_id", "study", "the header has no column study_id"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_by_line_and_column(old: str, new: str, says: str) -> None:
    text = both(one_exam(finding()))[1].replace(old, new)
    with pytest.raises(DatasetDefect, match=re.escape(says)):
        read_finding_csv(text)


def test_an_empty_file_has_no_columns() -> None:
    with pytest.raises(DatasetDefect, match="no column study_id, series_id"):
        read_breast_csv("")


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        (0, "s1-R-MLO,R,MLO", "s1-R-CC,R,MLO", "image s1-R-CC is there twice in the breast table"),
        (0, "R-MLO,R,MLO", "R-MLO,R,CC", "view s1 R-CC: ('s1-R-CC',) in one row"),
        (0, "R,MLO,300,200,BI-RADS 4", "R,MLO,300,200,BI-RADS 3", "breast s1 R: (4, 'B') in one row, (3,"),
        (0, "R,MLO,300,200,BI-RADS 4,DENSITY B,train", "R,MLO,300,200,BI-RADS 4,DENSITY B,t", "split of study s1"),
        (0, ",R,CC,", ",X,CC,", "image s1-R-CC: unknown side or view 'X-CC'"),
        (1, "s1-L-CC,L", "s1-L-C,L", "image s1-L-C is in the finding table only"),
        (1, "s1-L-CC,L", "s1-L-C,L", "image s1-L-CC is in the breast table only"),
        (1, "L,CC,300", "L,CC,301", "image s1-L-CC: the two tables differ in height"),
        (1, "20.0,30.0", ",30.0", "image s1-R-CC: a finding without box"),
        (1, "s1,s1-R-MLO-series,s1-R-MLO,R,MLO", "s1,s1-R-CC-series,s1-R-CC,R,CC", "both findings and No Finding"),
    ],
)  # fmt: skip
def test_tables_that_contradict_themselves_make_no_model(table: int, old: str, new: str, says: str) -> None:
    texts = list(both(one_exam(finding())))
    assert old in texts[table]
    texts[table] = texts[table].replace(old, new)
    with pytest.raises(DatasetDefect, match=re.escape(says)):
        model_of(read_breast_csv(texts[0]), read_finding_csv(texts[1]))


def test_a_missing_breast_stays_missing() -> None:
    studies, references, folds = one_exam()
    studies = [replace(studies[0], images=tuple(one for one in images() if one.laterality == L))]
    back = model_of(breast_rows(studies, references, folds), finding_rows(studies, references, folds))
    assert back[1]["s1"].breasts == (Breast(L, 1, "B"),)
