"""One image of the store in one of the transfer syntaxes that a release may have."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mammoset.content import write_whole
from mammoset.errors import ConfigError, RefusedObject
from mammoset.pixels import codec
from mammoset.pixels.header import quietly
from mammoset.publish.layout import TRANSFER_SYNTAXES


def transfer_syntax_uid(name: str) -> str:
    """Return the UID of a transfer syntax by its word in the settings.

    Raises
    ------
    ConfigError
        For another word.
    """
    if name not in TRANSFER_SYNTAXES:
        raise ConfigError(f"publish: transfer syntax '{name}' is not allowed: {', '.join(TRANSFER_SYNTAXES)}")
    return TRANSFER_SYNTAXES[name]


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """One image to release.

    Attributes
    ----------
    source, target : str
        Absolute paths: the object in the store, the file in the release.
    name : str
        Of the file in the release, relative to it.
    file_sha256, pixel_sha256 : str
        Of the object and of its pixels, as recorded when it passed the gate.
    """

    source: str
    target: str
    name: str
    transfer_syntax_uid: str
    file_sha256: str
    pixel_sha256: str


def write_image(item: ReleaseItem) -> None:
    """Write one image of the store in the transfer syntax of the release.

    A target that is there already, from a run that was stopped, is left as it is: it was written whole.

    Raises
    ------
    RefusedObject
        ``conflicting_copy`` when the object is not the one that passed the gate; what the codec refuses.
    StorageError
        If the release cannot be written.
    """
    target = Path(item.target)
    if target.exists():
        return
    try:
        data = Path(item.source).read_bytes()
    except FileNotFoundError:
        raise RefusedObject("no_images", "it is not in the content store") from None
    if hashlib.sha256(data).hexdigest() != item.file_sha256:
        raise RefusedObject("conflicting_copy", "the stored file is not the one that passed the gate")
    with quietly():
        written = codec.transcode(data, item.transfer_syntax_uid)
    write_whole(target, written)
