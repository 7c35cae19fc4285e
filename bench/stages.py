"""One stage of a project, alone in a process: ``python -m bench.stages STAGE FOLDER``.

The folder holds ``exams/``; the project is made beside it. The stages are to be run in the order of `STAGES`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.builders import reading

from mammoset import acquire, export, pseudonymize, publish, read, review, split
from mammoset.domain.readings_json import reading_to_json
from mammoset.domain.workflow import standing_of
from mammoset.model import Reader
from mammoset.project import Project

SETTINGS = '[dataset]\nname = "bench"\n\n[review]\nsecond_look = 0\n\n[pseudonymize]\ntext_check = "{text_check}"\n'
MOST_SEARCHED = 500
"""Exams up to which burned-in text is looked for: a second of a core an image, and the same memory at any number."""


def _import_readings(project: Project) -> None:
    readings = [
        reading_to_json(reading(study_id, name))
        for study_id, facts in project.catalog.facts().items()
        for name in standing_of(facts, project.schema).pending
    ]
    read.import_readings(project, json.dumps({"readings": readings}))


def _assign(project: Project) -> None:
    for name in ("r1", "r2", "r3"):
        project.catalog.put_reader(Reader(name, ("reader",), 10, 1000))
    project.catalog.put_reader(Reader("a", ("arbiter",), 20, 2000))
    read.assign(project)


def _review(project: Project) -> None:
    said = [review.Saying("approve", one.element) for one in review.elements(project)]
    review.record(project, review.words_of(project, said, by="reviewer"), by="reviewer")
    verdicts = {image.image_id: None for study in review.pending(project) for image in study.images}
    review.decide(project, verdicts, by="reviewer")


STAGES: dict[str, Callable[[Project], object]] = {
    "acquire": lambda project: acquire.acquire_folder(project, [project.root.parent / "exams"]),
    "pseudonymize": pseudonymize.pseudonymize,
    "review": _review,
    "assign": _assign,
    "import readings": _import_readings,
    "export": export.export_project,
    "split": split.split_project,
    "publish": lambda project: publish.publish(project, "1.0.0"),
    "verify": lambda project: publish.verify(project.releases / "1.0.0"),
}


def project_of(folder: Path) -> Project:
    """Open the project of a bench folder; make it at first."""
    root = folder / "project"
    if root.exists():
        return Project.open(root)
    is_searched = sum(1 for _ in (folder / "exams").rglob("*.dcm")) <= 4 * MOST_SEARCHED
    return Project.create(root, settings_text=SETTINGS.format(text_check="fast" if is_searched else "off"))


def main() -> None:
    """Run the stage that the command line names."""
    with project_of(Path(sys.argv[2])) as project:
        STAGES[sys.argv[1]](project)


if __name__ == "__main__":
    main()
