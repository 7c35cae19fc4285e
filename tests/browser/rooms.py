"""Reading rooms: projects whose exams wait for readers, served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mammoset.catalog import now
from mammoset.domain.workflow import Fact, FactKind, Role
from mammoset.project import Project
from mammoset.web import create_app
from mammoset.web.site import CLIENT
from tests.browser.opening import hire, serving
from tests.web.building import Made, build


@dataclass(frozen=True)
class Room:
    """A project that is served: its exams, and the address."""

    project: Project
    exams: list[Made]
    address: str


def assign(project: Project, made: Made, *names: str, role: Role = "reader") -> None:
    """Give an exam to people."""
    project.catalog.append([Fact(FactKind.ASSIGNED, made.study_id, name, now(), role=role) for name in names])


@contextmanager
def reading_room(folder: Path, *readers: str, n_exams: int, client: Path = CLIENT, **size: Any) -> Iterator[Room]:
    """Serve a project whose exams all wait for these readers; `size` as in `tests.web.building.build`."""
    exams = build(folder, n_exams=n_exams, is_read=False, **size)
    with Project.open(folder) as project:
        hire(project, **dict.fromkeys(readers, "reader"))
        for made in exams:
            assign(project, made, *readers)
        with serving(create_app(project, client=client)) as address:
            yield Room(project, exams, address)
