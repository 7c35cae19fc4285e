"""What is written where: kinds of burned-in text, and views to write them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mammoset.terms.dicom import Laterality, ViewPosition

Where = Literal["air", "corner", "tissue", "skin line", "chest wall"]

_LEAD = ("L CC {initials}", "R MLO {initials}", "LMLO {initials}")
_NAMES = ("{name}", "{name} {year}", "{plain} {number}", "{plain}")
_SHORT = ("{plain}", "{family}", "{day}.{year}", "ID {number}", "L CC {initials}")


@dataclass(frozen=True, slots=True)
class Spec:
    """A kind of text.

    Attributes
    ----------
    heights_px : (low, high)
        Of a capital, on a full-size view; in proportion on smaller ones unless `is_pixel_sized`.
    strength : (low, high)
        Of 4095: the grey, or with `is_added` the difference from what is below.
    is_lead : bool
        Letters of lead: bold, tilted, blurred.
    least_px : float
        Height below which no view is written on.
    """

    where: Where
    texts: tuple[str, ...]
    heights_px: tuple[float, float]
    strength: tuple[float, float]
    is_added: bool = False
    is_pixel_sized: bool = False
    is_lead: bool = False
    is_vertical: bool = False
    least_px: float = 9.0


SPECS: dict[str, Spec] = {
    "air, small": Spec("corner", _NAMES, (10, 16), (900, 4095), is_pixel_sized=True),
    "air": Spec("corner", _NAMES, (16, 80), (600, 4095)),
    "air, faint": Spec("air", _NAMES, (20, 60), (200, 400)),
    "air, brightest value": Spec("corner", ("{plain} {number}",), (20, 60), (4095, 4095)),
    "lead marker": Spec("air", _LEAD, (45, 80), (1800, 3900), is_lead=True),
    "vertical": Spec("air", ("{plain}", "{name}"), (24, 50), (800, 4095), is_vertical=True),
    "tissue +1000": Spec("tissue", _SHORT, (22, 60), (1000, 1000), is_added=True),
    "tissue +400": Spec("tissue", _SHORT, (24, 60), (400, 400), is_added=True),
    "tissue +400, vertical": Spec("tissue", ("{plain}",), (24, 50), (400, 400), is_added=True, is_vertical=True),
    "dark on tissue": Spec("tissue", _SHORT, (24, 60), (-900, -500), is_added=True),
    "lead on tissue": Spec("tissue", _LEAD, (45, 70), (900, 1800), is_added=True, is_lead=True),
    "skin line": Spec("skin line", _SHORT, (24, 60), (1500, 4095)),
    "chest wall": Spec("chest wall", _SHORT, (24, 60), (800, 1600), is_added=True),
    "single letter": Spec("tissue", ("{letter}",), (40, 60), (1000, 1400), is_added=True, least_px=16),
    "single letter +400": Spec("tissue", ("{letter}",), (40, 60), (400, 400), is_added=True, least_px=16),
}  # fmt: skip
AIR = ("air, small", "air", "air, faint", "air, brightest value", "lead marker", "vertical")
"""Groups wholly outside the breast and its margin."""
TISSUE = tuple(group for group in SPECS if group not in AIR)
HARD = ("tissue +400", "tissue +400, vertical", "single letter +400")
"""Groups that only the thorough search is held to."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A view to write on.

    Attributes
    ----------
    air_noise : float
        Standard deviation of the air, of 4095; 0 for air of one value.
    padded : bool
        Whether the greatest brightness is declared as padding, so that text in it hides.
    """

    shape: tuple[int, int]
    spacing_mm: float
    bits_stored: int
    laterality: Laterality
    view_position: ViewPosition
    density: str
    groups: tuple[str, ...]
    air_noise: float = 0.0
    inverted: bool = False
    padded: bool = False


_DETECTORS = (
    ((3518, 2800), 0.085, 12),
    ((3584, 2816), 0.085, 14),
    ((2294, 1914), 0.1, 12),
    ((3518, 2800), 0.085, 13),
    ((4096, 3328), 0.065, 12),
    ((880, 700), 0.34, 12),
)
_GROUPS = (
    ("air, small", "lead marker", "tissue +400", "single letter", "skin line", "tissue +400", "dark on tissue"),
    ("air", "vertical", "tissue +1000", "single letter +400", "chest wall", "tissue +400", "air, small"),
    ("air, faint", "air", "tissue +400, vertical", "lead on tissue", "single letter", "skin line", "tissue +400"),
    ("lead marker", "air, brightest value", "tissue +1000", "dark on tissue", "single letter +400", "chest wall"),
)


def _sheets(n: int) -> tuple[Sheet, ...]:
    sheets = []
    for number in range(n):
        shape, spacing_mm, bits_stored = _DETECTORS[number % len(_DETECTORS)]
        groups = _GROUPS[(number + number // len(_DETECTORS)) % len(_GROUPS)]
        sheets.append(
            Sheet(
                shape, spacing_mm, bits_stored,
                laterality=tuple(Laterality)[number // 2 % 2],
                view_position=(ViewPosition.CC, ViewPosition.MLO)[number % 2],
                density="ABCD"[(number + number // 4) % 4],
                groups=groups,
                air_noise=(0.0, 8.0, 0.0, 30.0)[number // 3 % 4],
                inverted=number % 3 == 1,
                padded=number % 5 == 3,
            )
        )  # fmt: skip
    return tuple(sheets)


SHEETS = _sheets(24)
