"""Where two readings of one study differ, and which of the differences call for an arbiter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mammoset.domain.boxes import match
from mammoset.domain.labels import DisagreementKind, LabelSchema
from mammoset.model import Box, Breast, Finding, Image, Reading
from mammoset.terms.birads import ORDINAL_ASSESSMENTS, birads_label, density_label, is_recall
from mammoset.terms.dicom import Laterality

NOT_MARKED = "not marked"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference between two readings.

    Attributes
    ----------
    laterality : Laterality or None
        The breast; None for a finding whose image was not given to `compare`.
    image_id : str or None
        The image of a finding; None for a difference about a breast.
    first, second : str
        What either reading says, for people.
    opens_arbitration : bool
        Whether the label schema calls for an arbiter because of it.
    """

    kind: DisagreementKind
    laterality: Laterality | None
    image_id: str | None
    first: str
    second: str
    opens_arbitration: bool


@dataclass(frozen=True, slots=True)
class FindingPair:
    """Findings of two readings that mean the same, or, with one None, a finding without partner."""

    first: Finding | None
    second: Finding | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The one or two findings, the first reading's first."""
        return tuple(finding for finding in (self.first, self.second) if finding is not None)


def compare(
    first: Reading, second: Reading, schema: LabelSchema, images: Sequence[Image] = ()
) -> tuple[Disagreement, ...]:
    """List the differences between two readings of one study.

    Parameters
    ----------
    images : sequence of Image
        The study's images, by which differences about findings are given their side; may be left out.

    Returns
    -------
    tuple of Disagreement
        Of the left breast, of the right breast, then of findings by image and place. The readings the other way
        round give the same list with ``first`` and ``second`` exchanged. BI-RADS 0 and 6 differ from any other
        category, but say neither recall nor its contrary.
    """
    side_of = {image.image_id: image.laterality for image in images}
    found = [
        *(
            (kind, side, None, one, other)
            for side in Laterality
            for kind, one, other in _differences_of_breasts(first.breast(side), second.breast(side))
        ),
        *(
            (kind, side_of.get(pair.findings[0].image_id), pair.findings[0].image_id, one, other)
            for pair in pair_findings(first.findings, second.findings, schema)
            for kind, one, other in _differences_of_findings(pair, schema)
        ),
    ]
    return tuple(Disagreement(*one, opens_arbitration=one[0] in schema.open_arbitration) for one in found)


def is_discordant(first: Reading, second: Reading, schema: LabelSchema) -> bool:
    """Whether two readings of one study differ in a way that calls for an arbiter."""
    return any(one.opens_arbitration for one in compare(first, second, schema))


def pair_findings(first: Sequence[Finding], second: Sequence[Finding], schema: LabelSchema) -> tuple[FindingPair, ...]:
    """Pair the findings of two readings, image by image, by their boxes alone (`boxes.match`).

    Returns
    -------
    tuple of FindingPair
        Every finding once, by image and place; findings without partner stand alone.
    """
    pairs = []
    for one, other in _by_image(first, second):
        rule = schema.matching
        matched = match([f.box for f in one], [f.box for f in other], min_iou=rule.iou, center=rule.center)
        taken, taken_too = {i for i, _ in matched}, {j for _, j in matched}
        pairs += [FindingPair(one[i], other[j]) for i, j in matched]
        pairs += [FindingPair(finding, None) for i, finding in enumerate(one) if i not in taken]
        pairs += [FindingPair(None, finding) for j, finding in enumerate(other) if j not in taken_too]
    # the smaller box first, so that the order does not tell the readings apart
    return tuple(sorted(pairs, key=lambda pair: (pair.findings[0].image_id, sorted(map(_place, pair.findings)))))


def _place(finding: Finding) -> tuple[Box, tuple[str, ...], int]:
    return finding.box, finding.categories, finding.birads or 0


def _by_image(first: Iterable[Finding], second: Iterable[Finding]) -> Iterator[tuple[list[Finding], list[Finding]]]:
    groups: dict[str, tuple[list[Finding], list[Finding]]] = defaultdict(lambda: ([], []))
    for side, findings in enumerate((first, second)):
        for finding in findings:
            groups[finding.image_id][side].append(finding)
    # sorted, so that of two equal boxes it is not the order of marking that decides which has a partner
    yield from ((sorted(one, key=_place), sorted(other, key=_place)) for one, other in groups.values())


def _differences_of_breasts(one: Breast, other: Breast) -> Iterator[tuple[DisagreementKind, str, str]]:
    if _recall(one) != _recall(other) and None not in (_recall(one), _recall(other)):
        yield "recall", _recall_text(one), _recall_text(other)
    if one.birads != other.birads:
        yield "birads", _birads_text(one.birads), _birads_text(other.birads)
    if one.density != other.density:
        yield "density", _density_text(one.density), _density_text(other.density)


def _differences_of_findings(pair: FindingPair, schema: LabelSchema) -> Iterator[tuple[DisagreementKind, str, str]]:
    one, other = pair.first, pair.second
    if one is None or other is None:
        yield "unmatched_finding", _finding_text(one), _finding_text(other)
        return
    categories = schema.in_order(one.categories), schema.in_order(other.categories)
    if categories[0] != categories[1]:
        yield "category", ", ".join(categories[0]), ", ".join(categories[1])
    if one.birads != other.birads:
        yield "finding_birads", _birads_text(one.birads), _birads_text(other.birads)


def _recall(breast: Breast) -> bool | None:
    return is_recall(breast.birads) if breast.birads in ORDINAL_ASSESSMENTS else None


def _recall_text(breast: Breast) -> str:
    return "recall" if _recall(breast) else "no recall"


def _birads_text(birads: int | None) -> str:
    return "no BI-RADS" if birads is None else birads_label(birads)


def _density_text(density: str | None) -> str:
    return "no density" if density is None else density_label(density)


def _finding_text(finding: Finding | None) -> str:
    if finding is None:
        return NOT_MARKED
    return f"{', '.join(finding.categories)} ({_birads_text(finding.birads)})"
