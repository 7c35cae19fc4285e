"""What a person names on the command line or in a sheet, and what that stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from mammoset.catalog import ReviewedImage, ReviewFact
from mammoset.domain.review import ReviewState
from mammoset.domain.review_values import EVERY, range_of
from mammoset.project import Project
from mammoset.review.recording import (
    REJECTION_REASONS,
    Problem,
    Words,
    changed_element,
    changed_image,
    checked_name,
    no_reason,
    refuse,
    unknown_image,
)
from mammoset.review.regions import VERDICTS, box_text, decided_regions, region_name
from mammoset.review.values import ElementSummary, Group, Groups, elements
from mammoset.terms.reasons import ReviewKind

GROUP = "group:"
"""Before the name of a group of elements."""
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a person said.

    Attributes
    ----------
    verdict : str
        ``approve`` or ``reject``; of a region ``mask`` or ``keep``.
    subject : str
        Id of an image, a study or a region; ``Element=value``, ``Element=low..high``, ``Element=*``; an element; or
        ``group:`` and a name.
    where : str
        What messages begin with, such as a line of a sheet; empty for the command line.
    pixels : str
        Mark of the pixels that were shown, or of an element's values; empty when not known.
    """

    verdict: str
    subject: str
    reason: str = ""
    where: str = ""
    pixels: str = ""


