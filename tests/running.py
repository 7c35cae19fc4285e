"""What running the program gives: exit code and both outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]
"""Run the program with these arguments; see the fixture `run`."""
