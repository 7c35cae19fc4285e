"""Read: assignment of studies to readers, their answers, import of readings, arbitration, agreement."""

from mammoset.domain.workflow import ROLES, Role
from mammoset.read.answers import (
    FLAG_KINDS,
    LONGEST_REASON,
    Flag,
    Saved,
    Work,
    amend,
    flag,
    open_study,
    role_at,
    save_draft,
    submit,
)
from mammoset.read.assigning import AssignSummary, assign, assign_one, load_of, reassign, withdraw
from mammoset.read.assignment import draw_one_each, draw_readers
from mammoset.read.board import Board, Case, Progress, Task, counts_of, next_of, task_of
from mammoset.read.closing import close_phase
from mammoset.read.stage import (
    ImportSummary,
    ReaderProgress,
    import_readings,
    progress_of,
    readings_by_study,
)

__all__ = [
    "FLAG_KINDS",
    "LONGEST_REASON",
    "ROLES",
    "AssignSummary",
    "Board",
    "Case",
    "Flag",
    "ImportSummary",
    "Progress",
    "ReaderProgress",
    "Role",
    "Saved",
    "Task",
    "Work",
    "amend",
    "assign",
    "assign_one",
    "close_phase",
    "counts_of",
    "draw_one_each",
    "draw_readers",
    "flag",
    "import_readings",
    "load_of",
    "next_of",
    "open_study",
    "progress_of",
    "readings_by_study",
    "reassign",
    "role_at",
    "save_draft",
    "submit",
    "task_of",
    "withdraw",
]
