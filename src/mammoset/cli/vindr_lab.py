"""What `mammoset read import --format vindr-lab` does and prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from mammoset.cli.context import Context, counted
from mammoset.errors import ConfigError
from mammoset.read.vindr_lab import LabSummary, import_vindr_lab
from mammoset.read.vindr_lab_labels import LabelMap, parse_map

SHOWN = 20
WORDS = {
    "strange": "annotations are about no exam of this project",
    "missing_objects": "annotations have an object that is not in the file; their own UIDs were used",
    "duplicates": "annotations say what another one says",
    "clamped": "boxes left their image and were cut at its edge",
    "polygons": "polygons were taken as the boxes around them",
    "ignored_labels": "labels say nothing that is asked here",
    "unasked": "questions of the rules that nobody was asked there",
    "archived": "exams were put aside there; their flags are not taken over",
}


def import_lab(context: Context, text: str, labels: Path | None, *, dry_run: bool) -> None:
    """Import an export of VinDr Lab and say what was done."""
    with context.project() as project:
        given = LabelMap() if labels is None else parse_map(text_of(labels, "the map"), project.schema)
        done = import_vindr_lab(project, text, given, dry_run=dry_run)
    context.result(asdict(done), _lines(done, "would record" if dry_run else "recorded"))


def text_of(file: Path, name: str) -> str:
    """Return a file's text; `name` is what messages call it."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: the file is not UTF-8; save it as UTF-8 text") from None


def _lines(done: LabSummary, verb: str) -> Iterator[str]:
    told = ", ".join(f"{count} as {role}" for role, count in done.recorded.items())
    yield f"{verb} {counted(sum(done.recorded.values()), 'reading')}{f' ({told})' if told else ''}"
    if done.already:
        yield f"{counted(done.already, 'reading')} had been recorded before"
    yield from (f"{count} {WORDS[name]}" for name, count in done.counts.items())
    if not done.left_out:
        return
    yield f"left out {counted(len(done.left_out), 'reading')}:"
    for one in done.left_out[:SHOWN]:
        yield f"  {one.place}, exam {one.study_id}{f', {one.reader_id}' if one.reader_id else ''}: {one.reason}"
    if len(done.left_out) > SHOWN:
        yield f"  … and {len(done.left_out) - SHOWN} more; --json names all"
