"""Pages of long lists: each says where the next begins, so that what is decided meanwhile skips nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from mammoset.web.door.problems import Refused

Item = TypeVar("Item")
MOST_LISTED = 200
LARGEST = 2**53

Cursor = Annotated[str | None, Query(max_length=600, description="next_cursor of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="items of a page")]


class Listed(BaseModel, Generic[Item]):
    """A page of a list; `total` is of the whole list, null where it is not counted."""

    items: list[Item]
    next_cursor: str | None
    total: int | None


def cursor_of(place: Sequence[str | int]) -> str:
    """Return the cursor that names a place in a list's order."""
    return base64.urlsafe_b64encode(json.dumps(list(place), separators=(",", ":")).encode()).decode().rstrip("=")


def place_in(cursor: str, *kinds: type[str] | type[int]) -> list[str | int]:
    """Return the place that a cursor names.

    Parameters
    ----------
    kinds : types
        Of the parts of the place.

    Raises
    ------
    Refused
        422 when it is no cursor of this list.
    """
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _foreign() from None
    if not isinstance(place, list) or [type(one) for one in place] != list(kinds):
        raise _foreign()
    if any(isinstance(one, int) and abs(one) > LARGEST for one in place):
        raise _foreign()
    return place


def number_in(cursor: str | None) -> int:
    """Return the number that a cursor of one number names, from 0; 0 for none."""
    if cursor is None:
        return 0
    (number,) = place_in(cursor, int)
    if int(number) < 0:
        raise _foreign()
    return int(number)


def page_from(items: Sequence[Item], start: int, limit: int) -> tuple[Sequence[Item], str | None]:
    """Return the page of a list that begins at a place, and the cursor of the next one; None when that is the end."""
    end = start + limit
    return items[start:end], cursor_of([end]) if end < len(items) else None


def _foreign() -> Refused:
    return Refused(422, "cursor: this is no cursor of this list; leave it out to begin anew", code="cursor")
