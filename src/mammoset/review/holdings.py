"""Which image holds which value, for as many images as there are: counted without asking the catalog again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mammoset.catalog import ElementValue, ImageRecord
from mammoset.review.values import N_EXAMPLES, ElementSummary, Groups, Kind, summaries_of

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """Every pair of an image and a value that its file holds. Make it with `of`.

    Attributes
    ----------
    values : tuple of ElementValue
        Also those that no image holds any more.
    numbers, studies : array of int32, shape (pairs,)
        Number of the value, and the place of the image's exam in `study_ids`.
    counts : mapping of number of a value to number of images
        Of values that some image holds.
    examples : mapping of number of a value to ids of images
        The first ones.
    """

    values: tuple[ElementValue, ...]
    study_ids: tuple[str, ...]
    numbers: Numbers
    studies: Numbers
    counts: Mapping[int, int]
    examples: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, values: Iterable[ElementValue], records: Sequence[ImageRecord]) -> Holdings:
        """Gather what images hold.

        Parameters
        ----------
        records : sequence of ImageRecord
            By id.
        """
        lengths = np.array([len(one.elements) for one in records], np.int64)
        numbers = np.fromiter(chain.from_iterable(one.elements for one in records), np.int32, int(lengths.sum()))
        study_ids = tuple(dict.fromkeys(one.image.study_id for one in records))
        place = {study_id: n for n, study_id in enumerate(study_ids)}
        studies = np.array([place[one.image.study_id] for one in records], np.int32).repeat(lengths)
        images = np.arange(len(records), dtype=np.int32).repeat(lengths)
        found = np.bincount(numbers) if len(numbers) else np.zeros(0, np.int64)
        counts = {int(number): int(found[number]) for number in np.flatnonzero(found)}
        return cls(tuple(values), study_ids, numbers, studies, counts, _examples(numbers, images, counts, records))

    def summaries(self, groups: Groups) -> list[ElementSummary]:
        """Return every element that files hold, as if nobody had said anything of its values."""
        return summaries_of(self.values, self.counts, self.examples, groups)

    def studies_with(self, numbers: Collection[int]) -> frozenset[str]:
        """Return the exams of which a file holds any of these values."""
        wanted = np.zeros(int(self.numbers.max(initial=0)) + 1, bool)
        wanted[[one for one in numbers if one < len(wanted)]] = True
        return frozenset(self.study_ids[place] for place in np.unique(self.studies[wanted[self.numbers]]))

    def uncommon(self, summaries: Iterable[ElementSummary]) -> dict[int, int]:
        """Return the numbers of values that may be rare, and how many images hold each: no numbers and no patterns."""
        chosen = {one.element for one in summaries if one.kind == Kind.VALUES}
        return {
            one.number: self.counts[one.number]
            for one in self.values
            if one.number in self.counts and one.element in chosen
        }


def _examples(
    numbers: Numbers, images: Numbers, counts: Mapping[int, int], records: Sequence[ImageRecord]
) -> dict[int, tuple[str, ...]]:
    """Return the ids of the first images that hold each value."""
    in_order = images[np.argsort(numbers, kind="stable")]
    examples, start = {}, 0
    for number, count in counts.items():  # in order of the numbers
        chosen = in_order[start : start + min(count, N_EXAMPLES)]
        examples[number] = tuple(records[place].image.image_id for place in chosen)
        start += count
    return examples
