"""release.json: what a program may want to know of a release, and nothing about readers, times or hosts."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mammoset import __version__
from mammoset.domain.labels import LabelSchema
from mammoset.domain.labels import to_json as schema_to_json
from mammoset.domain.tables import BREAST_COLUMNS, FINDING_COLUMNS, BreastRow, FindingRow, write_csv
from mammoset.publish.layout import FORMAT_VERSION
from mammoset.publish.metadata import Metadata, write_metadata
from mammoset.publish.statistics import Statistics, Vocabularies

SETTINGS_KEPT: Mapping[str, tuple[str, ...]] = {
    "dataset": ("name", "title", "description", "license", "contact"),
    "acquire": ("modality", "seed"),
    "pseudonymize": (
        "text_check", "corners", "corner_height", "corner_width", "retain_patient_characteristics",
        "retain_size_and_weight", "retain_modified_dates", "age_band", "private_integers", "keep_further_views",
    ),
    "review": ("required", "second_look"),
    "split": ("seed", "folds"),
    "publish": ("transfer_syntax", "k_anonymity"),
}  # fmt: skip
"""What release.json repeats of mammoset.toml: what shaped the data. A key that is not here stays at home: hosts, ports,
AE titles, peers, URLs, dates asked for, the seed by which exams were given to readers."""


def kept_settings(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the settings that a release may tell."""
    return {
        table: {key: settings[table][key] for key in keys if key in settings[table]}
        for table, keys in SETTINGS_KEPT.items()
        if table in settings
    }


def study_digests(
    breasts: Sequence[BreastRow], findings: Sequence[FindingRow], metadata: Sequence[Metadata]
) -> dict[str, str]:
    """Return for each study the SHA-256 of its lines in the three tables.

    It tells which studies differ between two releases, and where a table was changed.
    """
    digests: dict[str, Any] = defaultdict(hashlib.sha256)
    for row in breasts:
        digests[row.study_id].update(_line(write_csv([row], BREAST_COLUMNS)))
    for one in findings:
        digests[one.study_id].update(_line(write_csv([one], FINDING_COLUMNS)))
    for cells in metadata:
        digests[cells["Study Instance UID"]].update(_line(write_metadata([cells])))
    return {study: digests[study].hexdigest() for study in sorted(digests)}


def _line(text: str) -> bytes:
    return text.split("\n", 1)[1].encode()


def totals(statistics: Statistics) -> dict[str, int]:
    """Return the counts of all folds together."""
    names = dict.fromkeys(name for row in statistics.counts.values() for name in row)
    return {name: sum(row[name] for row in statistics.counts.values()) for name in names}


def document_of(
    *,
    version: str,
    settings: Mapping[str, Any],
    schema: LabelSchema,
    vocabularies: Vocabularies,
    transfer_syntax: tuple[str, str],
    disclosure: Mapping[str, Any],
    statistics: Statistics,
    agreement: Sequence[Mapping[str, Any]],
    split_report: Mapping[str, Any],
    digests: Mapping[str, str],
) -> dict[str, Any]:
    """Return release.json as JSON values.

    Parameters
    ----------
    settings : mapping
        All of mammoset.toml as JSON values; what may be told is chosen here.
    transfer_syntax : (word, UID)
    disclosure : mapping
        `mammoset.publish.disclosure.Disclosure.to_json`.
    digests : mapping
        Of `study_digests`.
    """
    dataset = settings["dataset"]
    return {
        "format_version": FORMAT_VERSION,
        "name": dataset["name"],
        "version": version,
        "title": dataset["title"],
        "description": dataset["description"],
        "contact": dataset["contact"],
        "license": dataset["license"],
        "program": {"name": "mammoset", "version": __version__},
        "transfer_syntax": {"name": transfer_syntax[0], "uid": transfer_syntax[1]},
        "disclosure": dict(disclosure),
        "counts": totals(statistics),
        "statistics": statistics.to_json(),
        "agreement": list(agreement),
        "vocabularies": vocabularies.to_json(),
        "label_schema": schema_to_json(schema),
        "split_report": dict(split_report),
        "settings": kept_settings(settings),
        "study_sha256": dict(digests),
    }


def write_document(document: Mapping[str, Any]) -> str:
    """Return release.json as text."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
