"""A list of the exams that are wanted, from a file: Study Instance UIDs or accession numbers.

What stands in the file is never repeated in a message: lines are named by their number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mammoset.acquire.archive import Archive, is_uid
from mammoset.acquire.refusals import NO_EXAM
from mammoset.catalog import Decision
from mammoset.engine import Progress, silent
from mammoset.errors import ConfigError
from mammoset.project import Project
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Vault

LONGEST_ACCESSION = 16
"""PS3.5 6.2, VR SH."""
FORBIDDEN = frozenset("*?\\")
"""Wildcards, which would name exams that nobody asked for (PS3.4 C.2.2.2.4), and what separates values."""
SEPARATORS = ",;\t"
NOT_IN_ARCHIVE = "not_in_archive"


@dataclass(frozen=True, slots=True)
class WantedList:
    """The entries of a list.

    Attributes
    ----------
    entries : mapping of int to str
        Study Instance UID or accession number by line number, from 1.
    """

    entries: dict[int, str]

    def find_in(self, archive: Archive, progress: Progress = silent) -> tuple[list[str], tuple[int, ...]]:
        """Return the study UIDs that the archive has of the list, each once, and the lines that name none of them."""
        values = sorted(set(self.entries.values()))
        found = dict(zip(values, archive.matching(values, progress), strict=True))
        studies = sorted(set().union(*found.values()))
        return studies, tuple(line for line, value in self.entries.items() if not found[value])


def note_unmatched(project: Project, vault: Vault, wanted: WantedList, unmatched: Collection[int]) -> None:
    """Record which entries of a list the archive has nothing of, so that they are counted; and no longer, once it has.

    An entry is recorded under a pseudonym, with the line in which it stood first.
    """
    decided = project.catalog.decisions(Stage.ACQUIRE, NO_EXAM)
    known = {one.image_id for one in decided if one.reason == NOT_IN_ARCHIVE}
    news: dict[str, Decision] = {}
    for line, value in wanted.entries.items():
        place = vault.keys.pseudonym_uid(f"entry {value}")  # no UID begins so
        if line in unmatched and place not in known | news.keys():
            where = f"line {line} of the list"
            news[place] = Decision(Stage.ACQUIRE, NO_EXAM, Outcome.FAILED, NOT_IN_ARCHIVE, place, where)
        elif line not in unmatched and place in known:
            news[place] = Decision(Stage.ACQUIRE, NO_EXAM, Outcome.KEPT, "", place)
    project.catalog.decide(news.values())


def read_list(path: Path, column: str | None = None) -> WantedList:
    """Read a list: one entry per line, or a column of a CSV file with a header (comma, semicolon or tab).

    Raises
    ------
    ConfigError
        If it cannot be read, holds nothing, has several columns of which none is named, or lines that are neither a
        UID nor an accession number; these are named by number.
    """
    rows = list(_rows(_text(path)))
    entries = dict(_column(rows, column) if column is not None else _lines(rows))
    wrong = [line for line, value in entries.items() if not is_entry(value)]
    if wrong:
        raise ConfigError(
            f"the list: {named(wrong)}: neither a Study Instance UID nor an accession number (at most "
            f"{LONGEST_ACCESSION} characters, none of * ? \\)"
            + ("" if column else "; is the first line a header? Then name the column with --column")
        )
    if not entries:
        raise ConfigError("the list holds no entry")
    return WantedList(entries)


def is_entry(value: str) -> bool:
    """Whether a value is a Study Instance UID or an accession number."""
    return is_uid(value) or (len(value) <= LONGEST_ACCESSION and value.isprintable() and not FORBIDDEN & set(value))


def named(lines: Sequence[int], most: int = 20) -> str:
    """Return line numbers in words: ``line 7``, ``lines 7, 9 and 12 more``."""
    shown = ", ".join(map(str, lines[:most]))
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    return f"line{'' if len(lines) == 1 else 's'} {shown}{more}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("the list is not UTF-8 text; save it as CSV in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"the list cannot be read ({error.strerror})") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and cells; the separator is the one that the first line holds most of."""
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip(" \0") for cell in cells]
    except csv.Error:
        raise ConfigError(f"the list: line {reader.line_num} is no CSV") from None


def _lines(rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, str]]:
    for line, cells in rows:
        if len(cells) > 1:
            raise ConfigError(f"the list: line {line} has {len(cells)} columns; name the one that counts with --column")
        if cells and cells[0]:
            yield line, cells[0]


def _column(rows: list[tuple[int, list[str]]], column: str) -> Iterator[tuple[int, str]]:
    head = [cell.casefold() for cell in rows[0][1]] if rows else []
    if head.count(column.casefold()) != 1:
        raise ConfigError(f"the list: its first line has not one column '{column}'; columns there: {len(head)}")
    place = head.index(column.casefold())
    for line, cells in rows[1:]:
        if len(cells) > place and cells[place]:
            yield line, cells[place]
        elif any(cells):
            raise ConfigError(f"the list: line {line} has nothing in column '{column}'")
