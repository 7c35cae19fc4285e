"""What holds of images and exams in review, derived from all that was said of them; no projection is trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from mammoset.catalog.sessions import Sessions, among, plain_rows
from mammoset.catalog.tables import DecisionRow, ElementValueRow, ImageRow, PoolRow, ReviewFactRow
from mammoset.domain.review import (
    SETTLED,
    Look,
    ReviewState,
    Said,
    SecondLooks,
    Standing,
    image_standing,
    latest_look,
    mark_of,
    study_standing,
)
from mammoset.domain.review_values import ValueVerdicts
from mammoset.terms.reasons import Outcome, ReviewKind, Stage

LOOKS = (ReviewKind.SECOND.value, ReviewKind.FLAG.value)
"""What counts as another person's word about an image; a reader's flag contradicts whoever approved it."""
PIXELS = "pixels "
"""Before the mark of the pixels in the detail of a decision about an image."""


class ReviewedImage(NamedTuple):
    """An image and what was said of it.

    Attributes
    ----------
    pixels : str
        Mark of its pixels.
    said : Said or None
        The decision in force.
    looks : tuple of Look
        Oldest first.
    """

    image_id: str
    study_id: str
    view: str
    pixels: str
    is_drawn: bool
    said: Said | None = None
    looks: tuple[Look, ...] = ()

    @property
    def waits_for_second_look(self) -> bool:
        """Whether somebody has decided about it as it is, and a second person shall look and has not yet."""
        is_decided = self.standing.state in (ReviewState.SECOND_LOOK, ReviewState.REJECTED)
        return self.is_drawn and is_decided and latest_look(self.looks, self.pixels) is None

    @property
    def standing(self) -> Standing:
        """Return what holds of the image."""
        return image_standing(self.said, self.looks, self.pixels, is_drawn=self.is_drawn)


class Reviewed(Sessions):
    """Reads what was said in review."""

    def images(self, second: SecondLooks, study_ids: Collection[str] | None = None) -> list[ReviewedImage]:
        """Return the images of studies, or all, with what was said of each, by study and image."""
        wanted = None if study_ids is None else set(study_ids)
        said, whole = self._decisions(wanted)
        looks, draws = self._looks(wanted), self._draws(wanted)
        columns = (
            ImageRow.image_id, ImageRow.study_id, ImageRow.laterality, ImageRow.view_position, ImageRow.is_standard,
            ImageRow.pixel_sha256,
        )  # fmt: skip
        query = select(*columns).where(among(ImageRow.study_id, wanted)).order_by(ImageRow.study_id, ImageRow.image_id)
        with self.reading() as session:
            rows = [row for row in plain_rows(session, query) if wanted is None or row.study_id in wanted]
        single = {row.study_id for row in rows if row.image_id in said}
        found = []
        for row in rows:
            # an exam that was decided about as a whole, and none of its images: that decision is about each
            decision = said.get(row.image_id) if row.study_id in single else whole.get(row.study_id)
            view = f"{row.laterality} {row.view_position}"
            is_whole = row.study_id in whole and row.study_id not in single
            drawn = not is_whole and second.draws(draws.get(row.study_id, 0), view, is_standard=row.is_standard)
            found.append(
                ReviewedImage(
                    row.image_id, row.study_id, view, mark_of(row.pixel_sha256), drawn, decision,
                    tuple(looks.get(row.image_id, ())),
                )
            )  # fmt: skip
        return found

    def standings(self, second: SecondLooks, study_ids: Collection[str] | None = None) -> dict[str, Standing]:
        """Return what holds of each study that has images: of its images, and then of the values of its files."""
        found = standings_of(self.images(second, study_ids))
        blocked = self.blocked_numbers
        if not blocked:
            return found
        held = self._studies_holding(blocked, {one for one, now in found.items() if now.state == ReviewState.APPROVED})
        return found | dict.fromkeys(held, Standing(ReviewState.VALUES))

    @cached_property
    def blocked_numbers(self) -> set[int]:
        """The numbers of the values that are not approved, whether or not a file still holds them."""
        about = (ReviewKind.VALUE.value, ReviewKind.RANGE.value)
        columns = (ReviewFactRow.element, ReviewFactRow.value, ReviewFactRow.verdict)
        query = select(*columns).where(ReviewFactRow.kind.in_(about)).order_by(ReviewFactRow.number)
        with self.reading() as session:
            values = plain_rows(session, select(ElementValueRow.__table__))
            verdicts = ValueVerdicts.of((row.element, row.value, row.verdict) for row in plain_rows(session, query))
        return {row.number for row in values if verdicts.verdict_of(row.element, row.value) != "approve"}

    def _studies_holding(self, numbers: set[int], study_ids: set[str]) -> set[str]:
        query = select(ImageRow.study_id, ImageRow.elements).where(among(ImageRow.study_id, study_ids))
        with self.reading() as session:
            rows = plain_rows(session, query)
        return {row.study_id for row in rows if row.study_id in study_ids and not numbers.isdisjoint(row.elements)}

    def _decisions(self, wanted: set[str] | None) -> tuple[dict[str, Said], dict[str, Said]]:
        """Return what is in force by image, and by study for studies as a whole; what waits is in neither."""
        chosen = (DecisionRow.stage == Stage.REVIEW.value, among(DecisionRow.study_id, wanted))
        latest = select(func.max(DecisionRow.number)).where(*chosen)
        latest = latest.group_by(DecisionRow.stage, DecisionRow.study_id, DecisionRow.image_id)
        columns = (
            DecisionRow.study_id, DecisionRow.image_id, DecisionRow.outcome, DecisionRow.reason, DecisionRow.detail,
            DecisionRow.by,
        )  # fmt: skip
        images, studies = {}, {}
        with self.reading() as session:
            for row in plain_rows(session, select(*columns).where(DecisionRow.number.in_(latest))):
                if row.outcome == Outcome.HELD.value:
                    continue
                if row.image_id:
                    images[row.image_id] = _said(row)
                else:
                    studies[row.study_id] = _said(row)
        return images, studies

    def _looks(self, wanted: set[str] | None) -> Mapping[str, list[Look]]:
        query = select(ReviewFactRow.__table__).where(
            ReviewFactRow.kind.in_(LOOKS), among(ReviewFactRow.study_id, wanted)
        )
        found: dict[str, list[Look]] = defaultdict(list)
        with self.reading() as session:
            for row in plain_rows(session, query.order_by(ReviewFactRow.number)):
                found[row.image_id].append(Look(row.by, row.verdict, row.value, row.element, row.reason))
        return found

    def _draws(self, wanted: set[str] | None) -> dict[str, int]:
        query = select(PoolRow.study_id, PoolRow.draw).where(among(PoolRow.study_id, wanted))
        with self.reading() as session:
            return {row.study_id: row.draw for row in plain_rows(session, query)}


def standings_of(images: Iterable[ReviewedImage]) -> dict[str, Standing]:
    """Return what holds of each study as its images say."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for image in images:
        found[image.study_id].append(image.standing)
    return {study_id: study_standing(standings) for study_id, standings in found.items()}


def with_said(image: ReviewedImage, said: Said) -> ReviewedImage:
    """Return an image as it stands after a decision; a look that said otherwise is settled by it."""
    look = latest_look(image.looks, image.pixels)
    is_settled = look is not None and look.verdict != said.verdict
    settling = (Look(said.by, said.verdict, SETTLED, image.pixels),) if is_settled else ()
    return image._replace(said=said, looks=image.looks + settling)


def _said(row: Row[Any]) -> Said:
    reason = "" if row.outcome == Outcome.KEPT.value else row.reason or "other"
    pixels = row.detail.removeprefix(PIXELS) if row.detail.startswith(PIXELS) else ""
    return Said(row.by, reason, pixels)
