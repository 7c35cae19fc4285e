"""Under every combination of switches a file is valid, holds what they allow, and says exactly what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from mammoset.errors import ConfigError
from mammoset.project.settings import PseudonymizeSettings
from mammoset.pseudonymize.claims import METHOD_CODES, method_words
from mammoset.pseudonymize.cleaning import Effort
from mammoset.pseudonymize.masks import CornerShares
from mammoset.pseudonymize.options import Options, rules_digest
from tests.pseudonymize.hostile import NAMES, changed, mammogram, read
from tests.pseudonymize.sources import kept, kept_of, written

GE = "GEMS_SENO_02"
PERSON = changed(
    mammogram(),
    PatientAge="054Y",
    PatientSex="F",
    PatientSize=("DS", b"1.583"),
    PatientWeight=("DS", b"52.4"),
    StudyDate="20190712",
) | {0x00450010: ("LO", GE.encode()), 0x00451059: ("IS", b"412")}
NOBODY = mammogram()
MOVED = replace(NAMES, shift_days=1000)
TEXT_CHECKS: tuple[Effort, ...] = ("off", "fast", "thorough")
COMBINATIONS = [
    Options(text, corners, characteristics, size, dates, band, private)
    for text, corners, characteristics, size, dates, band, private in product(
        TEXT_CHECKS,
        (None, CornerShares()),
        (False, True),
        (False, True),
        (False, True),
        (1, 10),
        ((), (GE,)),
    )
]


def codes(dataset: Dataset) -> set[str]:
    return {one.CodeValue for one in dataset.DeidentificationMethodCodeSequence}


@pytest.mark.parametrize("elements", [PERSON, NOBODY], ids=["says all", "says nothing"])
def test_a_file_claims_what_was_done_and_never_more(elements: dict[int, tuple[str, bytes]]) -> None:
    for options in COMBINATIONS:
        dataset = kept(elements, options, names=MOVED)
        has = {name: bool(dataset.get(name)) for name in ("PatientAge", "PatientSex", "PatientSize", "StudyDate")}
        is_person = elements is PERSON
        assert has["PatientAge"] == has["PatientSex"] == (is_person and options.retain_patient_characteristics)
        assert (
            has["PatientSize"] == bool(dataset.get("PatientWeight")) == (is_person and options.retain_size_and_weight)
        )
        assert has["StudyDate"] == (is_person and options.retain_modified_dates)
        assert not dataset.StudyTime
        has_private = any(one.tag.is_private for one in dataset)
        assert has_private == (is_person and bool(options.private_integers))
        expected = {
            "113100": True,
            "113101": options.text_check != "off",
            "113107": has["StudyDate"],
            "113108": has["PatientAge"] or has["PatientSex"] or has["PatientSize"],
            "113111": has_private,
        }
        assert codes(dataset) == {code for code, is_claimed in expected.items() if is_claimed}
        assert dataset.BurnedInAnnotation == ("YES" if options.text_check == "off" else "NO")
        assert dataset.LongitudinalTemporalInformationModified == ("MODIFIED" if has["StudyDate"] else "REMOVED")
        assert dataset.PatientIdentityRemoved == "YES"


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("part", range(4))
def test_the_validator_finds_no_error_under_any_switches(
    part: int, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    found = {}
    for number, options in enumerate(COMBINATIONS[part::4]):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(written(kept(PERSON, options, names=MOVED), PERSON))
        found[str(options)] = dciodvfy_errors(path)
    assert not {options: errors for options, errors in found.items() if errors}


def test_the_words_of_the_method_fit_their_representation() -> None:
    everything = frozenset(("StudyDate", "PatientAge", "private"))
    for options in COMBINATIONS:
        words = method_words(replace(options, age_band=options.age_band * 5), everything)
        assert all(len(one) <= 64 for one in words)
        assert any("corners" in one for one in words) == (options.corners is not None)
        assert any("text" in one for one in words) == options.looks_for_text


def test_device_identity_is_never_claimed() -> None:
    assert "113109" not in METHOD_CODES


@pytest.mark.parametrize(
    ("said", "band", "expected"),
    [
        ("054Y", 1, "054Y"),
        ("054Y", 10, "050Y"),
        ("050Y", 10, "050Y"),
        ("059Y", 5, "055Y"),
        ("094Y", 10, "090Y"),
        ("094Y", 20, "080Y"),
        ("012Y", 50, "000Y"),
    ],
)
def test_an_age_is_given_as_the_lower_end_of_its_band(said: str, band: int, expected: str) -> None:
    assert kept(changed(NOBODY, PatientAge=said), Options(age_band=band)).PatientAge == expected


@pytest.mark.parametrize(
    ("size", "weight", "expected"),
    [
        ("1.583", "52.4", ("1.6", "50")),
        ("1.57", "53", ("1.55", "55")),
        ("158", "520", (None, None)),
        ("0.9", "20", (None, None)),
        ("tall", "Dr. Khoa", (None, None)),
        ("1.6\\1.7", "", (None, None)),
    ],
)
def test_size_and_weight_are_coarse_numbers_in_range(
    size: str, weight: str, expected: tuple[str | None, str | None]
) -> None:
    elements = changed(NOBODY, PatientSize=("DS", size.encode()), PatientWeight=("DS", weight.encode()))
    dataset = kept(elements, Options(retain_size_and_weight=True))
    assert tuple(str(dataset[key].value) if key in dataset else None for key in ("PatientSize", "PatientWeight")) == (
        expected
    )


@given(day=st.dates(date(1980, 1, 1), date(2099, 12, 31)), days=st.integers(1, 3650))
def test_a_study_date_is_moved_back_by_the_patients_days(day: date, days: int) -> None:
    elements = changed(NOBODY, StudyDate=f"{day:%Y%m%d}")
    dataset = kept(elements, Options(retain_modified_dates=True), names=replace(NAMES, shift_days=days))
    assert dataset.StudyDate == f"{day - timedelta(days=days):%Y%m%d}" != f"{day:%Y%m%d}"


@pytest.mark.parametrize(
    ("said", "days"),
    [("20190712", 0), ("20190712", -3), ("20190732", 9), ("2019", 9), ("00010101", 9), ("20190712-20190713", 9)],
)
def test_without_days_or_a_credible_date_no_date_is_written(said: str, days: int) -> None:
    elements = changed(NOBODY, StudyDate=said)
    dataset = kept(elements, Options(retain_modified_dates=True), names=replace(NAMES, shift_days=days))
    assert not dataset.StudyDate
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert "113107" not in codes(dataset)


def test_an_object_of_the_store_passes_again_as_it_is() -> None:
    """What is made of an original is made of the stored object too, once the original is gone."""
    options = Options("fast", None, True, True, True, 10, (GE,))
    first = kept(PERSON, options, names=MOVED)
    data = read(written(first, PERSON))
    again = kept_of(data, options, replace(NAMES, is_stored=True))
    assert again == first


def test_the_digest_changes_with_every_switch_and_with_nothing_else() -> None:
    digests = {rules_digest(options) for options in COMBINATIONS}
    assert len(digests) == len(COMBINATIONS)
    assert rules_digest(Options()) == rules_digest(Options())
    assert rules_digest(Options(corners=CornerShares(0.1, 0.2))) != rules_digest(
        Options(corners=CornerShares(0.2, 0.1))
    )


def test_the_switches_come_from_the_settings() -> None:
    settings = PseudonymizeSettings(
        text_check="thorough", corners=True, corner_height=0.1, corner_width=0.3, age_band=5,
        retain_patient_characteristics=False, retain_size_and_weight=True, retain_modified_dates=True,
        private_integers=("LORAD Selenia", GE, GE),
    )  # fmt: skip
    expected = Options("thorough", CornerShares(0.1, 0.3), False, True, True, 5, (GE, "LORAD Selenia"))
    assert Options.of(settings) == expected
    assert Options.of(PseudonymizeSettings()) == Options(text_check="fast")


def test_an_unknown_creator_in_the_settings_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match=r"private_integers.*\"Dr\. Khoa\".*GEMS_SENO_02"):
        Options.of(PseudonymizeSettings(private_integers=("Dr. Khoa",)))
