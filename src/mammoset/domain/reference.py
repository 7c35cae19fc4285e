"""The final answer for a study, made from its readings by the rules of labels.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mammoset.domain.discordance import FindingPair, pair_findings
from mammoset.domain.labels import LabelSchema
from mammoset.domain.rules import is_above
from mammoset.domain.standing import Fact, Standing, StudyState, standing_of
from mammoset.errors import ConfigError
from mammoset.model import Box, Breast, Finding, Image, Reading, Reference
from mammoset.terms.dicom import Laterality

T = TypeVar("T")
Experience = Mapping[str, int | None]


def reference_of(
    facts: Iterable[Fact],
    schema: LabelSchema,
    *,
    images: Sequence[Image] = (),
    experience: Experience | None = None,
    excluded: bool = False,
) -> Reference | None:
    """Derive the final answer for a study.

    Parameters
    ----------
    facts, schema, excluded
        As in `standing.standing_of`.
    images, experience
        As in `settle`; needed only where labels.toml lets BI-RADS differ without an arbiter, or asks for the senior
        reader.

    Returns
    -------
    Reference or None
        The arbiter's answer; or the two readings settled by the rules of ``[reference]``; or the only reading. None
        while there is no final answer, and for held and excluded studies.

    Raises
    ------
    ConfigError
        When a difference is to be settled by the senior reader and the readers' experience is not known.
    """
    standing = standing_of(facts, schema, excluded=excluded)
    return reference_from(standing, schema, images=images, experience=experience)


def reference_from(
    standing: Standing,
    schema: LabelSchema,
    *,
    images: Sequence[Image] = (),
    experience: Experience | None = None,
) -> Reference | None:
    """Derive the final answer from a standing; see `reference_of`."""
    if not standing.state.is_final:
        return None
    if standing.arbitration is not None:
        decided = standing.arbitration
        return Reference(decided.study_id, decided.breasts, decided.findings, "arbitrated")
    first = standing.readings[0]
    if standing.state == StudyState.FINAL:
        return Reference(first.study_id, first.breasts, first.findings, "single")
    return settle(first, standing.readings[1], schema, images=images, experience=experience)


def settle(
    first: Reading,
    second: Reading,
    schema: LabelSchema,
    *,
    images: Sequence[Image] = (),
    experience: Experience | None = None,
) -> Reference:
    """Make one answer of two readings by the rules of ``[reference]``.

    Parameters
    ----------
    first, second : Reading
        In the order of submission.
    images : sequence of Image
        The study's images. Findings on them take part only if the settled BI-RADS of their breast allows them, so
        that the answer breaks no rule that both readings keep; findings on other images are not so checked.
    experience : mapping of reader id to years of experience, optional
        Equal ones: the first reader counts as senior.

    Raises
    ------
    ConfigError
        As in `reference_of`.
    """
    settling = _Settling(first, second, schema, experience or {})
    breasts = tuple(settling.breast(side) for side in Laterality)
    breast_of = {image.image_id: breasts[list(Laterality).index(image.laterality)] for image in images}
    pairs = pair_findings(first.findings, second.findings, schema)
    settled = (settling.finding(pair, breast_of) for pair in pairs)
    findings = tuple(finding for finding in settled if finding is not None)
    return Reference(first.study_id, breasts, findings, "concordant")


def _rank(birads: int) -> float:
    """Return the place of a BI-RADS category among the others: an incomplete one (0) lies between 2 and 3."""
    return 2.5 if birads == 0 else birads


def _mean(a: Box, b: Box) -> Box:
    return Box((a.xmin + b.xmin) / 2, (a.ymin + b.ymin) / 2, (a.xmax + b.xmax) / 2, (a.ymax + b.ymax) / 2)


def _union(a: Box, b: Box) -> Box:
    return Box(min(a.xmin, b.xmin), min(a.ymin, b.ymin), max(a.xmax, b.xmax), max(a.ymax, b.ymax))


BOX_RULES: Mapping[str, Callable[[Box, Box], Box]] = {"mean": _mean, "union": _union}


@dataclass(frozen=True, slots=True)
class _Settling:
    """Two readings, and how a difference between them is settled."""

    first: Reading
    second: Reading
    schema: LabelSchema
    experience: Experience

    def breast(self, side: Laterality) -> Breast:
        rules, one, other = self.schema.reference, self.first.breast(side), self.second.breast(side)
        return Breast(
            side,
            self._pick(rules.birads, one.birads, other.birads, _rank),
            self._pick(rules.density, one.density, other.density, str),
        )

    def finding(self, pair: FindingPair, breast_of: Mapping[str, Breast]) -> Finding | None:
        allowed = [finding for finding in pair.findings if _is_allowed(finding, breast_of.get(finding.image_id))]
        rules = self.schema.reference
        is_unmatched = len(pair.findings) == 1
        if not allowed or (is_unmatched and rules.unmatched_findings == "drop"):
            return None
        if len(allowed) == 1:
            return allowed[0]
        one, other = allowed
        combine = BOX_RULES.get(rules.box)
        if rules.categories == "union":
            categories: Iterable[str] = (*one.categories, *other.categories)
        else:
            categories = self._preferred(rules.categories, one.categories, other.categories)
        return Finding(
            one.image_id,
            combine(one.box, other.box) if combine else self._preferred(rules.box, one.box, other.box),
            self.schema.in_order(categories),
            self._pick(rules.finding_birads, one.birads, other.birads, _rank),
        )

    def _pick(self, rule: str, one: T | None, other: T | None, rank: Callable[[T], float | str]) -> T | None:
        """Settle one field; an answer counts before no answer."""
        if one is None or other is None:
            return other if one is None else one
        if rule == "higher":
            return max(one, other, key=rank)
        return self._preferred(rule, one, other)

    def _preferred(self, rule: str, one: T, other: T) -> T:
        """Return the first or the senior reader's answer; who is senior matters only where they differ."""
        if one == other or rule == "first":
            return one
        return other if self._is_second_senior() else one

    def _is_second_senior(self) -> bool:
        years = [self.experience.get(reading.reader_id) for reading in (self.first, self.second)]
        if years[0] is None or years[1] is None:
            raise ConfigError(
                f"study {self.first.study_id}: labels.toml settles a difference by the senior reader, but the years of "
                f"experience of {self.first.reader_id} or {self.second.reader_id} are not known; enter them or choose "
                "another rule under [reference]"
            )
        return years[1] > years[0]


def _is_allowed(finding: Finding, breast: Breast | None) -> bool:
    if breast is None:
        return True
    return breast.birads != 1 and (finding.birads is None or not is_above(finding.birads, breast.birads))
