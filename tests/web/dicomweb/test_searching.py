from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mammoset.web.dicomweb import searching
from mammoset.web.dicomweb.attributes import ANSWERED, Level, tag_of
from tests.web.building import Made
from tests.web.dicomweb.asking import parts_of
from tests.web.dicomweb.building import STUDY_DATE, Stored
from tests.web.opening import client_of

OHIF_STUDIES = {
    "limit": "101", "offset": "0", "fuzzymatching": "false", "includefield": "00081030,00080060,00080090,00100030"
}  # fmt: skip


def found(browser: TestClient, path: str, **asked: str) -> list[dict[str, Any]]:
    answer = browser.get(path, params=asked, headers={"Accept": "application/dicom+json"})
    assert answer.status_code in (200, 204), answer.text
    return answer.json() if answer.status_code == 200 else []


def values(rows: Sequence[dict[str, Any]], keyword: str) -> list[Any]:
    return [value for row in rows for value in row[tag_of(keyword)].get("Value", [])]


def test_a_study_is_answered_with_what_the_standard_wants(reader: TestClient, stored: Sequence[Stored]) -> None:
    (row,) = found(reader, "studies")
    assert set(row) == {tag_of(keyword) for keyword in ANSWERED[Level.STUDY]} | {"00081190"}
    image = stored[0].record.image
    assert row["0020000D"] == {"vr": "UI", "Value": [image.study_id]}
    assert row["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": f"{image.patient_id}^"}]}
    assert row["00080020"] == {"vr": "DA", "Value": [STUDY_DATE]}
    assert row["00080050"] == {"vr": "SH"}, "present, and empty"
    assert (row["00201206"]["Value"], row["00201208"]["Value"]) == ([2], [4])
    assert reader.get(row["00081190"]["Value"][0] + "/metadata").status_code == 200


def test_series_and_instances_of_a_study(reader: TestClient, stored: Sequence[Stored]) -> None:
    study = stored[0].record.image.study_id
    series = found(reader, f"studies/{study}/series")
    assert values(series, "SeriesInstanceUID") == list(dict.fromkeys(one.record.image.series_id for one in stored))
    assert values(series, "NumberOfSeriesRelatedInstances") == [2, 2]
    instances = found(reader, f"studies/{study}/instances")
    assert values(instances, "SOPInstanceUID") == [one.record.image.image_id for one in stored]
    assert values(instances, "Rows") == [one.pixels.shape[0] for one in stored]
    assert values(instances, "Modality") == ["MG"] * 4, "series attributes, because several series are searched"
    first = series[0]["0020000E"]["Value"][0]
    of_series = found(reader, f"studies/{study}/series/{first}/instances")
    assert values(of_series, "SOPInstanceUID") == [one.record.image.image_id for one in stored if first in one.place]
    assert "00080060" not in of_series[0]
    assert values(of_series, "InstanceNumber") == [3, 4]
    assert values(of_series, "BitsAllocated") == [8, 16]


def test_all_series_and_all_instances_tell_their_study(reader: TestClient, stored: Sequence[Stored]) -> None:
    study = stored[0].record.image.study_id
    assert set(values(found(reader, "series"), "StudyInstanceUID")) == {study}
    assert len(found(reader, "instances")) == 4
    assert {"00100020", "0020000E", "00080018"} <= found(reader, "instances")[0].keys()


@pytest.mark.parametrize(
    ("asked", "n_studies"),
    [
        ({"PatientID": "P-LAYOUTS"}, 1),
        ({"00100020": "*layouts*"}, 0),
        ({"00100020": "*LAYOUTS*"}, 1),
        ({"PatientName": "*layouts*"}, 1),
        ({"PatientID": ""}, 1),
        ({"AccessionNumber": "*"}, 1),
        ({"AccessionNumber": "1*"}, 0),
        ({"StudyDate": "20190101-20191231"}, 1),
        ({"StudyDate": "20190306-"}, 0),
        ({"StudyDate": "-20190305", "PatientSex": "F"}, 1),
        ({"StudyDescription": "*mammo*"}, 0),
        ({"StudyInstanceUID": "2.25.1,2.25.2"}, 0),
        ({"ModalitiesInStudy": "MG"}, 1),
        ({"ModalitiesInStudy": "CT,MG"}, 1),
        ({"ModalitiesInStudy": "CT"}, 0),
        ({"Modality": "MG", "ViewPosition": "MLO"}, 1),
        ({"KVP": "28.5"}, 1),
        ({"KVP": "28"}, 0),
        ({"BodyPartExamined": "BREAST"}, 0),
    ],
)
def test_studies_are_found_by_their_attributes(reader: TestClient, asked: dict[str, str], n_studies: int) -> None:
    assert len(found(reader, "studies", **asked)) == n_studies


def test_a_list_of_uids_finds_each_of_them(client: TestClient, made: list[Made]) -> None:
    wanted = [made[1].study_id, made[4].study_id]
    for separator in (",", "\\"):
        rows = found(client, "/dicomweb/studies", StudyInstanceUID=separator.join(wanted))
        assert values(rows, "StudyInstanceUID") == wanted


