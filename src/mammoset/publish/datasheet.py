"""README.md of a release: what it is, how it was made, what it holds in numbers, how to load it, what it is not.

A pure function of release.json. Every table of numbers stands under a marker, so that `verify` can find it again and
compare it with what the release's own tables say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mammoset.publish.agreement import agreement_rows
from mammoset.publish.disclosure_words import disclosure_words, rebuilding_words
from mammoset.publish.prose import DIFFERENCES, HOW_TO_LOAD, HOW_TO_READ_BOXES, LIMITS

MARKER = "<!-- statistics: {name} -->"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of README.md: cells as they are printed."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """Return the table in Markdown, under its marker."""
        body = [self.header, ("---", *("---:" for _ in self.header[1:])), *self.rows]
        return [MARKER.format(name=self.name), *(f"| {' | '.join(map(_cell, row))} |" for row in body)]


def _cell(text: str) -> str:
    """Return text that cannot leave its cell: it may come from a file's header."""
    return "".join(one if one.isprintable() and one not in "|\\<>`" else " " for one in text).strip() or "–"


def _share(count: int, total: int) -> str:
    return f"{count:,} ({100 * count / total:.2f}%)" if total else f"{count:,}"


def _rate(count: int, images: int) -> str:
    return f"{count:,} ({100 * count / images:.3f})" if images else f"{count:,}"


def tables_of(statistics: Mapping[str, Any], agreement: Sequence[Mapping[str, Any]]) -> list[Table]:
    """Return the tables of README.md.

    Parameters
    ----------
    statistics : mapping
        `Statistics.to_json`.
    agreement : sequence of mappings
        As release.json holds it.
    """
    counts = statistics["counts"]
    return [
        _counts_table(counts),
        _by_fold("breast_birads", "Breast-level BI-RADS assessment", statistics["breast_birads"]),
        _by_fold("breast_density", "Breast density", statistics["breast_density"]),
        _findings_table(statistics["findings"], counts),
        _finding_birads_table(statistics["finding_birads"]),
        _age_table(statistics["age"]),
        _vendors_table(statistics["vendors"]),
        Table("agreement", "Agreement of the first readings", *agreement_rows(agreement)),
    ]


