"""The review for the client: everything once, suspicious first, decided in batches; who looks second stays blind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from fastapi import FastAPI
from numpy.typing import NDArray
from starlette.testclient import TestClient

from mammoset import review
from mammoset.catalog import ReviewFact
from mammoset.project import Project
from mammoset.review.recording import REJECTION_REASONS
from mammoset.review.values import Group
from mammoset.terms.reasons import ReviewKind
from mammoset.web import create_app
from mammoset.web.answers.reviewing_bodies import Reason
from tests.review.making import REGION, add_exam, hold, image_id, make_project, study_id
from tests.web.opening import add_person, client_of

API = "/api/v1/review"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Four exams of which every image is drawn for a second look, and two reviewers."""
    with make_project(tmp_path / "p", exams=4, share=1.0) as opened:
        for name in ("lan", "minh", "hoa"):
            add_person(opened, name, "reviewer")
        yield opened


@pytest.fixture
def app(project: Project) -> FastAPI:
    return create_app(project)


@pytest.fixture
def lan(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "lan") as browser:
        yield browser


@pytest.fixture
def minh(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "minh") as browser:
        yield browser


def get(browser: TestClient, path: str, **query: Any) -> Any:
    answer = browser.get(f"{API}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(browser: TestClient, state: str) -> list[str]:
    return [one["image_id"] for one in get(browser, "images", state=state, limit=200)["items"]]


def verdict(browser: TestClient, image: str, reason: str | None = None) -> dict[str, Any]:
    shown = get(browser, f"images/{image}")
    return {
        "image_id": image, "verdict": "reject" if reason else "approve", "reason": reason, "pixels": shown["pixels"]
    }  # fmt: skip


def picture(content: bytes) -> NDArray[Any]:
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return decoded


def decide(browser: TestClient, **what: Any) -> Any:
    return browser.post(f"{API}/decisions", json=what)


def test_every_element_is_listed_with_what_waits_of_it(lan: TestClient) -> None:
    found = get(lan, "elements")
    assert found["total"] == len(found["items"]) == 11
    by_name = {one["element"]: one for one in found["items"]}
    code = by_name["ViewCodeSequence.CodeValue"]
    assert (code["n_values"], code["n_pending"], code["n_images"]) == (2, 2, 16)
    assert code["name"] == "View Code Sequence › Code Value"


def test_what_no_rule_guarantees_comes_first(project: Project) -> None:
    rules = {"Modality": Group.FIXED, "Manufacturer": Group.TEXT, "ViewCodeSequence": Group.CLOSED}
    with client_of(create_app(project, guarantees=rules), "lan") as browser:
        groups = [one["group"] for one in get(browser, "elements")["items"]]
    assert groups == ["other"] * 8 + ["text", "closed", "fixed"]


def test_the_pages_of_a_list_make_up_the_whole(lan: TestClient) -> None:
    whole = get(lan, "elements")["items"]
    pages, cursor = [], None
    while True:
        page = get(lan, "elements", limit=4, **({"cursor": cursor} if cursor else {}))
        pages += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == whole


def test_values_are_listed_one_by_one_and_many_numbers_as_a_range(lan: TestClient) -> None:
    makers = get(lan, "elements/Manufacturer/values")["items"]
    assert {one["value"]: one["n_images"] for one in makers} == {"GE MEDICAL SYSTEMS": 4, "HOLOGIC": 4, "SIEMENS": 8}
    assert all(one["verdict"] is None and one["range"] is None for one in makers)
    thickness = get(lan, "elements/BodyPartThickness/values")["items"]
    assert [one["value"] for one in thickness] == ["30..60"]
    assert thickness[0]["range"]["n"] == 16
    whole = get(lan, "elements/BodyPartThickness/values", whole=True, limit=200)["items"]
    assert sum(one["n_images"] for one in whole) == 16


def test_an_element_that_no_file_holds_is_not_found(lan: TestClient) -> None:
    assert lan.get(f"{API}/elements/PatientName/values").status_code == 404


def test_values_are_decided_about_alone_as_a_range_and_all_of_an_element(lan: TestClient) -> None:
    mark = {one["element"]: one["mark"] for one in get(lan, "elements")["items"]}
    answer = decide(
        lan,
        values=[
            {"element": "Manufacturer", "value": "SIEMENS", "verdict": "reject"},
            {"element": "BodyPartThickness", "value": "30..60", "verdict": "approve"},
            {"element": "PatientAge", "verdict": "approve", "mark": mark["PatientAge"]},
        ],
    )
    assert answer.json() == {"recorded": {"images": 0, "second_looks": 0, "values": 6, "regions": 0}}
    counts = {one["element"]: (one["n_pending"], one["n_rejected"]) for one in get(lan, "elements")["items"]}
    assert counts["Manufacturer"] == (2, 1)
    assert counts["BodyPartThickness"] == counts["PatientAge"] == (0, 0)


def test_all_of_an_element_is_approved_only_as_it_was_shown(project: Project, lan: TestClient) -> None:
    mark = {one["element"]: one["mark"] for one in get(lan, "elements")["items"]}["Manufacturer"]
    add_exam(project, 4, values={"Manufacturer": "ACME"})
    answer = decide(lan, values=[{"element": "Manufacturer", "verdict": "approve", "mark": mark}])
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert decide(lan, values=[{"element": "Manufacturer", "verdict": "approve"}]).status_code == 422


@pytest.mark.parametrize("element", ["group:fixed", "2.25.1"])
def test_an_element_cannot_name_a_group_or_an_exam(project: Project, lan: TestClient, element: str) -> None:
    answer = decide(lan, values=[{"element": element, "verdict": "approve", "mark": "ab"}])
    assert answer.status_code == 422
    assert project.catalog.review_book.facts() == []


def test_suspicious_images_come_first_and_say_why(project: Project, lan: TestClient) -> None:
    found = {"effort": "fast", "found": [[1, 2, 3, 4]], "decided": [[5, 6, 7, 8, "keep"]], "breast_pixels_lost": 0}
    add_exam(project, 2, cleaning=found)
    first = get(lan, "images")["items"][0]
    assert (first["study_id"], first["number"]) == (study_id(2), 3)
    assert [one["code"] for one in first["suspicions"]] == ["kept_region", "text_found"]
    assert first["regions"] == [{"region_id": f"{first['image_id']}@5,6,7,8", "box": [5, 6, 7, 8], "verdict": "keep"}]


def test_a_page_goes_on_where_the_one_before_ended_whatever_was_decided_since(lan: TestClient) -> None:
    every = ids(lan, "pending")
    page = get(lan, "images", limit=6)
    assert decide(lan, images=[verdict(lan, one["image_id"]) for one in page["items"]]).status_code == 200
    rest = get(lan, "images", limit=200, cursor=page["next_cursor"])
    assert [one["image_id"] for one in page["items"] + rest["items"]] == every
    assert rest["total"] == 10


@pytest.mark.parametrize("cursor", ["x", "WzFd", "bnVsbA", "WzEsMSwiYSIsMV0", "W1tbW1tb", "é" * 9])
def test_a_cursor_that_is_none_is_told_so(lan: TestClient, cursor: str) -> None:
    answer = lan.get(f"{API}/images", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor")


def test_images_are_decided_about_in_batches(project: Project, lan: TestClient) -> None:
    good, bad = (image_id(0, view) for view in (0, 1))
    answer = decide(lan, images=[verdict(lan, good), verdict(lan, bad, "image_quality")])
    assert answer.json()["recorded"]["images"] == 2
    assert (ids(lan, "approved"), ids(lan, "rejected")) == ([good], [bad])
    assert get(lan, f"images/{bad}")["said"] == {"by": "lan", "verdict": "reject", "reason": "image_quality"}
    assert set(ids(lan, "pending")).isdisjoint(image_id(0, view) for view in range(4))


def test_nothing_is_recorded_unless_all_of_it_can_be_and_every_problem_is_named(
    project: Project, lan: TestClient
) -> None:
    sound = verdict(lan, image_id(0, 0))
    answer = decide(
        lan,
        images=[sound, {**sound, "image_id": "2.25.999"}, {**sound, "image_id": image_id(1, 0), "pixels": "ab"}],
        values=[{"element": "Manufacturer", "value": "ACME", "verdict": "approve"}],
        regions=[{"region_id": "2.25.9@1,2,3,4", "verdict": "mask"}],
    )
    told = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert {(one["code"], one["subject"]) for one in told["violations"]} == {
        ("unknown", "2.25.999"), ("changed", image_id(1, 0)), ("unknown", "Manufacturer=ACME"),
        ("unknown", "2.25.9@1,2,3,4"),
    }  # fmt: skip
    assert project.catalog.review_book.facts() == []
    assert ids(lan, "approved") == []


def test_two_verdicts_about_one_image_are_refused(lan: TestClient) -> None:
    one = image_id(0, 0)
    answer = decide(lan, images=[verdict(lan, one), verdict(lan, one, "other")])
    assert (answer.status_code, answer.json()["code"]) == (422, "rules")


def test_a_verdict_about_other_pixels_is_a_conflict(project: Project, lan: TestClient) -> None:
    shown = verdict(lan, image_id(0, 0))
    add_exam(project, 0, pixels="e" * 64)
    answer = decide(lan, images=[shown])
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert decide(lan, images=[verdict(lan, image_id(0, 0))]).status_code == 200


def test_who_looks_second_does_not_learn_what_was_said(project: Project, lan: TestClient, minh: TestClient) -> None:
    """Whether the first person rejected or approved, the second is told exactly the same."""
    images = [image_id(0, view) for view in range(4)]
    told = []
    for reason in ("visible_identifier", None):
        assert decide(lan, images=[verdict(lan, one, reason) for one in images]).status_code == 200
        told.append([
            get(minh, "summary"), *(get(minh, "images", state=state) for state in get_states()),
            *(get(minh, f"images/{one}") for one in images), get(minh, "elements"),
        ])  # fmt: skip
    assert told[0] == told[1]
    assert sorted(ids(minh, "second")) == images
    assert ids(lan, "second") == []
    shown = get(minh, f"images/{images[0]}")
    assert (shown["said"], shown["second"], shown["suspicions"], shown["place"]) == (None, None, [], "second")


def get_states() -> tuple[str, ...]:
    return ("pending", "second", "disagreement", "rejected", "approved", "flagged")


def test_an_undecided_image_stays_listed_for_who_must_not_know_that_another_was_rejected(
    lan: TestClient, minh: TestClient
) -> None:
    assert decide(lan, images=[verdict(lan, image_id(0, 0), "other")]).status_code == 200
    assert image_id(0, 1) not in ids(lan, "pending")
    assert image_id(0, 1) in ids(minh, "pending")


def test_a_second_look_that_differs_opens_the_image_for_everybody(
    app: FastAPI, lan: TestClient, minh: TestClient
) -> None:
    one = image_id(0, 0)
    decide(lan, images=[verdict(lan, one)])
    answer = decide(minh, images=[verdict(minh, one, "visible_identifier")])
    assert answer.json()["recorded"] == {"images": 0, "second_looks": 1, "values": 0, "regions": 0}
    with client_of(app, "hoa") as hoa:
        assert ids(hoa, "disagreement") == [one]
        shown = get(hoa, f"images/{one}")
        assert shown["said"] == {"by": "lan", "verdict": "approve", "reason": None}
        assert shown["second"] == {"by": "minh", "verdict": "reject", "reason": "visible_identifier"}
        decide(hoa, images=[verdict(hoa, one)])
        assert (ids(hoa, "disagreement"), ids(hoa, "approved")) == ([], [one])


def test_what_a_reader_flagged_is_listed_with_the_reason_and_not_with_who_did(
    project: Project, lan: TestClient
) -> None:
    one = image_id(1, 2)
    review.decide(project, {image_id(1, view): None for view in range(4)}, by="lan")
    review.decide(project, {image_id(1, view): None for view in range(4)}, by="minh")
    pixels = get(lan, f"images/{one}")["pixels"]
    flag = ReviewFact(
        ReviewKind.FLAG, "reject", "reader1", study_id(1), one, pixels, "approve", "visible_identifier: a name"
    )
    project.catalog.review_book.append([flag])
    (item,) = get(lan, "images", state="flagged")["items"]
    assert item["flag"] == {"kind": "visible_identifier", "reason": "a name"}
    assert "reader1" not in str(item)
    assert get(lan, "summary")["flags"] == 1
    decide(lan, images=[verdict(lan, one)])
    assert (ids(lan, "flagged"), get(lan, "summary")["flags"]) == ([], 0)


def test_the_summary_counts_each_pass(project: Project, lan: TestClient) -> None:
    hold(project, 5)
    decide(lan, images=[verdict(lan, image_id(0, 0), "other")])
    found = get(lan, "summary")
    assert found["images"] == {"pending": 12, "approved": 0, "rejected": 1, "second_look": 0, "disagreement": 0}
    assert found["values"]["pending"] == sum(one["n_pending"] for one in get(lan, "elements")["items"])
    assert (found["exams"]["pending"], found["exams"]["rejected"], found["regions"]) == (3, 1, 1)


def test_the_summary_is_sent_again_only_when_it_has_changed(lan: TestClient) -> None:
    first = lan.get(f"{API}/summary")
    again = lan.get(f"{API}/summary", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    decide(lan, images=[verdict(lan, image_id(0, 0))])
    assert lan.get(f"{API}/summary", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_exam_is_approved_only_with_its_values(project: Project, lan: TestClient, minh: TestClient) -> None:
    for browser in (lan, minh):
        decide(browser, images=[verdict(browser, image_id(0, view)) for view in range(4)])
    assert get(lan, "summary")["exams"]["values"] == 1
    elements = get(lan, "elements")["items"]
    values = [{"element": one["element"], "verdict": "approve", "mark": one["mark"]} for one in elements]
    assert decide(lan, values=values).status_code == 200
    assert (get(lan, "summary")["exams"]["values"], get(lan, "summary")["exams"]["approved"]) == (0, 1)
    assert project.approved_study_ids() == [study_id(0)]


def test_regions_are_shown_and_decided_about(project: Project, lan: TestClient) -> None:
    first, second = hold(project, 5, REGION, (70, 20, 90, 40))
    found = get(lan, "regions", limit=1)
    more = get(lan, "regions", cursor=found["next_cursor"])
    assert {one["region_id"] for one in found["items"] + more["items"]} == {first.region_id, second.region_id}
    item = next(one for one in found["items"] + more["items"] if one["region_id"] == first.region_id)
    crop = lan.get(item["crop_url"])
    assert (crop.headers["Content-Type"], crop.headers["Cache-Control"]) == ("image/webp", "no-store")
    shown = picture(crop.content)
    assert (shown.shape, set(shown.ravel().tolist())) == ((20, 50), {90})
    assert decide(lan, regions=[{"region_id": first.region_id, "verdict": "mask"}]).status_code == 200
    assert [one["region_id"] for one in get(lan, "regions")["items"]] == [second.region_id]
    assert lan.get(item["crop_url"]).status_code == 404


def test_a_picture_is_shown_as_it_is_and_revealed_and_kept_nowhere(project: Project, lan: TestClient) -> None:
    add_exam(project, 0, has_files=True)
    url = get(lan, f"images/{image_id(0, 0)}")["preview_url"]
    answers = [lan.get(url, params={"height": "full", "look": look}) for look in ("window", "reveal")]
    shown, revealed = (picture(one.content) for one in answers)
    assert shown.shape == revealed.shape == (110, 88)
    assert not np.array_equal(shown, revealed)
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}


def test_a_picture_of_other_pixels_than_those_listed_is_a_conflict(project: Project, lan: TestClient) -> None:
    add_exam(project, 0, has_files=True)
    url = get(lan, f"images/{image_id(0, 0)}")["preview_url"]
    add_exam(project, 0, pixels="e" * 64, has_files=True)
    assert lan.get(url).status_code == 409
    assert lan.get(f"{API}/images/2.25.999/preview").status_code == 404
    assert lan.get(f"{API}/images/{image_id(0, 0)}/preview", params={"window": 9}).status_code == 404


def test_only_reviewers_review(project: Project, app: FastAPI) -> None:
    for role in ("reader", "arbiter", "admin"):
        add_person(project, role, role)
        with client_of(app, role) as browser:
            paths = ("summary", "elements", "images", "regions", f"images/{image_id(0, 0)}/preview")
            assert {browser.get(f"{API}/{path}").status_code for path in paths} == {403}
            assert decide(browser, images=[]).status_code == 403


def test_two_who_decide_about_the_same_at_once_are_both_on_record(project: Project, app: FastAPI) -> None:
    """In whatever order: the first decision, then the second look of the other person; never an error."""
    together, answers = Barrier(2), []
    images = [image_id(0, view) for view in range(4)]
    with client_of(app, "lan") as lan, client_of(app, "minh") as minh:

        def say(browser: TestClient, reason: str | None) -> None:
            body = [verdict(browser, one, reason) for one in images]
            together.wait()
            answers.append(decide(browser, images=body))

        threads = [Thread(target=say, args=one) for one in ((lan, None), (minh, "other"))]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(one.json()["recorded"]["second_looks"] for one in answers) == [0, 4]
    assert {
        one.standing.state.value for one in project.catalog.reviewed_images(project.second_looks, {study_id(0)})
    } == {"disagreement"}


def test_the_reasons_of_the_api_are_those_of_the_review() -> None:
    assert get_args(Reason) == REJECTION_REASONS
