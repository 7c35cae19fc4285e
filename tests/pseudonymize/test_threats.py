"""No row of the table of threats comes through the gate: it is removed, or the object is refused and not done."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mammoset.phantom.threats.corpus import cases, write_corpus
from mammoset.phantom.threats.table import threats
from mammoset.phantom.threats.threat import Threat
from mammoset.phantom.vendors import VENDORS
from mammoset.pseudonymize.gate import PLAIN, Treatment
from mammoset.pseudonymize.masks import CornerShares
from mammoset.pseudonymize.options import Options
from tests.pseudonymize.leaks import leaked
from tests.pseudonymize.through import PASSED, fate_of

IS_LONG = settings().max_examples > 1000
ROWS = {row.name: row for row in threats()}
CREATORS = ("GEMS_SENO_02", "HOLOGIC, Inc.", "LORAD Selenia")
GENEROUS = Treatment(
    Options(
        corners=CornerShares(),
        retain_size_and_weight=True,
        retain_modified_dates=True,
        private_integers=CREATORS,
    )
)
"""Every switch that lets more through is on."""

REFUSED: dict[str, tuple[str, ...]] = {
    "text.lossy_flag": ("invalid_value",),
    "text.photometric": ("not_grayscale",),
    "text.intent": ("for_processing",),
    "text.image_laterality": ("unknown_view",),
    "text.intensity_relationship": ("invalid_value",),
    "number.rescale_intercept": ("invalid_value",),
    "number.frames": ("multi_frame",),
    "number.text_representation": ("pixel_size",),
    "pixels.more_than_a_row": ("pixel_size",),
    "pixels.hidden_rows": ("pixel_size",),
    "stream.offset_table": ("not_decodable",),
    "class.secondary_capture": ("wrong_sop_class",),
    "class.multi_frame_capture": ("wrong_sop_class",),
    "class.ultrasound": ("wrong_sop_class",),
    "class.computed_radiography": ("wrong_sop_class",),
    "class.for_processing": ("for_processing",),
    "class.tomosynthesis": ("tomosynthesis",),
    "class.text_in_class": ("wrong_sop_class",),
    "class.basic_text_report": ("wrong_sop_class",),
    "class.mammography_cad": ("wrong_sop_class",),
    "class.dose_report": ("wrong_sop_class",),
    "class.key_objects": ("wrong_sop_class",),
    "class.presentation_state": ("wrong_sop_class",),
    "class.directory": ("wrong_sop_class",),
    "class.pdf": ("wrong_sop_class",),
    "class.multi_frame": ("multi_frame",),
    "class.color": ("not_grayscale",),
    "class.none": ("wrong_sop_class",),
    "class.no_pixels": ("not_decodable",),
    "file.cut_in_header": ("unknown_view", "wrong_sop_class"),
    "file.cut_in_pixels": ("pixel_size", "unreadable", "wrong_sop_class"),
    "file.pdf": ("wrong_sop_class",),
    "file.jpeg": ("wrong_sop_class",),
    "file.text": ("wrong_sop_class",),
    "file.gzip": ("wrong_sop_class",),
}
"""Rows whose every file is refused, and why; a refused file is not done, and never counts as success."""
SOMETIMES: dict[str, tuple[str, ...]] = {
    "stream.behind_end": (PASSED, "not_decodable"),
    "stream.extra_fragment": (PASSED, "not_decodable"),
    "unknown.command": (PASSED, "wrong_sop_class"),
}
"""Rows that pass in some transfer syntaxes: RLE has no end marker, and big-endian files no group 0000."""
UNSEEN = ("uid.digests", "file.cut_in_header", "file.gzip", "name.file", "name.folder", "name.modified")
"""Rows whose canary is derived from the file, packed, cut off, or beside it."""


def chosen(row: Threat) -> Iterator[tuple[str, str]]:
    """Yield the vendors and syntaxes to try: of a row that exists everywhere, a few, others for other rows."""
    if IS_LONG:
        yield from ((vendor, syntax) for _, vendor, syntax in cases([row], every_pair=True))
        return
    found = list(cases([row]))
    first = list(ROWS).index(row.name) % len(found)
    for step in range(min(len(found), 3 if len(found) == 11 else 7)):
        _, vendor, syntax = found[(first + 4 * step) % len(found)]
        yield vendor, syntax


@pytest.mark.parametrize("name", ROWS)
def test_no_threat_comes_through_the_gate(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row, allowed = ROWS[name], REFUSED.get(name) or SOMETIMES.get(name) or (PASSED,)
    for number, (vendor, syntax) in enumerate(chosen(row)):
        planted = row.plant(vendor, syntax, seed=1)
        fate = fate_of(planted, tmp_path)
        assert fate.outcome in allowed
        assert not fate.leaks(planted.canaries if number else planted.ledger)
    assert not caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from(sorted(ROWS)),
    vendor=st.sampled_from(sorted(VENDORS)),
    place=st.integers(0, 10),
    seed=st.integers(0, 2**32),
    treatment=st.sampled_from([PLAIN, GENEROUS]),
)
def test_no_canary_comes_through_whatever_it_says_and_whatever_is_switched_on(
    name: str, vendor: str, place: int, seed: int, treatment: Treatment, tmp_path: Path
) -> None:
    row = ROWS[name]
    planted = row.plant(vendor, row.syntaxes[place % len(row.syntaxes)], seed)
    fate = fate_of(planted, tmp_path, treatment)
    event(fate.outcome)
    assert not fate.leaks(planted.canaries)


def test_every_row_has_a_name_of_its_own_and_canaries_of_its_own() -> None:
    assert len(ROWS) == len(threats())
    fixed = [name for name in ROWS if name.startswith("value.")]
    found = [
        canary.value
        for name, row in ROWS.items()
        if name not in fixed
        for canary in row.plant("SIEMENS", row.syntaxes[0], 1).canaries
        if len(canary.value) > 5
    ]
    assert len(found) == len(set(found)) > 300


@pytest.mark.parametrize("name", [name for name in ROWS if name not in UNSEEN])
def test_what_is_planted_is_in_the_file_and_is_found_there(name: str) -> None:
    planted = ROWS[name].plant("IMS", ROWS[name].syntaxes[0], 3)
    assert planted.canaries
    assert leaked(planted.data, planted.canaries) == planted.canaries


def test_every_table_of_refusals_names_rows_that_exist() -> None:
    assert {*REFUSED, *SOMETIMES, *UNSEEN} <= set(ROWS)


def test_a_corpus_is_the_same_for_the_same_seed_and_comes_with_its_ledger(tmp_path: Path) -> None:
    rows = [ROWS[name] for name in ("text.model", "plane.icon", "charset.vietnamese_nfd", "name.file")]
    for copy in ("one", "two"):
        write_corpus(tmp_path / copy, tmp_path / f"{copy}.json", rows=rows)
    one, two = ({path.relative_to(tmp_path / copy): path.read_bytes() for path in (tmp_path / copy).rglob("*.dcm")}
                for copy in ("one", "two"))  # fmt: skip
    assert one == two
    assert len(one) == 44
    ledger = json.loads((tmp_path / "one.json").read_text())["canaries"]
    assert {entry["threat"] for entry in ledger} == {"header", *(row.name for row in rows)}
    assert all(len({"text", "hex"} & entry.keys()) == 1 and entry["name"] for entry in ledger)


def test_a_row_cannot_be_planted_where_it_does_not_exist() -> None:
    with pytest.raises(ValueError, match="cannot be planted"):
        ROWS["stream.rle_header"].plant("GE", "1.2.840.10008.1.2.1", 1)
