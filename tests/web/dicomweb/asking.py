"""What a client of DICOMweb says and is told: media types, and the parts of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.web.dicomweb.building import Stored


def parts_of(answer: Any) -> list[tuple[dict[str, str], bytes]]:
    """Return headers and content of each part of an answer."""
    said = re.search(r"boundary=([0-9a-f]+)$", answer.headers["Content-Type"])
    assert said, answer.headers["Content-Type"]
    before, *sections, after = answer.content.split(f"--{said[1]}".encode())
    assert (before, after) == (b"", b"--")
    found = []
    for section in sections:
        head, _, content = section.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:])
        assert int(headers["Content-Length"]) == len(content.removesuffix(b"\r\n"))
        found.append((headers, content.removesuffix(b"\r\n")))
    return found


def of(stored: Sequence[Stored], layout: str) -> Stored:
    return next(one for one in stored if one.layout == layout)


def accept(media_type: str, transfer_syntax: str = "") -> dict[str, str]:
    syntax = transfer_syntax and f"; transfer-syntax={transfer_syntax}"
    return {"Accept": f'multipart/related; type="{media_type}"{syntax}'}
