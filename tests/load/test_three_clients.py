"""Two readers and an arbiter read twenty exams over the wire, and what comes out is what they said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mammoset.catalog import passwords
from mammoset.model import Reader
from mammoset.project import Project
from tests.load.room import PASSWORD, PATIENCE_SECONDS, Server, furnish
from tests.running import Run

EXAMS = 20
READERS = ("reader-00", "reader-01")
Answer = Callable[[str, list[dict[str, Any]]], dict[str, Any]]
pytestmark = pytest.mark.xdist_group("load")


class Client:
    """A person's program: signs in, then asks."""

    def __init__(self, url: str, name: str) -> None:
        self.seen: list[str] = []
        self._http = httpx2.Client(base_url=f"{url}/api/v1", timeout=PATIENCE_SECONDS)
        self._http.headers["X-CSRF-Token"] = self.ask("POST", "/session", name=name, password=PASSWORD)["csrf_token"]

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body or None)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        self.seen.append(answer.text)
        return dict(answer.json()) if answer.content else {}

    def close(self) -> None:
        self._http.close()

    def answer(self, study_id: str, reading: dict[str, Any]) -> None:
        """Open an exam, fetch a picture of it, save a draft, and submit."""
        exam = self.ask("GET", f"/studies/{study_id}/exam")
        picture = self._http.get(f"/images/{exam['images'][0]['image_id']}/codestream")
        assert picture.content[:2] == b"\xff\x4f", "a JPEG 2000 code stream begins with SOC"
        self.ask("POST", f"/studies/{study_id}/opening")
        draft = {"reading": reading, "seconds": {"four_up": 12.5}, "stage": "four_up"}
        saved = self._http.put(f"/studies/{study_id}/draft", json=draft, headers={"If-Match": '"0"'})
        assert saved.status_code == 200, saved.text
        body = {"version": saved.json()["version"], "confirmed": [], "seconds": {"four_up": 30.0}}
        self.ask("POST", f"/studies/{study_id}/reading", reading=reading, **body)

    def work(self, answer: Answer) -> list[str]:
        """Answer whatever is next, until nothing is left; return the exams."""
        done: list[str] = []
        while (study_id := self.ask("GET", "/worklist")["next_study_id"]) is not None:
            self.answer(study_id, answer(study_id, self.ask("GET", f"/studies/{study_id}/exam")["images"]))
            done.append(study_id)
        return done


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    furnish(tmp_path / "project", readers=2, studies=EXAMS)
    with Project.open(tmp_path / "project") as project:
        for name, role in (("senior", "arbiter"), ("chief", "admin")):
            person = Reader(name, (role,), 20, 2000)
            hashed = passwords.hashed(PASSWORD)
            project.catalog.accounts.put_person(person, by="test", password_hash=hashed, must_change=False)
    started = Server(tmp_path / "project")
    started.start()
    yield started
    started.stop()


def said(density: str, comment: str) -> dict[str, Any]:
    breasts = [{"laterality": side, "birads": 1, "density": density} for side in ("L", "R")]
    return {"breasts": breasts, "findings": [], "comment": comment}


def is_hard(study_id: str) -> bool:
    """Every fourth exam is called differently by the second reader."""
    return int(study_id.rpartition(".")[2]) % 4 == 0


def test_twenty_exams_are_read_twice_arbitrated_where_discordant_and_exported(
    server: Server, tmp_path: Path, run: Run
) -> None:
    first, second = (Client(server.url, name) for name in READERS)
    arbiter, chief = Client(server.url, "senior"), Client(server.url, "chief")
    assert len(first.work(lambda study, _: said("B", f"first of {study}"))) == EXAMS
    assert arbiter.ask("GET", "/arbitration")["items"] == []
    hard = second.work(lambda study, _: said("C" if is_hard(study) else "B", f"second of {study}"))
    hard = [study for study in hard if is_hard(study)]
    assert chief.ask("POST", "/assignments/draw", dry_run=False)["arbitrations"] == {"senior": len(hard)}

    listed = arbiter.ask("GET", "/arbitration")["items"]
    assert {one["study_id"] for one in listed} == set(hard)
    assert all(reason["kind"] == "density" for one in listed for reason in one["reasons"])
    for study_id in hard:
        reads = arbiter.ask("GET", f"/studies/{study_id}/reads")
        assert {reads[one]["breasts"][0]["density"] for one in ("a", "b")} == {"B", "C"}
        arbiter.answer(study_id, said("C", "decided"))

    assert not any("second of" in text for text in first.seen)
    assert not any("first of" in text for text in second.seen)
    assert not any(name in text for text in arbiter.seen for name in READERS)
    for one in (first, second, arbiter, chief):
        one.close()
    server.stop()
    assert run("-C", tmp_path / "project", "export").code == 0
    (exported,) = (tmp_path / "project" / "exports").glob("*/readings.json")
    studies = json.loads(exported.read_text())["studies"]
    kinds = [fact["kind"] for study in studies for fact in study["facts"] if fact.get("reading")]
    assert (kinds.count("submitted"), kinds.count("arbitrated")) == (2 * EXAMS, len(hard))
    for study in studies:
        expected = "C" if is_hard(study["study_id"]) else "B"
        assert {one["density"] for one in study["reference"]["breasts"]} == {expected}
        spent = [fact["seconds"] for fact in study["facts"] if fact["kind"] == "submitted"]
        assert spent == [{"four_up": 30.0}] * 2
