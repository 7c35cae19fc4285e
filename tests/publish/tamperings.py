"""What a tampering is: a change of a release, made with all checksums recomputed, and what the message has to name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.publish.edits import FIRST

L_CC, L_MLO, R_CC, R_MLO = FIRST
STUDY = L_CC.study_id
Spoil = Callable[[Path], Any]


class Tampering(NamedTuple):
    """A change, made with all checksums recomputed, and what the message has to name."""

    name: str
    spoil: Spoil
    named: tuple[str, ...]
