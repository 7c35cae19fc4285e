"""Pseudonyms and tombstones: equal for who has the key, without meaning for who has not."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mammoset import engine
from mammoset.vault import Keys

SECRET = bytes(range(32))
ids = st.text(max_size=20)


def test_pseudonyms_are_the_same_on_every_machine() -> None:
    keys = Keys.derive(SECRET, "dataset")
    assert keys.pseudonym_uid("1.2.3") == "2.25.248686051628369713512518962536119420930"
    assert keys.pseudonym_patient("123", "HOSPITAL") == "P46590086501DED86"


@given(st.text("0123456789.", min_size=1, max_size=64))
def test_a_pseudonym_of_a_uid_is_a_valid_uid(uid: str) -> None:
    pseudonym = Keys.derive(SECRET, "dataset").pseudonym_uid(uid)
    root, number = pseudonym.rsplit(".", 1)
    assert root == "2.25"
    assert number == str(int(number))
    assert len(pseudonym) <= 64


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_patients_are_told_apart_by_id_and_issuer(one: str, issuer: str, other: str, other_issuer: str) -> None:
    keys = Keys.derive(SECRET, "dataset")
    same = (one.strip(), issuer.strip()) == (other.strip(), other_issuer.strip())
    ambiguous = "\0" in one + issuer + other + other_issuer
    equal = keys.pseudonym_patient(one, issuer) == keys.pseudonym_patient(other, other_issuer)
    assert equal == same or ambiguous


def test_padding_does_not_change_a_pseudonym() -> None:
    keys = Keys.derive(SECRET, "dataset")
    assert keys.pseudonym_uid("1.2.3\0") == keys.pseudonym_uid("1.2.3")
    assert keys.pseudonym_patient(" 7 ") == keys.pseudonym_patient("7")


def test_two_datasets_of_one_key_cannot_be_linked() -> None:
    one, other = Keys.derive(SECRET, "one"), Keys.derive(SECRET, "other")
    assert one.pseudonym_uid("1.2.3") != other.pseudonym_uid("1.2.3")
    assert one.pseudonym_patient("7") != other.pseudonym_patient("7")


def pseudonyms(patient_id: str) -> tuple[str, str, str]:
    keys = Keys.derive(SECRET, "dataset")
    return (
        keys.pseudonym_patient(patient_id), keys.pseudonym_uid(patient_id), keys.tombstone_of("patient", patient_id)
    )  # fmt: skip


def test_parallel_workers_derive_the_same() -> None:
    patients = [str(number) for number in range(40)]
    assert list(engine.run(pseudonyms, patients, workers=2)) == [pseudonyms(one) for one in patients]


@given(st.binary(min_size=32, max_size=32), ids)
def test_other_keys_give_other_names(secret: bytes, patient_id: str) -> None:
    one, other = Keys.derive(SECRET, "dataset"), Keys.derive(secret, "dataset")
    if secret != SECRET:
        assert one.pseudonym_patient(patient_id) != other.pseudonym_patient(patient_id)
        assert one.pseudonym_uid(patient_id) != other.pseudonym_uid(patient_id)
        assert one.tombstone_of("patient", patient_id) != other.tombstone_of("patient", patient_id)


@given(ids)
def test_a_tombstone_does_not_give_the_pseudonym_away(patient_id: str) -> None:
    keys = Keys.derive(SECRET, "dataset")
    token = keys.tombstone_of("patient", patient_id)
    assert len(token) == 64
    assert keys.pseudonym_patient(patient_id)[1:].lower() not in token
    assert token not in (keys.tombstone_of("study", patient_id), keys.tombstone_of("patient of", patient_id, ""))


@given(ids)
def test_a_tombstone_knows_an_id_however_it_is_typed(patient_id: str) -> None:
    keys = Keys.derive(SECRET, "dataset")
    token = keys.tombstone_of("patient", patient_id)
    for form in ("NFC", "NFD"):
        assert keys.tombstone_of("patient", f" {unicodedata.normalize(form, patient_id)} ") == token
