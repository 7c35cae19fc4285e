"""What becomes of an exam that somebody who reads it has flagged, once a reviewer has looked at its images again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from mammoset.catalog import ReviewedImage, now
from mammoset.domain.review import ReviewState
from mammoset.domain.workflow import Fact, FactKind, StudyState, check_next, standing_of
from mammoset.errors import TransitionError
from mammoset.project import Project

Check = Callable[[Mapping[str, Sequence[Fact]], Fact], None]


def lifts(project: Project, images: Iterable[ReviewedImage], by: str) -> tuple[list[Fact], Check]:
    """Return the facts that lift the flags of exams of which a person has settled every image as approved.

    Parameters
    ----------
    images : iterable of ReviewedImage
        Every image of some exams, as it stands after what the person says now.

    Returns
    -------
    list of Fact
        ``unflagged``, for each exam that is held and has nothing left to be settled. A rejected exam is excluded by
        that, and needs none.
    callable
        For `Catalog.append`: refuses them when another flag has come in between.
    """
    by_study: dict[str, list[ReviewedImage]] = {}
    for image in images:
        by_study.setdefault(image.study_id, []).append(image)
    settled = {one for one, found in by_study.items() if all(_is_settled(project, image) for image in found)}
    seen = project.catalog.facts(settled) if settled else {}
    held = [one for one, facts in seen.items() if standing_of(facts, project.schema).state == StudyState.HELD]

    def check(known: Mapping[str, Sequence[Fact]], fact: Fact) -> None:
        if _n_flags(known[fact.study_id]) != _n_flags(seen[fact.study_id]):
            raise TransitionError(f"study {fact.study_id}: it was flagged again meanwhile; look at it again")
        check_next(known[fact.study_id], fact, (), project.schema)

    return [Fact(FactKind.UNFLAGGED, study_id, by, now()) for study_id in held], check


def _n_flags(facts: Sequence[Fact]) -> int:
    return sum(one.kind == FactKind.FLAGGED for one in facts)


def _is_settled(project: Project, image: ReviewedImage) -> bool:
    """Whether nothing is left to say of an image; where nobody must review, one that nobody spoke of is settled."""
    is_untouched = image.said is None and not image.looks
    is_free = is_untouched and not project.settings.review.required
    return is_free or image.standing.state == ReviewState.APPROVED
