"""Agreement on findings: which boxes both readers drew, on which images both saw something, how well boxes overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from mammoset.domain.agreement_rows import ANY_CATEGORY, AgreementRow, Counts, Group, Measure, Resampling, rows_of
from mammoset.domain.boxes import iou, match
from mammoset.domain.labels import LabelSchema
from mammoset.domain.reliability import Array, ratio
from mammoset.model import Box, Finding


def finding_rows(group: Group, category: str | None, schema: LabelSchema, resampling: Resampling) -> list[AgreementRow]:
    """Return the agreement of each two readings of one study on findings of a category; None for any.

    Boxes are matched image by image as labels.toml says; of a category, only boxes that carry it are.

    Returns
    -------
    list of AgreementRow
        Positive agreement (F1) of boxes, 2 m / (n1 + n2) for m matched of n1 and n2, which says nothing of the many
        places where neither sees anything (Cicchetti and Feinstein, J Clin Epidemiol 43, 551–558, 1990); the same of
        images; and the mean IoU of matched boxes.
    """
    patients = group.patients()
    boxes, images, overlaps = (np.zeros((len(patients), 2)) for _ in range(3))
    for patient, one, other in group.pairs():
        for image in _by_image(one.findings, other.findings, category):
            pairs = image.matched(schema)
            row = patients[patient]
            boxes[row] += len(pairs), len(image.first) + len(image.second) - 2 * len(pairs)
            images[row] += (1, 0) if image.first and image.second else (0, 1)
            overlaps[row] += sum(pairs), len(pairs)
    of = partial(Measure, "finding", category or ANY_CATEGORY, undefined="")  # undefined only where nobody marked one
    return [
        *rows_of(group, [of("f1", value_of=_f1)], _counts(boxes), boxes, resampling),
        *rows_of(group, [of("f1_images", value_of=_f1)], _counts(images), images, resampling),
        *rows_of(group, [of("mean_iou", value_of=_mean)], Counts(int(overlaps[:, 1].sum())), overlaps, resampling),
    ]


class _Marked(NamedTuple):
    """Boxes of two readings on one image."""

    first: list[Box]
    second: list[Box]

    def matched(self, schema: LabelSchema) -> list[float]:
        """Return the IoU of each matched pair."""
        rule = schema.matching
        pairs = match(self.first, self.second, min_iou=rule.iou, center=rule.center)
        return [iou(self.first[i], self.second[j]) for i, j in pairs]


def _by_image(first: Sequence[Finding], second: Sequence[Finding], category: str | None) -> Iterator[_Marked]:
    """Yield the boxes of a category on each image on which there are any."""
    marked: dict[str, _Marked] = defaultdict(lambda: _Marked([], []))
    for place, findings in enumerate((first, second)):
        for finding in findings:
            if category is None or category in finding.categories:
                marked[finding.image_id][place].append(finding.box)
    yield from marked.values()


def _counts(sums: Array) -> Counts:
    both, one = sums.sum(axis=0)
    n_units = int(both + one)
    return Counts(n_units, 0, float(both) / n_units if n_units else None)


def _f1(sums: Array) -> Array:
    return ratio(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1])


def _mean(sums: Array) -> Array:
    return ratio(sums[..., 0], sums[..., 1])
