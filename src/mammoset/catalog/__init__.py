"""The catalog: everything a project knows, in one database; pseudonyms only."""

from mammoset.catalog.approval import ReviewedImage
from mammoset.catalog.records import (
    Decision,
    ElementValue,
    HeldRegion,
    ImageRecord,
    PoolEntry,
    ReviewFact,
    SplitRun,
    StudyRecord,
    now,
)
from mammoset.catalog.review_book import ReviewBook
from mammoset.catalog.store import Catalog

__all__ = [
    "Catalog",
    "Decision",
    "ElementValue",
    "HeldRegion",
    "ImageRecord",
    "PoolEntry",
    "ReviewBook",
    "ReviewFact",
    "ReviewedImage",
    "SplitRun",
    "StudyRecord",
    "now",
]
