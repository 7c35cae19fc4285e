"""The tables of agreement of a project, as CSV and at the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mammoset.catalog import Decision
from mammoset.cli.app import app
from mammoset.domain.agreement import COLUMNS
from mammoset.domain.workflow import Fact, FactKind
from mammoset.project import Project
from mammoset.read.agreement import FILES, agreement_in, tables_as_csv, write_tables
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import make_project, mass, reading
from tests.domain.exams import MOMENT

ANSWERS = ((1, 1), (4, 4), (2, 5))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with make_project(tmp_path / "p", studies=4) as made:
        for study, pair in zip(made.catalog.studies(), ANSWERS, strict=False):
            for name, birads in zip(("r0", "r1"), pair, strict=True):
                findings = (mass(study, birads),) if birads > 2 else ()
                said = reading(study.study_id, name, birads=birads, findings=findings)
                made.catalog.append(
                    [
                        Fact(FactKind.ASSIGNED, study.study_id, name, MOMENT),
                        Fact(FactKind.SUBMITTED, study.study_id, name, MOMENT, reading=said),
                    ]
                )
        yield made


def test_there_is_a_table_for_pairs_for_all_for_what_differs_and_for_seniors(project: Project, tmp_path: Path) -> None:
    written = write_tables(agreement_in(project), tmp_path / "out")
    assert sorted(path.name for path in written) == sorted(FILES.values())
    with (tmp_path / "out" / "agreement_pairs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    [recall] = [one for one in rows if one["field"] == "recall"]
    assert (recall["readers"], recall["n_units"], recall["n_left_out"]) == ("r0, r1", "6", "0")
    assert float(recall["observed"]) == 5 / 6
    [density] = [one for one in rows if (one["field"], one["statistic"]) == ("density", "kappa")]
    assert (density["value"], density["low"]) == ("", "")
    assert density["note"].startswith("undefined")
    assert (tmp_path / "out" / "agreement_seniors.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_the_same_answers_give_the_same_tables(project: Project) -> None:
    assert tables_as_csv(agreement_in(project)) == tables_as_csv(agreement_in(project))


def test_an_exam_that_is_approved_no_longer_does_not_count(project: Project) -> None:
    assert agreement_in(project).n_studies == 3
    rejected = Decision(Stage.REVIEW, "2.25.1", Outcome.EXCLUDED, "visible_identifier", by="x")
    project.catalog.decide([rejected])
    assert agreement_in(project).n_studies == 2


def test_the_command_prints_in_short_and_warns_while_the_phase_is_open(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = CliRunner().invoke(app, ["-C", str(project.root), "read", "agreement", "-o", str(folder)])
    assert done.exit_code == 0
    assert "nobody who still reads or arbitrates may see this" in done.stderr
    assert "3 exams with two readings" in done.stdout
    assert f"wrote {folder / 'agreement_pool.csv'}" in done.stdout
    pair = next(line for line in done.stdout.splitlines() if line.startswith("r0, r1"))
    assert pair.split()[2:5] == ["3", "–", "–"]  # exams, and density without a kappa


def test_nothing_is_warned_of_once_the_phase_is_closed_and_programs_get_all_rows(project: Project) -> None:
    project.catalog.append([Fact(FactKind.PHASE_CLOSED, "", "chief", MOMENT)])
    done = CliRunner().invoke(app, ["-C", str(project.root), "--json", "read", "agreement"])
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["is_phase_closed"]
    assert [len(told[name]) for name in ("pairs", "pool", "discordance", "seniors")] == [9, 36, 7, 0]


def test_before_anything_is_read_twice_it_says_so(tmp_path: Path) -> None:
    with make_project(tmp_path / "q", studies=1) as fresh:
        done = CliRunner().invoke(app, ["-C", str(fresh.root), "read", "agreement"])
    assert (done.exit_code, done.stdout) == (0, "no exam has two readings yet\n")
