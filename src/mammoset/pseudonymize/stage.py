"""The stage: takes the acquired studies through the gate, one transaction a study, and can be killed at any moment."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace

from mammoset.catalog.records import Decision, HeldRegion, ImageRecord, StudyRecord
from mammoset.engine import Failure, Progress, run, silent
from mammoset.errors import storing
from mammoset.model import Image
from mammoset.project import Project
from mammoset.pseudonymize.treat import GateTask, HeldImage, Passed, treat
from mammoset.pseudonymize.work import Due, Rules, Work, work_due
from mammoset.terms.dicom import STANDARD_VIEWS
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Vault

Result = Passed | HeldImage | Failure[GateTask]
"""What became of one original."""


@dataclass(frozen=True, slots=True)
class PseudonymizeSummary:
    """What a run of the stage did; with ``dry_run``, what it would have had to do.

    Attributes
    ----------
    studies, images : int
        Studies and images that were, or would be, treated in this run.
    kept, excluded, failed : int
        Studies by outcome; failed ones are tried again by the next run.
    held, regions : int
        Studies of this run with text on or near the breast, and in how many regions: people decide about these.
    waiting : int
        Studies that were held before and about which nobody has decided yet.
    images_kept : int
        Images written to the content store.
    breast_pixels_lost : int
        Pixels of the breast that were filled, in those images.
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
    held: int = 0
    regions: int = 0
    waiting: int = 0
    images_kept: int = 0
    breast_pixels_lost: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    already_passed: int = 0
    dry_run: bool = False


