"""What `mammoset review` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from mammoset import review
from mammoset.cli.context import counted, table
from mammoset.domain.review import ReviewState
from mammoset.review.images import ImageToReview
from mammoset.review.progress import ReviewProgress
from mammoset.review.regions import WaitingRegion
from mammoset.review.report import ReviewReport
from mammoset.review.second import Agreement
from mammoset.review.value_rows import ValueRow, rows_of
from mammoset.review.values import ElementSummary
from mammoset.terms.reasons import ReviewKind, reason_text

SHOWN_VALUES, SHOWN_EXAMS, SHOWN_REJECTIONS = 8, 20, 50
LONGEST_VALUE = 60


def exam_line(exams: review.ReviewSummary) -> str:
    """Return the counts of exams in one line."""
    return f"{exams.approved} exams approved, {exams.rejected} rejected, {exams.pending} waiting"


def status_lines(found: ReviewProgress, waiting: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield how far each pass is."""
    yield exam_line(found.exams)
    yield ""
    yield from table(("pass", "done", "left", ""), _passes(found))
    yield from _notes(found)
    for study_id in list(waiting)[:SHOWN_EXAMS]:
        yield study_id
        yield from (f"    {image_id}" for image_id in waiting[study_id])
    if len(waiting) > SHOWN_EXAMS:
        yield f"… and {len(waiting) - SHOWN_EXAMS} more; 'mammoset review images' lists every image"


def _passes(found: ReviewProgress) -> Iterator[tuple[object, ...]]:
    values, images, regions, second = found.values, found.images, found.regions, found.second
    yield (
        "values", values.approved + values.rejected, values.pending,
        f"of {counted(values.elements, 'element')}, {values.rejected} rejected",
    )  # fmt: skip
    yield "images", images.approved + images.rejected, images.undecided, f"{images.rejected} rejected"
    yield "regions", regions.decided, regions.waiting, f"{counted(regions.exams_held, 'exam')} held"
    yield "second looks", second.done, second.waiting, f"{second.disagreed} disagree"


def _notes(found: ReviewProgress) -> Iterator[str]:
    notes = list(_what_waits(found))
    if notes:
        yield ""
    yield from notes
    yield ""


def _what_waits(found: ReviewProgress) -> Iterator[str]:
    if found.rejected_images:
        yield f"rejected values are still in {counted(found.rejected_images, 'image')}: run 'mammoset pseudonymize'"
    if found.regions.to_carry_out:
        exams = counted(found.regions.to_carry_out, "exam")
        yield f"the regions of {exams} are decided about: run 'mammoset pseudonymize'"
    only_values = found.states.get(ReviewState.VALUES.value, 0)
    if only_values:
        yield f"{counted(only_values, 'exam')} wait for values alone: 'mammoset review values --pending'"
    for name, count in found.second_by_person.items():
        if found.second.waiting:
            yield f"second looks that {name} may do: {count}"
    if found.second.waiting and not any(found.second_by_person.values()):
        yield "the second looks wait for another person than who decided first"


def value_lines(summaries: Sequence[ElementSummary], *, show_all: bool) -> Iterator[str]:
    """Yield each element with its values: the rarest ones, or all."""
    n_pending = sum(len(one.pending) for one in summaries)
    yield f"{counted(len(summaries), 'element')}, {n_pending} values to decide"
    for one in summaries:
        yield ""
        yield f"{one.element}  [{one.group}]  {counted(one.n_images, 'image')}, {len(one.values)} different"
        if one.is_range and one.spread is not None:
            spread = one.spread
            quartiles = " · ".join(f"{number:g}" for number in (spread.q1, spread.median, spread.q3))
            yield f"    {spread.low:g} {spread.bars} {spread.high:g}   quartiles {quartiles}"
        rows = rows_of(one)
        shown = rows if show_all else rows[:SHOWN_VALUES]
        yield from ("    " + line for line in list(table(("", "", "", ""), map(_value_cells, shown)))[1:])
        if len(rows) > len(shown):
            yield f"    … and {len(rows) - len(shown)} more; --all shows them"


def _value_cells(row: ValueRow) -> tuple[object, ...]:
    said = {"approve": "approved", "reject": "REJECTED", None: "to decide"}[row.verdict]
    value = row.value or "(empty)"
    shown = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
    return row.images, shown, said, "beyond the fences" if row.is_outlier else ""


