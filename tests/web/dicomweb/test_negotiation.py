from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.terms.dicom import EXPLICIT_VR_LE, HTJ2K_LOSSLESS, JPEG_2000_LOSSLESS, JPEG_LS_LOSSLESS
from mammoset.web.dicomweb.negotiation import (
    FRAME_OFFERS,
    INSTANCE_OFFERS,
    METADATA_OFFERS,
    RENDERED_OFFERS,
    STORED,
    Offer,
    choose,
    single,
)

FRAMES = FRAME_OFFERS + single(FRAME_OFFERS)
INSTANCES = INSTANCE_OFFERS + single(INSTANCE_OFFERS)

CORNERSTONE = "multipart/related; type=application/octet-stream; transfer-syntax=*"
OHIF = 'multipart/related; type="application/octet-stream"; transfer-syntax="*"'
OHIF_JPEG_LS = 'multipart/related; type="image/jls"; transfer-syntax="1.2.840.10008.1.2.4.80"; transfer-syntax="*"'


@pytest.mark.parametrize(
    ("accept", "media_type", "transfer_syntax", "is_multipart"),
    [
        ("*/*", "application/octet-stream", EXPLICIT_VR_LE, True),
        (CORNERSTONE, "application/octet-stream", STORED, True),
        (OHIF, "application/octet-stream", STORED, True),
        (OHIF_JPEG_LS, "image/jls", JPEG_LS_LOSSLESS, True),
        ("multipart/related", "application/octet-stream", EXPLICIT_VR_LE, True),
        ('multipart/related; type="*/*"; transfer-syntax=*', "application/octet-stream", STORED, True),
        ('multipart/related; type="application/octet-stream"', "application/octet-stream", EXPLICIT_VR_LE, True),
        ("multipart/related; type=image/jphc", "image/jphc", HTJ2K_LOSSLESS, True),
        (f"multipart/related; type=image/jphc; transfer-syntax={STORED}", "image/jphc", STORED, True),
        ('multipart/related; type="image/*"; transfer-syntax=*', "image/jphc", STORED, True),
        ("image/jphc; transfer-syntax=*", "image/jphc", STORED, False),
        ("image/jls", "image/jls", JPEG_LS_LOSSLESS, False),
        ('multipart/related;type="image/jp2"', "image/jp2", JPEG_2000_LOSSLESS, True),
        ('multipart/related; type="image/x-jls"', "image/x-jls", JPEG_LS_LOSSLESS, True),
        ("application/octet-stream;q=0.5, image/jls;q=0.9", "image/jls", JPEG_LS_LOSSLESS, False),
        ("image/jls;q=0, image/*", "image/jphc", HTJ2K_LOSSLESS, False),
        ("image/gif, image/jls;q=0.1", "image/jls", JPEG_LS_LOSSLESS, False),
        ("IMAGE/JLS", "image/jls", JPEG_LS_LOSSLESS, False),
    ],
)
def test_frames_come_as_the_client_likes_them_best(
    accept: str, media_type: str, transfer_syntax: str, is_multipart: bool
) -> None:
    found = choose(accept, FRAMES)
    assert found is not None
    assert (found.media_type, found.transfer_syntax, found.is_multipart) == (media_type, transfer_syntax, is_multipart)


@pytest.mark.parametrize(
    ("accept", "transfer_syntax", "is_multipart"),
    [
        ('multipart/related; type="application/dicom"', EXPLICIT_VR_LE, True),
        ('multipart/related; type="application/dicom"; transfer-syntax=*', STORED, True),
        (f'multipart/related; type="application/dicom"; transfer-syntax={JPEG_LS_LOSSLESS}', JPEG_LS_LOSSLESS, True),
        ("application/dicom", EXPLICIT_VR_LE, False),
        ("application/dicom; transfer-syntax=*", STORED, False),
        (
            f'multipart/related; type="application/dicom"; transfer-syntax={STORED}; q=0.2, '
            f'multipart/related; type="application/dicom"; transfer-syntax={JPEG_LS_LOSSLESS}; q=0.3',
            JPEG_LS_LOSSLESS,
            True,
        ),
        ("*/*", EXPLICIT_VR_LE, True),
    ],
)
def test_the_transfer_syntax_of_objects_is_negotiated(accept: str, transfer_syntax: str, is_multipart: bool) -> None:
    found = choose(accept, INSTANCES)
    assert found is not None
    assert (found.transfer_syntax, found.is_multipart) == (transfer_syntax, is_multipart)


@pytest.mark.parametrize(
    "accept",
    ["", "text/html", "multipart/related; type=image/dicom-rle", "application/dicom", "image/jls; q=0", "image/jls;q=2",
     f"image/jls; transfer-syntax={STORED}", 'multipart/form-data; type="image/jls"'],
)  # fmt: skip
def test_what_there_is_not_is_not_chosen(accept: str) -> None:
    assert choose(accept, FRAMES) is None


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/dicom+json, application/json", "application/dicom+json"),
        ("application/json", "application/json"),
        ('multipart/related; type="application/dicom+xml"', "application/dicom+xml"),
        ("*/*", "application/dicom+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/dicom+json"),
    ],
)
def test_metadata_come_as_json_or_xml(accept: str, media_type: str) -> None:
    found = choose(accept, METADATA_OFFERS)
    assert found is not None
    assert found.media_type == media_type


def test_a_browser_gets_a_picture_as_jpeg() -> None:
    found = choose("image/avif,image/webp,image/apng,image/*;q=0.8,*/*;q=0.5", single(RENDERED_OFFERS))
    assert found is not None
    assert found.content_type == "image/jpeg"


@given(st.text(alphabet=st.sampled_from('abc/*;,="\\ q01.tyermulipa+-'), max_size=80))
def test_any_header_chooses_an_offer_or_none(accept: str) -> None:
    assert choose(accept, FRAMES) in (None, *FRAMES)


def spelled(offer: Offer, quality: str) -> str:
    kind = f'multipart/related; type="{offer.media_type}"' if offer.is_multipart else offer.media_type
    return f"{kind}; transfer-syntax={offer.transfer_syntax}; q={quality}"


@given(st.sampled_from(FRAMES), st.sampled_from(FRAMES))
def test_of_two_the_one_with_the_higher_quality_is_sent(liked: Offer, other: Offer) -> None:
    if liked != other:
        assert choose(f"{spelled(other, '0.3')}, {spelled(liked, '0.7')}", FRAMES) == liked
