"""One row of the table, and the file that it makes."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mammoset.phantom.plans import generator
from mammoset.phantom.threats.canaries import Canary, Hand
from mammoset.phantom.threats.draft import Draft, draft
from mammoset.phantom.threats.streams import SYNTAXES

Plant = Callable[[Draft, Hand], None]
"""Plants canaries of the hand in a draft."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A file with something planted in it.

    Attributes
    ----------
    canaries : tuple of Canary
        Of the row: distinct in every file.
    header : tuple of Canary
        What the phantom writes into the header of every file of this vendor.
    path : Path
        Relative; some rows plant in the names of the file and its folder.
    modified : float or None
        Time of modification that the row asks for, in seconds since 1970.
    """

    threat: str
    data: bytes
    canaries: tuple[Canary, ...]
    header: tuple[Canary, ...]
    path: Path
    modified: float | None

    @property
    def ledger(self) -> tuple[Canary, ...]:
        """Everything that must not come through."""
        return self.canaries + self.header


@dataclass(frozen=True, slots=True)
class Threat:
    """A hiding place.

    Attributes
    ----------
    name : str
        ``family.place``.
    plants : str
        What is planted: ``text``, ``digits``, ``bytes``, ``uid``, ``date``, ``name`` ...
    where : str
        Where, for people.
    act : callable
        Plants it.
    syntaxes : tuple of str
        Transfer syntaxes in which the place exists.
    """

    name: str
    plants: str
    where: str
    act: Plant
    syntaxes: tuple[str, ...] = SYNTAXES

    def plant(self, vendor: str, syntax: str, seed: int) -> Planted:
        """Make a file; the same arguments give the same bytes.

        Parameters
        ----------
        vendor : str
            Key of `mammoset.phantom.vendors.VENDORS`.
        syntax : str
            One of `syntaxes`.
        seed : int
            Of the canaries, the view and the pixels.

        Raises
        ------
        ValueError
            If the place does not exist in the transfer syntax.
        """
        if syntax not in self.syntaxes:
            raise ValueError(f"{self.name} cannot be planted in {syntax}")
        rng = generator(seed, zlib.crc32(f"{self.name} {vendor} {syntax}".encode()))
        made, hand = draft(vendor, syntax, rng), Hand(self.name, rng)
        self.act(made, hand)
        folder, name = made.folder or self.name.split(".")[0], made.file_name or f"{self.name}.dcm"
        return Planted(self.name, made.written(), tuple(hand.canaries), made.header, Path(folder) / name, made.modified)
