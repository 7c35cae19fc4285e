"""Audits any folder of DICOM files, of mammoset or another tool: identifiers, conformance, text in the pixels.

Needs no project. The files are only read; what is reported holds no value of them unless asked for.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from mammoset import engine
from mammoset.errors import ConfigError, DatasetNotFound
from mammoset.jobs.audit.examine import Examined, Options, Task, examine
from mammoset.jobs.audit.findings import Shown
from mammoset.jobs.audit.folders import files_below
from mammoset.jobs.audit.pictures import EFFORTS, TEXT_MODULE, Effort
from mammoset.jobs.audit.report import Report
from mammoset.jobs.audit.searching import index_of

__all__ = ["EFFORTS", "Effort", "Examined", "Options", "Report", "audit", "examine"]

OTHER_FAILURE = "the audit of this file failed"


def audit(
    path: Path,
    options: Options = Options(),  # noqa: B008
    *,
    workers: int | None = None,
    progress: engine.Progress = engine.silent,
) -> Report:
    """Audit a file, or every file below a folder.

    Parameters
    ----------
    path : Path
    options : Options
    workers : int or None
        Processes; None takes one per core.

    Returns
    -------
    Report

    Raises
    ------
    DatasetNotFound
        When there is nothing of that name.
    ConfigError
        When the ledger is none.
    """
    if not path.exists():
        raise DatasetNotFound(f"{path.name}: there is no such file or folder; name what is to be audited")
    if options.text != "off" and find_spec(TEXT_MODULE) is None:
        raise ConfigError("the search for text in pixels is not installed; install it, or audit with --text off")
    if options.ledger is not None:
        index_of(options.ledger)
    report = Report({"text": options.text, "ledger": options.ledger is not None})
    total = sum(1 for _ in files_below(path))
    tasks = (Task(root, one, options) for root, one in files_below(path))
    for found in engine.run(examine, tasks, workers=workers):
        report.add(_not_read(found) if isinstance(found, engine.Failure) else found)
        progress("files", report.files, total)
    return report


def _not_read(failure: engine.Failure[Task]) -> Examined:
    """Return what to report of a file that even the audit failed at: it counts as not audited."""
    shown = Shown("not_read", "file", f"{OTHER_FAILURE} ({failure.kind})", 0, "", None)
    return Examined(str(failure.item.path), is_dicom=True, is_mammogram=False, findings=(shown,))
