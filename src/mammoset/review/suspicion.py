"""Which images a person looks at first: a stated score of what is known of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mammoset.catalog import ImageRecord

RARE = 0.005
"""Share of the images below which a device, a size or a value is rare; always so when a single image has it."""
ENOUGH = 40
"""Images from which on anything is called rare."""


class Known(NamedTuple):
    """What is known of the whole dataset: how many images have a device, a size, and hold values."""

    n_images: int
    devices: Mapping[str, int]
    sizes: Mapping[tuple[int, int], int]
    rare_numbers: frozenset[int]

    def is_rare(self, count: int) -> bool:
        """Whether so few images of the dataset are few."""
        return is_few(count, self.n_images)


def is_few(count: int, n_images: int) -> bool:
    """Whether so few images, of a dataset of so many, are few; in a small dataset none are."""
    return n_images >= ENOUGH and count <= max(1, RARE * n_images)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A reason to look at an image early.

    Attributes
    ----------
    points : int
        Added to the image's score.
    """

    code: str
    points: int
    words: str
    holds: Callable[[ImageRecord, Known], bool]


def _verdicts(record: ImageRecord) -> list[str]:
    return [str(one[-1]) for one in record.cleaning.get("decided", [])]


def _effort(record: ImageRecord) -> str:
    return str(record.cleaning.get("effort", "off"))


def _is_turned(record: ImageRecord) -> bool:
    return bool(record.attributes.get("orientation_corrected"))


def _size(record: ImageRecord) -> tuple[int, int]:
    return record.image.height, record.image.width


def _is_rare_in(record: ImageRecord, known: Known) -> bool:
    return not known.rare_numbers.isdisjoint(record.elements)


def device_of(record: ImageRecord) -> str:
    """Return manufacturer and model; empty where neither is told."""
    said = (record.attributes.get("manufacturer"), record.attributes.get("manufacturer_model_name"))
    return " ".join(str(one) for one in said if one)


def _says(name: str) -> Callable[[ImageRecord, Known], bool]:
    return lambda record, _: bool(record.cleaning.get(name))


SUSPICIONS: tuple[Suspicion, ...] = (
    Suspicion("kept_region", 8, "text on or near the breast that a person kept", lambda r, _: "keep" in _verdicts(r)),
    Suspicion("not_checked", 6, "burned-in text was not looked for", lambda r, _: _effort(r) == "off"),
    Suspicion("text_found", 5, "text was found beside the breast and filled", _says("found")),
    Suspicion("masked_region", 4, "text on or near the breast was masked", lambda r, _: "mask" in _verdicts(r)),
    Suspicion("breast_lost", 4, "pixels of the breast were filled", _says("breast_pixels_lost")),
    Suspicion("orientation", 3, "its header named the wrong side", lambda r, _: _is_turned(r)),
    Suspicion(
        "rare_device", 3, "few images are of this device", lambda r, known: known.is_rare(known.devices[device_of(r)])
    ),
    Suspicion("no_device", 2, "its device is not told", lambda r, _: not device_of(r)),
    Suspicion("rare_size", 2, "few images have this size", lambda r, known: known.is_rare(known.sizes[_size(r)])),
    Suspicion("rare_value", 2, "it holds a value that few images hold", lambda r, known: _is_rare_in(r, known)),
    Suspicion("further_view", 1, "it is beside the four standard views", lambda r, _: not r.image.is_standard),
)
"""All reasons, and what each adds to the score; docs/review.md shows this table."""


def known_of(records: Iterable[ImageRecord], uncommon: Mapping[int, int]) -> Known:
    """Gather what the score needs to know of the whole dataset.

    Parameters
    ----------
    uncommon : mapping of number to count
        Values that are no numbers or patterns, which may be rare, and how many images hold each.
    """
    found = list(records)
    known = Known(
        len(found), Counter(map(device_of, found)),
        Counter((one.image.height, one.image.width) for one in found), frozenset(),
    )  # fmt: skip
    return known._replace(
        rare_numbers=frozenset(number for number, count in uncommon.items() if known.is_rare(count))
    )  # fmt: skip


def suspicions_of(record: ImageRecord, known: Known) -> tuple[Suspicion, ...]:
    """Return what speaks for looking at an image early, the strongest first."""
    return tuple(one for one in SUSPICIONS if one.holds(record, known))


def score_of(found: Iterable[Suspicion]) -> int:
    """Return the score: the sum of the points."""
    return sum(one.points for one in found)
