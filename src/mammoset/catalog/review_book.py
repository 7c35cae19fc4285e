"""What a person must look at besides the images, and what was said of it: values, regions, second looks, waivers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from mammoset.catalog.records import ElementValue, HeldRegion, ReviewFact
from mammoset.catalog.rows import region_of, review_fact_of, review_fact_to_row
from mammoset.catalog.sessions import Sessions, plain_rows
from mammoset.catalog.tables import ElementValueRow, HeldRegionRow, ImageRow, ReviewFactRow
from mammoset.terms.reasons import ReviewKind


class ReviewBook(Sessions):
    """The part of the catalog that the review works with; each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._numbers: dict[tuple[str, str], int] = {}  # a number once given never changes

    def number_values(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return the number of each (element, value), giving one to those that have none yet."""
        wanted = dict.fromkeys(pairs)
        if any(pair not in self._numbers for pair in wanted):
            with self.writing() as session:
                known = _numbers(plain_rows(session, select(ElementValueRow.__table__)))
                new = [{"element": element, "value": value} for element, value in wanted.keys() - known.keys()]
                new.sort(key=lambda row: (row["element"], row["value"]))
                if new:
                    session.execute(insert(ElementValueRow), new)
                    known = _numbers(plain_rows(session, select(ElementValueRow.__table__)))
            self._numbers = known
        return {pair: self._numbers[pair] for pair in wanted}

    def values(self) -> list[ElementValue]:
        """Return every value that has a number, by element and value; also those that no image holds any more."""
        query = select(ElementValueRow.__table__).order_by(ElementValueRow.element, ElementValueRow.value)
        with self.reading() as session:
            return [ElementValue(row.number, row.element, row.value) for row in plain_rows(session, query)]

    def images_by_value(self) -> Mapping[int, list[str]]:
        """Return the ids of the images that hold each value, by the value's number, sorted."""
        found: dict[int, list[str]] = {}
        query = select(ImageRow.image_id, ImageRow.elements).order_by(ImageRow.image_id)
        with self.reading() as session:
            for row in plain_rows(session, query):
                for number in row.elements:
                    found.setdefault(number, []).append(row.image_id)
        return found

    def value_counts(self) -> Mapping[int, int]:
        """Return how many images hold each value, by its number; a value without images is absent."""
        with self.reading() as session:
            rows = plain_rows(session, select(ImageRow.elements))
        return Counter(number for row in rows for number in row.elements)

    def held_regions(self, study_id: str | None = None) -> list[HeldRegion]:
        """Return the regions of images that wait for a person, of one study or all, in the order they were found."""
        query = select(HeldRegionRow.__table__).order_by(HeldRegionRow.number)
        if study_id is not None:
            query = query.where(HeldRegionRow.study_id == study_id)
        with self.reading() as session:
            return [region_of(row) for row in plain_rows(session, query)]

    def append(self, facts: Iterable[ReviewFact]) -> None:
        """Append what reviewers said; all or none."""
        with self.writing() as session:
            session.add_all([review_fact_to_row(fact) for fact in facts])

    def facts(self, kind: ReviewKind | None = None) -> list[ReviewFact]:
        """Return what reviewers said, of one kind or all, oldest first."""
        query = select(ReviewFactRow.__table__).order_by(ReviewFactRow.number)
        if kind is not None:
            query = query.where(ReviewFactRow.kind == kind.value)
        with self.reading() as session:
            return [review_fact_of(row) for row in plain_rows(session, query)]


def _numbers(rows: Iterable[Row[Any]]) -> dict[tuple[str, str], int]:
    return {(row.element, row.value): row.number for row in rows}
