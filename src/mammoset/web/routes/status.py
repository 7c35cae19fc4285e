"""Where the project stands: the flow of exams, the reading, the agreement."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from mammoset.publish.agreement import agreement_rows
from mammoset.terms.reasons import reason_text
from mammoset.web.pages.drawing import state_bar
from mammoset.web.site import Here

router = APIRouter(include_in_schema=False)

PASSED = ("pseudonymize", "kept")


@router.get("/status", response_class=HTMLResponse)
def status_page(site: Here) -> HTMLResponse:
    """Show where the project stands; numbers only."""
    collection = site.exams.collection()
    status = site.exams.status()
    refused = [
        (stage, reason_text(reason), count)
        for (stage, outcome, reason), count in sorted(status.objects.items(), key=lambda item: (item[0][0], -item[1]))
        if outcome != "kept"
    ]
    n_kept = sum(count for (stage, outcome, _), count in status.objects.items() if (stage, outcome) == PASSED)
    measured = site.exams.agreement() if collection.is_phase_over else []
    # without cases there is nothing to say of a category
    agreement = None if measured is None else agreement_rows([row for row in measured if row["n_units"]])[1]
    return site.page(
        "status.html", "/status",
        flow=status.flow,
        refused=refused,
        n_kept=n_kept,
        bar=state_bar(collection),
        progress=site.exams.progress(),
        collection=collection,
        agreement=agreement,
        releases=status.releases,
    )  # fmt: skip
