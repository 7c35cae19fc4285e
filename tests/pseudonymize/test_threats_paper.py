"""The corpus bites: the paper's recipe, which people trusted, lets most of what it keeps through."""

from __future__ import annotations

from functools import cache

from mammoset.phantom.threats.corpus import cases
from mammoset.phantom.threats.streams import NATIVE
from mammoset.phantom.threats.table import threats
from mammoset.pixels.header import quietly
from mammoset.terms.dicom import EXPLICIT_VR_LE
from tests.pseudonymize.leaks import leaked
from tests.pseudonymize.paper_recipe import KEPT, treated

MEASURED = (
    "text.window_explanation", "text.model", "text.body_part", "text.rescale_type", "text.view_position",
    "sequence.lut_explanation", "sequence.lut_private", "sequence.lut_patient", "number.text", "number.age_text",
    "value.age_over_89", "meta.source_title", "meta.private_information", "meta.version_name", "file.preamble",
    "pixels.less_than_a_row", "pixels.high_bit", "stream.comment", "stream.j2k_comment", "stream.app1",
    "stream.behind_end", "stream.extra_fragment",
)  # fmt: skip
"""Rows of which the research saw the recipe leak on other files."""


@cache
def outcomes() -> tuple[frozenset[str], frozenset[str]]:
    """Return the rows that leak through the recipe, and those of which it makes no file; one file a row."""
    leaking, failing = set(), set()
    for row in threats():
        syntax = row.syntaxes[0]
        (vendor,) = (vendor for _, vendor, one in cases([row]) if one == syntax)
        planted = row.plant(vendor, syntax, seed=1)
        try:
            with quietly():
                output = treated(planted.data)
        except Exception:  # pydicom fails in any way that the file suggests
            failing.add(row.name)
            continue
        if leaked(output, planted.canaries):
            leaking.add(row.name)
    return frozenset(leaking), frozenset(failing)


def test_the_keep_list_is_the_papers() -> None:
    assert len(KEPT) == 46
    assert None not in KEPT


def test_the_corpus_bites_the_papers_recipe() -> None:
    leaking, _ = outcomes()
    assert len(leaking) == 94
    assert set(MEASURED) <= leaking


def test_the_corpus_bites_without_compressed_streams_and_other_kinds_of_objects_too() -> None:
    leaking, _ = outcomes()
    everywhere = {row.name for row in threats() if set(row.syntaxes) & set(NATIVE)}
    assert len({name for name in leaking & everywhere if not name.startswith("class.")}) == 74


def test_what_the_recipe_makes_no_file_of_is_not_counted_as_its_success() -> None:
    leaking, failing = outcomes()
    assert not leaking & failing
    assert len(failing) == 15


def test_the_search_finds_nothing_in_a_file_in_which_nothing_was_planted() -> None:
    row, other = threats()[:2]
    planted, strange = (one.plant("GE", EXPLICIT_VR_LE, seed=1) for one in (row, other))
    assert leaked(planted.data, planted.canaries)
    assert not leaked(planted.data, strange.canaries)
