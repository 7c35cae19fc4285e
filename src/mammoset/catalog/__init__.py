"""The catalog: everything a project knows, in one database; pseudonyms only."""

from mammoset.catalog.accounts import Account
from mammoset.catalog.approval import ReviewedImage
from mammoset.catalog.events import Event, add_event
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
    "Account",
    "Catalog",
    "Decision",
    "ElementValue",
    "Event",
    "HeldRegion",
    "ImageRecord",
    "PoolEntry",
    "ReviewBook",
    "ReviewFact",
    "ReviewedImage",
    "SplitRun",
    "StudyRecord",
    "add_event",
    "now",
]
