"""The client: one page for all of its addresses, and its files, which are called after their content."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from mammoset.web.door.headers import CLIENT_POLICY, POLICY_HEADER, SHELL_POLICY
from mammoset.web.door.problems import not_found
from mammoset.web.site import Here

PAGES = (
    "/", "/sign-in", "/worklist", "/arbitration", "/dashboard", "/people", "/assignments", "/events", "/account",
    "/read/{study_id}", "/arbitrate/{study_id}", "/training", "/training/{number}",
    "/review", "/review/values", "/review/images",
)  # fmt: skip
"""Addresses whose page the client makes."""

FOREVER = "public, max-age=31536000, immutable"
HAS_DIGEST = re.compile(r"-[\w-]{8}\.[a-z0-9]+$")
"""A file whose name holds a digest of its content is never another one."""
PACKED = frozenset({".js", ".css", ".svg", ".wasm"})
"""Files that gzip makes a third as large; packed once, when first asked for."""

router = APIRouter(include_in_schema=False)


def page(site: Here) -> Response:
    """Return the client's page; one that says how to build it where it was not built."""
    index = site.client / "index.html"
    if not index.is_file():
        return HTMLResponse(site.templates.get_template("no_client.html").render(), 503)
    return FileResponse(index, media_type="text/html", headers={POLICY_HEADER: CLIENT_POLICY})


@router.get("/service-worker.js")
def service_worker(site: Here) -> Response:
    """Return the worker by which a browser keeps the client; browsers ask anew for it, since it names the version."""
    worker = site.client / "service-worker.js"
    if not worker.is_file():
        raise not_found()
    return FileResponse(worker, media_type="text/javascript", headers={POLICY_HEADER: SHELL_POLICY})


for _address in PAGES:
    router.add_api_route(_address, page, methods=["GET"], response_class=HTMLResponse)


class Assets(StaticFiles):
    """The client's files: kept by browsers for good, and under the client's policy, which counts for its workers."""

    def __init__(self, client: Path) -> None:
        super().__init__(directory=client / "assets", check_dir=False)

    async def check_config(self) -> None:
        """Do without: a client that was not built has no files, which is no defect of the server."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and Path(path).suffix in PACKED:
            response = await _as_accepted(response, Headers(scope=scope))
        response.headers[POLICY_HEADER] = CLIENT_POLICY
        if response.status_code in (200, 304) and HAS_DIGEST.search(path):
            response.headers["Cache-Control"] = FOREVER
        return response


async def _as_accepted(file: FileResponse, asked: Headers) -> Response:
    """Return a file packed for whoever takes it so; a part of one is a part of it as it is."""
    file.headers.add_vary_header("Accept-Encoding")
    if "gzip" not in asked.get("accept-encoding", "") or "range" in asked:
        return file
    body = await run_in_threadpool(_packed, Path(file.path), file.headers["etag"])
    headers = {"Content-Encoding": "gzip", "ETag": f"W/{file.headers['etag']}"}
    response = Response(body, media_type=file.media_type, headers=headers)
    response.headers.add_vary_header("Accept-Encoding")
    return response


@lru_cache(maxsize=128)
def _packed(file: Path, version: str) -> bytes:
    """Pack a file; `version` tells it from another one that took its name."""
    del version
    return gzip.compress(file.read_bytes(), mtime=0)