def test_instances_are_found_by_what_only_their_files_tell(reader: TestClient, stored: Sequence[Stored]) -> None:
    study = stored[0].record.image.study_id
    (row,) = found(reader, f"studies/{study}/instances", InstanceNumber="2")
    assert row["00080018"]["Value"] == [next(one.record.image.image_id for one in stored if "signed" in one.layout)]
    assert len(found(reader, "instances", PixelRepresentation="1")) == 1
    assert len(found(reader, "series", PixelRepresentation="1")) == 1


def test_what_is_asked_to_be_included_is(reader: TestClient) -> None:
    (row,) = found(reader, "studies", includefield="00081030,Modality,KVP,PatientSex")
    assert row["00081030"] == {"vr": "LO"}
    assert "00180060" not in row, "attributes of lower levels are not answered (PS3.18 10.6.3.3.1)"
    for row in found(reader, "instances", includefield="ViewCodeSequence,00180060"):
        assert row["00540220"]["Value"][0]["00080100"]["Value"] == ["399162004"]
        assert row["00180060"]["Value"] == [28.5]
    (row, _) = found(reader, "series", Manufacturer="SIEMENS")
    assert row["00080070"]["Value"] == ["SIEMENS"], "what is searched for is answered"


def test_all_is_everything_at_the_level(reader: TestClient, stored: Sequence[Stored]) -> None:
    (study,) = found(reader, "studies", includefield="all")
    assert "00080070" not in study
    series = found(reader, "series", includefield="all")[0]
    assert {"00080070", "00100010"} <= series.keys()
    assert "00280010" not in series
    instance = found(reader, "instances", includefield="all")[0]
    place = stored[0].place[1:]
    (whole,) = reader.get(f"{place}/metadata").json()
    assert set(whole) - {"7FE00010"} <= set(instance)


def test_pages_follow_each_other_and_say_how_many_come_after(app: FastAPI, made: list[Made]) -> None:
    ids: list[str] = []
    with client_of(app, "anna") as anna:
        for offset in range(0, 60, 20):
            answer = anna.get("/dicomweb/studies", params={"limit": "20", "offset": str(offset)})
            ids += values(answer.json(), "StudyInstanceUID")
            remaining = len(made) - len(ids)
            told = answer.headers.get("Warning", "")
            assert (f"There are {remaining} additional results" in told) is (remaining > 0)
            assert not told or told.startswith("299 http://127.0.0.1:8000/dicomweb: ")
    assert ids == [one.study_id for one in made]


def test_nothing_found_is_no_content(reader: TestClient) -> None:
    for asked in ({"PatientID": "nobody"}, {"limit": "0"}, {"offset": "5"}):
        answer = reader.get("studies", params=asked)
        assert (answer.status_code, answer.content) == (204, b"")


def test_fuzzy_matching_is_not_done_and_that_is_said(reader: TestClient) -> None:
    answer = reader.get("studies", params={"fuzzymatching": "true"})
    assert answer.status_code == 200
    assert answer.headers["Warning"].endswith(
        "The fuzzymatching parameter is not supported. Only literal matching has been performed."
    )
    assert "Warning" not in reader.get("studies", params={"fuzzymatching": "false"}).headers


@pytest.mark.parametrize(
    "asked",
    ["NoSuchAttribute=secret", "StudyDate=secret", "limit=secret", "offset=-1", "PatientID=secret&00100020=1",
     "includefield=secret", "ViewCodeSequence.CodeValue=secret", "Rows=secret", "limit=99999999999999999999"],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_without_repeating_it(reader: TestClient, asked: str) -> None:
    answer = reader.get(f"studies?{asked}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in answer.text


def test_what_no_file_holds_finds_nothing(reader: TestClient) -> None:
    path = "RequestAttributesSequence.ScheduledProcedureStepID"
    assert found(reader, "series", **{path: "1"}) == []
    assert len(found(reader, "series", **{path: ""})) == 2


def test_a_search_that_would_read_every_file_is_too_broad(reader: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_READ", 3)
    assert reader.get("instances", params={"KVP": "28.5"}).status_code == 413
    assert len(found(reader, "instances", KVP="28.5", ViewPosition="CC")) == 2, "the catalog leaves few to be read"


def test_no_more_than_a_page_is_answered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RESULTS", 7)
    answer = client.get("/dicomweb/studies", params={"limit": "5000"})
    assert len(answer.json()) == 7


def test_results_come_as_xml_too(reader: TestClient, stored: Sequence[Stored]) -> None:
    answer = reader.get("instances", headers={"Accept": 'multipart/related; type="application/dicom+xml"'})
    documents = [ElementTree.fromstring(content) for _, content in parts_of(answer)]  # our own server's
    ids = [one.findtext("./{*}DicomAttribute[@keyword='SOPInstanceUID']/{*}Value") for one in documents]
    assert ids == [one.record.image.image_id for one in stored]


def test_what_ohif_asks_for_its_list_is_answered(reader: TestClient, stored: Sequence[Stored]) -> None:
    (row,) = found(reader, "studies", **OHIF_STUDIES, PatientName="*LAYOUTS*", StudyDate="20190101-20191231")
    assert {"0020000D", "00080020", "00100020", "00100010", "00201208", "00081030", "00080061"} <= row.keys()
    study = stored[0].record.image.study_id
    series = found(reader, f"studies/{study}/series", includefield="0008103E,00080021")
    assert {"0020000D", "0020000E", "00080060", "00200011", "00201209", "0008103E"} <= {
        tag for row in series for tag in row
    } | {"0020000D"}
