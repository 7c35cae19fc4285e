"""`mammoset status`: where every exam of the pool went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Annotated

import typer

from mammoset.acquire.refusals import REFUSED_FILE
from mammoset.cli.context import context_of, counted, table
from mammoset.domain.duplicates import SPANS
from mammoset.domain.flow import Flow
from mammoset.jobs.status import Status, Whereabouts, status_of, whereabouts_of
from mammoset.terms.reasons import Outcome, Stage, reason_text

SHOWN_EXAMS = 10


def register(app: typer.Typer) -> None:
    """Add the sub-command."""
    app.command("status")(status)


def status(
    ctx: typer.Context,
    exams: Annotated[bool, typer.Option("--exams", help="List every exam of the pool with what was decided.")] = False,
) -> None:
    """Show the flow of exams from the pool to the final answers, by reason."""
    context = context_of(ctx)
    with context.project() as project:
        if exams:
            listed = whereabouts_of(project)
            cells = ((one.study_id, one.stage, one.outcome, _why(one)) for one in listed)
            context.result([asdict(one) for one in listed], table(("exam", "stage", "outcome", "why"), cells))
            return
        found = status_of(project)
    context.result(found.to_json(), _lines(found))


def _why(one: Whereabouts) -> str:
    return ": ".join(filter(None, (reason_text(one.reason), one.detail)))


def _lines(status: Status) -> Iterator[str]:
    yield f"{status.dataset}"
    yield ""
    yield from flow_lines(status.flow)
    refused = [
        (reason_text(reason), stage, count)
        for (stage, outcome, reason), count in sorted(status.objects.items())
        if outcome != "kept"
    ]
    if refused:
        yield ""
        yield "objects refused"
        yield from table(("reason", "by", "objects"), refused)
        if any((stage, outcome) == (Stage.ACQUIRE, Outcome.EXCLUDED) for stage, outcome, _ in status.objects):
            yield f"which files those of acquire are: {REFUSED_FILE} in the vault"
    if status.same_pixels:
        yield ""
        yield from _same_pixels(status)
    if status.releases:
        yield ""
        yield f"releases: {', '.join(status.releases)}"


def _same_pixels(status: Status) -> Iterator[str]:
    counts = Counter(one.span for one in status.same_pixels)
    yield f"same pixels under two ids: {counted(len(status.same_pixels), 'picture')}"
    yield from table(("pictures", "where"), ((counts[span], words) for span, words in SPANS.items() if counts[span]))
    exams = dict.fromkeys(one.study_ids for one in status.same_pixels if one.span != "views")
    for studies in islice(exams, SHOWN_EXAMS):
        yield f"  {' = '.join(studies)}"
    if exams:
        yield "'mammoset --json status' names every image; reject the wrong one with 'mammoset review decide reject'"


def flow_lines(flow: Flow) -> Iterator[str]:
    """Yield the flow as an indented tree whose counts add up."""
    for step in flow.steps:
        yield f"{step.count:6}  {step.label}"
        for one in step.leaving:
            sign = "…" if one.is_waiting else "−"
            yield f"        {sign} {one.count:5}  {one.label}"
