"""The stage: takes the acquired studies through the gate, one transaction a study, and can be killed at any moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from mammoset.catalog.records import Decision, ImageRecord, StudyRecord
from mammoset.engine import Failure, Progress, run, silent
from mammoset.errors import StorageError, storing
from mammoset.model import Image
from mammoset.project import Project
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.gate import GateTask, treat
from mammoset.pseudonymize.masks import CornerShares
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Original, Vault

Result = ImageRecord | Failure[GateTask]
"""What became of one original."""
Thing = TypeVar("Thing")
LEFT_OUT = ("further_view", "repeat")
"""Reasons why the settings, and not the image, keep it out."""


@dataclass(frozen=True, slots=True)
class PseudonymizeSummary:
    """What a run of the stage did; with ``dry_run``, what it would have had to do.

    Attributes
    ----------
    studies, images : int
        Studies and images that were, or would be, treated in this run.
    kept, excluded, failed : int
        Studies by outcome; failed ones are tried again by the next run.
    images_kept : int
        Images written to the content store.
    refused : mapping
        Images that were refused or failed, by reason.
    already_passed : int
        Studies that had passed before and were not touched.
    """

    studies: int = 0
    images: int = 0
    kept: int = 0
    excluded: int = 0
    failed: int = 0
    images_kept: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    already_passed: int = 0
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done about one study.

    Attributes
    ----------
    tasks
        Originals to treat.
    standing
        Records of images that passed before and stay.
    left_out
        Decisions about images that the settings leave out.
    has_changed
        Whether another image stands for a view now than when the study passed.
    """

    study_id: str
    patient_id: str
    tasks: tuple[GateTask, ...]
    standing: tuple[ImageRecord, ...]
    left_out: tuple[Decision, ...]
    has_changed: bool


def pseudonymize(
    project: Project,
    *,
    allow_incomplete: bool = False,
    dry_run: bool = False,
    workers: int | None = None,
    progress: Progress = silent,
) -> PseudonymizeSummary:
    """Take every acquired study through the gate that has not passed it.

    A study passes when the images of its four standard views did; its images are in the content store before the
    catalog names them. Images already written and recorded are not made again. The bytes of an object depend on
    its original, the key and the settings only.

    Parameters
    ----------
    project : Project
    allow_incomplete : bool
        Also take studies that lack standard views, as long as one image passes.
    dry_run : bool
        Count what there is to do, and change nothing.
    workers : int or None
        Processes; None takes the setting, else one per core.
    progress : Progress
        Told of the images.

    Raises
    ------
    CatalogError
        If the stage is running already on this project.
    ConfigError
        If the vault has no usable key.
    StorageError
        If the content store or the catalog cannot be written; studies recorded until then stay.
    """
    with project.lock(Stage.PSEUDONYMIZE.value):
        return _run(project, allow_incomplete, dry_run, workers, progress)


def _run(
    project: Project, allow_incomplete: bool, dry_run: bool, workers: int | None, progress: Progress
) -> PseudonymizeSummary:
    vault = Vault(project.vault_path, project.settings.dataset.name)
    work, already_passed = _work(project, vault, allow_incomplete=allow_incomplete)
    n_images = sum(len(one.tasks) for one in work)
    if dry_run:
        return PseudonymizeSummary(len(work), n_images, already_passed=already_passed, dry_run=True)
    _sweep(project)
    count = workers if workers is not None else project.settings.pseudonymize.workers
    studies: Counter[Outcome] = Counter()
    refused: Counter[str] = Counter()
    done = images_kept = 0
    progress("images", 0, n_images)
    with closing(_treated(work, count)) as treated:
        for one, results in treated:
            outcome = _conclude(project, one, results, allow_incomplete=allow_incomplete)
            studies[outcome] += 1
            refused.update(_reason(result) for result in results if isinstance(result, Failure))
            images_kept += sum(isinstance(result, ImageRecord) for result in results) if outcome == Outcome.KEPT else 0
            done += len(results)
            progress("images", done, n_images)
    return PseudonymizeSummary(
        studies=len(work),
        images=n_images,
        kept=studies[Outcome.KEPT],
        excluded=studies[Outcome.EXCLUDED],
        failed=studies[Outcome.FAILED],
        images_kept=images_kept,
        refused=dict(sorted(refused.items())),
        already_passed=already_passed,
    )


