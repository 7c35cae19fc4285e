"""Runs a stage on a disk that is too small or read-only, in a mount namespace, and again when it is mended."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kills.striking import environment

PAGE = 4096
ROOMY = 1 << 30
"""Bytes; a tmpfs takes memory only for what is in it."""


@dataclass(frozen=True)
class Twice:
    """What became of a stage that was run on a spoiled disk and, in the same place, on a mended one.

    Attributes
    ----------
    first, second : CompletedProcess
        Of the program; their outputs are text.
    between, after : Path
        Copies of the home folder after the first and the second run.
    """

    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    between: Path
    after: Path


def _unshare(script: str) -> list[str]:
    flags = "-m" if os.geteuid() == 0 else "-rm"
    return ["unshare", flags, "sh", "-euc", script]


def require_mounts() -> None:
    """Skip where this user may mount nothing; fail where it is root and no test may be skipped."""
    probe = _unshare("mount -t tmpfs none /mnt")
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"nothing can be mounted here: {done.stderr.strip()}"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)


def on_full_disk(place: Path, home: Path, command: Sequence[str], *, room: int) -> Twice:
    """Run a command with one folder on a disk that has so many free bytes, then again with room enough."""
    used = sum(-(-path.stat().st_size // PAGE) * PAGE for path in place.rglob("*") if path.is_file())
    small = max(PAGE, (used + room) // PAGE * PAGE)
    aside, there = shlex.quote(f"{home}.aside"), shlex.quote(str(place))
    spoil = f"cp -a {there} {aside}; mount -t tmpfs -o mode=700,size={small} none {there}; cp -a {aside}/. {there}"
    return _twice(spoil, f"mount -o remount,size={ROOMY} {there}", home, command)


def on_read_only_disk(place: Path, home: Path, command: Sequence[str]) -> Twice:
    """Run a command while one folder is mounted read-only, then again when it is writable."""
    there = shlex.quote(str(place))
    spoil = f"mount --bind {there} {there}; mount -o remount,bind,ro {there}"
    return _twice(spoil, f"mount -o remount,bind,rw {there}", home, command)


def _twice(spoil: str, mend: str, home: Path, command: Sequence[str]) -> Twice:
    """Run all of it in one namespace: what is mounted there is gone when it ends, so copies are taken inside."""
    copies = [home.with_name(f"{home.name} {name}") for name in ("between", "after")]
    quoted = [shlex.quote(str(copy)) for copy in copies]
    run = shlex.join(command)
    steps = [spoil]
    for copy, before in zip(quoted, ("", mend), strict=True):
        steps += [before] if before else []
        steps.append(f"code=0; {run} >{copy}.out 2>{copy}.err || code=$?; echo $code >{copy}.code")
        steps.append(f"cp -a {shlex.quote(str(home))} {copy}")
    done = subprocess.run(
        _unshare("\n".join(steps)), env=environment(), capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    return Twice(_outcome(copies[0]), _outcome(copies[1]), *copies)


def _outcome(copy: Path) -> subprocess.CompletedProcess[str]:
    out, error, code = (copy.with_name(f"{copy.name}.{kind}").read_text() for kind in ("out", "err", "code"))
    return subprocess.CompletedProcess([], int(code), out, error)
