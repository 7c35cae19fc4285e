"""What every route needs, in one value: the project, its exams, the previews, the templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mammoset.project import Project
from mammoset.web.door.access import ACCESS, Rule, Viewer
from mammoset.web.door.conditions import Conditions
from mammoset.web.pages.exams import Exams
from mammoset.web.pages.words import WORDS
from mammoset.web.pictures.previews import Previews
from mammoset.web.room import Room

HERE = Path(__file__).parent
STATIC = HERE / "static"
CLIENT = HERE / "client"
"""What the client's build leaves; absent before `make setup`."""

NAVIGATION = (
    ("/status", "Status"),
    ("/exams", "Exams"),
    ("/tables/breast-level", "Breast table"),
    ("/tables/findings", "Finding table"),
    ("/releases", "Releases"),
)
"""Address and name of the pages that every page links to; those that are not for somebody are left out for them."""

RULE_OF_PAGE = {address: ACCESS["GET", re.sub(r"^/tables/.*", "/tables/{name}", address)] for address, _ in NAVIGATION}


def make_environment(dataset: str) -> Environment:
    """Return the templates: everything is escaped, a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(WORDS)
    environment.globals.update(dataset=dataset)
    return environment


@dataclass(frozen=True)
class Site:
    """A project, ready to be shown.

    Attributes
    ----------
    client : Path
        Folder of the built client.
    viewer : Viewer or None
        To whom it is shown; None to somebody who is not signed in.
    """

    project: Project
    exams: Exams
    previews: Previews
    templates: Environment
    conditions: Conditions
    room: Room
    client: Path = CLIENT
    viewer: Viewer | None = None

    def page(self, template: str, here: str, **values: Any) -> HTMLResponse:
        """Return a page; `here` is the address of `NAVIGATION` to which it belongs."""
        may_use = {rule: self._may_use(rule) for rule in RULE_OF_PAGE.values()}
        navigation = [one for one in NAVIGATION if may_use[RULE_OF_PAGE[one[0]]]]
        found = self.templates.get_template(template)
        return HTMLResponse(found.render(here=here, navigation=navigation, **values))

    def _may_use(self, rule: Rule) -> bool:
        if self.viewer is None or (rule.roles and not rule.roles & self.viewer.roles):
            return False
        return self.conditions.refusal(rule.must, self.viewer, {}) is None


def _site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return replace(site, viewer=getattr(request.state, "viewer", None))


Here = Annotated[Site, Depends(_site_of)]
"""Annotation by which a route asks for the site."""
