"""What lies where in a release, and the list of checksums that closes it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mammoset.domain.tables import BREAST_FILE, FINDING_FILE
from mammoset.errors import DatasetDefect
from mammoset.publish.defects import quoted
from mammoset.publish.metadata import METADATA_FILE
from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS_RPCL, JPEG_2000_LOSSLESS, JPEG_LS_LOSSLESS

FORMAT_VERSION = 1
RELEASE_FILE = "release.json"
README_FILE = "README.md"
LICENSE_FILE = "LICENSE"
CHECKSUMS_FILE = "SHA256SUMS.txt"
IMAGE_SUFFIX = ".dicom"

TRANSFER_SYNTAXES: Mapping[str, str] = {
    "jpeg-ls": JPEG_LS_LOSSLESS,
    "jpeg2000": JPEG_2000_LOSSLESS,
    "htj2k": HTJ2K_LOSSLESS_RPCL,
    "uncompressed": EXPLICIT_VR_LE,
}
"""Word of ``publish.transfer_syntax`` to transfer syntax UID; all lossless."""

DOCUMENTS = (LICENSE_FILE, README_FILE, BREAST_FILE, FINDING_FILE, METADATA_FILE, RELEASE_FILE)
"""Files of every release beside its images and the list of checksums."""

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_IMAGE = re.compile(r"images/([0-9.]+)/([0-9.]+)\.dicom")


def image_name(study_id: str, image_id: str) -> str:
    """Return where an image lies in a release."""
    return f"images/{study_id}/{image_id}{IMAGE_SUFFIX}"


def ids_of(name: str) -> tuple[str, str] | None:
    """Return study id and image id of the name of an image's file, None for another name."""
    match = _IMAGE.fullmatch(name)
    return None if match is None else (match[1], match[2])


def write_checksums(digests: Mapping[str, str]) -> str:
    """Return the list that ``sha256sum -c`` reads, sorted by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def read_checksums(text: str) -> dict[str, str]:
    """Read the list back: name to digest.

    Raises
    ------
    DatasetDefect
        Naming the first line that is not ``<64 lower-case hexadecimal digits>  <plain relative name>``, is out of
        order, or names a file twice. A name with ``..``, a leading ``/`` or a backslash is no plain one.
    """
    found: dict[str, str] = {}
    last = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is None or not is_plain(match[2]):
            raise DatasetDefect(f"line {number} is no checksum and relative file name: {quoted(line)}")
        if match[2] <= last:
            raise DatasetDefect(f"line {number} is out of order or names a file again: {quoted(match[2])}")
        last = match[2]
        found[last] = match[1]
    return found


def is_plain(name: str) -> bool:
    """Whether a name is a relative path of plain components inside the folder."""
    return all(_NAME.fullmatch(part) and part not in (".", "..") for part in name.split("/"))
