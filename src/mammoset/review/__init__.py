"""Review: what people must look at before an exam is read, and what they decided."""

from mammoset.review.exams import ReviewSummary, pending, relaxations, standings, summary
from mammoset.review.recording import REJECTION_REASONS, Recorded, Words, decide, record
from mammoset.review.subjects import Saying, words_of
from mammoset.review.values import Group, Groups, elements

__all__ = [
    "REJECTION_REASONS",
    "Group",
    "Groups",
    "Recorded",
    "ReviewSummary",
    "Saying",
    "Words",
    "decide",
    "elements",
    "pending",
    "record",
    "relaxations",
    "standings",
    "summary",
    "words_of",
]
