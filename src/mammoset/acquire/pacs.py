"""Exams from an archive of the settings: by C-MOVE, C-GET or DICOMweb; all of them, a sample, or those of a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from mammoset.acquire.admit import Admission, extend_pool, open_vault
from mammoset.acquire.archive import Archive
from mammoset.acquire.draw import Draw, Route
from mammoset.acquire.pace import Clock, Pace
from mammoset.acquire.peer import Peer, identifier
from mammoset.acquire.receive import Inbox, receiving_into, storage_scp
from mammoset.acquire.summary import UNDECIDED, AcquireSummary, summarize
from mammoset.acquire.tombstones import erase_what_is_due
from mammoset.acquire.wanted import WantedList, note_unmatched
from mammoset.acquire.web import WebArchive
from mammoset.engine import Progress, silent
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.project.settings import DicomWebSettings, PeerSettings
from mammoset.vault import Vault

Method = Literal["move", "get", "dicomweb"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which exams are asked for."""

    date_from: date | None
    date_to: date | None
    modality: str
    wanted: WantedList | None

    def studies(self, archive: Archive, progress: Progress) -> tuple[list[str], tuple[int, ...]]:
        """Return the study UIDs that the archive has of them, and the lines of the list that it has nothing of."""
        if self.wanted is not None:
            return self.wanted.find_in(archive, progress)
        return archive.studies(self.date_from, self.date_to, self.modality, progress), ()


def acquire_pacs(
    project: Project,
    peer: str,
    *,
    date_from: date | None = None,
    date_to: date | None = None,
    wanted: WantedList | None = None,
    sample: int | None = None,
    seed: int | None = None,
    method: Method | None = None,
    exclude_from_count: Collection[str] = (),
    dry_run: bool = False,
    may_wait: bool = True,
    clock: Clock = Clock(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> AcquireSummary:
    """Take in exams from an archive until the project has `sample` complete four-view exams.

    Running it again, with the same sample or a larger one, goes on along the permutation: nothing is fetched twice,
    and of exams that came in part only the rest. Exams that appear in the archive later are drawn after those of the
    first query.

    Parameters
    ----------
    peer : str
        Name of a peer in the settings.
    date_from, date_to : date or None
        Study dates, both included; None takes the settings'.
    wanted : WantedList or None
        The exams to ask for, instead of those of the dates (`read_list`).
    sample : int or None
        Number of complete exams in the project; None fetches the whole pool.
    seed : int or None
        Of the permutation; None takes the settings'. Without effect on exams that have their place already.
    method : {"move", "get", "dicomweb"} or None
        None takes the peer's.
    exclude_from_count : collection of study pseudonyms
        Exams that, though acquired, do not count towards `sample`, say because review rejected them.
    dry_run : bool
        Ask for the pool and count it; fetch and write nothing.
    may_wait : bool
        Whether to wait until the hours of the peer begin; else the run ends, and the summary says so. The pool is
        asked for at once in any case, so that what is wrong with the peer shows while somebody looks.

    Raises
    ------
    AcquireError
        If the peer cannot be asked, or fails for several exams in a row; what was decided until then stays.
    ConfigError
        If the settings know no such peer, the method is not of its kind, or the dates make no sense.
    """
    settings = project.settings.acquire
    selection = _selection(project, date_from, date_to, wanted)
    with _archive(project, peer, method, clock) as archive:
        if dry_run:
            studies, unmatched = selection.studies(archive, progress)
            undecided = {(UNDECIDED, ""): len(studies)} if studies else {}
            return AcquireSummary(len(studies), undecided, {}, 0, dry_run=True, unmatched=unmatched)
        with project.lock("acquire"):
            vault = open_vault(project)
            vault.empty_incoming()
            studies, unmatched = selection.studies(archive, progress)
            extend_pool(project, vault, studies, settings.seed if seed is None else seed, peer)
            if wanted is not None:
                note_unmatched(project, vault, wanted, unmatched)
            admission = Admission(project, vault)
            pace = Pace(settings.peers[peer], clock, progress, may_wait=may_wait)
            asked = {vault.keys.pseudonym_uid(uid) for uid in studies}
            with _route(project, vault, archive, method) as route:
                draw = Draw(
                    project, vault, admission, route, pace, settings.modality, sample, asked, wanted is not None
                )  # fmt: skip
                is_done = draw.run(exclude_from_count, progress)
            vault.empty_incoming()
            erase_what_is_due(project, vault)
            stopped = "" if is_done else f"it is outside the hours {pace.hours} of peer '{peer}'"
            summary = summarize(project, admission.objects, exclude_from_count)
            return replace(summary, unmatched=unmatched, stopped=stopped)


def _selection(project: Project, date_from: date | None, date_to: date | None, wanted: WantedList | None) -> Selection:
    settings = project.settings.acquire
    if wanted is not None:
        if date_from or date_to:
            raise ConfigError("a list names its exams: leave out the first and the last date")
        return Selection(None, None, settings.modality, wanted)
    start, end = date_from or settings.date_from, date_to or settings.date_to
    if start and end and start > end:
        raise ConfigError(f"the first study date {start} is after the last {end}; exchange them")
    return Selection(start, end, settings.modality, None)


@contextmanager
def _archive(project: Project, name: str, method: Method | None, clock: Clock) -> Iterator[Archive]:
    """Give the archive of this name, as its settings say."""
    peers = project.settings.acquire.peers
    if name not in peers:
        known = f"there are: {', '.join(sorted(peers))}" if peers else "there is none yet"
        raise ConfigError(f"mammoset.toml: no peer '{name}' in [acquire.peers]; {known}")
    settings = peers[name]
    if (method or settings.method) == "dicomweb" and isinstance(settings, DicomWebSettings):
        with closing(WebArchive(name, settings, project.root, clock.wait)) as archive:
            yield archive
    elif method != "dicomweb" and isinstance(settings, PeerSettings):
        yield Peer(name, settings, project.settings.acquire.ae_title, clock.wait)
    else:
        kinds = (
            "a url: it is asked by dicomweb" if settings.method == "dicomweb" else "no url: it is asked by move or get"
        )
        raise ConfigError(f"mammoset.toml: peer '{name}' has {kinds}")


@contextmanager
def _route(project: Project, vault: Vault, archive: Archive, method: Method | None) -> Iterator[Route]:
    """Give the way by which the archive's exams come; our own address is open as long as it is needed."""
    settings = project.settings.acquire
    inbox = Inbox(vault.incoming)
    if isinstance(archive, WebArchive):
        yield Route(
            archive, inbox, lambda study, image, _: archive.retrieve(study, image, vault.incoming, inbox.put),
            "retrieval (WADO-RS)", "its log says more",
        )  # fmt: skip
        return
    assert isinstance(archive, Peer)  # noqa: S101 - there are two kinds
    if (method or archive.settings.method) == "get":
        with receiving_into(vault.incoming):
            yield Route(
                archive, inbox, lambda study, image, sop: archive.get(identifier(study, image), sop, inbox.store),
                "retrieval (C-GET)", "see its log, or try the other method",
            )  # fmt: skip
        return
    hint = f"is '{settings.ae_title}' entered there with our address and port {settings.port}? Its log says more"
    with storage_scp(settings, vault.incoming, inbox.store):
        yield Route(
            archive, inbox, lambda study, image, _: archive.move(identifier(study, image), settings.ae_title),
            "retrieval (C-MOVE)", hint, may_be_late=True,
        )  # fmt: skip
