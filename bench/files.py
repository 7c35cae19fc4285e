"""Exams as files: a few phantoms, and copies of them under other UIDs and patients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from mammoset.phantom.hospital import build_hospital
from mammoset.phantom.scanner import Size

SEED = 3
"""Gives two exams of uncompressed images, 3518 × 2800 where they are full."""


def write_exams(folder: Path, n_exams: int, size: Size) -> list[Path]:
    """Write the files of `n_exams` complete four-view exams below a folder, and return them."""
    hospital = build_hospital(folder / "phantoms", n_exams=2, seed=SEED, size=size, flaws={}, workers=1)
    models = [
        [dcmread(hospital.images / image.path) for image in exam.images if image.role == "standard"]
        for exam in hospital.exams
    ]
    written = []
    for number in range(n_exams):
        home = folder / "exams" / f"{number:05d}"
        home.mkdir(parents=True)
        for place, model in enumerate(models[number % len(models)]):
            _rename(model, number, place)
            model.save_as(home / f"{place}.dcm")
            written.append(home / f"{place}.dcm")
    return written


def _rename(dataset: Dataset, exam: int, image: int) -> None:
    dataset.PatientID = f"BENCH{exam:06d}"
    for keyword, name in (("StudyInstanceUID", f"{exam}"), ("SOPInstanceUID", f"{exam}.{image}")):
        setattr(dataset, keyword, generate_uid(entropy_srcs=["mammoset bench", name]))
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["mammoset bench series", f"{exam}.{image}"])
    # one picture under two patients is not published: a pixel in the middle becomes the exam's number
    pixels = np.frombuffer(dataset.PixelData, "<u2").reshape(dataset.Rows, dataset.Columns).copy()
    pixels[dataset.Rows // 2, dataset.Columns // 2 : dataset.Columns // 2 + 2] = exam % 64, exam // 64
    dataset.PixelData = pixels.tobytes()
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
