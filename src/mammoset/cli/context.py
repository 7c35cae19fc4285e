"""What every sub-command gets: the project folder, and how to print."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from mammoset import engine
from mammoset.cli.passphrase import passphrase_asker
from mammoset.project import Project

SECONDS_BETWEEN_LINES = 5.0


@dataclass(frozen=True, slots=True)
class Context:
    """Options of every sub-command."""

    root: Path
    as_json: bool = False
    debug: bool = False

    @contextmanager
    def project(self) -> Iterator[Project]:
        """Open the project and close it afterwards."""
        with Project.open(self.root, passphrase_asker()) as project:
            yield project

    def result(self, values: Any, lines: Iterable[str]) -> None:
        """Print a result: as JSON when asked, else as lines for a person."""
        if self.as_json:
            typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
            return
        for line in lines:
            typer.echo(line)


def context_of(ctx: typer.Context) -> Context:
    """Return the options of every sub-command from typer's context."""
    context = ctx.find_object(Context)
    return context if context is not None else Context(Path())


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 exam``, ``2 exams``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a plain table, columns of numbers to the right."""
    body = [[str(cell) for cell in row] for row in rows]
    columns = list(zip(header, *body, strict=True))
    widths = [max(map(len, column)) for column in columns]
    adjust = [str.rjust if all(map(_is_number, column[1:])) else str.ljust for column in columns]
    for row in [list(header), *body]:
        cells = (move(cell, width) for move, cell, width in zip(adjust, row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _is_number(cell: str) -> bool:
    return not cell or cell.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()


@contextmanager
def progress() -> Iterator[engine.Progress]:
    """Give a progress report: bars with rate and time left on a terminal, plain lines elsewhere; both on stderr."""
    if sys.stderr.isatty():
        with _Bars() as bars:
            yield bars
    else:
        yield _Lines()


class _Bars:
    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
        )  # fmt: skip
        self.progress = Progress(*columns, console=Console(stderr=True))
        self.tasks: dict[str, tuple[TaskID, float]] = {}

    def __enter__(self) -> _Bars:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.progress.add_task(what, total=total, rate=""), time.monotonic()
        task, start = self.tasks[what]
        seconds = time.monotonic() - start
        rate = f"{done / seconds:.1f}/s" if done and seconds > 0 else ""
        self.progress.update(task, completed=done, total=total, rate=rate)


class _Lines:
    def __init__(self) -> None:
        self.said: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int | None) -> None:
        moment = time.monotonic()
        if total == 0:
            return
        is_end = total is not None and done >= total
        if is_end or moment - self.said.get(what, moment - SECONDS_BETWEEN_LINES) >= SECONDS_BETWEEN_LINES:
            self.said[what] = moment
            typer.echo(f"{what}: {done}{'' if total is None else f' of {total}'}", err=True)
