"""The rules a reading must keep, as a table: what is an error, and what the reader is asked to confirm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mammoset.domain.labels import LabelSchema
from mammoset.errors import RuleViolation
from mammoset.model import Breast, Finding, Image, Reading
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


class Hit(NamedTuple):
    """Where a rule is broken, and the word that its text needs."""

    laterality: Laterality | None = None
    finding_index: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A reading beside what it is judged by."""

    reading: Reading
    images: Mapping[str, Image]
    schema: LabelSchema

    def sides(self) -> tuple[Laterality, ...]:
        """Return the breasts that the exam shows: both, unless it was let through incomplete."""
        shown = {image.laterality for image in self.images.values()}
        return tuple(side for side in Laterality if side in shown)

    def breasts(self) -> Iterator[Breast]:
        """Yield the answer of each side that has exactly one."""
        count = Counter(breast.laterality for breast in self.reading.breasts)
        yield from (breast for breast in self.reading.breasts if count[breast.laterality] == 1)

    def findings(self) -> Iterator[tuple[Finding, Hit, Breast | None]]:
        """Yield each finding with its place and, where its image is known, what was said of its breast."""
        for index, finding in enumerate(self.reading.findings):
            image = self.images.get(finding.image_id)
            side = None if image is None else image.laterality
            yield finding, Hit(side, index), None if side is None else self.reading.breast(side)

    def boxes(self) -> Iterator[tuple[Finding, Hit, Image]]:
        """Yield each finding on a known image."""
        for finding, hit, _ in self.findings():
            if finding.image_id in self.images:
                yield finding, hit, self.images[finding.image_id]


def _breast_missing(case: Case) -> Iterator[Hit]:
    given = {breast.laterality for breast in case.reading.breasts}
    yield from (Hit(side) for side in case.sides() if side not in given)


def _breast_unseen(case: Case) -> Iterator[Hit]:
    yield from (Hit(breast.laterality) for breast in case.breasts() if breast.laterality not in case.sides())


def _breast_repeated(case: Case) -> Iterator[Hit]:
    count = Counter(breast.laterality for breast in case.reading.breasts)
    yield from (Hit(side) for side in Laterality if count[side] > 1)


def _birads_missing(case: Case) -> Iterator[Hit]:
    yield from (Hit(breast.laterality) for breast in case.breasts() if breast.birads is None)


def _density_missing(case: Case) -> Iterator[Hit]:
    yield from (Hit(breast.laterality) for breast in case.breasts() if breast.density is None)


def _birads_not_allowed(case: Case) -> Iterator[Hit]:
    for breast in case.breasts():
        if breast.birads is not None and breast.birads not in case.schema.breast_birads:
            allowed = ", ".join(map(str, case.schema.breast_birads))
            yield Hit(breast.laterality, what=f"{breast.birads} is not among {allowed}")


def _density_not_allowed(case: Case) -> Iterator[Hit]:
    for breast in case.breasts():
        if breast.density is not None and breast.density not in case.schema.densities:
            yield Hit(breast.laterality, what=f"{breast.density} is not among {', '.join(case.schema.densities)}")


def _image_unknown(case: Case) -> Iterator[Hit]:
    yield from (hit for finding, hit, _ in case.findings() if finding.image_id not in case.images)


def _image_of_other_study(case: Case) -> Iterator[Hit]:
    yield from (hit for _, hit, image in case.boxes() if image.study_id != case.reading.study_id)


def _box_outside(case: Case) -> Iterator[Hit]:
    for finding, hit, image in case.boxes():
        box = finding.box
        # written so that NaN counts as outside
        if not (box.xmin >= 0 and box.ymin >= 0 and box.xmax <= image.width and box.ymax <= image.height):
            yield hit._replace(what=f"{image.width} × {image.height}")


def _box_too_small(case: Case) -> Iterator[Hit]:
    smallest = case.schema.min_box_size
    for finding, hit, _ in case.findings():
        if not (finding.box.width >= smallest and finding.box.height >= smallest):
            yield hit._replace(what=f"{smallest:g}")


def _category_missing(case: Case) -> Iterator[Hit]:
    yield from (hit for finding, hit, _ in case.findings() if not finding.categories)


def _category_unknown(case: Case) -> Iterator[Hit]:
    for finding, hit, _ in case.findings():
        unknown = [name for name in dict.fromkeys(finding.categories) if case.schema.category(name) is None]
        yield from (hit._replace(what=name) for name in unknown)


def _category_repeated(case: Case) -> Iterator[Hit]:
    for finding, hit, _ in case.findings():
        repeated = [name for name, count in Counter(finding.categories).items() if count > 1]
        yield from (hit._replace(what=name) for name in repeated)


def _finding_on_negative(case: Case) -> Iterator[Hit]:
    yield from (hit for _, hit, breast in case.findings() if breast is not None and breast.birads == 1)


def _finding_birads_missing(case: Case) -> Iterator[Hit]:
    for finding, hit, _ in case.findings():
        if finding.birads is None and case.schema.needs_birads(finding.categories):
            needing = [name for name in finding.categories if case.schema.needs_birads([name])]
            yield hit._replace(what=", ".join(needing))


def _finding_birads_not_allowed(case: Case) -> Iterator[Hit]:
    for finding, hit, _ in case.findings():
        if finding.birads is not None and finding.birads not in case.schema.finding_birads:
            allowed = ", ".join(map(str, case.schema.finding_birads))
            yield hit._replace(what=f"{finding.birads} is not among {allowed}")


