"""Kills every stage at many seeded moments and compares what a second run makes with an undisturbed one.

Run from the repository's root: ``python -m bench.kills``. Every third run is killed twice before it may end.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from tests.kills.stages import STAGES, Stage, States, build
from tests.kills.striking import EVERYTHING, strike

from mammoset.phantom.pacs import EmbeddedPacs


def campaign(states: States, stage: Stage, kills: int, generator: np.random.Generator) -> list[str]:
    """Kill one stage so many times; return what went wrong, each with what is needed to see it again."""
    home = states.copy(stage.before, states.folder / "measured")
    started = time.monotonic()
    _, events = strike(states.command(stage, home), stage.places(home), after=EVERYTHING)
    seconds = time.monotonic() - started
    shutil.rmtree(home)
    wrong, killed = [], 0
    while killed < kills:
        home = states.copy(stage.before, states.folder / "struck")
        moments = []
        for _ in range(2 if killed % 3 == 2 else 1):
            # by what it does, by the clock, or both: the first finds the short moments, the second the quiet ones
            after = 0 if killed % 4 == 3 else int(generator.integers(1, events))
            pause = float(generator.random()) * (seconds if after == 0 else 0.05) * float(killed % 2)
            code, _ = strike(states.command(stage, home), stage.places(home), after=after, seconds=pause)
            killed += 1
            moments.append(f"{after} events and {pause:.3f} s, exit {code}")
        try:
            states.come_through(stage, home)
        except AssertionError as error:
            wrong.append(f"{stage.name}, killed after {'; then '.join(moments)}: {error}")
        shutil.rmtree(home)
    print(f"{stage.name:16} {killed:5d} kills {events:5d} events {seconds:6.1f} s undisturbed {len(wrong):4d} wrong")
    return wrong


def main() -> None:
    """Print a line per stage, then everything that went wrong; exit 1 when something did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=12, help="of each stage")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stage", choices=sorted(STAGES), action="append", help="only this one; may be repeated")
    options = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as folder, EmbeddedPacs(build(Path(folder))) as pacs:
        states = States(Path(folder), pacs.port)
        for name in options.stage or STAGES:
            generator = np.random.default_rng([options.seed, *name.encode()])
            wrong += campaign(states, STAGES[name], options.kills, generator)
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
