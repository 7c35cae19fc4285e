"""The built client: in the wheel, whole, and within the policy of the server."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from mammoset.web.site import CLIENT

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "client"
NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
OF_EXAMS = re.compile(r'<meta name="files-of-exams" content="([^"]+)"')


@pytest.fixture(scope="module")
def index() -> str:
    file = CLIENT / "index.html"
    assert file.is_file(), "the client is not built: make setup"
    return file.read_text(encoding="utf-8")


def test_the_page_names_only_files_that_were_built(index: str) -> None:
    named = NAMED.findall(index)
    assert {Path(one).suffix for one in named} >= {".js", ".css", ".svg"}
    assert not [one for one in named if not (CLIENT / one.lstrip("/")).is_file()]


def test_the_page_names_what_the_page_of_an_exam_needs_beyond_what_all_pages_do(index: str) -> None:
    (files,) = [one.split() for one in OF_EXAMS.findall(index)]
    assert {Path(one).suffix for one in files} == {".js", ".css", ".wasm"}
    assert any("reading-page" in one for one in files)
    assert not [one for one in files if not (CLIENT / one.lstrip("/")).is_file() or one in NAMED.findall(index)]


def test_the_first_script_asks_for_what_a_page_begins_with_and_waits_for_nothing(index: str) -> None:
    first, *_ = re.findall(r"<script[^>]*>", index)
    (file,) = NAMED.findall(first)
    assert " async " in first
    assert "/api/v1" in (text := (CLIENT / file.lstrip("/")).read_text(encoding="utf-8"))
    assert not re.search(r"\bimport\b", text)


def test_the_name_of_every_file_holds_a_digest_since_browsers_keep_it_for_good(index: str) -> None:
    files = [file.name for file in (CLIENT / "assets").iterdir()]
    assert files
    assert not [name for name in files if not re.search(r"-[\w-]{8}\.[a-z0-9]+$", name)]


def test_the_worker_that_keeps_the_client_names_every_file_and_the_page_as_it_was_built(index: str) -> None:
    worker = (CLIENT / "service-worker.js").read_text(encoding="utf-8")
    files = {f"/assets/{file.name}" for file in (CLIENT / "assets").iterdir()}
    assert set(re.findall(r"/assets/[\w.-]+", worker)) == files
    assert hashlib.sha256(index.encode()).hexdigest() in worker
    assert not re.search(r"\b(import|export)\b|/api/v1", worker)


def test_the_page_has_no_script_or_style_of_its_own(index: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=", index)
    assert set(re.findall(r"<script[^>]*>(.*?)</script>", index, re.DOTALL)) == {""}


def test_nothing_in_the_client_is_loaded_from_elsewhere() -> None:
    loading = re.compile(r"""(?:url\(|@import\s+|src=|href=)["']?(?:https?:)?//""")
    texts = [file.read_text(encoding="utf-8") for file in CLIENT.rglob("*") if file.suffix in (".css", ".html", ".svg")]
    assert texts
    assert not [text for text in texts if loading.search(text)]


def test_the_wheel_holds_the_client_though_git_does_not() -> None:
    inside = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    wanted = {f"mammoset/web/client/{file.relative_to(CLIENT)}" for file in CLIENT.rglob("*") if file.is_file()}
    assert "mammoset/web/client/index.html" in wanted
    assert wanted <= inside
    assert not [one for one in inside if "node_modules" in one]


def test_packages_are_pinned_exactly_and_the_lock_file_names_no_registry() -> None:
    package = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))
    versions = package["dependencies"] | package["devDependencies"]
    assert not {name: version for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)}
    locked = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [name for name, one in locked.items() if "resolved" in one]
    assert not [name for name, one in locked.items() if name and "integrity" not in one]


def test_the_lock_file_holds_what_other_machines_need() -> None:
    """Npm leaves out what it cannot find for another system, and then refuses the lock file itself."""
    locked = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {name.rpartition("node_modules/")[2] for name in locked}
    wanted = {one for package in locked.values() for one in package.get("optionalDependencies", ())}
    assert any("win32" in name for name in wanted)
    assert wanted <= names


def test_the_client_is_built_anew_only_when_its_sources_changed(index: str) -> None:
    """Asked of make itself, which tells what it would do."""
    question = ["make", "--question", "--old-file", ".venv/.installed", str(CLIENT.relative_to(ROOT) / "index.html")]
    built = (CLIENT / "index.html").stat()
    sources = [file for file in SOURCES.rglob("*") if file.is_file() and "node_modules" not in file.parts]
    newest = max(file.stat().st_mtime for file in [*sources, ROOT / "scripts" / "make-client"])
    if newest > built.st_mtime:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("the client is older than its sources: make setup")
    assert subprocess.run(question, cwd=ROOT, check=False, env=os.environ).returncode == 0
    changed = ["--what-if", "client/src/main.tsx"]
    assert subprocess.run([*question, *changed], cwd=ROOT, check=False, env=os.environ).returncode == 1
