"""Contrast of every colour on every ground it stands on (WCAG 2.2, success criteria 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = (Path(__file__).parents[2] / "src" / "mammoset" / "web" / "static" / "pages.css").read_text(encoding="utf-8")
ROOT = STYLE[: STYLE.index("}")]
TOKENS = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})\b", ROOT))

TEXT, GRAPHICS = 4.5, 3.0

PAGE = ("ground", "surface", "raised", "row")
CONTROL = ("raised", "hover", "pressed")
BIRADS = ("b-none", "b0", "b1", "b2", "b3", "b4", "b5")
STATES = ("final", "arbiter", "readers", "held", "left-out", "not-assigned")

TEXTS = {
    "text": ("black", *PAGE, *CONTROL),
    "quiet": ("black", *PAGE, *CONTROL),
    "accent": ("black", *PAGE, *CONTROL),
    "mark": ("ground", "surface", "raised"),
    "lit": ("black", "raised", "hover"),
    # the numbers beside the boxes, and the names of the views
    **dict.fromkeys(BIRADS, ("black", "raised", "hover")),
}
"""Colour of text to the grounds it stands on."""

GRAPHIC_PARTS = {
    # borders of controls and fields, lines and arrows of the flow
    "line-strong": ("ground", "surface", "raised"),
    "accent-line": ("surface", "raised", "pressed"),
    "accent": ("black", "ground", "surface", "raised", "pressed"),
    "mark": ("ground", "surface"),
    "mask": ("black", "surface"),
    "idle": ("ground", "surface"),
    **dict.fromkeys(STATES, ("surface", "row")),
    **dict.fromkeys(BIRADS, ("black",)),
}
"""Colour of a part that must be seen to the grounds it stands on."""

DECORATION = {"line"}
"""Lines that only part what is apart already."""


def luminance(token: str) -> float:
    return luminance_of([int(TOKENS[token][n : n + 2], 16) / 255 for n in (0, 2, 4)])


def luminance_of(shares: list[float]) -> float:
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(front, ground) for front, grounds in table.items() for ground in grounds]


@pytest.mark.parametrize(("front", "ground"), pairs(TEXTS))
def test_text_can_be_read(front: str, ground: str) -> None:
    assert contrast(luminance(front), luminance(ground)) >= TEXT


@pytest.mark.parametrize(("front", "ground"), pairs(GRAPHIC_PARTS))
def test_graphic_parts_can_be_seen(front: str, ground: str) -> None:
    assert contrast(luminance(front), luminance(ground)) >= GRAPHICS


@pytest.mark.parametrize("front", BIRADS)
@pytest.mark.parametrize("ground", ["surface", "raised", "hover", "row"])
def test_categories_can_be_read_on_their_own_tint(front: str, ground: str) -> None:
    share = int(re.search(r"span\.birads .*var\(--tone\) (\d+)%, transparent\); }", STYLE).group(1)) / 100  # type: ignore[union-attr]
    both = [[int(TOKENS[one][n : n + 2], 16) / 255 for n in (0, 2, 4)] for one in (front, ground)]
    tint = luminance_of([share * a + (1 - share) * b for a, b in zip(*both, strict=True)])
    assert contrast(luminance(front), tint) >= TEXT


def test_a_white_page_has_the_contrast_that_the_standard_says() -> None:
    assert contrast(luminance_of([1, 1, 1]), luminance_of([0, 0, 0])) == pytest.approx(21)


def test_no_colour_escapes_these_tables() -> None:
    grounds = {one for table in (TEXTS, GRAPHIC_PARTS) for found in table.values() for one in found}
    assert set(TOKENS) == set(TEXTS) | set(GRAPHIC_PARTS) | grounds | DECORATION
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", STYLE[len(ROOT) :])
