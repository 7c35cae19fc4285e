"""Which objects of an exam count, which exams are complete, and in which order exams are drawn. Pure.

A four-view exam holds one image for each of L-CC, L-MLO, R-CC and R-MLO. Where there are several of one view, the
one that stands for it is chosen by a stated rule, so that everybody who runs it on the same exam chooses the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mammoset.pixels.views import ViewIdentity
from mammoset.terms.dicom import BREAST_TOMOSYNTHESIS, MG_FOR_PRESENTATION, MG_FOR_PROCESSING, STANDARD_VIEWS
from mammoset.terms.reasons import Outcome

FOR_PRESENTATION = "FOR PRESENTATION"
FOR_PROCESSING = "FOR PROCESSING"
MADE_FROM_TOMOSYNTHESIS = frozenset({"GENERATED_2D", "TOMO", "TOMOSYNTHESIS"})
"""Image Type values of what is made from tomosynthesis; TOMO_2D is the real 2D image taken along with it."""
SUBTRACTION = "SUBTRACTION"
"""Image Type value of a contrast mammogram's difference image, which shows no ordinary view."""

NOT_A_MAMMOGRAM = frozenset({"wrong_sop_class", "for_processing", "tomosynthesis", "synthesized", "no_identity"})
"""Reasons for which an object says nothing about whether its exam is a mammography exam."""


