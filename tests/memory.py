"""Where the tests write: in memory where there is room, for what they write is waited for at the disk, file by file."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM_BYTES = 8 * 2**30
"""Several times what the tests need at once."""
VARIABLE = "TMPDIR"


def write_in_memory() -> None:
    """Have temporary files of this process, and of those it starts, made in memory, unless somebody has chosen."""
    if VARIABLE in os.environ or not _is_fit():
        return
    os.environ[VARIABLE] = str(MEMORY)
    tempfile.tempdir = None  # or what was found before would be kept


def _is_fit() -> bool:
    if not MEMORY.is_mount() or not os.access(MEMORY, os.W_OK):
        return False
    may_run_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return may_run_programs and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
