"""The keys of the pages, as one table: the help lists it, and the script reads its bindings from that list."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key and what it does.

    Attributes
    ----------
    keys : tuple of str
        Values of `KeyboardEvent.key`; any of them does it.
    action : str
        Name of the action in ``static/pages.js``; a control with the same ``data-action`` does the same by mouse.
    meaning : str
        For the help.
    """

    keys: tuple[str, ...]
    action: str
    meaning: str


HELP = Key(("?",), "help", "show or hide this list")
FINDINGS = Key(("f",), "findings", "show or hide the reference findings")
INVERT = Key(("i",), "invert", "invert black and white; air stays black")
WINDOWS = tuple(Key((str(n),), f"window-{n}", f"window {n}, where the image has it") for n in (1, 2, 3))
ZOOM = (
    Key(("z",), "zoom-toggle", "whole view, or one image pixel to one screen pixel"),
    Key(("+", "="), "zoom-in", "larger"),
    Key(("-",), "zoom-out", "smaller"),
)

EXAM_KEYS = (
    Key(("n", "ArrowRight"), "next", "next exam of the list"),
    Key(("p", "ArrowLeft"), "previous", "previous exam of the list"),
    FINDINGS,
    INVERT,
    Key(("h",), "hanging", "hang the views in one row or as two pairs"),
    *WINDOWS,
    Key(("u", "Escape"), "up", "back to the list"),
    HELP,
)

IMAGE_KEYS = (
    Key(("n",), "next", "next view of this exam"),
    Key(("p",), "previous", "previous view of this exam"),
    FINDINGS,
    INVERT,
    *ZOOM,
    *WINDOWS,
    Key(("u", "Escape"), "up", "back to the exam"),
    HELP,
)

NAMES = {"ArrowRight": "→", "ArrowLeft": "←", "Escape": "Esc", "-": "−"}
"""How keys are printed where it is not as they are called."""
