"""Parts and texts as HTTP answers: their tag, not modified, ranges of bytes, and nothing kept by caches in between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import chain

from fastapi import HTTPException, Request
from starlette.responses import Response, StreamingResponse

from mammoset.web.dicomweb.multipart import Part, Piece, blocks_of, cut, pieces_of, total_of
from mammoset.web.dicomweb.negotiation import Offer, choose

CACHE = "private, no-cache"
MADE_BY = "1"
"""Part of every tag: raise it when the same request would give other bytes."""


def offer_for(request: Request, offers: Sequence[Offer], hint: str = "") -> Offer:
    """Return what is sent: by the ``accept`` parameter, else by the header; without either the default (8.7.8.1).

    Raises
    ------
    HTTPException
        406 when nothing fits.
    """
    # '+' of application/dicom+json in an address is a space to whoever parses it
    asked = re.sub(r"(?<=dicom) (?=json|xml)", "+", request.query_params.get("accept", ""))
    found = choose(asked, offers) or choose(request.headers.get("accept", "*/*"), offers)
    if found is None:
        there_are = ", ".join(dict.fromkeys(_spelled(one) for one in offers))
        raise HTTPException(406, f"there is only {there_are}{hint and f'; {hint}'}")
    return found


def _spelled(offer: Offer) -> str:
    if not offer.is_multipart:
        return offer.content_type
    syntax = f"; transfer-syntax={offer.transfer_syntax}" if offer.transfer_syntax else ""
    return f'multipart/related; type="{offer.media_type}"{syntax}'


def tag_of(*said: object) -> str:
    """Return the ETag of what is made of these values."""
    return f'"{sha256(repr((MADE_BY, said)).encode()).hexdigest()[:32]}"'


def text_answer(request: Request, data: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Return a short answer that is there already; 304 when the client has it."""
    tag = tag_of(media_type, sha256(data).hexdigest())
    return unless_known(request, tag) or Response(data, media_type=media_type, headers=_headers(tag) | (headers or {}))


def unless_known(request: Request, tag: str) -> Response | None:
    """Return 304 when the client has what this tag stands for already (RFC 9110 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    if known == "*" or tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Response(status_code=304, headers=_headers(tag))
    return None


def parts_answer(request: Request, parts: Sequence[Part], offer: Offer, tag: str) -> Response:
    """Return parts as ``multipart/related``, or the only one alone; 304, or a range, where that is asked for.

    Parameters
    ----------
    parts : sequence of Part
        At least one; one where the offer is no multipart.
    tag : str
        The ETag; it also makes the boundary, so that the same answer has the same bytes.
    """
    known = unless_known(request, tag)
    if known is not None:
        return known
    if not offer.is_multipart:
        (part,) = parts
        headers = _headers(tag) | {"Content-Location": part.location}
        return _streamed(request, (one.make() for one in parts), part.size, part.content_type, headers)
    boundary = tag.strip('"')
    media_type = f'multipart/related; type="{offer.media_type}"; boundary={boundary}'
    return _streamed(request, pieces_of(parts, boundary), total_of(parts, boundary), media_type, _headers(tag))


def _streamed(
    request: Request, pieces: Iterable[Piece], total: int | None, media_type: str, headers: dict[str, str]
) -> Response:
    status = 200
    if total is not None:
        headers["Accept-Ranges"] = "bytes"
        asked = _range(request, total, headers["ETag"])
        if asked is not None:
            first, end = asked
            pieces, status = cut(pieces, first, end), 206
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{total}"
            total = end - first
        headers["Content-Length"] = str(total)
    blocks = blocks_of(pieces)
    first_block = next(blocks, b"")  # made before the answer begins: what fails until then is told as an error
    return StreamingResponse(chain([first_block], blocks), status, headers | {"Content-Type": media_type})


def _range(request: Request, total: int, tag: str) -> tuple[int, int] | None:
    """Return the one range of bytes that is asked for, half-open; None for all, also when several are asked for.

    Raises
    ------
    HTTPException
        416 when it begins behind the end.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("range", "").replace(" ", ""))
    if found is None or not any(found.groups()) or request.headers.get("if-range", tag) != tag:
        return None
    if found[1]:
        first, end = int(found[1]), min(total, int(found[2]) + 1 if found[2] else total)
    else:
        first, end = max(0, total - int(found[2])), total
    if first >= total or end <= first:
        raise HTTPException(416, f"there are {total} bytes")
    return first, end


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": CACHE, "Vary": "Accept"}