def pseudonymize(
    project: Project,
    *,
    allow_incomplete: bool = False,
    dry_run: bool = False,
    workers: int | None = None,
    progress: Progress = silent,
) -> PseudonymizeSummary:
    """Take every acquired study through the gate that has not passed it as the rules are now.

    A study passes when the images of its four standard views did; its images are in the content store before the
    catalog names them. Images already written and recorded are not made again unless the rules, a rejected value or
    a decision about a region of theirs have changed. The bytes of an object depend on its original, the key, the
    settings and what reviewers said.

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
    with (
        project.lock(Stage.PSEUDONYMIZE.value),
        closing(Vault(project.vault_path, project.settings.dataset.name, project.ask_passphrase)) as vault,
    ):
        due = work_due(project, vault, Rules.read(project), allow_incomplete=allow_incomplete)
        if dry_run:
            return _count(due, dry_run=True)
        _sweep(project)
        count = workers if workers is not None else project.settings.pseudonymize.workers
        return _run(project, due, count, progress, allow_incomplete=allow_incomplete)


def _count(due: Due, *, dry_run: bool = False) -> PseudonymizeSummary:
    n_images = sum(len(one.tasks) for one in due.work)
    return PseudonymizeSummary(
        len(due.work), n_images, waiting=due.waiting, already_passed=due.already_passed, dry_run=dry_run
    )


def _run(
    project: Project, due: Due, workers: int | None, progress: Progress, *, allow_incomplete: bool
) -> PseudonymizeSummary:
    start = _count(due)
    studies: Counter[Outcome] = Counter()
    refused: Counter[str] = Counter()
    done = images_kept = regions = lost = 0
    progress("images", 0, start.images)
    with closing(_treated(due.work, workers)) as treated:
        for one, results in treated:
            outcome = _conclude(project, one, results, allow_incomplete=allow_incomplete)
            studies[outcome] += 1
            refused.update(_reason(result) for result in results if isinstance(result, Failure))
            if outcome == Outcome.HELD:
                regions += sum(len(result.regions) for result in results if isinstance(result, HeldImage))
            if outcome == Outcome.KEPT:
                made = [result.record for result in results if isinstance(result, Passed)]
                images_kept += len(made)
                lost += sum(record.cleaning["breast_pixels_lost"] for record in made)
            done += len(results)
            progress("images", done, start.images)
    return replace(
        start,
        kept=studies[Outcome.KEPT],
        excluded=studies[Outcome.EXCLUDED],
        failed=studies[Outcome.FAILED],
        held=studies[Outcome.HELD],
        regions=regions,
        images_kept=images_kept,
        breast_pixels_lost=lost,
        refused=dict(sorted(refused.items())),
    )


def _sweep(project: Project) -> None:
    """Take away what a run that was killed left: half-written objects, and pictures that nobody waits for."""
    with storing(project.content.root):
        for path in project.content.root.glob("*/*/.*.part"):
            path.unlink(missing_ok=True)
    with storing(project.held.parent):
        project.held.mkdir(mode=0o700, exist_ok=True)
    waiting = {one.image_id for one in project.catalog.review_book.held_regions()}
    _forget_pictures(project, (folder.name for folder in project.held.iterdir() if folder.name not in waiting))


def _forget_pictures(project: Project, image_ids: Iterable[str]) -> None:
    with storing(project.held):
        for image_id in image_ids:
            shutil.rmtree(project.held / image_id, ignore_errors=not (project.held / image_id).exists())


def _treated(work: Iterable[Work], workers: int | None) -> Generator[tuple[Work, list[Result]], None, None]:
    """Yield each study with its results: the workers run ahead over the studies, the results come in order."""
    # closed at once also when an error ends the run, so that no worker outlives it
    with closing(run(treat, (task for one in work for task in one.tasks), workers=workers)) as results:
        for one in work:
            yield one, [next(results) for _ in one.tasks]


def _conclude(project: Project, work: Work, results: list[Result], *, allow_incomplete: bool) -> Outcome:
    """Decide about a study, and admit it or take away what was written of it."""
    made = _numbered(project, [result for result in results if isinstance(result, Passed)])
    failures = [result for result in results if isinstance(result, Failure)]
    regions = [region for result in results if isinstance(result, HeldImage) for region in result.regions]
    records = [*work.standing, *made]
    decisions = [*work.left_out, *(_image_decision(result) for result in results)]
    verdict = _verdict(work.study_id, records, failures, regions, allow_incomplete=allow_incomplete)
    if verdict.outcome == Outcome.KEPT:
        project.catalog.admit(_study_record(work, records), records, [*decisions, verdict])
        _forget_pictures(project, (record.image.image_id for record in made))
        return verdict.outcome
    others = [one for one in decisions if one.outcome != Outcome.KEPT]
    if verdict.outcome == Outcome.FAILED:
        # tried again by the next run: what had passed before stays until then
        project.catalog.decide([*others, verdict])
        _remove(project, (record.image for record in made if record.image not in _images(work.replaced)))
        return verdict.outcome
    project.catalog.dismiss(work.study_id, [*others, verdict], regions)
    _remove(project, _images([*records, *work.replaced]))
    return verdict.outcome


def _images(records: Iterable[ImageRecord]) -> list[Image]:
    return [record.image for record in records]


def _numbered(project: Project, passed: list[Passed]) -> list[ImageRecord]:
    """Return the records with the numbers of the values that their files hold."""
    numbers = project.catalog.review_book.number_values(pair for one in passed for pair in one.elements)
    return [replace(one.record, elements=tuple(numbers[pair] for pair in one.elements)) for one in passed]


def _verdict(
    study_id: str,
    records: list[ImageRecord],
    failures: list[Failure[GateTask]],
    regions: list[HeldRegion],
    *,
    allow_incomplete: bool,
) -> Decision:
    views = {one.image.view for one in records if one.image.is_standard}
    missing = [f"{side} {position}" for side, position in STANDARD_VIEWS if (side, position) not in views]
    if any(one.kind != "RefusedObject" and one.item.is_standard for one in failures):
        return _decision(study_id, Outcome.FAILED, "unreadable", detail="an image could not be treated this time")
    if regions:
        return _decision(study_id, Outcome.HELD, "text_on_tissue", detail=f"in {len(regions)} places")
    if not missing or (allow_incomplete and records):
        return _decision(study_id, Outcome.KEPT)
    if not records and not failures:
        return _decision(study_id, Outcome.FAILED, "no_images", detail="its originals are not in quarantine")
    causes = sorted({_reason(one) for one in failures if one.item.is_standard})
    detail = f"without {', '.join(missing)}" + (f" ({', '.join(causes)})" if causes else "")
    return _decision(study_id, Outcome.EXCLUDED, "missing_views", detail=detail)


def _image_decision(result: Result) -> Decision:
    if isinstance(result, Passed):
        image = result.record.image
        return _decision(image.study_id, Outcome.KEPT, image_id=image.image_id)
    if isinstance(result, HeldImage):
        region = result.regions[0]
        return _decision(region.study_id, Outcome.HELD, "text_on_tissue", region.image_id)
    names = result.item.pseudonyms
    outcome = Outcome.EXCLUDED if result.kind == "RefusedObject" else Outcome.FAILED
    return _decision(names.study_id, outcome, _reason(result), names.image_id, result.detail)


def _reason(failure: Failure[GateTask]) -> str:
    return failure.reason or "unreadable"


def _decision(study_id: str, outcome: Outcome, reason: str = "", image_id: str = "", detail: str = "") -> Decision:
    return Decision(Stage.PSEUDONYMIZE, study_id, outcome, reason, image_id, detail)


def _study_record(work: Work, records: list[ImageRecord]) -> StudyRecord:
    """Take age and sex from the first image, by pseudonym, whose header gives them."""
    known = [one.attributes for one in sorted(records, key=lambda one: one.image.image_id)]
    age = next((str(one["patient_age"]) for one in known if one.get("patient_age")), "")
    sex = next((str(one["patient_sex"]) for one in known if one.get("patient_sex")), "")
    return StudyRecord(work.study_id, work.patient_id, int(age[:3]) if age else None, sex)


def _remove(project: Project, images: Iterable[Image]) -> None:
    with storing(project.content.root):
        for image in images:
            path = project.content.path(image)
            path.unlink(missing_ok=True)
            for folder in (path.parent, path.parent.parent):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
