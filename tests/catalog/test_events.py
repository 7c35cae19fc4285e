"""What people did: appended, read newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.catalog import Catalog, add_event
from tests.databases import new_catalog


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    yield opened
    opened.close()


def test_an_event_comes_out_as_it_went_in(catalog: Catalog) -> None:
    catalog.events.append("flagged", by="anna", about="bruno", study_id="2.25.7", detail={"kind": "other", "n": 3})
    (event,) = catalog.events.page()
    assert (event.kind, event.by, event.about, event.study_id) == ("flagged", "anna", "bruno", "2.25.7")
    assert event.detail == {"kind": "other", "n": 3}
    assert event.number == 1
    assert event.at.tzinfo is not None


def test_pages_follow_each_other_without_gap_also_while_events_are_added(catalog: Catalog) -> None:
    for n in range(25):
        catalog.events.append("a" if n % 2 else "b", by=f"p{n % 3}")
    numbers: list[int] = []
    while page := catalog.events.page(limit=4, before=numbers[-1] if numbers else None):
        numbers += [one.number for one in page]
        catalog.events.append("c", by="meanwhile")
    assert numbers == list(range(25, 0, -1))


def test_events_are_chosen_by_kind_and_by_person(catalog: Catalog) -> None:
    for n in range(12):
        catalog.events.append("a" if n % 2 else "b", by=f"p{n % 3}")
    assert [one.number for one in catalog.events.page(kind="a", by="p0")] == [10, 4]
    assert catalog.events.count(kind="a", by="p0") == 2
    assert catalog.events.count() == 12
    assert catalog.events.page(kind="nothing") == []


def test_an_event_stands_or_falls_with_what_it_tells(catalog: Catalog) -> None:
    def undone() -> None:
        with catalog.writing() as session:
            add_event(session, "undone", by="anna")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert catalog.events.page() == []
    with catalog.writing() as session:
        add_event(session, "done", by="anna")
    assert catalog.events.count(kind="done") == 1
