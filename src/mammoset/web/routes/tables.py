"""The two published tables, computed from the catalog as it is now."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from mammoset.domain.tables import (
    BREAST_COLUMNS,
    BREAST_FILE,
    FINDING_COLUMNS,
    FINDING_FILE,
    breast_rows,
    finding_rows,
    write_csv,
)
from mammoset.web.pages.exams import Collection
from mammoset.web.pages.lists import page_of
from mammoset.web.site import Here

router = APIRouter(prefix="/tables", include_in_schema=False)


class _Table(NamedTuple):
    title: str
    told: str
    file: str
    columns: Sequence[str]
    rows: Callable[..., list[Any]]


TABLES = {
    "breast-level": _Table(
        "Breast table", "One row for each standard image, with what was said of its breast.", BREAST_FILE,
        BREAST_COLUMNS, breast_rows,
    ),
    "findings": _Table(
        "Finding table", "One row for each finding, and one for each image without any.", FINDING_FILE,
        FINDING_COLUMNS, finding_rows,
    ),
}  # fmt: skip
"""Name in the address to table."""


def _table(name: str) -> _Table:
    if name not in TABLES:
        raise HTTPException(404, f"there is no such table; there are {' and '.join(TABLES)}")
    return TABLES[name]


def _rows(table: _Table, collection: Collection) -> list[Any]:
    studies = [exam.study for exam in collection.exams]
    return table.rows(studies, collection.references, collection.folds)


@router.get("/{name}.csv")
def table_file(site: Here, name: str) -> Response:
    """Return a table as the file that a release holds."""
    table = _table(name)
    text = write_csv(_rows(table, site.exams.collection()), table.columns)
    headers = {"Content-Disposition": f'attachment; filename="{table.file}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{name}", response_class=HTMLResponse)
def table_page(site: Here, name: str, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> HTMLResponse:
    """Show a table page by page, cell by cell as the file has it."""
    table = _table(name)
    collection = site.exams.collection()
    shown = page_of(_rows(table, collection), page)
    cells = list(csv.reader(io.StringIO(write_csv(shown.items, table.columns))))[1:]
    return site.page(
        "table.html", f"/tables/{name}", table=table, name=name, page=shown, cells=cells, collection=collection
    )