def _total(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    names = list(dict.fromkeys(name for row in counts.values() for name in row))
    return {name: sum(row.get(name, 0) for row in counts.values()) for name in names}


def _counts_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    total = _total(counts)
    rows = tuple((fold, *(f"{row[name]:,}" for name in total)) for fold, row in {**counts, "overall": total}.items())
    return Table("counts", "Size", ("split", *(name.replace("_", " ") for name in total)), rows)


def _by_fold(name: str, title: str, counts: Mapping[str, Mapping[str, int]]) -> Table:
    overall = _total(counts)
    rows = []
    for fold, row in {**counts, "overall": overall}.items():
        n = sum(row.values())
        rows.append((fold, *(_share(row[label], n) for label in overall), f"{n:,}"))
    return Table(name, f"{title}, in breasts", ("split", *overall, "total"), tuple(rows))


def _findings_table(findings: Mapping[str, Mapping[str, int]], counts: Mapping[str, Mapping[str, int]]) -> Table:
    n_images = {**{fold: row["images"] for fold, row in counts.items()}, "overall": _total(counts).get("images", 0)}
    columns = {**findings, "overall": _total(findings)}
    rows = tuple(
        (category, *(_rate(columns[fold][category], n_images[fold]) for fold in columns))
        for category in columns["overall"]
    )
    return Table("findings", "Findings, and findings per 100 images", ("finding", *columns), rows)


def _finding_birads_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    labels = list(_total(counts))
    rows = tuple(
        (category, *(f"{row[label]:,}" for label in labels), f"{sum(row.values()):,}")
        for category, row in counts.items()
    )
    return Table("finding_birads", "BI-RADS assessment of findings", ("finding", *labels, "total"), rows)


def _age_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    overall = _total(counts)
    columns = {**counts, "overall": overall}
    rows = tuple((group, *(f"{columns[fold][group]:,}" for fold in columns)) for group in overall)
    return Table("age", "Age in years, in exams", ("age", *columns), rows)


def _vendors_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    n = sum(count for models in counts.values() for count in models.values())
    rows = tuple(
        (maker, model, _share(count, n)) for maker, models in counts.items() for model, count in models.items()
    )
    return Table("vendors", "Equipment, in images", ("manufacturer", "model", "images"), rows)


def readme(document: Mapping[str, Any]) -> str:
    """Return README.md for what release.json says."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    title = document["title"] or document["name"]
    yield from (f"# {title}, version {document['version']}", "")
    if document["description"]:
        yield from (document["description"], "")
    counts = document["counts"]
    yield (
        f"{counts['studies']:,} mammography exams of {counts['patients']:,} patients, {counts['images']:,} images: the "
        "four standard views of each exam, for presentation. Every breast has a BI-RADS assessment and a density, "
        f"suspicious findings are marked with boxes ({counts['findings']:,}). Patient, study, series and image "
        "identifiers are pseudonyms."
    )
    yield from ("", f"Made with {document['program']['name']} {document['program']['version']}.", "")
    if document["contact"]:
        yield from (f"Contact: {document['contact']}", "")
    yield from _files(document)
    yield from _making(document)
    yield from ("## Numbers", "")
    for table in tables_of(document["statistics"], document["agreement"]):
        yield from (f"### {table.title}", "", *table.lines(), "")
    yield from _schema(document["label_schema"])
    yield from ("## How to load", "", *HOW_TO_LOAD, "", *HOW_TO_READ_BOXES, "")
    yield from ("## Known limits", "", *(f"- {one}" for one in LIMITS), "")
    yield from ("## License", "", document["license"])


def _files(document: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Files", "")
    syntax = document["transfer_syntax"]
    yield from (
        f"- `images/<study_id>/<image_id>.dicom`: the images, {syntax['name']}, lossless ({syntax['uid']})",
        "- `breast-level_annotations.csv`: one row per image, with the assessment and density of its breast",
        "- `finding_annotations.csv`: one row per finding, or one `['No Finding']` for an image without any",
        "- `metadata.csv`: one row per image, attributes of the DICOM files",
        "- `release.json`: counts, statistics, label schema, split report and settings, for programs",
        "- `SHA256SUMS.txt`: `sha256sum -c SHA256SUMS.txt` checks every file; `mammoset verify` checks what they say",
        "",
    )


def _making(document: Mapping[str, Any]) -> Iterator[str]:
    schema = document["label_schema"]
    folds = " and ".join(f"`{name}`" for name in document["vocabularies"]["split"])
    yield from ("## How it was made", "")
    yield "Exams were taken from an archive in the order of a seeded permutation."
    yield from rebuilding_words(document["settings"]["pseudonymize"])
    yield from _review_words(document["settings"].get("review", {}))
    yield from ("", *disclosure_words(document["disclosure"]), "")
    if schema["readers"]["readers_per_study"] == 2:
        opening = [DIFFERENCES.get(one, one) for one in schema["discordance"]["open_arbitration"]]
        yield "Each exam was read independently by two readers, neither of whom saw another reading."
        if opening:
            yield (
                f"Where they differed in {', in '.join(opening)}, a third reader of senior rank decided with both "
                "readings at hand."
            )
        yield "Other differences were settled by the rules in `release.json`, `label_schema.reference`."
    else:
        yield "Each exam was read by one reader."
    yield ""
    yield (
        f"Exams were divided into {folds} by iterative stratification over breast BI-RADS, density, finding categories "
        "and their BI-RADS; all exams of a patient are in one part. The report of the split is in `release.json`."
    )
    yield ""


def _review_words(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say what people looked at before anything was read, and what they were spared."""
    if not settings.get("required", False):
        yield "That people look at every image and every value before anything is read was not required."
        return
    yield "Before anything was read, people had approved every image and every value that the files hold."
    share = settings.get("second_look", 0)
    if share:
        yield f"A second person looked at {100 * share:g}% of the images, drawn by lot."


def _schema(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## What readers were asked", "", "Of each breast:", "")
    for one in schema["breast"]["birads"]:
        yield f"- BI-RADS {one['value']}: {one['meaning']}"
    for one in schema["breast"]["densities"]:
        yield f"- DENSITY {one['value']}: {one['meaning']}"
    assessed = ", ".join(f"BI-RADS {value}" for value in schema["finding"]["birads"])
    yield from (
        "",
        f"Of each finding a box, one or more categories, and for some a BI-RADS of its own ({assessed}):",
        "",
    )
    rows = [
        (one["name"], "required" if one["needs_birads"] else "optional", one["definition"])
        for one in schema["category"]
    ]
    yield from _plain_table(("category", "BI-RADS", "definition"), rows)
    yield ""


def _plain_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (header, ["---"] * len(header), *rows):
        yield f"| {' | '.join(map(_cell, row))} |"
