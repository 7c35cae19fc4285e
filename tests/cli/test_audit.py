"""`mammoset audit` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.jobs.audit.judged import META, conformant
from tests.pseudonymize.hostile import changed, file_of
from tests.running import Run


def test_a_clean_folder_passes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.dcm").write_bytes(file_of(conformant(), meta=META))
    done = run("audit", tmp_path, "--text", "off", "--workers", 1)
    assert done.code == 0, done.err
    assert "passed" in done.out


def test_a_leak_fails_and_is_told_without_its_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.dcm").write_bytes(file_of(changed(conformant(), OperatorsName=("PN", b"Le^Hoa")), meta=META))
    done = run("audit", tmp_path / "one.dcm", "--text", "off", "--workers", 1)
    assert done.code == 1
    assert "OperatorsName (6 characters like Xx^Xxx)" in done.out
    assert "Hoa" not in done.out + done.err
    assert "Le^Hoa" in run("audit", tmp_path, "--text", "off", "--workers", 1, "--show-values").out


def test_the_report_comes_as_json_and_names_what_the_ledger_names(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one.dcm").write_bytes(file_of(changed(conformant(), OperatorsName=("PN", b"Le^Hoa")), meta=META))
    (tmp_path / "ledger.csv").write_text("name,text\noperator,Hoa Le\n")
    done = run("audit", folder, "--text", "off", "--json", "--workers", 1, "--against", tmp_path / "ledger.csv")
    assert done.code == 1
    found = {one["kind"]: one for one in json.loads(done.out)["findings"]}
    assert found["known_identifier"]["places"][0]["where"] == "operator in OperatorsName"
    assert "Hoa" not in done.out


def test_a_folder_without_dicom_files_does_not_pass(run: Run, tmp_path: Path) -> None:
    assert run("audit", tmp_path, "--text", "off").code == 1


def test_a_ledger_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ledger.json").write_text("{}")
    done = run("audit", tmp_path, "--against", tmp_path / "ledger.json", "--text", "off")
    assert done.code == 1
    assert "ledger.json: no ledger" in done.err
