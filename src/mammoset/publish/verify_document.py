"""Release.json and README.md: whether they can be read, and say what the tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from mammoset.domain.labels import Category, LabelSchema, Matching, ReferenceRules
from mammoset.domain.labels import to_json as schema_to_json
from mammoset.errors import DatasetDefect
from mammoset.publish.datasheet import MARKER, Table, tables_of
from mammoset.publish.defects import Defects, plain, quoted
from mammoset.publish.document import study_digests, totals
from mammoset.publish.layout import FORMAT_VERSION, LICENSE_FILE, README_FILE, RELEASE_FILE
from mammoset.publish.statistics import Statistics, Vocabularies, statistics_of, vocabularies_of
from mammoset.publish.verify_tables import Tables
from mammoset.terms.birads import ASSESSMENTS, DENSITIES

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Described:
    """What release.json says, as far as the other files are judged by it."""

    document: Mapping[str, Any]
    schema: LabelSchema
    vocabularies: Vocabularies
    transfer_syntax: str


def read_described(text: str) -> Described:
    """Read release.json.

    Raises
    ------
    DatasetDefect
        If it is no JSON, was written by a newer version of the program, or its parts do not have the shape that
        `mammoset publish` gives them.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetDefect(f"is not valid JSON ({type(error).__name__})") from None
    version = document.get("format_version") if isinstance(document, dict) else None
    if version is True or version != FORMAT_VERSION:
        advice = f"this version of mammoset reads {FORMAT_VERSION}; use the one that made the release"
        raise DatasetDefect(f"format_version is {quoted(version)}: {advice}")
    try:
        schema = _schema_of(document["label_schema"])
        folds = _texts(document["vocabularies"]["split"])
        syntax = str(document["transfer_syntax"]["uid"])
        list(tables_of(document["statistics"], document["agreement"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise DatasetDefect(f"does not have the shape of a release ({type(error).__name__} {quoted(error)})") from None
    vocabularies = vocabularies_of(schema, folds)
    differing = list(differences("vocabularies", document["vocabularies"], vocabularies.to_json()))
    if differing:
        raise DatasetDefect(differing[0])
    return Described(document, schema, vocabularies, syntax)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("expected a list")
    if not all(isinstance(one, str) for one in value):
        raise TypeError("expected texts")
    return tuple(value)


def _schema_of(value: Mapping[str, Any]) -> LabelSchema:
    """Return the label schema of its JSON form; raises whatever a wrong shape provokes."""
    schema = LabelSchema(
        categories=tuple(Category(**one) for one in value["category"]),
        breast_birads=tuple(one["value"] for one in value["breast"]["birads"]),
        densities=tuple(one["value"] for one in value["breast"]["densities"]),
        finding_birads=tuple(value["finding"]["birads"]),
        min_box_size=value["finding"]["min_box_size"],
        matching=Matching(**value["matching"]),
        open_arbitration=tuple(value["discordance"]["open_arbitration"]),
        reference=ReferenceRules(**value["reference"]),
        readers_per_study=value["readers"]["readers_per_study"],
    )
    numbers = (*schema.breast_birads, *schema.finding_birads)
    if not set(numbers) <= set(ASSESSMENTS) or not set(schema.densities) <= set(map(str, DENSITIES)):
        raise ValueError("a BI-RADS category or density that does not exist")
    written: list[object] = [text for one in schema.categories for text in (one.name, one.definition)]
    if not all(isinstance(text, str) for text in written):
        raise TypeError("a category whose name or definition is no text")
    if not schema.finding_birads or type(schema.min_box_size) not in (int, float):
        raise ValueError("no BI-RADS of findings, or a smallest box that is no number")
    if json.dumps(schema_to_json(schema)) != json.dumps(value):
        raise ValueError("label_schema")
    return schema


def check_document(described: Described, tables: Tables, defects: Defects) -> Statistics:
    """Compare what release.json says with what the tables hold; return the statistics of the tables."""
    statistics = statistics_of(tables.breasts, tables.findings, tables.metadata_by_image, described.vocabularies)
    expected = {
        "counts": totals(statistics),
        "statistics": statistics.to_json(),
        "study_sha256": study_digests(tables.breasts, tables.findings, tables.metadata),
    }
    for name, value in expected.items():
        defects.extend(RELEASE_FILE, differences(name, described.document.get(name), value))
    return statistics


def differences(place: str, said: object, found: object) -> Iterator[str]:
    """Yield where two JSON values differ: the place, what release.json says, what the tables hold."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in (*found, *(key for key in said if key not in found)):
            yield from differences(f"{place}, {plain(key)}", said.get(key, _MISSING), found.get(key, _MISSING))
        return
    if type(said) is not type(found) or said != found:
        yield f"{place}: {_shown(said)} is written there, the tables give {_shown(found)}"


def _shown(value: object) -> str:
    return "nothing" if value is _MISSING else quoted(value)


def check_readme(text: str, statistics: Statistics, agreement: Sequence[Mapping[str, Any]], defects: Defects) -> None:
    """Compare the tables of numbers that README.md prints with those of the statistics."""
    lines = text.split("\n")
    for table in tables_of(statistics.to_json(), agreement):
        marker = MARKER.format(name=table.name)
        if lines.count(marker) != 1:
            defects.add(README_FILE, f"table '{table.name}' is there {lines.count(marker)} times, not once")
            continue
        start = lines.index(marker)
        end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
        defects.extend(README_FILE, _table_differences(table, lines[start:end]))


def _table_differences(table: Table, lines: Sequence[str]) -> Iterator[str]:
    for number, (one, other) in enumerate(zip_longest(lines, table.lines(), fillvalue="")):
        if one == other:
            continue
        cells, expected = _cells(one), _cells(other)
        row = expected[0] if expected else f"line {number}"
        differing = [
            f"column '{name}' is {quoted(found)}, the tables give {quoted(right)}"
            for name, found, right in zip_longest(_cells(table.lines()[1]), cells, expected, fillvalue="")
            if found != right
        ]
        yield f"table '{table.name}', row {quoted(row)}: {'; '.join(differing) or 'another spacing'}"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if line.strip() else []


def check_license(text: str, described: Described, defects: Defects) -> None:
    """Report a LICENSE that is not the license of release.json."""
    if text != f"{described.document.get('license')}\n":
        defects.add(LICENSE_FILE, f"is not the text that {RELEASE_FILE} has under 'license'")
