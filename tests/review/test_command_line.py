"""The review of a hundred exams as a privacy officer does it: from the command line and with sheets."""

from __future__ import annotations

import csv
import json
import multiprocessing
from pathlib import Path
from typing import Any

from mammoset import review
from mammoset.project import Project
from mammoset.review.progress import progress_of
from mammoset.terms.reasons import Stage
from tests.review.making import add_exam, hold, image_id, make_project, study_id
from tests.running import Done, Run


def filled(table: Path, column: str, verdicts: dict[str, tuple[str, str]], otherwise: str) -> int:
    """Fill in a sheet: these verdicts by what stands in a column, and another for all other lines; return lines."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["verdict"], row["reason"] = verdicts.get(row[column], (otherwise, ""))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


class Officer:
    """Types commands in a project; each must go well."""

    def __init__(self, run: Run, root: Path) -> None:
        self.run, self.root = run, root

    def type(self, *words: object) -> Done:
        done = self.run("-C", self.root, "review", *words)
        assert done.code == 0, done.err
        return done

    def json(self, *words: object) -> Any:
        return json.loads(self.run("-C", self.root, "--json", "review", *words).out)


def test_a_hundred_exams_are_reviewed_from_the_command_line_with_sheets(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "p"
    with make_project(root, exams=97, share=0.1, seed=4) as project:
        for number in (97, 98):
            add_exam(project, number, has_files=True)
        hold(project, 99)
    officer = Officer(run, root)

    # (a) the values: all of the numbers and closed lists together, one device is rejected
    sheet = tmp_path / "values"
    officer.type("values", "--sheet", sheet)
    assert filled(sheet / "values.csv", "value", {"HOLOGIC": ("reject", "names a site")}, "approve") < 40
    assert "'mammoset pseudonymize' carries rejections out" in officer.type(
        "decide", "--file", sheet / "values.csv", "--by", "mai"
    ).out  # fmt: skip
    assert officer.json("status")["images_with_rejected_values"] == 132
    assert "rejected values are still in 132 images: run 'mammoset pseudonymize'" in officer.type("status").out
    with Project.open(root) as project:  # what the gate does then
        for number in range(1, 99, 3):
            add_exam(project, number, values={"Manufacturer": ""}, has_files=number >= 97)
    assert officer.json("values", "--pending")[0]["element"] == "Manufacturer"
    officer.type("decide", "approve", "Manufacturer=", "--by", "mai")
    assert "0 values to decide" in officer.type("values", "--pending").out

    # the held region
    officer.type("regions", "--sheet", tmp_path / "regions")
    assert filled(tmp_path / "regions" / "regions.csv", "number", {}, "mask") == 1
    officer.type("decide", "--file", tmp_path / "regions" / "regions.csv", "--by", "mai")
    assert "the regions of 1 exam are decided about: run 'mammoset pseudonymize'" in officer.type("status").out
    with Project.open(root) as project:
        add_exam(
            project, 99, values={"Manufacturer": ""}, cleaning={"effort": "fast", "decided": [[1, 2, 3, 4, "mask"]]}
        )

    # (b) the images: those of one exam by its id, one rejected, the rest with a sheet
    assert officer.json("images", "--limit", 4)[0]["suspicions"] == ["masked_region"]
    officer.type("decide", "approve", study_id(99), "--by", "lan")
    officer.type("decide", "reject", image_id(50, 1), "--by", "lan", "--reason", "visible_identifier")
    for exam in (97, 98):
        sheet = tmp_path / f"images-{exam}"
        officer.type("images", "--exam", study_id(exam), "--sheet", sheet, "--workers", 1)
        assert filled(sheet / "images.csv", "number", {}, "approve") == 4
        officer.type("decide", "--file", sheet / "images.csv", "--by", "lan")
    rest = {one["study_id"] for one in officer.json("images")}
    assert rest == {study_id(number) for number in range(97)} - {study_id(50)}
    officer.type("decide", "approve", *sorted(rest), "--by", "lan")
    assert officer.json("images") == [], "the exam of the rejected image needs no more eyes"

    # (c) the second pair of eyes: minh finds fault with one, and lan looks again
    assert officer.json("images", "--second", "--by", "lan") == []
    drawn = officer.json("images", "--second", "--by", "minh")
    assert 20 < len(drawn) < 60
    bad, *good = [one["image_id"] for one in drawn]
    officer.type("decide", "approve", *good, "--by", "minh")
    officer.type("decide", "reject", bad, "--by", "minh", "--reason", "image_quality")
    assert "1 disagree" in officer.type("status").out
    officer.type("decide", "approve", bad, "--by", "lan")

    status = officer.json("status")
    assert (status["approved"], status["rejected"], status["pending"]) == (99, 1, 0)
    report = officer.json("report")
    assert report["second_look"]["n"] == len(drawn)
    assert report["second_look"]["agreed"] == len(drawn) - 1
    assert [one["subject"] for one in report["rejections"]] == [image_id(50, 1), "Manufacturer=HOLOGIC"]
    assert [one["name"] for one in report["people"]] == ["lan", "mai", "minh"]
    assert report["relaxations"] == []
    assert "agreement of two people" in officer.type("report").out
    with Project.open(root) as project:
        assert len(project.approved_study_ids()) == 99


def test_wrong_usage_is_told(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path / "p", exams=1).close()
    here = ("-C", tmp_path / "p", "review")
    assert run(*here, "decide", "approve", study_id(0)).code == 2
    assert run(*here, "decide", "maybe", study_id(0), "--by", "lan").code == 2
    assert run(*here, "decide", "reject", study_id(0), "--by", "lan").code == 2
    assert run(*here, "decide", "approve", study_id(0), "--by", "lan", "--reason", "other").code == 2
    assert run(*here, "decide", "--by", "lan").code == 2
    assert run(*here, "images", "--by", "lan").code == 2


def test_a_dry_run_checks_and_records_nothing(run: Run, tmp_path: Path) -> None:
    with make_project(tmp_path / "p", exams=1) as project:
        here = ("-C", tmp_path / "p", "review")
        done = run(*here, "decide", "approve", study_id(0), "KVP", "--by", "lan", "--dry-run")
        assert done.out == "would record 4 images, 1 value, 0 regions\n"
        assert run(*here, "decide", "approve", "KVPP", "--by", "lan", "--dry-run").code == 1
        found = progress_of(project)
        assert (found.images.undecided, found.values.approved) == (4, 0)


def decide_half(root: Path, half: int, name: str) -> None:
    with Project.open(root) as project:
        for study in project.catalog.studies():
            chosen = {one.image_id: None for one in study.images[2 * half : 2 * half + 2]}
            review.decide(project, chosen, by=name)


def test_two_people_deciding_at_once_lose_nothing(tmp_path: Path) -> None:
    root = tmp_path / "p"
    make_project(root, exams=8).close()
    context = multiprocessing.get_context("spawn")
    people = [context.Process(target=decide_half, args=(root, half, name)) for half, name in enumerate(("a", "b"))]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert [one.exitcode for one in people] == [0, 0]
    with Project.open(root) as project:
        assert progress_of(project).states == {"values": 8}
        assert len(project.catalog.study_decisions(Stage.REVIEW)) == 8