def _sweep(project: Project) -> None:
    """Take away what workers of a run that was killed left half written."""
    with storing(project.content.root):
        for path in project.content.root.glob("*/*/.*.part"):
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Known:
    """What vault and catalog hold, by study: read once, because asking for each study would take minutes."""

    originals: Mapping[str, list[Original]]
    acquired: Mapping[str, list[Decision]]
    passed: Mapping[str, list[Decision]]
    reviewed: Mapping[str, list[Decision]]
    records: Mapping[str, list[ImageRecord]]

    @classmethod
    def read(cls, project: Project, vault: Vault) -> _Known:
        def decided(stage: Stage) -> dict[str, list[Decision]]:
            return _by_study(project.catalog.decisions(stage), lambda one: one.study_id)

        return cls(
            originals=_by_study(vault.originals(), lambda one: one.study_id),
            acquired=decided(Stage.ACQUIRE),
            passed=decided(Stage.PSEUDONYMIZE),
            reviewed=decided(Stage.REVIEW),
            records=_by_study(project.catalog.image_records(), lambda one: one.image.study_id),
        )


def _by_study(things: Iterable[Thing], study_of: Callable[[Thing], str]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        found[study_of(thing)].append(thing)
    return found


def _of_study(decisions: Iterable[Decision]) -> Decision | None:
    return next((one for one in decisions if not one.image_id), None)


def _work(project: Project, vault: Vault, *, allow_incomplete: bool) -> tuple[list[_Work], int]:
    """Return what there is to do, in the order of the draw, and how many studies had passed before."""
    known = _Known.read(project, vault)
    draws = {entry.study_id: entry.draw for entry in project.catalog.pool()}
    work, already_passed = [], 0
    for study_id in sorted(known.acquired, key=lambda one: (draws.get(one, len(draws)), one)):
        if not _is_due(known, study_id, allow_incomplete=allow_incomplete):
            continue
        one = _study_work(project, study_id, known)
        before = _of_study(known.passed.get(study_id, ()))
        if before is not None and before.outcome == Outcome.KEPT and not one.tasks and not one.has_changed:
            already_passed += 1
        else:
            work.append(one)
    return work, already_passed


def _is_due(known: _Known, study_id: str, *, allow_incomplete: bool) -> bool:
    """Whether a study is acquired, not rejected in review, and not excluded for good."""
    acquired = _of_study(known.acquired[study_id])
    if acquired is None or not _is_wanted(acquired, allow_incomplete=allow_incomplete):
        return False
    if not any(one.image_id and one.outcome == Outcome.KEPT for one in known.acquired[study_id]):
        return False  # an incomplete study of which nothing at all was kept
    reviewed = _of_study(known.reviewed.get(study_id, ()))
    before = _of_study(known.passed.get(study_id, ()))
    if reviewed is not None and reviewed.outcome == Outcome.EXCLUDED:
        return False
    is_excluded = before is not None and before.outcome == Outcome.EXCLUDED
    return not is_excluded or (allow_incomplete and before is not None and before.reason == "missing_views")


def _is_wanted(acquired: Decision, *, allow_incomplete: bool) -> bool:
    is_incomplete = acquired.outcome == Outcome.EXCLUDED and acquired.reason == "missing_views"
    return acquired.outcome == Outcome.KEPT or (allow_incomplete and is_incomplete)


def _study_work(project: Project, study_id: str, known: _Known) -> _Work:
    settings = project.settings.pseudonymize
    shares = CornerShares(settings.corner_height, settings.corner_width)
    acquired = {one.image_id: one for one in known.acquired[study_id] if one.image_id and one.outcome == Outcome.KEPT}
    barred = {
        one.image_id
        for one in [*known.reviewed.get(study_id, ()), *known.passed.get(study_id, ())]
        if one.image_id and one.outcome == Outcome.EXCLUDED and one.reason not in LEFT_OUT
    }
    before = {one.image.image_id: one for one in known.records.get(study_id, ())}
    standing = dict(before)
    tasks, left_out = [], []
    originals = [one for one in known.originals.get(study_id, ()) if one.image_id not in barred]
    for original in originals:
        decision, record = acquired.get(original.image_id), before.get(original.image_id)
        if decision is None:
            continue
        is_standard = not decision.reason
        if record is not None and project.content.path(record.image).exists():
            standing[original.image_id] = replace(record, image=replace(record.image, is_standard=is_standard))
        elif not is_standard and not settings.keep_further_views:
            left_out.append(_decision(study_id, Outcome.EXCLUDED, decision.reason, original.image_id))
        else:
            standing.pop(original.image_id, None)
            tasks.append(_task(project, original, shares, is_standard=is_standard))
    patients = [*(one.patient_id for one in originals), *(one.image.patient_id for one in before.values()), ""]
    has_changed = any(standing[image_id] != before[image_id] for image_id in standing)
    return _Work(study_id, patients[0], tuple(tasks), tuple(standing.values()), tuple(left_out), has_changed)


def _task(project: Project, original: Original, shares: CornerShares, *, is_standard: bool) -> GateTask:
    pseudonyms = Pseudonyms(original.image_id, original.series_id, original.study_id, original.patient_id)
    return GateTask(original.path, project.content.root, pseudonyms, shares, is_standard)


def _treated(work: list[_Work], workers: int | None) -> Generator[tuple[_Work, list[Result]], None, None]:
    """Yield each study with its results: the workers run ahead over the studies, the results come in order."""
    running = run(treat_or_stop, (task for one in work for task in one.tasks), workers=workers)
    # closed at once also when an error ends the run, so that no worker outlives it
    with closing(cast(Generator[Result | StorageError, None, None], running)) as results:
        for one in work:
            yield one, [_unless_stopped(next(results)) for _ in one.tasks]


def treat_or_stop(task: GateTask) -> ImageRecord | StorageError:
    """Treat one original; a disk that cannot be written is no fault of the image, and given back to stop the run."""
    try:
        return treat(task)
    except StorageError as error:
        return error


def _unless_stopped(result: Result | StorageError) -> Result:
    if isinstance(result, StorageError):
        raise result
    return result


def _conclude(project: Project, work: _Work, results: list[Result], *, allow_incomplete: bool) -> Outcome:
    """Decide about a study, and admit it or take away what was written of it."""
    made = [result for result in results if isinstance(result, ImageRecord)]
    failures = [result for result in results if isinstance(result, Failure)]
    records = [*work.standing, *made]
    decisions = [*work.left_out, *(_image_decision(result) for result in results)]
    verdict = _verdict(work.study_id, records, failures, allow_incomplete=allow_incomplete)
    if verdict.outcome == Outcome.KEPT:
        project.catalog.admit(_study_record(work, records), records, [*decisions, verdict])
    else:
        for record in made:
            _remove(project, record.image)
        refusals = [one for one in decisions if one.outcome != Outcome.KEPT]
        project.catalog.decide([*refusals, verdict])
    return verdict.outcome


def _verdict(
    study_id: str, records: list[ImageRecord], failures: list[Failure[GateTask]], *, allow_incomplete: bool
) -> Decision:
    views = {one.image.view for one in records if one.image.is_standard}
    missing = [f"{side} {position}" for side, position in STANDARD_VIEWS if (side, position) not in views]
    if any(one.kind != "RefusedObject" and one.item.is_standard for one in failures):
        return _decision(study_id, Outcome.FAILED, "unreadable", detail="an image could not be treated this time")
    if not missing or (allow_incomplete and records):
        return _decision(study_id, Outcome.KEPT)
    if not records and not failures:
        return _decision(study_id, Outcome.FAILED, "no_images", detail="its originals are not in quarantine")
    causes = sorted({_reason(one) for one in failures if one.item.is_standard})
    detail = f"without {', '.join(missing)}" + (f" ({', '.join(causes)})" if causes else "")
    return _decision(study_id, Outcome.EXCLUDED, "missing_views", detail=detail)


def _image_decision(result: Result) -> Decision:
    if isinstance(result, ImageRecord):
        return _decision(result.image.study_id, Outcome.KEPT, image_id=result.image.image_id)
    names = result.item.pseudonyms
    outcome = Outcome.EXCLUDED if result.kind == "RefusedObject" else Outcome.FAILED
    return _decision(names.study_id, outcome, _reason(result), names.image_id, result.detail)


def _reason(failure: Failure[GateTask]) -> str:
    return failure.reason or "unreadable"


def _decision(study_id: str, outcome: Outcome, reason: str = "", image_id: str = "", detail: str = "") -> Decision:
    return Decision(Stage.PSEUDONYMIZE, study_id, outcome, reason, image_id, detail)


def _study_record(work: _Work, records: list[ImageRecord]) -> StudyRecord:
    """Take age and sex from the first image, by pseudonym, whose header gives them."""
    known = [one.attributes for one in sorted(records, key=lambda one: one.image.image_id)]
    age = next((str(one["patient_age"]) for one in known if one.get("patient_age")), "")
    sex = next((str(one["patient_sex"]) for one in known if one.get("patient_sex")), "")
    return StudyRecord(work.study_id, work.patient_id, int(age[:3]) if age else None, sex)


def _remove(project: Project, image: Image) -> None:
    path = project.content.path(image)
    with storing(project.content.root):
        path.unlink(missing_ok=True)
        for folder in (path.parent, path.parent.parent):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
