"""Which representation is sent: what a client accepts against what there is (PS3.18 8.7.5 to 8.7.8, RFC 9110 12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mammoset.terms.dicom import (
    EXPLICIT_VR_LE,
    HTJ2K_LOSSLESS,
    HTJ2K_LOSSLESS_RPCL,
    JPEG_2000_LOSSLESS,
    JPEG_LS_LOSSLESS,
)

STORED = HTJ2K_LOSSLESS_RPCL
"""The transfer syntax of the content store: sent as it lies."""

DICOM, DICOM_JSON, DICOM_XML, OCTETS = (
    "application/dicom", "application/dicom+json", "application/dicom+xml", "application/octet-stream",
)  # fmt: skip
ANY = "*"
_LONGEST = 4096
_FIELD = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_TYPE = re.compile(r"\s*([\w.+*-]+)\s*/\s*([\w.+*-]+)\s*(?=;|$)")


class Offer(NamedTuple):
    """A representation that can be sent.

    Attributes
    ----------
    transfer_syntax : str
        Empty for media types that have none.
    is_usual : bool
        Whether this transfer syntax is the one meant when a client names none (PS3.18 tables 8.7.3-2 to 8.7.3-5).
    is_multipart : bool
        Whether it is sent as a part of ``multipart/related``.
    """

    media_type: str
    transfer_syntax: str = ""
    is_usual: bool = True
    is_multipart: bool = True

    @property
    def content_type(self) -> str:
        """Media type with its transfer syntax."""
        return f"{self.media_type}; transfer-syntax={self.transfer_syntax}" if self.transfer_syntax else self.media_type


class MediaRange(NamedTuple):
    """One element of an Accept header; of a multipart range, ``media_type`` is that of its parts."""

    media_type: str
    is_multipart: bool
    transfer_syntaxes: frozenset[str]
    quality: float

    def matches(self, offer: Offer, default: Offer) -> bool:
        """Whether it allows an offer; ``*/*`` means the default's media type (PS3.18 8.7.7)."""
        is_any = self.media_type == "*/*"
        if self.is_multipart != offer.is_multipart and (self.is_multipart or not is_any):
            return False
        wanted = default.media_type if is_any else self.media_type
        if wanted != offer.media_type and not _covers(wanted, offer.media_type):
            return False
        if not self.transfer_syntaxes:
            return offer.is_usual
        return bool(self.transfer_syntaxes & {ANY, offer.transfer_syntax})

    def nearness(self, offer: Offer) -> tuple[int, bool]:
        """How exactly it names an offer: the most exact range decides about its quality."""
        kind = 0 if self.media_type == "*/*" else 2 if self.media_type == offer.media_type else 1
        return kind, offer.transfer_syntax in self.transfer_syntaxes


def _covers(wanted: str, media_type: str) -> bool:
    return wanted.endswith("/*") and media_type.startswith(wanted[:-1])


INSTANCE_OFFERS = (
    Offer(DICOM, STORED, is_usual=False),
    Offer(DICOM, EXPLICIT_VR_LE),
    Offer(DICOM, JPEG_LS_LOSSLESS, is_usual=False),
    Offer(DICOM, JPEG_2000_LOSSLESS, is_usual=False),
)
"""Whole objects, the one preferred first among equals (PS3.18 8.7.3.1)."""

FRAME_OFFERS = (
    Offer("image/jphc", STORED, is_usual=False),
    Offer(OCTETS, STORED, is_usual=False),
    Offer(OCTETS, EXPLICIT_VR_LE),
    Offer("image/jphc", HTJ2K_LOSSLESS),
    Offer("image/jls", JPEG_LS_LOSSLESS),
    Offer("image/x-jls", JPEG_LS_LOSSLESS),
    Offer("image/jp2", JPEG_2000_LOSSLESS),
    Offer(OCTETS, JPEG_LS_LOSSLESS, is_usual=False),
    Offer(OCTETS, JPEG_2000_LOSSLESS, is_usual=False),
)
"""Frames and bulk data (PS3.18 8.7.3.3). A stored code stream is one of the more general HTJ2K syntax too.

Compressed frames as ``application/octet-stream`` are not in the Standard, but are what viewers ask for.
"""

METADATA_OFFERS = (
    Offer(DICOM_JSON, is_multipart=False),
    Offer("application/json", is_multipart=False),
    Offer(DICOM_XML),
)
"""Metadata and results of searches (PS3.18 8.7.3.2)."""

RENDERED_OFFERS = tuple(Offer(one) for one in ("image/jpeg", "image/png", "image/gif"))
"""Pictures (PS3.18 8.7.4)."""


def single(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the same offers outside of ``multipart/related``: for one part that is allowed to stand alone."""
    return tuple(offer._replace(is_multipart=False) for offer in offers)


def default_of(offers: Sequence[Offer]) -> Offer:
    """Return the offer that ``*/*`` means: the first with the usual transfer syntax that is no image of its own."""
    plain = [offer for offer in offers if offer.is_usual]
    return next((offer for offer in plain if offer.media_type in (OCTETS, DICOM, DICOM_JSON)), plain[0])


def choose(accept: str, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that suits an Accept header best, the earlier one among equals; None when none suits.

    What is not understood in the header is ignored (PS3.18 8.7.7).
    """
    ranges, default = tuple(ranges_of(accept)), default_of(offers)
    best, found = 0.0, None
    for offer in offers:
        matching = [one for one in ranges if one.matches(offer, default)]
        if matching:
            quality = max(matching, key=lambda one: one.nearness(offer)).quality
            if quality > best:
                best, found = quality, offer
    return found


def ranges_of(accept: str) -> Iterator[MediaRange]:
    """Yield the media ranges of an Accept header that can be understood."""
    for field in _FIELD.findall(accept[:_LONGEST]):
        kind = _TYPE.match(field)
        if kind is None:
            continue
        media_type = f"{kind[1]}/{kind[2]}".lower()
        parameters = [(name.lower(), _unquoted(value)) for name, value in _PARAMETER.findall(field[kind.end() :])]
        said = dict(reversed(parameters))
        quality = _quality(said.get("q", "1"))
        if quality is None:
            continue
        is_multipart = media_type == "multipart/related"
        if is_multipart:
            media_type = said.get("type", "*/*").lower()
        # OHIF writes the parameter twice: the syntax it wants, and any
        syntaxes = frozenset(value for name, value in parameters if name == "transfer-syntax")
        yield MediaRange(media_type, is_multipart, syntaxes, quality)


def _unquoted(value: str) -> str:
    value = value.strip()
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _quality(value: str) -> float | None:
    return float(value) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", value) else None
