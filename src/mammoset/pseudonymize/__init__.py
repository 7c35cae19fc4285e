"""Pseudonymizes: every object is rebuilt from validated values and decoded pixels, behind one gate."""

from mammoset.pseudonymize.corner_sheets import corner_sheets
from mammoset.pseudonymize.explain import explain, markdown
from mammoset.pseudonymize.options import Options
from mammoset.pseudonymize.profile import EXPLAIN_HEADER, Rule
from mammoset.pseudonymize.stage import PseudonymizeSummary, pseudonymize

__all__ = [
    "EXPLAIN_HEADER",
    "Options",
    "PseudonymizeSummary",
    "Rule",
    "corner_sheets",
    "explain",
    "markdown",
    "pseudonymize",
]
