"""The gate's switches: the options of PS3.15 Annex E and what else the settings leave open, for one project."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.resources import files

from mammoset.project.settings import PseudonymizeSettings
from mammoset.pseudonymize.cleaning import Effort
from mammoset.pseudonymize.masks import CornerShares
from mammoset.pseudonymize.private import require_known

GATE_VERSION = 2
"""Raised whenever the same tables and switches give another file: then every image is made again."""
TABLES = ("profile.csv", "devices.csv", "private.csv")


@dataclass(frozen=True, slots=True)
class Options:
    """What the settings allow a file to hold; made once a run, and handed to every worker.

    Attributes
    ----------
    text_check : str
        How burned-in text is looked for; ``off`` claims nothing about it.
    corners : CornerShares or None
        Corner rectangles to fill as well, of this size.
    retain_patient_characteristics : bool
        Age and sex.
    retain_size_and_weight : bool
        Of the patient.
    retain_modified_dates : bool
        Study dates, moved by `Pseudonyms.shift_days`; otherwise they are removed.
    age_band : int
        Years; ages are given as the lower end of their band.
    private_integers : tuple of str
        Creators of private elements whose integers are kept (private.csv), sorted.
    """

    text_check: Effort = "off"
    corners: CornerShares | None = None
    retain_patient_characteristics: bool = True
    retain_size_and_weight: bool = False
    retain_modified_dates: bool = False
    age_band: int = 1
    private_integers: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: PseudonymizeSettings) -> Options:
        """Return what mammoset.toml says.

        Raises
        ------
        ConfigError
            For a creator of private elements that private.csv does not name.
        """
        require_known(settings.private_integers)
        return cls(
            text_check=settings.text_check,
            corners=CornerShares(settings.corner_height, settings.corner_width) if settings.corners else None,
            retain_patient_characteristics=settings.retain_patient_characteristics,
            retain_size_and_weight=settings.retain_size_and_weight,
            retain_modified_dates=settings.retain_modified_dates,
            age_band=settings.age_band,
            private_integers=tuple(sorted(set(settings.private_integers))),
        )

    @property
    def looks_for_text(self) -> bool:
        """Whether burned-in text is looked for: only then a file may say that there is none."""
        return self.text_check != "off"

    def allows(self, option: str) -> bool:
        """Whether a switch, by its name in mammoset.toml, is on; the empty name always is."""
        return not option or bool(getattr(self, option))


def rules_digest(options: Options) -> str:
    """Return the SHA-256 of everything but original and key that a file depends on: tables, switches, program."""
    said = {"gate": GATE_VERSION, "options": asdict(options)}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name in TABLES:
        digest.update(b"\0" + (files("mammoset.pseudonymize") / name).read_bytes())
    return digest.hexdigest()
