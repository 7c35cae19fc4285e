"""Who looked at what, what they said, and how well they agree: for the file of the ethics board."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from mammoset.catalog import ReviewFact
from mammoset.domain.review import SETTLED
from mammoset.project import Project
from mammoset.review.exams import relaxations
from mammoset.review.progress import ReviewProgress, progress_of
from mammoset.review.second import Agreement, agreement_of
from mammoset.terms.reasons import Outcome, ReviewKind, Stage


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What one person has decided, counted by what is in force or, for facts, by what was ever said."""

    name: str
    images: int
    images_rejected: int
    second_looks: int
    values: int
    regions: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was rejected, and why.

    Attributes
    ----------
    what : str
        ``image`` or ``value``; ``subject`` its pseudonym, or element and value as they stood in the released form.
    """

    what: str
    subject: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """The whole review; pseudonyms and values of the rebuilt files only, never an original one."""

    progress: ReviewProgress
    people: tuple[PersonRow, ...]
    rejections: tuple[Rejection, ...]
    regions: dict[str, int]
    agreement: Agreement
    share_drawn: float
    seed: int
    relaxations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "progress": self.progress.to_json(),
            "people": [{name: getattr(one, name) for name in PersonRow.__slots__} for one in self.people],
            "rejections": [{name: getattr(one, name) for name in Rejection.__slots__} for one in self.rejections],
            "regions": self.regions,
            "second_look": {"share": self.share_drawn, "seed": self.seed, **self.agreement.to_json()},
            "relaxations": list(self.relaxations),
        }  # fmt: skip


def report_of(project: Project) -> ReviewReport:
    """Gather the report."""
    facts = project.catalog.review_book.facts()
    settings = project.settings.review
    regions = Counter(one.verdict for one in _in_force(facts, ReviewKind.REGION).values())
    return ReviewReport(
        progress_of(project), tuple(_people(project, facts)), tuple(_rejections(project, facts)),
        dict(sorted(regions.items())), agreement_of(one for one in facts if one.kind == ReviewKind.SECOND),
        settings.second_look, settings.seed, relaxations(project),
    )  # fmt: skip


def _in_force(facts: list[ReviewFact], kind: ReviewKind) -> dict[tuple[str, str, str], ReviewFact]:
    return {(one.image_id, one.element, one.value): one for one in facts if one.kind == kind}


def _people(project: Project, facts: list[ReviewFact]) -> list[PersonRow]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    times: dict[str, list[str]] = defaultdict(list)
    for decision in project.catalog.decisions(Stage.REVIEW):
        if decision.image_id:
            counts[decision.by]["images"] += 1
            counts[decision.by]["rejected"] += decision.outcome == Outcome.EXCLUDED
            times[decision.by].append(decision.at.isoformat())
    for fact in facts:
        if fact.value != SETTLED or fact.kind != ReviewKind.SECOND:
            counts[fact.by][_COUNTED.get(fact.kind, "other")] += 1
        times[fact.by].append(fact.at.isoformat())
    return [
        PersonRow(
            name, found["images"], found["rejected"], found["second"], found["values"], found["regions"],
            min(times[name]), max(times[name]),
        )
        for name, found in sorted(counts.items())
    ]  # fmt: skip


_COUNTED = {
    ReviewKind.VALUE: "values", ReviewKind.RANGE: "values", ReviewKind.SECOND: "second", ReviewKind.REGION: "regions",
}  # fmt: skip


def _rejections(project: Project, facts: list[ReviewFact]) -> list[Rejection]:
    images = [
        Rejection("image", one.image_id, one.reason, one.by, one.at.isoformat())
        for one in project.catalog.decisions(Stage.REVIEW)
        if one.image_id and one.outcome == Outcome.EXCLUDED
    ]
    about = {**_in_force(facts, ReviewKind.VALUE), **_in_force(facts, ReviewKind.RANGE)}
    values = [
        Rejection("value", f"{one.element}={one.value}", one.reason, one.by, one.at.isoformat())
        for one in about.values()
        if one.verdict == "reject"
    ]
    return [*images, *values]
