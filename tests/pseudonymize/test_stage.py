"""The stage treats what was acquired, once; counts what it refuses; and may be killed at any moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mammoset.catalog.records import Decision, PoolEntry
from mammoset.errors import CatalogError, ConfigError
from mammoset.project import Project
from mammoset.pseudonymize import pseudonymize
from mammoset.terms.dicom import STANDARD_VIEWS, VIEW_CODES, Laterality, ViewPosition
from mammoset.terms.reasons import Outcome, Stage
from mammoset.vault import Original, Vault
from tests.pseudonymize.hostile import Elements, breast_pixels, changed, code, file_of, item, mammogram

KEY = "11" * 32
SETTINGS = '[dataset]\nname = "test"\n[pseudonymize]\ntext_check = "off"\n'
VIEWS = [f"{side}-{position}" for side, position in STANDARD_VIEWS]


@dataclass
class Ward:
    """A project whose quarantine is filled by hand."""

    project: Project
    vault: Vault
    n_studies: int = 0
    studies: list[str] = field(default_factory=list)

    def admit(
        self, views: list[str] = VIEWS, *, spoiled: Mapping[int, Elements | bytes] | None = None,
        reasons: Mapping[int, str] | None = None,
    ) -> str:  # fmt: skip
        """Put a study of these views into quarantine and decide about it as acquisition does."""
        number = self.n_studies
        self.n_studies += 1
        study_id = self.vault.keys.pseudonym_uid(f"1.2.3.{number}")
        self.project.catalog.put_pool([PoolEntry(study_id, number, "test")])
        for place, view in enumerate(views):
            content = (spoiled or {}).get(place, view_elements(view))
            data = content if isinstance(content, bytes) else file_of(content)
            self.add(study_id, number, place, data, (reasons or {}).get(place, ""))
        is_complete = set(VIEWS) <= {view for place, view in enumerate(views) if not (reasons or {}).get(place)}
        outcome = (Outcome.KEPT, "") if is_complete else (Outcome.EXCLUDED, "missing_views")
        self.project.catalog.decide([Decision(Stage.ACQUIRE, study_id, *outcome)])
        self.studies.append(study_id)
        return study_id

    def add(self, study_id: str, number: int, place: int, data: bytes, reason: str) -> None:
        keys = self.vault.keys
        image_id = keys.pseudonym_uid(f"1.2.3.{number}.{place}")
        path = self.vault.place(study_id, image_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        patient = keys.pseudonym_patient(f"patient {number}")
        series = keys.pseudonym_uid(f"1.2.3.{number}.99")
        digest = hashlib.sha256(data).hexdigest()
        self.vault.admit(Original(image_id, study_id, series, patient, path, digest, len(data)))
        self.project.catalog.decide([Decision(Stage.ACQUIRE, study_id, Outcome.KEPT, reason, image_id)])

    def verdict(self, study_id: str) -> tuple[Outcome, str]:
        found = self.project.catalog.study_decisions(Stage.PSEUDONYMIZE)[study_id]
        return found.outcome, found.reason

    def image_verdicts(self, study_id: str) -> list[tuple[str, str]]:
        found = self.project.catalog.decisions(Stage.PSEUDONYMIZE, study_id)
        return sorted((one.outcome.value, one.reason) for one in found if one.image_id)

    def stored(self) -> dict[str, bytes]:
        root = self.project.content.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def view_elements(view: str) -> Elements:
    side, position = view.split("-")
    pixels = breast_pixels(on_left=side == Laterality.L)
    value = VIEW_CODES[ViewPosition(position)].value
    codes = ("SQ", item(code(value, "SCT", "x")))
    return changed(mammogram(pixels), ImageLaterality=side, ViewCodeSequence=codes, PatientAge="047Y", PatientSex="F")


def ward(root: Path, *, key: str = KEY, settings: str = SETTINGS) -> Ward:
    project = Project.create(root / "project", settings_text=settings)
    project.vault_path.mkdir()
    (project.vault_path / "key").write_text(key)
    return Ward(project, Vault(project.vault_path, "test"))


def test_a_four_view_study_passes_with_its_images(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit()
    summary = pseudonymize(one.project, workers=1)
    assert (summary.studies, summary.images, summary.kept, summary.images_kept) == (1, 4, 1, 4)
    assert one.verdict(study_id) == (Outcome.KEPT, "")
    assert one.image_verdicts(study_id) == [("kept", "")] * 4
    (study,) = one.project.catalog.studies()
    assert study.is_four_view
    assert study.age_years == 47
    assert one.project.catalog.study_records()[study_id].sex == "F"
    for record in one.project.catalog.image_records():
        assert hashlib.sha256(one.project.content.read(record.image)).hexdigest() == record.file_sha256
    assert len(one.stored()) == 4


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit()
    pseudonymize(one.project, workers=1)
    before = {path: path.stat().st_mtime_ns for path in one.project.content.root.rglob("*.dcm")}
    again = pseudonymize(one.project, workers=1)
    assert (again.studies, again.images, again.already_passed) == (0, 0, 1)
    assert before == {path: path.stat().st_mtime_ns for path in one.project.content.root.rglob("*.dcm")}


def test_bytes_do_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    found = []
    for workers in (1, 2):
        (tmp_path / str(workers)).mkdir()
        one = ward(tmp_path / str(workers))
        for _ in range(2):
            one.admit()
        pseudonymize(one.project, workers=workers)
        found.append((one.stored(), one.project.catalog.image_records()))
    assert found[0] == found[1]


def test_another_key_gives_other_names_and_the_same_pixels(tmp_path: Path) -> None:
    names, pixels = [], []
    for key in (KEY, "22" * 32):
        (tmp_path / key[:2]).mkdir()
        one = ward(tmp_path / key[:2], key=key)
        one.admit()
        pseudonymize(one.project, workers=1)
        names.append(set(one.stored()))
        pixels.append(sorted(record.pixel_sha256 for record in one.project.catalog.image_records()))
    assert not names[0] & names[1]
    assert pixels[0] == pixels[1]


def test_a_refused_standard_view_excludes_the_study_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    one = ward(tmp_path)
    refused = changed(view_elements("L-MLO"), PhotometricInterpretation="RGB")
    bad, good = one.admit(spoiled={1: refused}), one.admit()
    summary = pseudonymize(one.project, workers=1)
    assert (summary.kept, summary.excluded, summary.refused) == (1, 1, {"not_grayscale": 1})
    assert one.verdict(bad) == (Outcome.EXCLUDED, "missing_views")
    assert one.verdict(good) == (Outcome.KEPT, "")
    assert one.image_verdicts(bad) == [("excluded", "not_grayscale")]
    assert [study.study_id for study in one.project.catalog.studies()] == [good]
    assert len(one.stored()) == 4
    assert len(list(one.project.content.root.iterdir())) == 1
    detail = one.project.catalog.study_decisions(Stage.PSEUDONYMIZE)[bad].detail
    assert detail == "without L MLO (not_grayscale)"
    assert pseudonymize(one.project, workers=1).studies == 0


def test_an_incomplete_study_passes_when_allowed(tmp_path: Path) -> None:
    one = ward(tmp_path)
    refused = changed(view_elements("L-MLO"), PhotometricInterpretation="RGB")
    acquired, spoiled = one.admit(VIEWS[:3]), one.admit(spoiled={1: refused})
    assert pseudonymize(one.project, workers=1).studies == 1
    summary = pseudonymize(one.project, workers=1, allow_incomplete=True)
    assert (summary.kept, summary.images_kept) == (2, 6)
    assert {one.verdict(study) for study in (acquired, spoiled)} == {(Outcome.KEPT, "")}
    assert pseudonymize(one.project, workers=1, allow_incomplete=True).studies == 0
    assert pseudonymize(one.project, workers=1).studies == 0


def test_an_incomplete_study_of_which_nothing_was_kept_is_not_due(tmp_path: Path) -> None:
    one = ward(tmp_path)
    empty = one.admit([])
    assert one.project.catalog.study_decisions(Stage.ACQUIRE)[empty].reason == "missing_views"
    summary = pseudonymize(one.project, workers=1, allow_incomplete=True)
    assert (summary.studies, summary.failed) == (0, 0)


def test_a_study_without_any_passing_image_never_passes(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit(VIEWS[:1], spoiled={0: b"no mammogram"})
    pseudonymize(one.project, workers=1, allow_incomplete=True)
    assert one.verdict(study_id)[0] == Outcome.EXCLUDED
    assert not one.stored()


def test_further_views_are_kept_beside_the_four_or_left_out(tmp_path: Path) -> None:
    views, reasons = [*VIEWS, "L-ML", "L-CC"], {4: "further_view", 5: "repeat"}
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    kept = ward(tmp_path / "with")
    kept.admit(views, reasons=reasons)
    pseudonymize(kept.project, workers=1)
    (study,) = kept.project.catalog.studies()
    assert (len(study.images), len(study.standard_images)) == (6, 4)
    left = ward(tmp_path / "without", settings=SETTINGS + "keep_further_views = false\n")
    study_id = left.admit(views, reasons=reasons)
    pseudonymize(left.project, workers=1)
    assert len(left.stored()) == 4
    expected = [("excluded", "further_view"), ("excluded", "repeat"), *[("kept", "")] * 4]
    assert left.image_verdicts(study_id) == expected


def test_a_refused_further_view_does_not_cost_the_study(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit([*VIEWS, "L-ML"], reasons={4: "further_view"}, spoiled={4: b"no mammogram"})
    summary = pseudonymize(one.project, workers=1)
    assert one.verdict(study_id) == (Outcome.KEPT, "")
    assert sum(summary.refused.values()) == 1
    assert pseudonymize(one.project, workers=1).studies == 0


def test_a_missing_original_fails_and_is_tried_again(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit()
    original = one.vault.originals(study_id)[0].path
    data = original.read_bytes()
    original.unlink()
    summary = pseudonymize(one.project, workers=1)
    assert (summary.failed, one.verdict(study_id)[0]) == (1, Outcome.FAILED)
    assert not one.stored()
    original.write_bytes(data)
    assert pseudonymize(one.project, workers=1).kept == 1
    assert one.verdict(study_id) == (Outcome.KEPT, "")


def test_a_lost_file_of_the_store_is_made_again_with_the_same_bytes(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit()
    pseudonymize(one.project, workers=1)
    before = one.stored()
    records = one.project.catalog.image_records()
    one.project.content.path(records[0].image).unlink()
    assert pseudonymize(one.project, workers=1).images == 1
    assert one.stored() == before
    assert one.project.catalog.image_records() == records


def test_a_run_that_was_killed_between_files_and_catalog_is_finished(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit()
    pseudonymize(one.project, workers=1)
    before = one.stored()
    fresh = ward_with_same_files(one, tmp_path / "again")
    (fresh.project.content.root / ".left.1.part").parent.mkdir(parents=True, exist_ok=True)
    for name, data in list(before.items())[:2]:
        path = fresh.project.content.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_name(f".{path.name}.77.part").write_bytes(data[:100])
    pseudonymize(fresh.project, workers=1)
    assert fresh.stored() == before
    assert fresh.verdict(study_id) == (Outcome.KEPT, "")


def ward_with_same_files(other: Ward, root: Path) -> Ward:
    root.mkdir()
    fresh = ward(root)
    for _ in other.studies:
        fresh.admit()
    return fresh


def test_what_a_reviewer_rejected_is_not_brought_back(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit()
    pseudonymize(one.project, workers=1)
    one.project.catalog.decide([Decision(Stage.REVIEW, study_id, Outcome.EXCLUDED, "visible_identifier")])
    for record in one.project.catalog.image_records():
        one.project.content.path(record.image).unlink()
    assert pseudonymize(one.project, workers=1).studies == 0
    assert not one.stored()


def test_a_purged_quarantine_does_not_undo_what_passed(tmp_path: Path) -> None:
    one = ward(tmp_path)
    study_id = one.admit()
    pseudonymize(one.project, workers=1)
    one.vault.purge([study_id])
    assert pseudonymize(one.project, workers=1).already_passed == 1
    assert one.verdict(study_id) == (Outcome.KEPT, "")


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit()
    summary = pseudonymize(one.project, workers=1, dry_run=True)
    assert (summary.studies, summary.images, summary.dry_run) == (1, 4, True)
    assert not one.project.content.root.exists()
    assert not one.project.catalog.decisions(Stage.PSEUDONYMIZE)


def test_progress_counts_images_to_the_end(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit()
    one.admit()
    told: list[tuple[str, int, int | None]] = []
    pseudonymize(one.project, workers=1, progress=lambda *said: told.append(said))
    assert told == [("images", 0, 8), ("images", 4, 8), ("images", 8, 8)]


def test_two_runs_at_once_are_not_possible(tmp_path: Path) -> None:
    one = ward(tmp_path)
    with one.project.lock("pseudonymize"), pytest.raises(CatalogError, match="already running"):
        pseudonymize(one.project, workers=1)


def test_without_the_key_nothing_is_treated(tmp_path: Path) -> None:
    one = ward(tmp_path)
    one.admit()
    (one.project.vault_path / "key").unlink()
    with pytest.raises(ConfigError, match="restore it from its backup"):
        pseudonymize(one.project, workers=1)
