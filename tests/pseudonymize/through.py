"""Takes a file through the gate as a worker does, and says what became of it and whether anything of it is left."""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mammoset.errors import RefusedObject
from mammoset.phantom.threats.canaries import Canary
from mammoset.phantom.threats.threat import Planted
from mammoset.pseudonymize.gate import PLAIN, Treatment
from mammoset.pseudonymize.treat import GateTask, treat
from mammoset.terms.reasons import REASONS
from tests.pseudonymize.hostile import NAMES
from tests.pseudonymize.leaks import leaked, leaked_text

PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file.

    Attributes
    ----------
    outcome : str
        ``passed``, or the reason of the refusal: not done.
    said : str
        Everything that was said on the way: message, traceback, record, names of files.
    stored : tuple of bytes
        What was written.
    """

    outcome: str
    said: str
    stored: tuple[bytes, ...]

    def leaks(self, canaries: Iterable[Canary]) -> list[str]:
        """Return the names of canaries that came through."""
        sought = tuple(canaries)
        found = [*leaked_text(self.said, sought), *(one for data in self.stored for one in leaked(data, sought))]
        return sorted({one.name for one in found})


def fate_of(planted: Planted, folder: Path, treatment: Treatment = PLAIN) -> Fate:
    """Treat a file as it lies in a folder; anything but a refusal with a known reason is raised."""
    original = folder / "in" / planted.path
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(planted.data)
    if planted.modified is not None:
        os.utime(original, (planted.modified, planted.modified))
    content = folder / "content"
    shutil.rmtree(content, ignore_errors=True)
    refused = ""
    try:
        passed = treat(GateTask(original, content, NAMES, treatment))
    except RefusedObject as refusal:
        refused, said = refusal.reason, traceback.format_exc()
    if refused:
        assert refused in REASONS
        assert not list(content.rglob("*.*"))
        return Fate(refused, said, ())
    files = [path for path in content.rglob("*") if path.is_file()]
    assert all(planted.modified is None or abs(one.stat().st_mtime - planted.modified) > 86_400 for one in files)
    said = " ".join([repr(passed), *(str(path.relative_to(content)) for path in files)])
    return Fate(PASSED, said, tuple(path.read_bytes() for path in files))
