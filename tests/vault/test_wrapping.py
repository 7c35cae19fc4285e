"""A key under a passphrase, and identities under the key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.errors import ConfigError
from mammoset.vault.backup import PIECE, TAG_BYTES, seal, unseal
from mammoset.vault.wrapping import WRAPPED_FILE, Cost, read_wrapped, unwrap, unwrapped, wrap, wrapped_text

SECRET = bytes(range(32))
QUICK = Cost(n=16)
PASSPHRASE = "correct horse battery staple"


@given(st.binary(min_size=32, max_size=32), st.text(min_size=12).filter(lambda text: len(text.strip()) >= 12))
def test_what_is_wrapped_is_unwrapped(secret: bytes, passphrase: str) -> None:
    try:
        passphrase.encode()
    except UnicodeEncodeError:
        return
    assert unwrapped(wrapped_text(secret, passphrase, QUICK), passphrase) == secret


def test_the_file_says_how_it_was_wrapped_and_not_what() -> None:
    text = wrapped_text(SECRET, PASSPHRASE)
    found = json.loads(text)
    assert (found["kdf"], found["n"], found["r"], found["p"]) == ("scrypt", 2**17, 8, 1)
    assert SECRET.hex() not in text
    assert wrapped_text(SECRET, PASSPHRASE, QUICK) != wrapped_text(SECRET, PASSPHRASE, QUICK)


def test_another_passphrase_does_not_open_it() -> None:
    text = wrapped_text(SECRET, PASSPHRASE, QUICK)
    with pytest.raises(ConfigError, match="the passphrase is another one") as caught:
        unwrapped(text, "something else entirely")
    assert "something" not in str(caught.value)


def test_the_form_in_which_a_passphrase_is_typed_does_not_matter() -> None:
    composed, parts = "mật khẩu của bệnh viện", "mâ\u0323t khẩu của bệnh viện"
    assert composed != parts
    assert unwrapped(wrapped_text(SECRET, composed, QUICK), f"{parts}\n") == SECRET


@pytest.mark.parametrize("name", ["n", "salt", "nonce", "key", "format", "kdf", "r"])
def test_every_part_of_the_file_is_checked(name: str) -> None:
    found = json.loads(wrapped_text(SECRET, PASSPHRASE, QUICK))
    value = found[name]
    changed = value * 2 if isinstance(value, int) else ("1" if value[0] != "1" else "2") + value[1:]
    with pytest.raises(ConfigError, match="vault"):
        unwrapped(json.dumps({**found, name: changed}), PASSPHRASE)
    with pytest.raises(ConfigError, match="no wrapped key"):
        unwrapped(json.dumps({key: one for key, one in found.items() if key != name}), PASSPHRASE)


@pytest.mark.parametrize("cost", [{"n": 2**40}, {"n": 3}, {"n": 0}, {"r": 0}, {"p": 1000}, {"n": -2}])
def test_a_file_cannot_ask_for_more_than_a_machine_has(cost: dict[str, int]) -> None:
    found = json.loads(wrapped_text(SECRET, PASSPHRASE, QUICK))
    with pytest.raises(ConfigError, match="no wrapped key"):
        unwrapped(json.dumps({**found, **cost}), PASSPHRASE)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"key": 7}'])
def test_what_is_no_wrapped_key_is_told(text: str) -> None:
    with pytest.raises(ConfigError, match="no wrapped key"):
        unwrapped(text, PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ConfigError, match="12 characters"):
        wrapped_text(SECRET, "    short   ")


def test_the_open_key_goes_only_when_the_wrapped_one_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(SECRET.hex())
    with monkeypatch.context() as patch:
        patch.setattr("mammoset.vault.wrapping.read_wrapped", lambda *_: b"something else")
        wrap(tmp_path, SECRET, PASSPHRASE, QUICK)
    assert (tmp_path / "key").exists()
    wrap(tmp_path, SECRET, PASSPHRASE, QUICK)
    assert [path.name for path in tmp_path.iterdir()] == [WRAPPED_FILE]
    assert (tmp_path / WRAPPED_FILE).stat().st_mode & 0o777 == 0o600
    assert read_wrapped(tmp_path / WRAPPED_FILE, PASSPHRASE) == SECRET
    unwrap(tmp_path, SECRET)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").read_text().strip() == SECRET.hex()


@given(st.binary(max_size=100))
def test_what_is_sealed_is_unsealed(content: bytes) -> None:
    sealed = seal(content, SECRET)
    assert unseal(sealed, SECRET) == content
    with pytest.raises(ConfigError):
        unseal(sealed, bytes(32))


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"identities", SECRET))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ConfigError, match="damaged"):
        unseal(bytes(sealed), SECRET)


def test_pieces_can_be_neither_moved_nor_taken_away_nor_added() -> None:
    content = bytes(PIECE) + b"1" * PIECE + b"rest"
    sealed = seal(content, SECRET)
    assert unseal(sealed, SECRET) == content
    head, size = len(sealed) - 2 * (PIECE + TAG_BYTES) - (4 + TAG_BYTES), PIECE + TAG_BYTES
    first, second, rest = sealed[head : head + size], sealed[head + size : head + 2 * size], sealed[head + 2 * size :]
    for other in (second + first + rest, first + rest, first + second, first + second + rest + rest, b""):
        with pytest.raises(ConfigError, match="damaged"):
            unseal(sealed[:head] + other, SECRET)
