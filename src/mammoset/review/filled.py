"""Sheets that somebody has filled in, read back: every wrong line is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from mammoset.errors import ConfigError
from mammoset.review.recording import Problem, refuse
from mammoset.review.subjects import Saying

DELIMITERS = ",;\t"
"""Spreadsheets write the one of their country."""
SUBJECTS = ("region_id", "image_id", "element")
"""Column that tells what kind of sheet it is."""
VERDICTS = {"approve", "reject"}
REGION_VERDICTS = {"mask", "keep"}


def sayings_of(path: Path) -> list[Saying]:
    """Return what a filled-in sheet says; lines without a verdict say nothing.

    Raises
    ------
    ConfigError
        If the file is no such table, or lines of it are wrong; each of them is named.
    """
    rows = _rows(path)
    columns = set(rows[0][1]) if rows else set()
    subject = next((one for one in SUBJECTS if one in columns), None)
    if rows and (subject is None or "verdict" not in columns):
        raise ConfigError(
            f"{path.name}: this is no sheet of the review; the first line of one is that of values.csv, images.csv or "
            "regions.csv, as 'mammoset review … --sheet' writes them"
        )
    found, problems = [], []
    allowed = REGION_VERDICTS if subject == "region_id" else VERDICTS
    for line, row in rows:
        verdict = row.get("verdict", "").strip().lower()
        where = f"{path.name}, line {line}"
        if verdict and verdict not in allowed:
            what = f"'{verdict}' is no verdict; say {' or '.join(sorted(allowed))}"
            problems.append(Problem("invalid", "", what, where=where))
        elif verdict:
            named = f"{row['element']}={row['value']}" if subject == "element" else row[str(subject)].strip()
            reason = row.get("reason", "").strip()
            found.append(Saying(verdict, named, reason, where, row.get("pixels", "").strip()))
    refuse(problems)
    return found


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Return the rows with the number of their last line; cells that are not there are empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path.name}: there is no such file") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name}: not UTF-8; save it as CSV in UTF-8") from None
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="", restkey="")
    try:
        return [(reader.line_num, {key: cell for key, cell in row.items() if key}) for row in reader]
    except csv.Error as error:
        raise ConfigError(f"{path.name}, line {reader.line_num}: {error}") from None
