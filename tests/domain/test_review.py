"""Review: a study is approved once each image is."""

from __future__ import annotations

import pytest

from mammoset.domain.review import study_verdict


@pytest.mark.parametrize(
    ("reason_of", "verdict"),
    [
        ({}, None),
        ({"a": ""}, None),
        ({"a": "", "b": ""}, ""),
        ({"a": "", "b": "visible_identifier"}, "visible_identifier"),
        ({"b": "image_quality"}, "image_quality"),
    ],
)
def test_a_study_follows_from_its_images(reason_of: dict[str, str], verdict: str | None) -> None:
    assert study_verdict(["a", "b"], reason_of) == verdict


def test_a_study_without_images_is_never_approved() -> None:
    assert study_verdict([], {}) is None
