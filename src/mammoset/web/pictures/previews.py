"""Windowed 8-bit pictures of the images, made from the store when asked for and remembered within a bound.

A picture is made from the smallest resolution level of the code stream that is large enough: only its bytes are read.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Generic, Literal, NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread

from mammoset.catalog import ImageRecord
from mammoset.content import ContentStore, object_path
from mammoset.errors import DatasetDefect
from mammoset.pixels.breast import breast_mask, find_chest_wall
from mammoset.pixels.codec import decode_level
from mammoset.pixels.window import Presentation, display_values
from mammoset.terms.dicom import Laterality
from mammoset.web.pictures.hanging import Turn, chest_wall_of, turn_of
from mammoset.web.pictures.reveal import revealed

Height = Literal["96", "216", "432", "864", "1728", "full"]
"""Rows of a picture: few sizes, so that what one page asked for serves the next."""

MEDIA_TYPE = "image/webp"
QUALITY = 90
MADE_BY = "1"
"""Part of every ETag: raise it when the same request would give another picture."""

MEMORY_BYTES = 96 * 1024 * 1024
HEADERS_KEPT = 4096
SMALL_ROWS = 216
"""Enough to see where the breast is."""
OUTLINE_ROWS, OUTLINE_BLUR = 864, 1.5
AIR_SHOWN = 0.06
"""Share of an image's width that is shown beside the breast."""

Kept = TypeVar("Kept")


class Extent(NamedTuple):
    """Where the breast is in a stored image: shares of its width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted.

    Attributes
    ----------
    height : str
        Rows.
    window : int
        Which of the image's windows and tables, from 1.
    is_inverted : bool
        Whether black and white change places.
    is_revealed : bool
        Whether all that is not air is made bright, see `mammoset.web.pictures.reveal`; windows and inversion do not
        matter then.
    """

    height: Height = "864"
    window: int = 1
    is_inverted: bool = False
    is_revealed: bool = False


