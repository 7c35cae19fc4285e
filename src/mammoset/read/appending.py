"""Facts of the reading workflow are appended when the workflow allows each of them, and all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mammoset.domain.workflow import Fact, check_next
from mammoset.model import Image
from mammoset.project import Project


def append(project: Project, facts: Sequence[Fact], confirmed: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Append facts, each about one study.

    Parameters
    ----------
    confirmed : mapping of key to keys of violations, optional
        What was confirmed with an answer, by `key_of` its fact.

    Raises
    ------
    TransitionError, RuleViolation
        As in `check_next`; nothing is appended then.
    """
    named = {fact.study_id for fact in facts}
    images: dict[str, tuple[Image, ...]] = {one.study_id: one.images for one in project.catalog.studies(named)}
    out = project.catalog.excluded_study_ids()

    def check(known: Mapping[str, Sequence[Fact]], fact: Fact) -> None:
        check_next(
            known[fact.study_id], fact, images.get(fact.study_id, ()), project.schema,
            confirmed=(confirmed or {}).get(key_of(fact), ()), excluded=fact.study_id in out,
        )  # fmt: skip

    project.catalog.append(facts, check)


def key_of(fact: Fact) -> str:
    """Return what tells the answer of a person for a study from others."""
    return f"{fact.study_id} {fact.reader_id} {fact.role}"
