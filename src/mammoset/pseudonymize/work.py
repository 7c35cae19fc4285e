"""What there is to do: the studies, and of each the originals, that the gate has to treat now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mammoset.catalog.records import Decision, ElementValue, HeldRegion, ImageRecord
from mammoset.domain.review_values import ValueVerdicts
from mammoset.project import Project
from mammoset.pseudonymize.actions import Pseudonyms
from mammoset.pseudonymize.cleaning import Verdict
from mammoset.pseudonymize.gate import Treatment
from mammoset.pseudonymize.masks import Rectangle
from mammoset.pseudonymize.options import Options, rules_digest
from mammoset.pseudonymize.treat import GateTask
from mammoset.terms.reasons import Outcome, ReviewKind, Stage
from mammoset.vault import Keys, Original, Vault

Thing = TypeVar("Thing")
Regions = Mapping[Rectangle, Verdict]
LEFT_OUT = ("further_view", "repeat")
"""Reasons why the settings, and not the image, keep it out."""
ABOUT_VALUES = (ReviewKind.VALUE, ReviewKind.RANGE)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done about one study.

    Attributes
    ----------
    tasks
        Originals to treat.
    standing
        Records of images that passed before and stay.
    replaced
        Records of images that passed before and are made again.
    left_out
        Decisions about images that the settings leave out.
    has_changed
        Whether another image stands for a view now than when the study passed.
    """

    study_id: str
    patient_id: str
    tasks: tuple[GateTask, ...]
    standing: tuple[ImageRecord, ...]
    replaced: tuple[ImageRecord, ...]
    left_out: tuple[Decision, ...]
    has_changed: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate does now: the settings, and what reviewers said.

    Attributes
    ----------
    digest : str
        Of the rules and settings; images made under another one are made again.
    rejected : frozenset of (element, value)
        Values that no file may hold.
    rejected_numbers : frozenset of int
        Their numbers in the catalog.
    decided : mapping of image id to regions
        What people said about text on or near the breast.
    """

    options: Options
    digest: str
    rejected: frozenset[tuple[str, str]]
    rejected_numbers: frozenset[int]
    decided: Mapping[str, Regions]

    @classmethod
    def read(cls, project: Project) -> Rules:
        """Read the rules in force from the settings and from what reviewers said."""
        options = Options.of(project.settings.pseudonymize)
        said = [one for one in project.catalog.review_book.facts() if one.kind in ABOUT_VALUES]
        verdicts = ValueVerdicts.of((one.element, one.value, one.verdict) for one in said)
        values = project.catalog.review_book.values() if said else []
        rejected = {one.number: (one.element, one.value) for one in values if _is_rejected(verdicts, one)}
        digest = rules_digest(options)
        return cls(options, digest, frozenset(rejected.values()), frozenset(rejected), _decided_regions(project))

    def treatment(self, image_id: str) -> Treatment:
        """Return what is done to one image."""
        return Treatment(self.options, self.decided.get(image_id, {}), self.rejected, self.digest)

    def is_current(self, record: ImageRecord) -> bool:
        """Whether an image would be made just so again."""
        said = [[*where, verdict] for where, verdict in sorted(self.decided.get(record.image.image_id, {}).items())]
        is_same = record.rules == self.digest and list(record.cleaning.get("decided", [])) == said
        return is_same and self.rejected_numbers.isdisjoint(record.elements)


def _is_rejected(verdicts: ValueVerdicts, one: ElementValue) -> bool:
    return verdicts.verdict_of(one.element, one.value) == "reject"


def _decided_regions(project: Project) -> dict[str, dict[Rectangle, Verdict]]:
    """Return what people decided about regions, by image; the latest decision about a region is in force."""
    found: dict[str, dict[Rectangle, Verdict]] = defaultdict(dict)
    for fact in project.catalog.review_book.facts(ReviewKind.REGION):
        xmin, ymin, xmax, ymax = map(int, fact.value.split(","))
        found[fact.image_id][xmin, ymin, xmax, ymax] = "mask" if fact.verdict == "mask" else "keep"
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What vault and catalog hold, by study: read once, because asking for each study would take minutes."""

    originals: Mapping[str, list[Original]]
    acquired: Mapping[str, list[Decision]]
    passed: Mapping[str, list[Decision]]
    reviewed: Mapping[str, list[Decision]]
    records: Mapping[str, list[ImageRecord]]
    held: Mapping[str, list[HeldRegion]]

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
            held=_by_study(project.catalog.review_book.held_regions(), lambda one: one.study_id),
        )


