"""What every route needs, in one value: the project, its exams, the previews, the templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mammoset.project import Project
from mammoset.web.exams import Exams
from mammoset.web.previews import Previews
from mammoset.web.words import WORDS

HERE = Path(__file__).parent
STATIC = HERE / "static"

NAVIGATION = (
    ("/", "Status"),
    ("/review", "Review"),
    ("/exams", "Exams"),
    ("/tables/breast-level", "Breast table"),
    ("/tables/findings", "Finding table"),
    ("/releases", "Releases"),
)
"""Address and name of the pages that every page links to."""


def make_environment(dataset: str) -> Environment:
    """Return the templates: everything is escaped, a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(WORDS)
    environment.globals.update(dataset=dataset, navigation=NAVIGATION)
    return environment


@dataclass(frozen=True)
class Site:
    """A project, ready to be shown."""

    project: Project
    exams: Exams
    previews: Previews
    templates: Environment

    def page(self, template: str, here: str, **values: Any) -> HTMLResponse:
        """Return a page; `here` is the address of `NAVIGATION` to which it belongs."""
        n_waiting = self.exams.collection().n_waiting
        return HTMLResponse(self.templates.get_template(template).render(here=here, n_waiting=n_waiting, **values))


def _site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(_site_of)]
"""Annotation by which a route asks for the site."""
