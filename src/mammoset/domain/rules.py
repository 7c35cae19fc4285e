"""The rules a reading must keep, as a table: what is an error, and what the reader is asked to confirm.

Each rule is data – where it is asked, and a condition (`mammoset.domain.conditions`) over the values of that place
(`mammoset.domain.rule_scopes`) – so a client that is handed the table by `to_json` finds what `check` finds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from mammoset.domain.conditions import Condition, holds, var
from mammoset.domain.labels import LabelSchema
from mammoset.domain.rule_scopes import NAMES, SCHEMA_NAMES, Case, Place, Scope, images_by_id, places_of
from mammoset.errors import RuleViolation
from mammoset.model import Image, Reading
from mammoset.terms.birads import ORDINAL_ASSESSMENTS
from mammoset.terms.dicom import Laterality

Level = Literal["error", "confirm"]
SIDES = {Laterality.L: "left breast", Laterality.R: "right breast"}


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing to correct or to confirm in a reading.

    Attributes
    ----------
    code : str
        Of the rule, snake_case.
    level : {"error", "confirm"}
        An error must be corrected; the other kind is accepted once the reader has confirmed it.
    message : str
        What, where, and what to do, for the reader.
    laterality : Laterality or None
        The breast it is about, where known.
    finding_index : int or None
        Position in the reading's findings, from 0.
    """

    code: str
    level: Level
    message: str
    laterality: Laterality | None = None
    finding_index: int | None = None

    @property
    def key(self) -> str:
        """What a reader confirms: the code, the side and the finding, say ``no_finding_marked:R``."""
        parts = (self.code, self.laterality, self.finding_index)
        return ":".join(str(part) for part in parts if part is not None)


class Rule(NamedTuple):
    """One rule.

    Attributes
    ----------
    scope : str
        The places at which it is asked.
    text : str
        What the reader sees after the place; a name of the scope in braces stands for its value, lists joined by
        commas.
    when : condition
        When it is broken at a place.
    """

    code: str
    level: Level
    scope: Scope
    text: str
    when: Condition


ORDINAL = list(ORDINAL_ASSESSMENTS)
ANSWERED_ONCE = ("==", "side.n_answers", 1)
IN_IMAGE = (
    "all", (">=", "finding.xmin", 0), (">=", "finding.ymin", 0), ("<=", "finding.xmax", var("image.width")),
    ("<=", "finding.ymax", var("image.height")),
)  # fmt: skip
LARGE_ENOUGH = (
    "all", (">=", "finding.width", var("schema.min_box_size")), (">=", "finding.height", var("schema.min_box_size"))
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        "breast_missing", "error", "side", "no answer; give BI-RADS and density",
        ("all", ("==", "side.is_shown", True), ("==", "side.n_answers", 0)),
    ),
    Rule(
        "breast_unseen", "error", "side", "no image of it in this exam; leave the answer out",
        ("all", ("==", "side.is_shown", False), ANSWERED_ONCE),
    ),
    Rule(
        "breast_repeated", "error", "side", "answered more than once; keep one answer", (">", "side.n_answers", 1)
    ),
    Rule(
        "birads_missing", "error", "side", "no BI-RADS; choose one",
        ("all", ANSWERED_ONCE, ("==", "breast.birads", None)),
    ),
    Rule(
        "density_missing", "error", "side", "no density; choose one",
        ("all", ANSWERED_ONCE, ("==", "breast.density", None)),
    ),
    Rule(
        "birads_not_allowed", "error", "side", "BI-RADS {breast.birads} is not among {schema.breast_birads}",
        ("all", ("!=", "breast.birads", None), ("not", ("in", "breast.birads", var("schema.breast_birads")))),
    ),
    Rule(
        "density_not_allowed", "error", "side", "density {breast.density} is not among {schema.densities}",
        ("all", ("!=", "breast.density", None), ("not", ("in", "breast.density", var("schema.densities")))),
    ),
    Rule(
        "image_unknown", "error", "finding", "its image is not one of this exam", ("==", "image.is_known", False)
    ),
    Rule(
        "image_of_other_study", "error", "finding", "its image belongs to another exam",
        ("==", "image.is_of_exam", False),
    ),
    Rule(
        "box_outside", "error", "finding",
        "the box leaves the image of {image.width} × {image.height} pixels; move it inside",
        ("all", ("==", "image.is_known", True), ("not", IN_IMAGE)),  # so that NaN counts as outside
    ),
    Rule(
        "box_too_small", "error", "finding",
        "the box is smaller than {schema.min_box_size} × {schema.min_box_size} pixels; enlarge it",
        ("not", LARGE_ENOUGH),
    ),
    Rule(
        "category_missing", "error", "finding", "no category; choose one or more", ("==", "finding.n_categories", 0)
    ),
    Rule(
        "category_unknown", "error", "finding_category", "'{category.name}' is not a category of this project",
        ("==", "category.is_known", False),
    ),
    Rule(
        "category_repeated", "error", "finding_category", "'{category.name}' is chosen twice",
        (">", "category.count", 1),
    ),
    Rule(
        "finding_on_negative", "error", "finding",
        "its breast is BI-RADS 1; remove the finding or change the breast's BI-RADS", ("==", "breast.birads", 1),
    ),
    Rule(
        "finding_birads_missing", "error", "finding", "{finding.needing} needs a BI-RADS; choose one",
        ("all", ("==", "finding.birads", None), ("==", "finding.needs_birads", True)),
    ),
    Rule(
        "finding_birads_not_allowed", "error", "finding",
        "BI-RADS {finding.birads} is not among {schema.finding_birads}",
        ("all", ("!=", "finding.birads", None), ("not", ("in", "finding.birads", var("schema.finding_birads")))),
    ),
    Rule(
        "finding_birads_above_breast", "error", "finding",
        "BI-RADS {finding.birads} of the finding, {breast.birads} of the breast; raise the breast's or lower the "
        "finding's",
        # 0 and 6 of a breast contradict no finding
        ("all", ("in", "breast.birads", ORDINAL), (">", "finding.birads", var("breast.birads"))),
    ),
    Rule(
        "no_finding_marked", "confirm", "side", "BI-RADS {breast.birads}, but no finding is marked",
        (
            "all", ("in", "breast.birads", ORDINAL), (">=", "breast.birads", var("schema.min_finding_birads")),
            ("==", "side.n_findings", 0),
        ),
    ),
    Rule(
        "feature_on_benign", "confirm", "finding", "a finding without BI-RADS on a breast of BI-RADS 2",
        ("all", ("==", "finding.birads", None), ("==", "breast.birads", 2)),
    ),
    Rule(
        "once_per_breast", "confirm", "side_category",
        "{category.name} is marked in more than one view, but is by definition visible in one only",
        ("all", ("==", "category.once_per_breast", True), (">", "category.n_views", 1)),
    ),
    Rule(
        "further_view", "confirm", "finding",
        "marked on a view that the published tables leave out; mark it on a standard view too",
        ("==", "image.is_standard", False),
    ),
)  # fmt: skip
"""Every rule, in the order in which violations are listed."""

