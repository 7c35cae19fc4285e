from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from mammoset.web.pages.keys import EXAM_KEYS, IMAGE_KEYS, NAMES, Key

PAGE = Path(__file__).parents[2] / "docs" / "serve.md"


def rows(keys: Sequence[Key]) -> str:
    return "\n".join(f"| {' '.join(f'`{NAMES.get(one, one)}`' for one in key.keys)} | {key.meaning} |" for key in keys)


@pytest.mark.parametrize("keys", [EXAM_KEYS, IMAGE_KEYS])
def test_the_documentation_lists_the_keys_of_the_table(keys: Sequence[Key]) -> None:
    assert rows(keys) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("keys", [EXAM_KEYS, IMAGE_KEYS])
def test_no_key_does_two_things(keys: Sequence[Key]) -> None:
    pressed = [one for key in keys for one in key.keys]
    assert len(set(pressed)) == len(pressed)
