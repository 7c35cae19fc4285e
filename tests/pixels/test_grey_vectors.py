"""What the viewer is held to is what the server computes: the vectors of both are not stale."""

from __future__ import annotations

import json
import runpy
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from mammoset.pixels.window import display_values

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "write-client-vectors"))
STALE = "what the vectors are made of changed: .venv/bin/python scripts/write-client-vectors"


@pytest.mark.parametrize("name", ["grey", "hanging"])
def test_the_vectors_are_those_of_now(name: str) -> None:
    assert SCRIPT[name.upper()].read_text(encoding="utf-8") == SCRIPT["text_of"](SCRIPT[f"{name}_vectors"]()), STALE


def test_the_vectors_are_what_whole_images_are_shown_with() -> None:
    written = {one["name"]: one for one in json.loads(SCRIPT["GREY"].read_text(encoding="utf-8"))["cases"]}
    for name, shown in SCRIPT["cases"]():
        if not (shown.windows or shown.voi_luts):
            continue
        low, high = shown.stored_range
        pixels = np.arange(low, high + 1, dtype=shown.layout.dtype)[None]
        for choice, (straight, _) in enumerate(written[name]["tables"]):
            assert display_values(pixels, shown, choice).tobytes() == b64decode(straight), name
