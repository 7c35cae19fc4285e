"""Texts lie where their kind belongs, and the same seed writes the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mammoset.phantom.inscriptions import inscribe
from mammoset.phantom.inscriptions_decoys import KINDS, clean_view
from mammoset.phantom.inscriptions_tables import AIR, SHEETS, SPECS, TISSUE

SMALL = replace(SHEETS[5], shape=(660, 525), spacing_mm=0.28)


def test_the_table_has_over_a_hundred_texts_of_every_kind() -> None:
    planned = [group for sheet in SHEETS for group in sheet.groups]
    assert len(planned) >= 120
    assert set(planned) == set(SPECS) == {*AIR, *TISSUE}


def test_the_same_seed_writes_the_same() -> None:
    first, second = (inscribe(SMALL, seed=5) for _ in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    assert [one.text for one in first.inscriptions] == [one.text for one in second.inscriptions]
    assert not np.array_equal(first.pixels, inscribe(SMALL, seed=6).pixels)


@pytest.mark.parametrize("group", sorted(SPECS))
def test_a_text_lies_where_its_kind_belongs(group: str) -> None:
    view = inscribe(replace(SMALL, groups=(group,), air_noise=0.0), seed=9)
    (one,) = view.inscriptions
    left, top, right, bottom = one.rectangle
    assert one.ink.shape == (bottom - top, right - left)
    share = view.breast[top:bottom, left:right].mean()
    where = SPECS[group].where
    assert share == 0 if where in ("air", "corner") else share >= 0.3 if where == "skin line" else share == 1
    plain = inscribe(replace(SMALL, groups=(), air_noise=0.0), seed=9)
    changed = plain.pixels != view.pixels
    assert changed[top:bottom, left:right][one.ink].mean() > 0.9
    changed[top:bottom, left:right] = False
    assert not changed.any()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_may_be_taken_for_text_changes_the_breast_and_no_air(kind: str) -> None:
    drawn, plain = (clean_view(one, SMALL, seed=3, number=2) for one in (kind, "plain"))
    changed = drawn.pixels != plain.pixels
    assert changed.any()
    assert not changed[~drawn.breast].any()