def _by_study(things: Iterable[Thing], study_of: Callable[[Thing], str]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        found[study_of(thing)].append(thing)
    return found


def _of_study(decisions: Iterable[Decision]) -> Decision | None:
    return next((one for one in decisions if not one.image_id), None)


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to do, in the order of the draw; how many studies had passed before, and how many wait."""

    work: tuple[Work, ...]
    already_passed: int
    waiting: int


def work_due(project: Project, vault: Vault, rules: Rules, *, allow_incomplete: bool) -> Due:
    """Return what there is to do now."""
    known = _Known.read(project, vault)
    draws = {entry.study_id: entry.draw for entry in project.catalog.pool()}
    work, already_passed, waiting = [], 0, 0
    for study_id in sorted(known.acquired, key=lambda one: (draws.get(one, len(draws)), one)):
        if not _is_due(known, study_id, allow_incomplete=allow_incomplete):
            continue
        if _is_waiting(known, study_id, rules):
            waiting += 1
            continue
        one = _study_work(project, study_id, known, rules, vault.keys)
        before = _of_study(known.passed.get(study_id, ()))
        if before is not None and before.outcome == Outcome.KEPT and not one.tasks and not one.has_changed:
            already_passed += 1
        else:
            work.append(one)
    return Due(tuple(work), already_passed, waiting)


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


def _is_waiting(known: _Known, study_id: str, rules: Rules) -> bool:
    """Whether a person has yet to decide about a region of one of its images."""
    before = _of_study(known.passed.get(study_id, ()))
    if before is None or before.outcome != Outcome.HELD or rules.options.text_check == "off":
        return False
    return any(one.box not in rules.decided.get(one.image_id, {}) for one in known.held.get(study_id, ()))


def _is_wanted(acquired: Decision, *, allow_incomplete: bool) -> bool:
    is_incomplete = acquired.outcome == Outcome.EXCLUDED and acquired.reason == "missing_views"
    return acquired.outcome == Outcome.KEPT or (allow_incomplete and is_incomplete)


def _study_work(project: Project, study_id: str, known: _Known, rules: Rules, keys: Keys) -> Work:
    acquired = {one.image_id: one for one in known.acquired[study_id] if one.image_id and one.outcome == Outcome.KEPT}
    barred = _barred(known, study_id)
    before = {one.image.image_id: one for one in known.records.get(study_id, ())}
    standing = dict(before)
    tasks, left_out = [], []
    originals = [one for one in known.originals.get(study_id, ()) if one.image_id not in barred]
    originals += _stand_ins(project, before, {one.image_id for one in originals}, rules)
    for original in originals:
        decision, record = acquired.get(original.image_id), before.get(original.image_id)
        if decision is None:
            continue
        is_standard = not decision.reason
        if record is not None and rules.is_current(record) and project.content.path(record.image).exists():
            standing[original.image_id] = replace(record, image=replace(record.image, is_standard=is_standard))
        elif not is_standard and not project.settings.pseudonymize.keep_further_views:
            standing.pop(original.image_id, None)
            left_out.append(_left_out(original, decision.reason))
        else:
            standing.pop(original.image_id, None)
            tasks.append(_task(project, original, rules, keys, is_standard=is_standard))
    patients = [*(one.patient_id for one in originals), *(one.image.patient_id for one in before.values()), ""]
    has_changed = any(standing[image_id] != before[image_id] for image_id in standing)
    replaced = tuple(record for image_id, record in before.items() if image_id not in standing)
    return Work(
        study_id, patients[0], tuple(tasks), tuple(standing.values()), replaced, tuple(left_out), has_changed
    )  # fmt: skip


def _stand_ins(project: Project, records: Mapping[str, ImageRecord], there: set[str], rules: Rules) -> list[Original]:
    """Return stored objects that hold a rejected value and whose originals are purged: they pass the gate again."""
    return [
        Original(
            image_id, one.image.study_id, one.image.series_id, one.image.patient_id,
            project.content.path(one.image), one.file_sha256, one.size,
        )
        for image_id, one in records.items()
        if image_id not in there and not rules.rejected_numbers.isdisjoint(one.elements)
    ]  # fmt: skip


def _barred(known: _Known, study_id: str) -> set[str]:
    """Return the images that a person, or the gate, has excluded for good."""
    return {
        one.image_id
        for one in [*known.reviewed.get(study_id, ()), *known.passed.get(study_id, ())]
        if one.image_id and one.outcome == Outcome.EXCLUDED and one.reason not in LEFT_OUT
    }


def _left_out(original: Original, reason: str) -> Decision:
    return Decision(Stage.PSEUDONYMIZE, original.study_id, Outcome.EXCLUDED, reason, original.image_id)


def _task(project: Project, original: Original, rules: Rules, keys: Keys, *, is_standard: bool) -> GateTask:
    # the date of a stored object is moved already
    is_stored = original.path.is_relative_to(project.content.root)
    shift = keys.shift_days(original.patient_id) if rules.options.retain_modified_dates and not is_stored else 0
    pseudonyms = Pseudonyms(
        original.image_id, original.series_id, original.study_id, original.patient_id, shift, is_stored
    )  # fmt: skip
    return GateTask(
        original.path, project.content.root, pseudonyms, rules.treatment(original.image_id), project.held, is_standard
    )  # fmt: skip
