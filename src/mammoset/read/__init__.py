"""Read: assignment of studies to readers, import of readings, arbitration, agreement."""

from mammoset.read.assignment import draw_one_each, draw_readers
from mammoset.read.stage import (
    AssignSummary,
    ImportSummary,
    ReaderProgress,
    assign,
    import_readings,
    progress_of,
    readings_by_study,
)

__all__ = [
    "AssignSummary",
    "ImportSummary",
    "ReaderProgress",
    "assign",
    "draw_one_each",
    "draw_readers",
    "import_readings",
    "progress_of",
    "readings_by_study",
]
