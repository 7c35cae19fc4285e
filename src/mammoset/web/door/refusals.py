"""What the workflow and the rules do not allow, as problem details with a short word for programs."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from mammoset.errors import RuleViolation, TransitionError
from mammoset.web.door.problems import Answer, Refused, not_found

STATUS_OF = {"held": 410, "excluded": 410}
"""Code of a `TransitionError` to its status; of all others 409."""


def answer_refusals(app: FastAPI, problems: Answer) -> None:
    """Let an application answer what the workflow and the rules do not allow."""

    @app.exception_handler(TransitionError)
    def not_now(request: Request, error: TransitionError) -> Response:
        return problems(request, refused(error))

    @app.exception_handler(RuleViolation)
    def broken(request: Request, error: RuleViolation) -> Response:
        return problems(request, Refused(422, str(error), code="rules"))


def refused(error: TransitionError) -> Refused:
    """Return the refusal for a step that is not possible; an exam of somebody else is like one that does not exist."""
    if error.code == "not_assigned":
        return not_found()
    return Refused(STATUS_OF.get(error.code, 409), str(error), code=error.code)
