"""Time and quality of the split on made-up exams with the model paper's totals.

Run from the repository's root: ``python -m bench.split``. Times are CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.split.papers_table import FINDINGS, papers_references, patients_of

from mammoset.split.attributes import PAPER_COLUMNS, label_counts
from mammoset.split.stratify import stratify

CASES: dict[str, dict[str, Any]] = {
    "80/20": {"shares": [0.8, 0.2]},
    "80/20, patients": {"shares": [0.8, 0.2], "groups": True},
    "80/10/10": {"shares": [0.8, 0.1, 0.1]},
    "5 folds": {"shares": [1] * 5},
    "5 folds, patients": {"shares": [1] * 5, "groups": True},
}


def measure(case: dict[str, Any], seeds: range, times: int) -> NDArray[np.float64]:
    """Return one row per seed: ms, largest deviation, mean over the printed 19, mean over all, sizes are exact."""
    rows = []
    for seed in seeds:
        references, images = papers_references(seed, times)
        ids, names, table = label_counts(references, list(FINDINGS), images_of=images)
        options = {**case, "groups": patients_of(ids, seed) if case.get("groups") else None}
        start = time.process_time()
        split = stratify(table, ids=ids, random_state=seed, **options)
        spent = time.process_time() - start
        off = np.abs(split.deviations)
        printed = off[:, [names.index(name) for name in PAPER_COLUMNS]]
        exact = (split.sizes == split.wanted_sizes).all()
        rows.append((1000 * spent, off.max(), printed.mean(), off.mean(), float(exact)))
    return np.array(rows)


def main() -> None:
    """Print a line per case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--times", type=int, default=1, help="5,000 exams times this")
    options = parser.parse_args()
    print(
        f"{'case':20} {'ms median':>9} {'max':>6} {'within one':>10} {'mean of 19':>10} {'mean':>6} {'exact sizes':>11}"
    )
    for name, case in CASES.items():
        rows = measure(case, range(options.seeds), options.times)
        within = int((rows[:, 1] <= 1 + 1e-9).sum())
        print(
            f"{name:20} {np.median(rows[:, 0]):9.0f} {rows[:, 1].max():6.1f} {within:7d}/{len(rows):<2d} "
            f"{rows[:, 2].mean():10.3f} {rows[:, 3].mean():6.3f} {int(rows[:, 4].sum()):8d}/{len(rows)}"
        )


if __name__ == "__main__":
    main()
