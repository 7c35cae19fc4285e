"""Writes the files of the table into a folder, and the ledger of what was planted beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from mammoset.phantom.threats.canaries import write_ledger
from mammoset.phantom.threats.table import threats
from mammoset.phantom.threats.threat import Planted, Threat
from mammoset.phantom.vendors import VENDORS


def cases(rows: Sequence[Threat] | None = None, *, every_pair: bool = False) -> Iterator[tuple[Threat, str, str]]:
    """Yield (row, vendor, transfer syntax): each row in each of its syntaxes, the vendors in turn.

    Parameters
    ----------
    rows : sequence of Threat or None
        None takes the whole table.
    every_pair : bool
        Each vendor in each syntax instead.
    """
    vendors = tuple(VENDORS)
    for place, row in enumerate(threats() if rows is None else rows):
        for number, syntax in enumerate(row.syntaxes):
            for vendor in vendors if every_pair else (vendors[(place + number) % len(vendors)],):
                yield row, vendor, syntax


def write_corpus(
    folder: Path, ledger: Path, *, seed: int = 1, rows: Sequence[Threat] | None = None, every_pair: bool = False
) -> tuple[Planted, ...]:
    """Write files with something planted in each, and the ledger.

    Parameters
    ----------
    folder : Path
        Made if it is not there; gets one folder for each case.
    ledger : Path
        JSON, ``{"canaries": [{"threat", "name", "text" or "hex"}]}``; not in `folder`.
    seed : int
        The same seed gives the same bytes.
    rows, every_pair
        As in `cases`.
    """
    made = []
    for number, (row, vendor, syntax) in enumerate(cases(rows, every_pair=every_pair)):
        planted = row.plant(vendor, syntax, seed)
        path = folder / f"{number:05d}" / planted.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(planted.data)
        if planted.modified is not None:
            os.utime(path, (planted.modified, planted.modified))
        made.append(planted)
    write_ledger(ledger, (canary for planted in made for canary in planted.ledger))
    return tuple(made)
