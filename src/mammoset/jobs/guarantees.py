"""What the rules of the gate guarantee of each element, for the review: it looks at what they leave open first."""

from __future__ import annotations

from mammoset.pseudonymize.profile import rules
from mammoset.review.values import Group, Groups

BY_ACTION = {
    "constant": Group.FIXED,
    "empty": Group.FIXED,
    "uid": Group.KEYED,
    "patient": Group.KEYED,
    "date": Group.KEYED,
    "claim": Group.CLOSED,
    "vocabulary": Group.CLOSED,
    "device": Group.CLOSED,
    "view": Group.CLOSED,
    "region": Group.CLOSED,
    "codes": Group.CLOSED,
    "orientation": Group.CLOSED,
    "lossy": Group.CLOSED,
    "partial": Group.CLOSED,
    "number": Group.NUMBERS,
    "numbers": Group.NUMBERS,
    "stepped": Group.NUMBERS,
    "age": Group.NUMBERS,
    "pixels": Group.NUMBERS,
    "padding": Group.NUMBERS,
    "windows": Group.NUMBERS,
    "voi_luts": Group.NUMBERS,
}
"""Action of a rule to what it guarantees; an action that is not here guarantees nothing."""
BY_ELEMENT = {
    "FileMeta": Group.FIXED,
    "WindowCenterWidthExplanation": Group.TEXT,
    "VOILUTFunction": Group.CLOSED,
    "VOILUTSequence.LUTExplanation": Group.TEXT,
    "VOILUTSequence.LUTData": Group.KEYED,
    "PhotometricInterpretation": Group.CLOSED,
    "PresentationLUTShape": Group.CLOSED,
}
"""Elements of which the action does not say enough."""


def guarantees() -> Groups:
    """Return the group of each element that the gate writes."""
    return {rule.keyword: BY_ACTION.get(rule.action, Group.OTHER) for rule in rules()} | BY_ELEMENT
