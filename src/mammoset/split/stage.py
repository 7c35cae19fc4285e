"""The split of a project's exams that a release will hold: four standard views and a final answer."""

from __future__ import annotations

from collections.abc import Iterable

from mammoset.catalog import SplitRun
from mammoset.errors import CatalogError
from mammoset.model import Study
from mammoset.project import Project
from mammoset.split.attributes import label_counts
from mammoset.split.report import SplitReport, report
from mammoset.split.stratify import stratify


def split_project(project: Project, *, seed: int | None = None, dry_run: bool = False) -> SplitReport:
    """Divide the four-view exams that have a final answer into the folds of mammoset.toml and record it.

    Exams that were let through without a standard view are in no release, and so in no fold.

    Parameters
    ----------
    seed : int or None
        None takes ``split.seed`` of mammoset.toml.

    Raises
    ------
    CatalogError
        If no four-view exam has a final answer yet.
    """
    with project.lock("split"):
        return _split(project, seed, dry_run)


def _split(project: Project, seed: int | None, dry_run: bool) -> SplitReport:
    settings = project.settings.split
    approved = project.approved_studies()
    references = project.catalog.references(project.schema)
    studies = {one.study_id: one for one in approved if one.study_id in references and one.is_four_view}
    if not studies:
        raise CatalogError("split: no four-view exam has a final answer yet; see 'mammoset status'")
    categories = [category.name for category in project.schema.categories]
    images = {study_id: [one.image_id for one in study.standard_images] for study_id, study in studies.items()}
    final = {study_id: references[study_id] for study_id in studies}
    ids, names, table = label_counts(final, categories, images_of=images)
    patients = _names_of_patients(approved)
    result = stratify(
        table,
        shares=list(settings.folds.values()),
        ids=ids,
        groups=[patients[studies[one].patient_id] for one in ids],
        random_state=settings.seed if seed is None else seed,
    )
    fold_names = list(settings.folds)
    found = report(result, names, table, fold_names=fold_names, units="patients")
    if not dry_run:
        folds = {one: fold_names[fold] for one, fold in zip(ids, result.folds.tolist(), strict=True)}
        project.catalog.save_split(SplitRun(folds, found.to_json()))
    return found


def _names_of_patients(in_order_of_draw: Iterable[Study]) -> dict[str, str]:
    """Name patients after their place in the draw: which of two alike goes where must not depend on the key."""
    patients = dict.fromkeys(study.patient_id for study in in_order_of_draw)
    return {patient: f"{place:09}" for place, patient in enumerate(patients)}