@dataclass(frozen=True, slots=True)
class ObjectHeader:
    """What is read of one object before anything is decided about it. Holds originals: it stays in `acquire`.

    Attributes
    ----------
    study_uid, series_uid, sop_uid : str
        Empty where the object has none.
    patient_id, issuer : str
        Patient ID and Issuer of Patient ID, empty where absent.
    sop_class : str
    presentation_intent : str
        Presentation Intent Type, empty where absent.
    image_type : tuple of str
        Upper case.
    sources : frozenset of str
        SOP classes of the objects it was derived from (Source Image Sequence).
    view : ViewIdentity or None
        None where side or projection cannot be told.
    acquired : tuple of (date, time)
        Digits as in DA and TM, empty where absent.
    instance_number : int
        0 where absent.
    is_whole : bool
        Whether its pixel data are there to the end.
    """

    study_uid: str
    series_uid: str
    sop_uid: str
    patient_id: str = ""
    issuer: str = ""
    sop_class: str = MG_FOR_PRESENTATION
    presentation_intent: str = FOR_PRESENTATION
    image_type: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    view: ViewIdentity | None = None
    acquired: tuple[str, str] = ("", "")
    instance_number: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """What was decided about one object: its outcome, and why."""

    sop_uid: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StudyVerdict:
    """What was decided about an exam and each of its objects.

    Attributes
    ----------
    objects : tuple of ObjectVerdict
        Ordered by SOP Instance UID.
    """

    outcome: Outcome
    reason: str
    detail: str
    objects: tuple[ObjectVerdict, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it is a four-view exam."""
        return self.outcome == Outcome.KEPT


def refusal_of(header: ObjectHeader) -> str:
    """Return why an object is not a 2D presentation mammogram of a known view, empty when it is one.

    An absent Presentation Intent Type (Type 1, PS3.3 C.8.11.7) is taken as what the SOP class says.
    """
    if not (header.study_uid and header.series_uid and header.sop_uid):
        return "no_identity"
    by_class = {MG_FOR_PROCESSING: "for_processing", BREAST_TOMOSYNTHESIS: "tomosynthesis"}
    if header.sop_class != MG_FOR_PRESENTATION:
        return by_class.get(header.sop_class, "wrong_sop_class")
    if header.presentation_intent not in ("", FOR_PRESENTATION):
        return "for_processing" if header.presentation_intent == FOR_PROCESSING else "wrong_sop_class"
    if _is_synthesized(header):
        return "synthesized"
    if not header.is_whole:
        return "unreadable"
    return "unknown_view" if header.view is None else ""


def _is_synthesized(header: ObjectHeader) -> bool:
    return bool(MADE_FROM_TOMOSYNTHESIS & set(header.image_type)) or BREAST_TOMOSYNTHESIS in header.sources


def choose(headers: Sequence[ObjectHeader]) -> StudyVerdict:
    """Decide about an exam from the headers of all its objects.

    Parameters
    ----------
    headers : sequence of ObjectHeader
        Of one exam, each SOP Instance UID once; their order does not matter.

    Returns
    -------
    StudyVerdict
        KEPT when each of the four standard views has its image; EXCLUDED as ``no_images``, ``not_mammography``,
        ``missing_views`` (the detail names them) or ``other`` (objects of more than one patient).

    Notes
    -----
    Of several images of one standard view those count that are neither implant-displaced nor magnified nor spot
    compression nor a contrast subtraction; of these the last acquired (Acquisition Date and Time, else Content Date
    and Time), then the highest Instance Number, then the highest SOP Instance UID. The others are ``repeat``; what
    cannot stand for its view, and every other projection, is a ``further_view``.
    """
    refusals = {one.sop_uid: refusal_of(one) for one in headers}
    images = [one for one in headers if not refusals[one.sop_uid]]
    standing = _standing(images)
    verdicts = []
    for one in sorted(headers, key=lambda header: header.sop_uid):
        refused = refusals[one.sop_uid]
        outcome = Outcome.EXCLUDED if refused else Outcome.KEPT
        verdicts.append(ObjectVerdict(one.sop_uid, outcome, refused or _rank(one, standing)))
    return StudyVerdict(*_of_study(headers, refusals, images, standing), tuple(verdicts))


def _standing(images: Iterable[ObjectHeader]) -> dict[tuple[str, str], ObjectHeader]:
    """Return the image that stands for each standard view that has one."""
    candidates: dict[tuple[str, str], list[ObjectHeader]] = defaultdict(list)
    for one in images:
        if one.view is not None and _can_stand(one):
            candidates[one.view.laterality, one.view.view_position].append(one)
    return {view: max(candidates[view], key=_recency) for view in STANDARD_VIEWS if view in candidates}


def _can_stand(header: ObjectHeader) -> bool:
    return header.view is not None and header.view.can_stand_for_its_view and SUBTRACTION not in header.image_type


def _recency(header: ObjectHeader) -> tuple[tuple[str, str], int, str]:
    return header.acquired, header.instance_number, header.sop_uid


def _rank(header: ObjectHeader, standing: dict[tuple[str, str], ObjectHeader]) -> str:
    view = header.view
    chosen = standing.get((view.laterality, view.view_position)) if view is not None else None
    if view is None or chosen is None or not _can_stand(header):
        return "further_view"
    return "" if chosen.sop_uid == header.sop_uid else "repeat"


def _of_study(
    headers: Sequence[ObjectHeader],
    refusals: dict[str, str],
    images: Sequence[ObjectHeader],
    standing: dict[tuple[str, str], ObjectHeader],
) -> tuple[Outcome, str, str]:
    if not headers:
        return Outcome.EXCLUDED, "no_images", ""
    if all(reason in NOT_A_MAMMOGRAM for reason in refusals.values()):
        return Outcome.EXCLUDED, "not_mammography", ""
    n_patients = len({one.patient_id for one in images if one.patient_id})
    if n_patients > 1:
        # whichever were taken, the other patient's exams could fall on the other side of a split
        return Outcome.EXCLUDED, "several_patients", f"its images carry {n_patients} different patient ids"
    missing = [f"{side}-{position}" for side, position in STANDARD_VIEWS if (side, position) not in standing]
    if missing:
        return Outcome.EXCLUDED, "missing_views", ", ".join(missing)
    return Outcome.KEPT, "", ""


def permutation(study_uids: Iterable[str], seed: int) -> list[str]:
    """Return the studies in the order in which they are drawn.

    The order depends on the set of original UIDs and the seed alone: not on the key, the pseudonyms or the order in
    which an archive lists them.
    """
    ordered = sorted(set(study_uids))
    generator = np.random.Generator(np.random.PCG64(seed))
    return [ordered[place] for place in generator.permutation(len(ordered))]
