"""The review as answers: what one reviewer sees, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from pydicom.datadict import dictionary_description, tag_for_keyword

from mammoset.catalog import ReviewFact
from mammoset.domain.review import Look, ReviewState, latest_look
from mammoset.project import Project
from mammoset.review.board import Board, BoardImage, Snapshot
from mammoset.review.numbers import Spread
from mammoset.review.recording import NothingRecorded, Problem, record
from mammoset.review.regions import WaitingRegion, region_name
from mammoset.review.seeing import Place, Sight
from mammoset.review.subjects import Saying, words_of
from mammoset.review.suspicion import is_few
from mammoset.review.value_rows import ValueRow, rows_of
from mammoset.review.values import ElementSummary, Kind, count_values
from mammoset.web.answers import reviewing_bodies as bodies
from mammoset.web.door.problems import Refused

API = "/api/v1/review"
EXAM_COUNTS: Mapping[str, ReviewState] = {
    "pending": ReviewState.OPEN, "approved": ReviewState.APPROVED, "rejected": ReviewState.REJECTED,
    "second_look": ReviewState.SECOND_LOOK, "disagreement": ReviewState.DISAGREEMENT, "values": ReviewState.VALUES,
}  # fmt: skip


def summary_out(sight: Sight, *, n_regions: int, is_required: bool) -> bodies.ReviewSummaryOut:
    """Return how far the review is."""
    counted = count_values(sight.snapshot.summaries.values())
    images, exams = sight.counts(), sight.exam_counts()
    return bodies.ReviewSummaryOut(
        values=bodies.ReviewedValueCounts(
            pending=counted.pending, approved=counted.approved, rejected=counted.rejected
        ),
        images=bodies.ReviewedImageCounts(
            pending=images[Place.PENDING], approved=images[Place.APPROVED], rejected=images[Place.REJECTED],
            second_look=images[Place.SECOND], disagreement=images[Place.DISAGREEMENT],
        ),
        exams=bodies.ReviewedExamCounts(**{name: exams.get(state, 0) for name, state in EXAM_COUNTS.items()}),
        regions=n_regions, flags=len(sight.flagged()), is_required=is_required,
    )  # fmt: skip


def element_out(summary: ElementSummary, n_images: int) -> bodies.ReviewElementOut:
    """Return an element; `n_images` are those of the whole dataset."""
    return bodies.ReviewElementOut(
        element=summary.element, name=name_of(summary.element), group=summary.group.value, kind=summary.kind.value,
        n_values=len(summary.values), n_pending=len(summary.pending), n_rejected=len(summary.rejected),
        n_images=summary.n_images, suspicious=_is_suspicious(summary, n_images), mark=summary.mark,
    )  # fmt: skip


def name_of(element: str) -> str:
    """Return what the Standard calls an element, after the sequences that it is in; its keyword where it is private."""
    names = []
    for keyword in element.split("."):
        tag = tag_for_keyword(keyword)
        names.append(keyword if tag is None else dictionary_description(tag))
    return " › ".join(names)


def _is_suspicious(summary: ElementSummary, n_images: int) -> bool:
    if any(one.verdict is None for one in summary.outliers):
        return True
    return summary.kind == Kind.VALUES and any(is_few(one.count, n_images) for one in summary.pending)


def value_rows(summary: ElementSummary, *, is_whole: bool) -> list[ValueRow]:
    """Return the rows of an element; `is_whole` gives each number by itself instead of ranges."""
    if not is_whole:
        return rows_of(summary)
    outliers = {one.value for one in summary.outliers}
    return [
        ValueRow(summary.element, one.value, one.count, one.examples, one.verdict, one.value in outliers)
        for one in summary.values
    ]


def value_out(row: ValueRow, kind: Kind, n_images: int) -> bodies.ReviewValueOut:
    """Return a row; `n_images` are those of the whole dataset."""
    is_rare = kind == Kind.VALUES and is_few(row.images, n_images)
    return bodies.ReviewValueOut(
        value=row.value, n_images=row.images, verdict=row.verdict,
        range=None if row.spread is None else _range_out(row.spread),
        suspicion="outlier" if row.is_outlier else "rare" if is_rare else None,
        example_image_id=row.examples[0] if row.examples else None,
    )  # fmt: skip


def _range_out(spread: Spread) -> bodies.ReviewRangeOut:
    return bodies.ReviewRangeOut(
        low=spread.low, q1=spread.q1, median=spread.median, q3=spread.q3, high=spread.high, n=spread.n,
        n_distinct=spread.n_distinct, fences=list(spread.fences),
        histogram=bodies.ReviewHistogram(edges=list(spread.edges), counts=list(spread.counts)),
    )  # fmt: skip


def image_out(sight: Sight, image: BoardImage) -> bodies.ReviewImageOut:
    """Return an image as one reviewer sees it.

    Who is to give the second look is told neither what was said of it nor what is suspicious about it.
    """
    is_hidden, record = sight.is_hidden(image), image.record
    suspicions = () if is_hidden else image.suspicions
    return bodies.ReviewImageOut(
        image_id=image.image_id, study_id=image.study_id, number=image.rank.draw + 1, view=image.rank.view,
        rows=record.image.height, columns=record.image.width, pixels=image.reviewed.pixels,
        place=sight.place_of(image).value,
        suspicions=[bodies.ReviewSuspicionOut(code=one.code, words=one.words) for one in suspicions],
        regions=[] if is_hidden else list(_decided_regions(image)),
        preview_url=f"{API}/images/{image.image_id}/preview?pixels={image.reviewed.pixels}",
        flag=_flag_out(sight.snapshot.flag_of(image)),
        said=None if is_hidden else _said_out(image), second=None if is_hidden else _second_out(sight.snapshot, image),
    )  # fmt: skip


def _decided_regions(image: BoardImage) -> Iterator[bodies.ReviewDecidedRegionOut]:
    for *box, verdict in image.record.cleaning.get("decided", []):
        name = region_name(image.image_id, ",".join(map(str, box)))
        yield bodies.ReviewDecidedRegionOut(region_id=name, box=box, verdict=str(verdict))


def _flag_out(flag: ReviewFact | None) -> bodies.ReviewFlagOut | None:
    if flag is None:
        return None
    kind, _, reason = flag.reason.partition(": ")
    return bodies.ReviewFlagOut(kind=kind, reason=reason)


def _said_out(image: BoardImage) -> bodies.ReviewSaidOut | None:
    said = image.reviewed.said
    if said is None or image.standing.state == ReviewState.OPEN:
        return None  # of other pixels than those that the image has now
    return bodies.ReviewSaidOut(by=said.by, verdict=said.verdict, reason=said.reason or None)


def _second_out(snapshot: Snapshot, image: BoardImage) -> bodies.ReviewSaidOut | None:
    """Return what a second reviewer said otherwise; who flags an exam as its reader is not named."""
    if image.standing.state != ReviewState.DISAGREEMENT or snapshot.flag_of(image) is not None:
        return None
    look: Look | None = latest_look(image.reviewed.looks, image.reviewed.pixels)
    return None if look is None else bodies.ReviewSaidOut(by=look.by, verdict=look.verdict, reason=look.reason or None)


def region_out(waiting: WaitingRegion) -> bodies.ReviewRegionOut:
    """Return a region that waits."""
    region = waiting.region
    address = f"{API}/regions/{quote(region.region_id, safe='')}/crop"
    return bodies.ReviewRegionOut(
        region_id=region.region_id, image_id=region.image_id, study_id=region.study_id, box=list(region.box),
        found_by=region.found_by, score=region.score, crop_url=None if waiting.crop is None else address,
    )  # fmt: skip


def sayings_of(body: bodies.ReviewDecisionsIn) -> list[Saying]:
    """Return what a person said.

    Raises
    ------
    Refused
        422 when they said two things about one.
    """
    said = [
        Saying(one.verdict, one.element if one.value is None else f"{one.element}={one.value}", one.reason,
               pixels=one.mark or "")
        for one in body.values
    ]  # fmt: skip
    said += [Saying(one.verdict, one.image_id, one.reason or "", pixels=one.pixels) for one in body.images]
    said += [Saying(one.verdict, one.region_id, one.reason) for one in body.regions]
    twice = [subject for subject, count in Counter(one.subject for one in said).items() if count > 1]
    if twice:
        raise refused([Problem("invalid", one, f"two verdicts about {one}") for one in twice])
    return said


def refused(problems: Iterable[Problem]) -> Refused:
    """Return the answer to what cannot be recorded, with every problem named.

    It is a conflict when something is no longer what the person was shown, however much else is wrong.
    """
    found: Sequence[Problem] = list(problems)
    is_conflict = any(one.code == "changed" for one in found)
    violations = [{"code": one.code, "subject": one.subject, "message": one.what} for one in found]
    detail = f"nothing was recorded: {found[0].what}" + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    status, code = (409, "conflict") if is_conflict else (422, "rules")
    return Refused(status, detail, code=code, more={"violations": violations})


def recorded(project: Project, board: Board, body: bodies.ReviewDecisionsIn, by: str) -> bodies.ReviewRecordedOut:
    """Record what a person said, all of it or nothing.

    Raises
    ------
    Refused
        422, or 409 when something is no longer what the person was shown; each problem is named.
    """
    said = sayings_of(body)
    try:
        words = words_of(project, said, by=by, known=board.now())
    except NothingRecorded as error:
        raise refused(error.problems) from None
    try:
        done = record(project, words, by=by)
    except NothingRecorded as error:
        board.forget()
        raise refused(error.problems) from None
    counts = bodies.ReviewRecordedCounts(
        images=done.images, second_looks=done.second_looks, values=done.values, regions=done.regions
    )  # fmt: skip
    return bodies.ReviewRecordedOut(recorded=counts)
