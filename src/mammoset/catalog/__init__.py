"""The catalog: everything a project knows, in one database; pseudonyms only."""

from mammoset.catalog.records import Decision, ImageRecord, PoolEntry, SplitRun, StudyRecord, now
from mammoset.catalog.store import Catalog

__all__ = ["Catalog", "Decision", "ImageRecord", "PoolEntry", "SplitRun", "StudyRecord", "now"]
