"""Publish: a frozen release of the exams with a final answer, and its verification."""

from mammoset.publish.disclosure import Waiver
from mammoset.publish.release import ReleaseResult, publish
from mammoset.publish.verify import Verification, verify

__all__ = ["ReleaseResult", "Verification", "Waiver", "publish", "verify"]
