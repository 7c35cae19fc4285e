"""The exams on which new readers train: few, each with one thing to learn, and all of it known because it was planted.

What is planted follows from this table alone, so that everybody trains on the same pictures. A benign finding is not
among them: the phantom draws none, and readers do not mark any.
"""

from __future__ import annotations

from datetime import date, datetime, time

from mammoset.phantom.lesions import Lesion
from mammoset.phantom.plans import BreastPlan, ExamPlan, PatientPlan
from mammoset.terms import findings as f
from mammoset.terms.dicom import Laterality, ViewPosition

VERSION = 1
"""Raised whenever the same table gives other pictures or another truth: then a set is made again."""

R, L = Laterality.R, Laterality.L
BOTH_VIEWS = (ViewPosition.CC, ViewPosition.MLO)
VENDOR = "SIEMENS"
AGE, MOMENT = 50, datetime.combine(date(2020, 1, 1), time(9))


def training_exams() -> tuple[ExamPlan, ...]:
    """Return the exams in the order in which they are read.

    Nothing in fatty breasts; a mass; a cluster of calcifications; an asymmetry of one side; nothing in dense breasts.
    """
    mass = Lesion((f.MASS,), 4, BOTH_VIEWS, seed=203, size_mm=17.0)
    cluster = Lesion((f.SUSPICIOUS_CALCIFICATION,), 4, BOTH_VIEWS, seed=302, size_mm=13.0)
    asymmetry = Lesion((f.FOCAL_ASYMMETRY,), 3, BOTH_VIEWS, seed=401, size_mm=26.0)
    pairs = (
        (BreastPlan(R, 1, "A"), BreastPlan(L, 1, "A")),
        (BreastPlan(R, 1, "B"), BreastPlan(L, 4, "B", (mass,))),
        (BreastPlan(R, 4, "C", (cluster,)), BreastPlan(L, 1, "C")),
        (BreastPlan(R, 3, "B", (asymmetry,)), BreastPlan(L, 1, "B")),
        (BreastPlan(R, 1, "D"), BreastPlan(L, 1, "D")),
    )
    return tuple(_exam(number, breasts) for number, breasts in enumerate(pairs, start=1))


def _exam(number: int, breasts: tuple[BreastPlan, BreastPlan]) -> ExamPlan:
    patient = PatientPlan(number, 7000 + number, f"TRAINING{number}", "PHANTOM", "TRAINING", date(1969, 6, 1))
    return ExamPlan(number, 9000 + number, patient, MOMENT, AGE, VENDOR, breasts)
