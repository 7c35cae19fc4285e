"""Answers that clients ask for again and again: with an ETag of what they say, and 304 when they say the same."""

from __future__ import annotations

from hashlib import sha256

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response


def polled(request: Request, body: BaseModel) -> Response:
    """Return an answer, or 304 where the client has it already. The ETag depends on the body alone."""
    text = body.model_dump_json().encode()
    etag = f'"{sha256(text).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)
