"""Pseudonymizes: every object is rebuilt from validated values and decoded pixels, behind one gate."""

from mammoset.pseudonymize.profile import EXPLAIN_HEADER, Rule, explain
from mammoset.pseudonymize.stage import PseudonymizeSummary, pseudonymize

__all__ = ["EXPLAIN_HEADER", "PseudonymizeSummary", "Rule", "explain", "pseudonymize"]