CONFIRMATIONS = frozenset(rule.code for rule in RULES if rule.level == "confirm")
"""Codes a reader may confirm; given to `check` as ``confirmed``, they leave errors only."""


def is_above(finding_birads: int, breast_birads: int | None) -> bool:
    """Whether a finding's BI-RADS contradicts its breast's; 0 and 6 of a breast contradict none."""
    return breast_birads in ORDINAL_ASSESSMENTS and finding_birads > (breast_birads or 0)


def check(
    reading: Reading, images: Sequence[Image], schema: LabelSchema, *, confirmed: Collection[str] = ()
) -> tuple[Violation, ...]:
    """List what is wrong with a reading, and what its reader has still to confirm.

    Parameters
    ----------
    images : sequence of Image
        All images of the study.
    confirmed : collection of str
        What the reader has confirmed: `Violation.key` for one place, or a code for every place. Errors cannot be
        confirmed.

    Returns
    -------
    tuple of Violation
        In the order of `RULES`; empty for a reading that can be submitted.
    """
    places = places_of(Case(reading, images_by_id(images), schema))
    violations = (
        _violation(rule, place) for rule in RULES for place in places[rule.scope] if holds(rule.when, place.values)
    )
    return tuple(one for one in violations if one.level == "error" or not {one.code, one.key} & set(confirmed))


def _violation(rule: Rule, place: Place) -> Violation:
    where = []
    if place.laterality is not None:
        where.append(SIDES[place.laterality])
    if place.finding_index is not None:
        where.append(f"finding {place.finding_index + 1}")
    message = f"{', '.join(where)}: {filled(rule.text, place)}"
    return Violation(rule.code, rule.level, message, place.laterality, place.finding_index)


def filled(text: str, place: Place) -> str:
    """Return a rule's text with the values of a place in it."""
    return re.sub(r"\{([a-z_.]+)\}", lambda found: _shown(place.values[found[1]]), text)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def require(reading: Reading, images: Sequence[Image], schema: LabelSchema, confirmed: Collection[str] = ()) -> None:
    """Refuse a reading that breaks a rule or waits for a confirmation; parameters as in `check`.

    Raises
    ------
    RuleViolation
        Listing everything, errors and confirmations.
    """
    violations = check(reading, images, schema, confirmed=confirmed)
    if violations:
        ask = {"error": "", "confirm": " (confirm it)"}
        listed = "; ".join(one.message + ask[one.level] for one in violations)
        raise RuleViolation(f"study {reading.study_id}, reader {reading.reader_id}: {listed}")


def to_json() -> dict[str, Any]:
    """Return the rules, and what the names in them mean, as JSON values."""
    rules = [
        {"code": one.code, "level": one.level, "scope": one.scope, "message": one.text, "when": _plain(one.when)}
        for one in RULES
    ]
    return {"rules": rules, "names": {scope: {**names, **SCHEMA_NAMES} for scope, names in NAMES.items()}}


def _plain(condition: Any) -> Any:
    return [_plain(one) for one in condition] if isinstance(condition, list | tuple) else condition