def image_lines(images: Sequence[ImageToReview], *, is_second: bool) -> Iterator[str]:
    """Yield the images in the order of the review; of a second look nothing that tells what the first one said."""
    if not images:
        yield "no image waits"
        return
    if is_second:
        rows: list[tuple[object, ...]] = [(one.number, one.image_id, one.view) for one in images]
        yield from table(("number", "image", "view"), rows)
        return
    cells = (
        (one.number, one.score, one.image_id, one.view, one.standing.state.value,
         "; ".join(reason.words for reason in one.suspicions))
        for one in images
    )  # fmt: skip
    yield from table(("number", "score", "image", "view", "state", "why early"), cells)


def regions_json(regions: Sequence[WaitingRegion]) -> list[dict[str, Any]]:
    """Return the regions as JSON values."""
    return [
        {"number": one.number, "region_id": one.region.region_id, "study_id": one.region.study_id,
         "found_by": one.region.found_by, "score": one.region.score,
         "picture": None if one.crop is None else str(one.crop)}
        for one in regions
    ]  # fmt: skip


def region_lines(regions: Sequence[WaitingRegion]) -> Iterator[str]:
    """Yield the regions that wait, each with its picture."""
    if not regions:
        yield "no region waits"
        return
    for one in regions:
        yield f"{one.number}  {one.region.region_id}  found by {one.region.found_by}, {one.region.score:.2f}"
        yield f"    {one.crop or 'its picture is not there; mammoset pseudonymize makes it again'}"


def words_line(words: review.Words) -> str:
    """Return in one line what somebody says."""
    n_regions = sum(one.kind == ReviewKind.REGION for one in words.facts)
    return ", ".join(
        [
            counted(len(words.images), "image"), counted(len(words.facts) - n_regions, "value"),
            counted(n_regions, "region"),
        ]
    )  # fmt: skip


def recorded_json(done: review.Recorded, exams: review.ReviewSummary) -> dict[str, Any]:
    """Return what was recorded as JSON values; the counts of exams at the top."""
    return asdict(exams) | {"recorded": asdict(done)}


def recorded_lines(done: review.Recorded, exams: review.ReviewSummary) -> Iterator[str]:
    """Yield where the review stands, and what beside images was recorded."""
    yield exam_line(exams)
    if done.second_looks:
        yield f"{counted(done.second_looks, 'second look')} recorded"
    if done.values:
        yield f"{counted(done.values, 'decision')} about values; 'mammoset pseudonymize' carries rejections out"
    if done.regions:
        yield f"{counted(done.regions, 'decision')} about regions; 'mammoset pseudonymize' carries them out"


def report_lines(found: ReviewReport) -> Iterator[str]:
    """Yield the report."""
    yield exam_line(found.progress.exams)
    yield ""
    yield from table(("pass", "done", "left", ""), _passes(found.progress))
    yield ""
    header = ("person", "images", "rejected", "second looks", "values", "regions", "from", "to")
    people = (
        (one.name, one.images, one.images_rejected, one.second_looks, one.values, one.regions, one.first_at[:16],
         one.last_at[:16])
        for one in found.people
    )  # fmt: skip
    yield from table(header, people)
    yield ""
    yield agreement_line(found.agreement)
    yield f"drawn for a second look: {found.share_drawn:.1%} of the images, seed {found.seed}"
    said = ", ".join(f"{count} to {verdict}" for verdict, count in found.regions.items())
    yield f"regions on or near the breast: {said or 'none decided about'}"
    yield from _rejection_lines(found)
    yield ""
    yield from found.relaxations or ["the settings relax nothing"]


def agreement_line(found: Agreement) -> str:
    """Return how well two people agree, in one line."""
    if found.share is None:
        return f"agreement of two people: {found.note}"
    kappa = found.note if found.kappa is None else f"kappa {found.kappa:.3f}"
    return f"agreement of two people: {found.n_agreed} of {found.n} ({found.share:.1%}), {kappa}"


def _rejection_lines(found: ReviewReport) -> Iterator[str]:
    yield ""
    yield f"{counted(len(found.rejections), 'rejection')} in force"
    for one in found.rejections[:SHOWN_REJECTIONS]:
        yield f"  {one.what} {one.subject}: {reason_text(one.reason) if one.reason else 'no reason given'} ({one.by})"
    if len(found.rejections) > SHOWN_REJECTIONS:
        yield f"  … and {len(found.rejections) - SHOWN_REJECTIONS} more; --json names all"
