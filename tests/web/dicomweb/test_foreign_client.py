"""A program of others against a served process: dicomweb-client, and what OHIF and its image loader send."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import imagecodecs
import numpy as np
import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from PIL import Image as Picture
from pydicom.dataset import Dataset

from mammoset.pixels.codec import decode
from mammoset.project import Project
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL
from tests.web.dicomweb.building import PASSWORD, Stored

PROGRAM = """
import sys
from pathlib import Path
from mammoset.project import Project
from mammoset.web import serve
with Project.open(Path(sys.argv[1])) as project:
    serve(project, host="127.0.0.1", port=0, token="x", on_ready=lambda url: print(url, flush=True))
"""

Uids = tuple[str, str, str]


@pytest.fixture(scope="module")
def session(layouts: tuple[Project, tuple[Stored, ...]]) -> Iterator[tuple[str, requests.Session]]:
    """Address of the service in a process of its own, and anna signed in to it."""
    project = layouts[0]
    command = [sys.executable, "-c", PROGRAM, str(project.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, requests.Session() as opened:
        assert server.stdout is not None
        base = server.stdout.readline().split("/?")[0]
        opened.trust_env = False
        answer = opened.post(f"{base}/api/v1/session", json={"name": "anna", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield f"{base}/dicomweb", opened
        server.terminate()


@pytest.fixture(scope="module")
def client(session: tuple[str, requests.Session]) -> DICOMwebClient:
    return DICOMwebClient(url=session[0], session=session[1])


def uids(one: Stored) -> Uids:
    image = one.record.image
    return image.study_id, image.series_id, image.image_id


def test_it_searches_at_every_level(client: DICOMwebClient, stored: Sequence[Stored]) -> None:
    study, series, _ = uids(stored[0])
    (row,) = client.search_for_studies(search_filters={"PatientID": "P-*"}, fields=["StudyDescription"])
    assert Dataset.from_json(row).StudyInstanceUID == study
    assert len(client.search_for_series(study)) == 2
    assert len(client.search_for_instances(study, series)) == 2
    assert len(client.search_for_instances(search_filters={"ViewPosition": "CC"}, get_remaining=True)) == 2
    assert client.search_for_studies(search_filters={"PatientID": "nobody"}) == []


def test_it_retrieves_objects_in_the_default_syntax_and_as_stored(
    client: DICOMwebClient, stored: Sequence[Stored]
) -> None:
    study, series, _ = uids(stored[0])
    for one in stored:
        found = client.retrieve_instance(*uids(one))
        assert found.file_meta.TransferSyntaxUID == HTJ2K_LOSSLESS_RPCL, "it asks for any syntax"
        assert np.array_equal(decode(found), one.pixels)
    whole = client.retrieve_study(study)
    assert [np.array_equal(one.pixel_array, it.pixels) for one, it in zip(whole, stored, strict=True)] == [True] * 4
    assert len(client.retrieve_series(study, series, media_types=(("application/dicom", "*"),))) == 2
    streamed = [found.SOPInstanceUID for found in client.iter_study(study)]
    assert streamed == [one.record.image.image_id for one in stored]


def test_it_retrieves_metadata_and_what_they_point_to(client: DICOMwebClient, stored: Sequence[Stored]) -> None:
    study, series, _ = uids(stored[0])
    assert len(client.retrieve_study_metadata(study)) == 4
    assert len(client.retrieve_series_metadata(study, series)) == 2
    for one in stored:
        found: Any = client.retrieve_instance_metadata(*uids(one))
        assert (found["00280010"]["Value"], found["00280011"]["Value"]) == tuple([n] for n in one.pixels.shape)
        (data,) = client.retrieve_bulkdata(found["7FE00010"]["BulkDataURI"])
        assert data == one.pixels.tobytes()


def test_it_retrieves_frames(client: DICOMwebClient, stored: Sequence[Stored]) -> None:
    for one in stored:
        for media_types in (None, ("application/octet-stream",)):
            (data,) = client.retrieve_instance_frames(*uids(one), [1], media_types=media_types)
            assert data == one.pixels.tobytes()
        (data,) = client.retrieve_instance_frames(
            *uids(one), [1], media_types=(("image/jls", "1.2.840.10008.1.2.4.80"),)
        )
        assert np.array_equal(imagecodecs.jpegls_decode(data).view(one.pixels.dtype), one.pixels)
        (data,) = client.iter_instance_frames(*uids(one), [1], media_types=(("image/jp2", "*"),))
        assert np.array_equal(imagecodecs.jpeg2k_decode(data).view(one.pixels.dtype), one.pixels)


def test_it_retrieves_pictures(client: DICOMwebClient, stored: Sequence[Stored]) -> None:
    for one in stored:
        for media_type, kind in (("image/jpeg", "JPEG"), ("image/png", "PNG")):
            data = client.retrieve_instance_rendered(*uids(one), media_types=(media_type,), params={"quality": 80})
            picture = Picture.open(BytesIO(data))
            assert (picture.format, picture.size) == (kind, one.pixels.shape[::-1])
        framed = client.retrieve_instance_frames_rendered(*uids(one), [1], media_types=("image/png",))
        assert framed == client.retrieve_instance_rendered(*uids(one), media_types=("image/png",))


def test_the_image_loader_of_ohif_gets_the_code_stream_as_it_lies(
    session: tuple[str, requests.Session], stored: Sequence[Stored]
) -> None:
    base, opened = session
    for accepted in (
        "multipart/related; type=application/octet-stream; transfer-syntax=*",
        'multipart/related; type="application/octet-stream"; transfer-syntax="*"',
        "multipart/related; type=image/jphc; transfer-syntax=*",
    ):
        answer = opened.get(f"{base}{stored[0].place}/frames/1", headers={"Accept": accepted})
        assert answer.status_code == 200
        # as the loader reads it: the first header lines, the boundary line, the boundary again
        head, _, rest = answer.content.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert lines[0].startswith("--")
        (content_type,) = [line.removeprefix("Content-Type: ") for line in lines if line.startswith("Content-Type:")]
        assert content_type.endswith(f"; transfer-syntax={HTJ2K_LOSSLESS_RPCL}")
        frame = rest[: rest.index(lines[0].encode()) - 2]
        assert np.array_equal(imagecodecs.htj2k_decode(frame), stored[0].pixels)


def test_the_image_loader_of_ohif_may_begin_with_a_part_of_it(
    session: tuple[str, requests.Session], stored: Sequence[Stored]
) -> None:
    base, opened = session
    asked = {"Accept": "multipart/related; type=application/octet-stream; transfer-syntax=*"}
    place = f"{base}{stored[0].place}/frames/1"
    first = opened.get(place, headers=asked | {"Range": "bytes=0-499"})
    total = int(first.headers["Content-Range"].split("/")[1])
    second = opened.get(place, headers=asked | {"Range": f"bytes=500-{total}"})
    assert (first.status_code, second.status_code) == (206, 206)
    assert first.content + second.content == opened.get(place, headers=asked).content


def test_ohif_builds_its_addresses_from_what_searches_answer(
    session: tuple[str, requests.Session], stored: Sequence[Stored]
) -> None:
    base, opened = session
    asked = {"limit": "101", "offset": "0", "fuzzymatching": "false", "includefield": "00081030,00080060"}
    (study,) = opened.get(f"{base}/studies", params=asked, headers={"Accept": "application/dicom+json"}).json()
    series = opened.get(f"{base}/studies/{study['0020000D']['Value'][0]}/series?includefield=0008103E,00080021").json()
    numbers = []
    for row in series:
        address = row["00081190"]["Value"][0]
        assert address.startswith(f"{base}/studies/")
        metadata = opened.get(f"{address}/metadata", headers={"Accept": "application/dicom+json"}).json()
        numbers += [one["00200013"]["Value"][0] for one in metadata]
        assert {one["00083002"]["Value"][0] for one in metadata} == {HTJ2K_LOSSLESS_RPCL}
    assert sorted(numbers) == [1, 2, 3, 4]


def test_a_thumbnail_is_linked_by_address_alone(
    session: tuple[str, requests.Session], stored: Sequence[Stored]
) -> None:
    base, opened = session
    study, series, _ = uids(stored[0])
    answer = opened.get(
        f"{base}/studies/{study}/series/{series}/thumbnail?accept=image/jpeg",
        headers={"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"},
    )
    assert Picture.open(BytesIO(answer.content)).format == "JPEG"
    assert urlsplit(answer.url).path.endswith("/thumbnail")
