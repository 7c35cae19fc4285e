"""What a split was to reach and what it reached, label by label."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mammoset.split.attributes import PAPER_COLUMNS
from mammoset.split.bounds import nearest_whole
from mammoset.split.sizes import normalise
from mammoset.split.stratify import Stratification

_DECIMALS = 6  # in files: targets like 245.2 instead of 245.20000000000002
_SLACK = 1e-9  # rounding of floats is no deviation


@dataclass(frozen=True)
class LabelLine:
    """One label in all folds.

    Attributes
    ----------
    targets, deviations : tuple of float
        Per fold; deviations are counts minus targets.
    counts : tuple of int
        Per fold.
    least : float
        Proven: in no split of these patients is the largest deviation of this label smaller than this.
    verdict : str
        ``exact`` – no other whole numbers are nearer to the targets; ``within one``; or ``gap 1.8``, the largest
        deviation.
    unavoidable : bool
        Whether a gap is proven to be no fault of the split: of this label, or of it and its parts, no split of these
        patients comes nearer.
    """

    name: str
    total: int
    targets: tuple[float, ...]
    counts: tuple[int, ...]
    deviations: tuple[float, ...]
    least: float
    verdict: str
    unavoidable: bool


@dataclass(frozen=True)
class SplitReport:
    """Sizes, labels and summary of a split; depends on no id.

    Attributes
    ----------
    units : str
        What was kept whole: ``patients`` or ``exams``.
    mean_deviation, max_deviation : float
        Of the absolute deviations of all labels in all folds.
    printed_mean_deviation, printed_max_deviation : float
        The same over the 19 categories that the model paper prints (breast BI-RADS, density, findings).
    table_sha256 : str
        Of the label names and the count rows, both sorted, without ids.
    """

    fold_names: tuple[str, ...]
    shares: tuple[float, ...]
    sizes: tuple[int, ...]
    wanted_sizes: tuple[int, ...]
    units: str
    n_units: int
    n_types: int
    n_swaps: int
    random_state: int
    table_sha256: str
    mean_deviation: float
    max_deviation: float
    printed_mean_deviation: float
    printed_max_deviation: float
    labels: tuple[LabelLine, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, ready for `json.dumps`."""
        return asdict(self)

    def table(self) -> list[list[str]]:
        """Return a header and a row per label that occurs: name, total, then target, got and deviation of each fold."""
        header = ["label", "total"]
        for fold in self.fold_names:
            header += [f"{fold} target", f"{fold} got", f"{fold} deviation"]
        rows = [[*header, "verdict"]]
        for line in self.labels:
            if line.total:
                cells = [line.name, f"{line.total:,}"]
                for target, count, off in zip(line.targets, line.counts, line.deviations, strict=True):
                    cells += [f"{target:,.1f}", f"{count:,}", f"{off + 0.0:+.1f}"]
                rows.append([*cells, line.verdict])
        return rows

    def summary(self) -> list[str]:
        """Return the result in sentences."""
        got = ", ".join(f"{name} {size:,}" for name, size in zip(self.fold_names, self.sizes, strict=True))
        lines = [f"Exams: {got}; {self.n_units:,} {self.units} kept whole."]
        if self.sizes != self.wanted_sizes:
            wanted = ", ".join(f"{size:,}" for size in self.wanted_sizes)
            lines.append(
                f"Wanted were {wanted}; with whole patients and fixed exams this is the nearest that was found."
            )
        lines.append(
            f"Deviation from the share of each label: {self.mean_deviation:.2f} on average, "
            f"{self.max_deviation:.1f} at most; over the categories of the published tables "
            f"{self.printed_mean_deviation:.2f} and {self.printed_max_deviation:.1f}."
        )
        gaps = [line for line in self.labels if line.verdict.startswith("gap")]
        for line in gaps:
            why = (
                f"no split of these {self.units} brings it and its parts nearer"
                if line.unavoidable
                else "see the table"
            )
            lines.append(f"{line.name}: {line.verdict} ({why}).")
        return lines if gaps else [*lines, "Every label is within one of its share in every fold."]


def report(
    result: Stratification,
    names: Sequence[str],
    table: NDArray[np.int64],
    *,
    fold_names: Sequence[str] = ("training", "test"),
    units: str = "exams",
) -> SplitReport:
    """Describe a split.

    Parameters
    ----------
    result : Stratification
    names : sequence of str
        Of the labels, in the order of the table's columns.
    table : ndarray of shape (n_exams, n_labels)
        The counts that were stratified.
    fold_names : sequence of str
        One per fold.
    units : str
        ``patients`` when groups were given.

    Raises
    ------
    ValueError
        When there are not as many names as folds or labels.
    """
    if len(fold_names) != len(result.shares) or len(names) != table.shape[1]:
        raise ValueError(
            f"{len(fold_names)} fold names for {len(result.shares)} folds, "
            f"{len(names)} label names for {table.shape[1]} labels"
        )
    off = np.abs(result.deviations)
    printed = off[:, [column for column, name in enumerate(names) if name in PAPER_COLUMNS]]
    return SplitReport(
        fold_names=tuple(fold_names),
        shares=result.shares,
        sizes=tuple(result.sizes.tolist()),
        wanted_sizes=tuple(result.wanted_sizes.tolist()),
        units=units,
        n_units=result.n_units,
        n_types=result.n_types,
        n_swaps=result.n_swaps,
        random_state=result.random_state,
        table_sha256=_fingerprint(names, table),
        mean_deviation=_rounded(off.mean() if off.size else 0.0),
        max_deviation=_rounded(off.max(initial=0.0)),
        printed_mean_deviation=_rounded(printed.mean() if printed.size else 0.0),
        printed_max_deviation=_rounded(printed.max(initial=0.0)),
        labels=tuple(_line(result, column, name) for column, name in enumerate(names)),
    )


def _line(result: Stratification, column: int, name: str) -> LabelLine:
    counts, off = result.counts[:, column], result.deviations[:, column]
    return LabelLine(
        name=name,
        total=int(counts.sum()),
        targets=tuple(map(_rounded, result.targets[:, column].tolist())),
        counts=tuple(counts.tolist()),
        deviations=tuple(map(_rounded, off.tolist())),
        least=_rounded(result.least[:, column].max()),
        verdict=_verdict(np.abs(off), int(counts.sum()), result.shares),
        unavoidable=bool(result.unavoidable[column]),
    )


def _verdict(off: NDArray[np.float64], total: int, shares: Sequence[float]) -> str:
    if off.sum() <= float(sum(nearest_whole(total, normalise(shares)))) + _SLACK:
        return "exact"
    return "within one" if off.max() <= 1 + _SLACK else f"gap {off.max():.1f}"


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS) + 0.0  # no minus zero


def _fingerprint(names: Sequence[str], table: NDArray[np.int64]) -> str:
    columns = sorted(range(len(names)), key=lambda column: names[column])
    rows = sorted(table[:, columns].tolist())
    text = json.dumps([[names[column] for column in columns], rows], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
