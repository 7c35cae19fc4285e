"""Requests made from the API's own description: none is answered by a defect, and every answer is as described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.python.asgi import ASGIClient
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mammoset import read, review
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.door.access import ROLES
from mammoset.web.door.signing_in import SigningIn, csrf_token
from tests.review.making import REGION, add_exam, approve_values, hold, image_id, images_of, make_project, study_id
from tests.web.opening import BASE, add_person

CHECKS = [
    checks.not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
ENDLESS = {"/api/v1/signals"}
"""Streams that end when their client goes."""
PEOPLE: dict[str, tuple[str, ...]] = {"everybody": tuple(ROLES), **{role: (role,) for role in ROLES}}
"""Name to roles: somebody who may do all of it, and somebody for each role alone."""
REAL: Mapping[str, tuple[str, ...]] = {
    "study_id": (study_id(0), study_id(1)),
    "image_id": (image_id(0, 0), image_id(1, 2)),
    "element": ("Manufacturer", "BodyPartThickness"),
    "region_id": (f"{image_id(5, 0)}@{','.join(map(str, REGION))}",),
    "name": ("spare",),
}
"""What addresses may name besides what is made up."""


EXAMPLES = (1, 5)
"""Requests to each operation: of somebody with one role, of somebody with all."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An exam that is read, one that waits for review, and one with a region that waits."""
    with make_project(tmp_path / "p", exams=2, share=0.0) as made:
        for number in (0, 1):
            add_exam(made, number, has_files=True)
        hold(made, 5)
        for name, roles in (PEOPLE | {"spare": ("reader",), "other": ("reader",)}).items():
            add_person(made, name, *roles, password_hash="nobody's")
        approve_values(made)
        review.decide(made, dict.fromkeys(images_of(made, 0)), by="reviewer")
        for name in ("everybody", "reader"):
            read.assign_one(made, study_id(0), name, "reader")
        yield made


def session_of(app: FastAPI, name: str) -> ASGIClient:
    signing_in: SigningIn = app.state.signing_in
    token = signing_in.open(name, "link")
    client = ASGIClient(cast(Any, app), BASE)
    client.cookies.set(signing_in.cookie_name, token)
    client.headers["X-CSRF-Token"] = csrf_token(token)
    return client


@st.composite
def requests(draw: st.DrawFn, operation: Any) -> Any:
    """Make a request to an operation; its address names something real in most."""
    case = draw(operation.as_strategy())
    named = {key: draw(st.sampled_from(REAL[key])) for key in case.path_parameters or {} if key in REAL}
    is_made_up: int = draw(st.integers(0, 3))
    if named and is_made_up:
        case.path_parameters = {**(case.path_parameters or {}), **named}
    return case


def statuses_of(app: FastAPI, name: str, operation: Any, n_examples: int) -> set[int]:
    """Ask an operation as a person, and check each answer; return their statuses."""
    found: set[int] = set()

    @settings(
        max_examples=n_examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=requests(operation))
    def ask(case: Any) -> None:
        with session_of(app, name) as session:
            answer = case.call_and_validate(base_url=BASE, session=session, checks=CHECKS)
        found.add(answer.status_code)

    ask()
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_every_answer_is_one_that_the_description_knows(project: Project, name: str) -> None:
    app = create_app(project)
    description = schemathesis.openapi.from_dict(app.openapi())
    description.app = app
    operations: list[Any] = [one.ok() for one in description.get_all_operations()]  # type: ignore[union-attr]
    asked = [
        statuses_of(app, name, one, EXAMPLES[name == "everybody"]) for one in operations if one.path not in ENDLESS
    ]
    assert len(asked) > 35
    done = sum(any(status < 300 for status in statuses) for statuses in asked)
    assert name != "everybody" or done > len(asked) // 2, "most is refused: nothing is tried in earnest"
