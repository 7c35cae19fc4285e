"""Held regions: their pictures go with the decision, also when the program was killed in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mammoset.content import crop_path
from mammoset.errors import ConfigError
from mammoset.jobs.status import rejected_in_review
from mammoset.project import Project
from mammoset.review import Saying, record, words_of
from mammoset.review.progress import progress_of
from mammoset.review.regions import delete_decided, waiting_regions
from mammoset.terms.reasons import ReviewKind
from tests.review.making import hold, image_id, make_project, study_id
from tests.running import Run

OTHER = (30, 60, 70, 80)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """One exam that passed, and one that is held for two regions."""
    with make_project(tmp_path / "p", exams=1) as opened:
        hold(opened, 1, (10, 20, 60, 40), OTHER)
        yield opened


def say(project: Project, verdict: str, *names: str) -> None:
    record(project, words_of(project, [Saying(verdict, one) for one in names], by="lan"), by="lan")


def names(project: Project) -> list[str]:
    return [one.region.region_id for one in waiting_regions(project)]


def test_a_region_waits_until_somebody_decides_and_its_picture_goes_with_the_decision(project: Project) -> None:
    first, second = waiting_regions(project)
    assert first.crop is not None
    assert second.crop is not None
    say(project, "mask", first.region.region_id)
    assert names(project) == [second.region.region_id]
    assert (first.crop.exists(), second.crop.exists()) == (False, True)
    say(project, "keep", second.region.region_id)
    assert not first.crop.parent.exists()


def test_the_decision_says_which_image_and_which_box(project: Project) -> None:
    say(project, "mask", names(project)[0])
    (fact,) = project.catalog.review_book.facts(ReviewKind.REGION)
    assert (fact.study_id, fact.image_id, fact.value) == (study_id(1), image_id(1, 0), "10,20,60,40")
    assert (fact.verdict, fact.by) == ("mask", "lan")


def test_a_decision_may_be_changed_before_it_is_carried_out(project: Project) -> None:
    name = names(project)[0]
    say(project, "mask", name)
    say(project, "keep", name)
    assert [one.verdict for one in project.catalog.review_book.facts(ReviewKind.REGION)] == ["mask", "keep"]


def test_a_picture_left_behind_by_a_kill_is_deleted_by_the_next_command(project: Project, run: Run) -> None:
    say(project, "mask", names(project)[0])
    left = crop_path(project.held, image_id(1, 0), (10, 20, 60, 40))
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"as if it had been killed before")
    kept = crop_path(project.held, image_id(1, 0), OTHER)
    assert run("-C", project.root, "review", "status").code == 0
    assert (left.exists(), kept.exists()) == (False, True)
    assert delete_decided(project) == 0


def test_the_status_says_what_waits_and_what_is_to_be_carried_out(project: Project) -> None:
    assert progress_of(project).regions.waiting == 2
    say(project, "keep", *names(project))
    found = progress_of(project).regions
    assert (found.waiting, found.decided, found.exams_held, found.to_carry_out) == (0, 2, 1, 1)


def test_a_held_exam_needs_no_replacement_in_the_sample(project: Project) -> None:
    assert rejected_in_review(project) == set()


def test_an_image_has_no_verdict_of_a_region_nor_a_region_that_of_an_image(project: Project) -> None:
    with pytest.raises(ConfigError, match="no region"):
        say(project, "mask", image_id(0, 0))
    with pytest.raises(ConfigError, match="no file holds an element"):
        say(project, "approve", names(project)[0])


def test_the_page_shows_the_pictures_where_they_lie_and_copies_none(project: Project, run: Run) -> None:
    folder = project.root.parent / "sheet"
    assert run("-C", project.root, "review", "images", "--held", "--sheet", folder).code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "regions.csv"]
    assert 'src="../p/held/' in (folder / "index.html").read_text()
    table = folder / "regions.csv"
    table.write_text(table.read_text("utf-8-sig").replace(",0.90,,", ",0.90,keep,"))
    assert run("-C", project.root, "review", "decide", "--file", table, "--by", "lan").code == 0
    assert names(project) == []
