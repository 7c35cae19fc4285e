"""Fixed texts of README.md."""

from __future__ import annotations

HOW_TO_LOAD = """\
```python
import ast
import csv

import pydicom  # and for JPEG-LS pyjpegls, for HTJ2K pylibjpeg-openjpeg, or GDCM

with open("breast-level_annotations.csv", newline="", encoding="utf-8") as file:
    breasts = list(csv.DictReader(file))
with open("finding_annotations.csv", newline="", encoding="utf-8") as file:
    findings = list(csv.DictReader(file))

first = findings[0]
categories = ast.literal_eval(first["finding_categories"])
image = pydicom.dcmread(f"images/{first['study_id']}/{first['image_id']}.dicom")
pixels = image.pixel_array  # stored values: for display apply the window or VOI LUT, and invert MONOCHROME1
```""".splitlines()

HOW_TO_READ_BOXES = (
    "Boxes are `xmin ymin xmax ymax` in pixels of the stored, unflipped image, origin at the top left, half-open: "
    "columns `xmin` up to but without `xmax`. An empty cell means not known or not applicable, never negative.",
)

LIMITS = (
    "The reference answers are what readers said, not what pathology proved; the dataset shows how well a system "
    "agrees with readers, and is not enough to judge it for diagnosis.",
    "For screening, BI-RADS 3, 4 and 5 mean recall, 1 and 2 do not.",
    "Benign findings (BI-RADS 2) were not marked; a breast of BI-RADS 2 without box is complete.",
    "A box marks one finding on one image; boxes of one lesion in two views are not linked.",
    "Categories with few findings (see the table of findings) allow no reliable statistics.",
    "The same key turned all identifiers into pseudonyms; the data are pseudonymized, not anonymous. Whoever uses them "
    "agrees not to try to find out who a patient or a hospital is.",
)

DIFFERENCES = {
    "recall": "whether to recall",
    "birads": "the BI-RADS of a breast",
    "density": "the density of a breast",
    "unmatched_finding": "a finding that only one had marked",
    "category": "the categories of a finding",
    "finding_birads": "the BI-RADS of a finding",
}
"""Kind of disagreement to words that follow "differed in"."""
