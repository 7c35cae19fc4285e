from __future__ import annotations

import json
from pathlib import Path

from mammoset.project import Project
from mammoset.web.routes.releases import releases_in
from tests.web.building import Made
from tests.web.opening import opened


def test_releases_are_listed_with_their_counts_and_how_to_verify_them(small: tuple[Project, list[Made]]) -> None:
    project, _ = small
    folder = project.releases / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "release.json").write_text(json.dumps({"counts": {"studies": 1234, "images": 4936}}))
    with opened(project) as browser:
        page = browser.get("/releases").text
    assert "mammoset verify releases/1.0.0" in page
    assert "1\u202f234" in page
    assert str(project.root) not in page


def test_a_description_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    for version, text in (("1.0.0", "{"), ("2.0.0", "[]"), ("3.0.0", '{"counts": [1]}')):
        (tmp_path / version).mkdir()
        (tmp_path / version / "release.json").write_text(text)
    (tmp_path / "half").mkdir()
    assert [(one.version, one.is_readable, one.counts) for one in releases_in(tmp_path)] == [
        ("1.0.0", False, ()),
        ("2.0.0", False, ()),
        ("3.0.0", True, ()),
    ]
