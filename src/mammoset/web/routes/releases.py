"""The releases on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from mammoset.web.site import Here

router = APIRouter(include_in_schema=False)

RELEASE_FILE = "release.json"
COUNTS = ("patients", "studies", "images", "images_with_finding", "findings")


@dataclass(frozen=True, slots=True)
class Release:
    """A release as its own description has it.

    Attributes
    ----------
    is_readable : bool
        Whether the description could be read; if not, the release must be verified before use.
    counts : tuple of (name, number)
        The ones of `COUNTS` that it states.
    """

    version: str
    is_readable: bool
    counts: tuple[tuple[str, int], ...] = ()


def releases_in(folder: Path) -> list[Release]:
    """Return the releases in a folder, by version; a folder without a description is no release."""
    return [_release(path) for path in sorted(folder.glob(f"*/{RELEASE_FILE}"))]


def _release(path: Path) -> Release:
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Release(path.parent.name, is_readable=False)
    stated = said.get("counts") if isinstance(said, dict) else None
    counts = stated if isinstance(stated, dict) else {}
    return Release(
        path.parent.name,
        isinstance(said, dict),
        tuple((n, counts[n]) for n in COUNTS if isinstance(counts.get(n), int)),
    )


@router.get("/releases", response_class=HTMLResponse)
def releases_page(site: Here) -> HTMLResponse:
    """List the releases."""
    return site.page("releases.html", "/releases", releases=releases_in(site.project.releases), counts=COUNTS)
