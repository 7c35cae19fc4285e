"""A run over the corpus: catalog, store, names, times, logs and messages hold no canary; what failed is not done."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mammoset.acquire import AcquireSummary, acquire_folder
from mammoset.catalog import Decision
from mammoset.jobs.audit import Options, audit
from mammoset.phantom.threats.corpus import write_corpus
from mammoset.phantom.threats.table import threats
from mammoset.phantom.threats.threat import Planted
from mammoset.project import Project
from mammoset.pseudonymize import PseudonymizeSummary, pseudonymize
from mammoset.terms.reasons import REASONS, Outcome, Stage
from tests.pseudonymize.leaks import leaked_text, needles
from tests.pseudonymize.test_threats import IS_LONG, REFUSED

SETTINGS = """
catalog = ""
[dataset]
name = "threats"

[pseudonymize]
text_check = "off"
corners = true
"""
KEY = "5a" * 32 + "\n"
"""Always the same: in the digits of UIDs made under a key of chance, five planted digits stand now and then."""
EVERY = 1 if IS_LONG else 6
ALWAYS = ("name.", "class.", "file.")
UNKNOWN_TO_AUDIT = ("pixels.extremes", "file.cut_in_header", "file.gzip", "name.modified")
"""Whose canary is a number of 16 bits, cut off, packed, or no content of the file."""
KNOWN = "known_identifier"
ROWS = [
    replace(row, syntaxes=row.syntaxes[:1])
    for place, row in enumerate(threats())
    if place % EVERY == 0 or row.name.startswith(ALWAYS)
]


@dataclass(frozen=True)
class Ran:
    """A project after its run, and everything that was said on the way."""

    folder: Path
    planted: tuple[Planted, ...]
    acquired: AcquireSummary
    done: PseudonymizeSummary
    decisions: list[Decision]
    logged: str

    @property
    def root(self) -> Path:
        return self.folder / "project"

    @property
    def files(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.is_file()]


class Ear(logging.Handler):
    """Keeps everything that any logger says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@contextmanager
def listening() -> Iterator[Ear]:
    root, ear = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield ear
    finally:
        root.removeHandler(ear)
        root.setLevel(level)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("threats")
    planted = write_corpus(folder / "originals", folder / "ledger.json", rows=ROWS)
    with listening() as ear, Project.create(folder / "project", settings_text=SETTINGS) as project:
        project.vault_path.mkdir(mode=0o700)
        (project.vault_path / "key").write_text(KEY)
        acquired = acquire_folder(project, [folder / "originals"])
        done = pseudonymize(project, allow_incomplete=True, workers=1)
        decisions = project.catalog.decisions()
    return Ran(folder, planted, acquired, done, decisions, "\n".join(ear.heard))


def test_no_name_of_a_file_or_folder_holds_a_canary(ran: Ran) -> None:
    names = "\n".join(str(path.relative_to(ran.root)) for path in ran.root.rglob("*"))
    for planted in ran.planted:
        assert not leaked_text(names, planted.ledger)


def test_no_file_of_the_project_holds_a_canary(ran: Ran) -> None:
    """The catalog among them; the vault holds the originals and is elsewhere."""
    everything = b"".join(path.read_bytes() for path in ran.files)
    assert b"SQLite" in everything
    for planted in ran.planted:
        for canary in planted.canaries:
            assert not [needle for needle in needles(canary.value) if needle in everything], canary.name
    for canary in {canary for planted in ran.planted for canary in planted.header}:
        assert isinstance(canary.value, str)
        assert canary.value.encode() not in everything, canary.name


def test_no_file_was_modified_when_an_original_was(ran: Ran) -> None:
    asked = [planted.modified for planted in ran.planted if planted.modified is not None]
    assert asked
    for path in ran.files:
        assert all(abs(path.stat().st_mtime - moment) > 86_400 for moment in asked)


def test_no_log_summary_or_decision_holds_a_canary(ran: Ran) -> None:
    said = "\n".join([ran.logged, repr(ran.acquired), repr(ran.done), *map(repr, ran.decisions)])
    for planted in ran.planted:
        assert not leaked_text(said, planted.canaries)
    for canary in {canary for planted in ran.planted for canary in planted.header}:
        assert not leaked_text(said, [canary])


def test_every_file_is_counted_once_and_a_refused_one_is_not_done(ran: Ran) -> None:
    """Every file is an exam of its own, so a refused one leaves an exam that is not kept."""
    assert sum(ran.acquired.objects.values()) == len(ran.planted)
    refused = [row for row in ROWS if row.name in REFUSED]
    kept = [path for path in ran.files if path.suffix == ".dcm"]
    assert len(kept) == ran.done.images_kept == len(ran.planted) - len(refused)
    assert all(reason in REASONS for (outcome, reason) in ran.acquired.objects if outcome != Outcome.KEPT)
    assert set(ran.done.refused) <= set(REASONS)
    assert ran.done.failed == 0
    verdicts = [one for one in ran.decisions if one.stage == Stage.PSEUDONYMIZE and not one.image_id]
    assert sum(one.outcome == Outcome.KEPT for one in verdicts) == len(kept)


def test_the_audit_with_the_ledger_finds_no_row_in_the_store_and_every_row_in_the_originals(ran: Ran) -> None:
    """Another search than this test's, by another hand."""
    options = Options("off", ran.folder / "ledger.json")
    store = audit(ran.root / "content", options, workers=1)
    assert store.files == ran.done.images_kept
    assert KNOWN not in store.places
    places = " ".join(audit(ran.folder / "originals", options, workers=1).places[KNOWN])
    missed = [row.name for row in ROWS if f"{row.name}." not in places]
    assert set(missed) <= set(UNKNOWN_TO_AUDIT)