def _finding_birads_above_breast(case: Case) -> Iterator[Hit]:
    for finding, hit, breast in case.findings():
        if finding.birads is not None and breast is not None and is_above(finding.birads, breast.birads):
            yield hit._replace(what=f"{finding.birads} of the finding, {breast.birads} of the breast")


def is_above(finding_birads: int, breast_birads: int | None) -> bool:
    """Whether a finding's BI-RADS contradicts its breast's; 0 and 6 of a breast contradict none."""
    return breast_birads in ORDINAL_ASSESSMENTS and finding_birads > (breast_birads or 0)


def _no_finding_marked(case: Case) -> Iterator[Hit]:
    marked = {image.laterality for _, _, image in case.boxes()}
    for breast in case.breasts():
        is_suspicious = breast.birads in ORDINAL_ASSESSMENTS and breast.birads >= case.schema.min_finding_birads
        if is_suspicious and breast.laterality not in marked:
            yield Hit(breast.laterality, what=str(breast.birads))


def _feature_on_benign(case: Case) -> Iterator[Hit]:
    for finding, hit, breast in case.findings():
        if finding.birads is None and breast is not None and breast.birads == 2:
            yield hit


def _once_per_breast(case: Case) -> Iterator[Hit]:
    views: dict[tuple[Laterality, str], set[str]] = defaultdict(set)
    for finding, _, image in case.boxes():
        for name in finding.categories:
            category = case.schema.category(name)
            if category is not None and category.once_per_breast:
                views[image.laterality, name].add(image.view_position)
    yield from (Hit(side, what=name) for (side, name), seen in sorted(views.items()) if len(seen) > 1)


def _further_view(case: Case) -> Iterator[Hit]:
    yield from (hit for _, hit, image in case.boxes() if not image.is_standard)


class Rule(NamedTuple):
    """One rule.

    ``text`` is what the reader sees after the place, ``{what}`` standing for the value in question.
    """

    code: str
    level: Level
    text: str
    find: Callable[[Case], Iterator[Hit]]


RULES: tuple[Rule, ...] = (
    Rule("breast_missing", "error", "no answer; give BI-RADS and density", _breast_missing),
    Rule("breast_unseen", "error", "no image of it in this exam; leave the answer out", _breast_unseen),
    Rule("breast_repeated", "error", "answered more than once; keep one answer", _breast_repeated),
    Rule("birads_missing", "error", "no BI-RADS; choose one", _birads_missing),
    Rule("density_missing", "error", "no density; choose one", _density_missing),
    Rule("birads_not_allowed", "error", "BI-RADS {what}", _birads_not_allowed),
    Rule("density_not_allowed", "error", "density {what}", _density_not_allowed),
    Rule("image_unknown", "error", "its image is not one of this exam", _image_unknown),
    Rule("image_of_other_study", "error", "its image belongs to another exam", _image_of_other_study),
    Rule("box_outside", "error", "the box leaves the image of {what} pixels; move it inside", _box_outside),
    Rule("box_too_small", "error", "the box is smaller than {what} × {what} pixels; enlarge it", _box_too_small),
    Rule("category_missing", "error", "no category; choose one or more", _category_missing),
    Rule("category_unknown", "error", "'{what}' is not a category of this project", _category_unknown),
    Rule("category_repeated", "error", "'{what}' is chosen twice", _category_repeated),
    Rule(
        "finding_on_negative", "error",
        "its breast is BI-RADS 1; remove the finding or change the breast's BI-RADS", _finding_on_negative,
    ),
    Rule("finding_birads_missing", "error", "{what} needs a BI-RADS; choose one", _finding_birads_missing),
    Rule("finding_birads_not_allowed", "error", "BI-RADS {what}", _finding_birads_not_allowed),
    Rule(
        "finding_birads_above_breast", "error",
        "BI-RADS {what}; raise the breast's or lower the finding's", _finding_birads_above_breast,
    ),
    Rule("no_finding_marked", "confirm", "BI-RADS {what}, but no finding is marked", _no_finding_marked),
    Rule("feature_on_benign", "confirm", "a finding without BI-RADS on a breast of BI-RADS 2", _feature_on_benign),
    Rule(
        "once_per_breast", "confirm",
        "{what} is marked in more than one view, but is by definition visible in one only", _once_per_breast,
    ),
    Rule(
        "further_view", "confirm",
        "marked on a view that the published tables leave out; mark it on a standard view too", _further_view,
    ),
)  # fmt: skip
"""Every rule, in the order in which violations are listed."""

CONFIRMATIONS = frozenset(rule.code for rule in RULES if rule.level == "confirm")
"""Codes a reader may confirm; given to `check` as ``confirmed``, they leave errors only."""


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
    case = Case(reading, {image.image_id: image for image in images}, schema)
    violations = (_violation(rule, hit) for rule in RULES for hit in rule.find(case))
    return tuple(one for one in violations if one.level == "error" or not {one.code, one.key} & set(confirmed))


def _violation(rule: Rule, hit: Hit) -> Violation:
    places = []
    if hit.laterality is not None:
        places.append(SIDES[hit.laterality])
    if hit.finding_index is not None:
        places.append(f"finding {hit.finding_index + 1}")
    message = f"{', '.join(places)}: {rule.text.format(what=hit.what)}"
    return Violation(rule.code, rule.level, message, hit.laterality, hit.finding_index)


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