class Bounded(Generic[Kept]):
    """Remembers values up to a bound; the least recently used ones go first. Safe to use from several threads."""

    def __init__(self, bound: int, size: Callable[[Kept], int]) -> None:
        self.bound = bound
        self.total = 0
        self._size = size
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return the value of a key, making it when it is not there; who asks meanwhile waits for that."""
        with self._lock:
            if key in self._kept:
                return self._found(key)
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._found(key)
            try:
                value = make()
                with self._lock:
                    self._keep(key, value)
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _found(self, key: Hashable) -> Kept:
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: Hashable, value: Kept) -> None:
        if key not in self._kept:
            self._kept[key] = value
            self.total += self._size(value)
        while self.total > self.bound and self._kept:
            _, gone = self._kept.popitem(last=False)
            self.total -= self._size(gone)


class Previews:
    """Pictures of the images of a content store."""

    def __init__(self, content: ContentStore, memory_bytes: int = MEMORY_BYTES) -> None:
        self.content = content
        self._pictures: Bounded[bytes] = Bounded(memory_bytes, len)
        self._presentations: Bounded[Presentation] = Bounded(HEADERS_KEPT, _one)
        self._extents: Bounded[Extent] = Bounded(HEADERS_KEPT, _one)
        self._turns: Bounded[Turn] = Bounded(HEADERS_KEPT, _one)
        # a decoded image is tens of megabytes: no more at a time than there are cores to work on them
        self._working = BoundedSemaphore(max(1, len(os.sched_getaffinity(0))))

    def etag(self, record: ImageRecord, look: Look) -> str:
        """Return what changes when the picture does."""
        said = f"{MADE_BY} {record.pixel_sha256} {record.file_sha256} {look}"
        return f'"{sha256(said.encode()).hexdigest()[:32]}"'

    def picture(self, record: ImageRecord, look: Look) -> bytes:
        """Return a picture as WebP, in stored orientation.

        Raises
        ------
        DatasetDefect
            If the object is not in the store.
        IndexError
            If the image has no such window.
        """
        return self._pictures.get(self.etag(record, look), lambda: self._make(record, look))

    def n_windows(self, record: ImageRecord) -> int:
        """Return how many windows and look-up tables an image offers; at least 1, the range of its values."""
        return len(self.window_names(record))

    def window_names(self, record: ImageRecord) -> tuple[str, ...]:
        """Return what the image's windows and look-up tables are called; empty texts where it does not say."""
        presentation = self.presentation(record)
        windows = tuple(one.explanation for one in presentation.windows)
        return windows + tuple(one.explanation for one in presentation.voi_luts) or ("",)

    def choices(self, records: Sequence[ImageRecord]) -> tuple[str, ...]:
        """Return the windows to choose from for several images: the names of the one that offers most."""
        longest = max((self.window_names(record) for record in records), key=len, default=("",))
        return tuple(name or f"window {number}" for number, name in enumerate(longest, start=1))

    def presentation(self, record: ImageRecord) -> Presentation:
        """Return how an image wants to be shown, from its header."""
        return self._presentations.get(record.file_sha256, lambda: self._read_presentation(record))

    def pixels(self, record: ImageRecord, rows: int) -> NDArray[np.integer]:
        """Return stored values of at least `rows` rows, of the lowest resolution level that has them."""
        with self._working:
            return self._decode(record, rows)

    def turn(self, record: ImageRecord) -> Turn:
        """Return how an image is turned to hang right; from its pixels where its header does not say."""
        chest_wall = chest_wall_of(record.attributes)
        if chest_wall is not None:
            return turn_of(record, chest_wall)
        return self._turns.get(record.file_sha256, lambda: self._turn_from_pixels(record))

    def reach(self, record: ImageRecord) -> float:
        """Return how far the breast reaches from the chest wall: a share of the width, 1 where no breast is seen."""
        extent = self.extent(record)
        is_wall_left = (record.image.laterality == Laterality.L) != self.turn(record).is_flipped
        return min(1.0, (extent.right if is_wall_left else 1 - extent.left) + AIR_SHOWN)

    def extent(self, record: ImageRecord) -> Extent:
        """Return where the breast is; the whole image where none is seen."""
        return self._extents.get(record.file_sha256, lambda: self._extent_from_pixels(record))

    def _extent_from_pixels(self, record: ImageRecord) -> Extent:
        mask = breast_mask(self._decode(record, SMALL_ROWS), self.presentation(record))
        if not mask.any():
            return Extent(0, 0, 1, 1)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        height, width = mask.shape
        return Extent(
            float(columns[0] / width), float(rows[0] / height), float((columns[-1] + 1) / width),
            float((rows[-1] + 1) / height),
        )  # fmt: skip

    def _turn_from_pixels(self, record: ImageRecord) -> Turn:
        found = find_chest_wall(self._decode(record, SMALL_ROWS), self.presentation(record))
        return turn_of(record, found.side if found.is_certain else None)

    def _read_presentation(self, record: ImageRecord) -> Presentation:
        try:
            return Presentation.of(dcmread(self.content.path(record.image), stop_before_pixels=True))
        except FileNotFoundError:
            raise _missing(record) from None

    def _make(self, record: ImageRecord, look: Look) -> bytes:
        presentation = self.presentation(record)
        rows = record.image.height if look.height == "full" else min(int(look.height), record.image.height)
        columns = max(1, round(record.image.width * rows / record.image.height))
        with self._working:
            if look.is_revealed:
                # of all pixels: in a lower resolution level faint writing is averaged away
                grey = revealed(self._decode(record, record.image.height), presentation, rows)
            else:
                pixels = self._decode(record, rows)
                grey = display_values(pixels, presentation, look.window - 1)
                if look.is_inverted:
                    grey = _inverted(grey, breast_mask(pixels, presentation, min(rows, OUTLINE_ROWS)))
            if grey.shape != (rows, columns):
                grey = np.asarray(cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
            is_done, picture = cv2.imencode(".webp", grey, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
        if not is_done:
            raise DatasetDefect(f"image {record.image.image_id} is too large for a picture")
        return picture.tobytes()

    def _decode(self, record: ImageRecord, rows: int) -> NDArray[np.integer]:
        """Return stored values of at least `rows` rows, at the lowest resolution level that has them."""
        ends = record.tile_part_ends
        level = max(n for n in range(len(ends)) if n == 0 or -(-record.image.height // 2**n) >= rows)
        try:
            with self.content.path(record.image).open("rb") as file:
                file.seek(record.codestream_offset)
                return decode_level(file.read(ends[len(ends) - 1 - level]), level)
        except FileNotFoundError:
            raise _missing(record) from None


def _one(_: object) -> int:
    return 1


def _missing(record: ImageRecord) -> DatasetDefect:
    return DatasetDefect(f"content store: {object_path(record.image)} is missing; run 'mammoset pseudonymize' again")


def _inverted(grey: NDArray[np.uint8], breast: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Exchange black and white in the breast and leave the air black: a white screen blinds for the dim parts."""
    size = (grey.shape[1], grey.shape[0])
    outline = cv2.GaussianBlur(breast.astype(np.float32), (0, 0), OUTLINE_BLUR)
    share = cv2.resize(outline, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.rint((255 - grey) * share), np.uint8)
