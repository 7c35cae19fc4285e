"""How many hiding places for an identifier come through the gate, the paper's recipe and other tools, one file each."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.pseudonymize.leaks import leaked
from tests.pseudonymize.paper_recipe import treated

from mammoset.errors import RefusedObject
from mammoset.phantom.threats.corpus import cases
from mammoset.phantom.threats.table import threats
from mammoset.phantom.threats.threat import Planted
from mammoset.pixels.header import quietly
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.treat import GateTask, treat

PEERS_PYTHON = Path(__file__).parents[1] / "build" / "peers" / "bin" / "python"
TOOLS = Path(__file__).with_name("peer_tools.py")
PEERS = ("dicognito", "pydicom/deid")
"""As they come: dicognito with its defaults, deid with its own recipe and private elements removed."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """What became of the files: with a leak, without, and of which no file was made."""

    tool: str
    leaking: int
    clean: int
    refused: int


def measure_leaks() -> list[Leaks]:
    """Measure; other tools only where `make bench` has installed them."""
    planted = list(_planted())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        found = [
            _counted("mammoset", planted, lambda data: _through_the_gate(folder, data)),
            _counted("the paper's recipe", planted, _by_the_recipe),
        ]
        return [*found, *(_of_peer(peer, planted, folder) for peer in PEERS if PEERS_PYTHON.exists())]


def _planted() -> Iterator[Planted]:
    for row in threats():
        syntax = row.syntaxes[0]
        (vendor,) = (vendor for _, vendor, one in cases([row]) if one == syntax)
        yield row.plant(vendor, syntax, seed=1)


def _counted(tool: str, planted: list[Planted], treat_one: Callable[[bytes], bytes | None]) -> Leaks:
    outputs = [treat_one(one.data) for one in planted]
    made = [(output, one) for output, one in zip(outputs, planted, strict=True) if output is not None]
    leaking = sum(bool(leaked(output, one.canaries)) for output, one in made)
    return Leaks(tool, leaking, len(made) - leaking, len(planted) - len(made))


def _through_the_gate(folder: Path, data: bytes) -> bytes | None:
    (folder / "in.dcm").write_bytes(data)
    try:
        treat(GateTask(folder / "in.dcm", folder / "content", Pseudonyms("2.25.1", "2.25.2", "2.25.3", "P4")))
    except RefusedObject:
        return None
    return (folder / "content" / "P4" / "2.25.3" / "2.25.1.dcm").read_bytes()


def _by_the_recipe(data: bytes) -> bytes | None:
    try:
        with quietly():
            return treated(data)
    except Exception:  # pydicom fails in any way that the file suggests
        return None


def run_peer(peer: str, source: Path, target: Path) -> dict[str, float]:
    """Have another tool treat a folder of files; return what `peer_tools` says of it."""
    command = [str(PEERS_PYTHON), str(TOOLS), peer, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def _of_peer(peer: str, planted: list[Planted], folder: Path) -> Leaks:
    source, target = folder / f"{peer}/in", folder / f"{peer}/out"
    source.mkdir(parents=True)
    for number, one in enumerate(planted):
        (source / f"{number:05d}.dcm").write_bytes(one.data)
    run_peer(peer, source, target)
    written = iter(target / f"{number:05d}.dcm" for number in range(len(planted)))

    def next_written(_: bytes) -> bytes | None:
        path = next(written)
        return path.read_bytes() if path.exists() else None

    return _counted(peer, planted, next_written)


if __name__ == "__main__":
    for one in measure_leaks():
        print(one)