class _Refused(Exception):
    """What is wrong with one saying."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Known(Protocol):
    """What there is to decide about."""

    @property
    def images_of(self) -> Mapping[str, Sequence[ReviewedImage]]:
        """The images of each exam."""

    @property
    def summaries(self) -> Mapping[str, ElementSummary]:
        """Each element that files hold."""

    def reviewed(self, image_id: str) -> ReviewedImage | None:
        """Return what was said of one image; None when there is none of that id."""


class InCatalog:
    """What there is to decide about, read from the catalog when it is first asked for."""

    def __init__(self, project: Project, groups: Groups | None) -> None:
        self.project, self.groups = project, groups

    @cached_property
    def images_of(self) -> Mapping[str, Sequence[ReviewedImage]]:
        """The images of each exam."""
        found: dict[str, list[ReviewedImage]] = defaultdict(list)
        for image in self.project.catalog.reviewed_images(self.project.second_looks):
            found[image.study_id].append(image)
        return dict(found)

    @cached_property
    def summaries(self) -> Mapping[str, ElementSummary]:
        """Each element that files hold."""
        return {one.element: one for one in elements(self.project, self.groups)}

    @cached_property
    def _images(self) -> dict[str, ReviewedImage]:
        return {image.image_id: image for images in self.images_of.values() for image in images}

    def reviewed(self, image_id: str) -> ReviewedImage | None:
        """Return what was said of one image; None when there is none of that id."""
        return self._images.get(image_id)


def words_of(
    project: Project, sayings: Iterable[Saying], *, by: str, groups: Groups | None = None, known: Known | None = None
) -> Words:
    """Resolve what a person said into decisions and facts.

    Parameters
    ----------
    groups : mapping of keyword to Group, or None
        What the rules of the gate guarantee.
    known : Known or None
        What there is to decide about, where the caller has it at hand; None reads the catalog.

    Raises
    ------
    NothingRecorded
        If anything names nothing, or is no verdict about it; each such place is named.
    """
    resolver = _Resolver(project, checked_name(by), known or InCatalog(project, groups))
    images: dict[str, str | None] = {}
    seen: dict[str, str] = {}
    facts: list[ReviewFact] = []
    problems = []
    for saying in sayings:
        try:
            if saying.verdict in VERDICTS:
                facts.append(resolver.region(saying))
            elif saying.verdict not in ("approve", "reject"):
                what = f"'{saying.verdict}' is no verdict; say approve or reject, of a region mask or keep"
                raise _Refused(Problem("invalid", saying.subject, what))
            elif _UID.fullmatch(saying.subject):
                chosen = resolver.images(saying)
                images.update(chosen)
                seen.update(dict.fromkeys(chosen, saying.pixels) if saying.pixels else {})
            else:
                facts += resolver.values(saying)
        except _Refused as refused:
            problems.append(refused.problem._replace(where=saying.where))
    refuse(problems)
    return Words(images, tuple(facts), seen)


class _Resolver:
    """Finds what a saying names."""

    def __init__(self, project: Project, by: str, known: Known) -> None:
        self.project, self.by, self.known = project, by, known

    @cached_property
    def _regions(self) -> dict[str, tuple[str, str, str]]:
        """Name of a region to study, image and box; also of those that were decided about before."""
        held = self.project.catalog.review_book.held_regions()
        known = {one.region_id: (one.study_id, one.image_id, box_text(one)) for one in held}
        decided = decided_regions(self.project).values()
        return {
            region_name(one.image_id, one.value): (one.study_id, one.image_id, one.value) for one in decided
        } | known

    def region(self, saying: Saying) -> ReviewFact:
        """Return what was said of a region."""
        if saying.subject not in self._regions:
            hint = "'mammoset review regions' lists them"
            raise _Refused(Problem("unknown", saying.subject, f"no region {saying.subject} waits", hint))
        study_id, image_id, box = self._regions[saying.subject]
        return ReviewFact(
            ReviewKind.REGION, saying.verdict, self.by, study_id, image_id, value=box, reason=saying.reason
        )

    def images(self, saying: Saying) -> dict[str, str | None]:
        """Return the verdict about an image, or about each image of a study."""
        if saying.verdict == "reject" and saying.reason not in REJECTION_REASONS:
            raise _Refused(no_reason(saying.subject, saying.reason))
        reason = saying.reason if saying.verdict == "reject" else None
        image = self.known.reviewed(saying.subject)
        if image is not None:
            if saying.pixels and saying.pixels != image.pixels:
                raise _Refused(changed_image(saying.subject))
            return {saying.subject: reason}
        of_study = self.known.images_of.get(saying.subject)
        if of_study is None:
            raise _Refused(unknown_image(saying.subject))
        return {one.image_id: reason for one in of_study if not _is_said(one, saying.verdict)}

    def values(self, saying: Saying) -> list[ReviewFact]:
        """Return what was said of values: of one, a range, a whole element, or a group of elements."""
        element, has_value, value = saying.subject.partition("=")
        if saying.subject.startswith(GROUP):
            return self._group(saying)
        summary = self.known.summaries.get(element)
        if summary is None:
            hint = "'mammoset review values' lists them"
            raise _Refused(Problem("unknown", element, f"no file holds an element {element}", hint))
        if not has_value:
            if saying.pixels and saying.pixels != summary.mark:
                raise _Refused(changed_element(element))
            return self._whole(summary, saying)
        return [self._one(summary, value, saying)]

    def _group(self, saying: Saying) -> list[ReviewFact]:
        name = saying.subject.removeprefix(GROUP)
        if name not in [group.value for group in Group]:
            raise _Refused(Problem("unknown", saying.subject, f"'{name}' is no group; there are {', '.join(Group)}"))
        if saying.verdict != "approve":
            what = "a group can only be approved; name the elements to reject"
            raise _Refused(Problem("invalid", saying.subject, what))
        members = [one for one in self.known.summaries.values() if one.group == name and one.pending]
        return [fact for one in members for fact in self._rest(one, saying)]

    def _rest(self, element: ElementSummary, saying: Saying) -> list[ReviewFact]:
        """Approve what nobody decided about; what was rejected by itself is not approved along with its group."""
        if not element.rejected:
            return self._whole(element, saying)
        return [self._fact(element, one.value, saying) for one in element.pending]

    def _whole(self, element: ElementSummary, saying: Saying) -> list[ReviewFact]:
        """Approve what files hold now, so that what comes later is looked at too; reject also what comes later."""
        if saying.verdict == "reject":
            return [self._fact(element, EVERY, saying)]
        if element.spread is not None and element.is_range:
            empty = [one.value for one in element.values if not one.value]
            return [self._fact(element, value, saying) for value in (element.spread.range_text, *empty)]
        return [self._fact(element, one.value, saying) for one in element.values]

    def _one(self, element: ElementSummary, value: str, saying: Saying) -> ReviewFact:
        if value == EVERY or value in [one.value for one in element.values]:
            return self._fact(element, value, saying)
        if range_of(value) is None:
            what = f"no file holds {element.element}={value}"
            raise _Refused(Problem("unknown", saying.subject, what, "'mammoset review values' lists what they hold"))
        if element.spread is None:
            what = f"{element.element} holds no numbers, so it has no range {value}"
            raise _Refused(Problem("invalid", saying.subject, what))
        return self._fact(element, value, saying)

    def _fact(self, element: ElementSummary, value: str, saying: Saying) -> ReviewFact:
        kind = ReviewKind.VALUE if range_of(value) is None else ReviewKind.RANGE
        return ReviewFact(kind, saying.verdict, self.by, element=element.element, value=value, reason=saying.reason)


def _is_said(image: ReviewedImage, verdict: str) -> bool:
    """Whether just that is in force about an image, so that who names its exam need not say it again."""
    in_force = {"approve": ReviewState.APPROVED, "reject": ReviewState.REJECTED}[verdict]
    return image.standing.state == in_force and not image.waits_for_second_look
