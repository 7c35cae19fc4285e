from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoset.acquire.multipart import parts_to_files
from mammoset.errors import DatasetDefect
from mammoset.web.dicomweb.multipart import BLOCK, FileSlice, Part, Piece, blocks_of, cut, pieces_of, total_of

BOUNDARY = "0123456789abcdef"


def made(piece: Piece) -> Piece:
    return piece


def part(content: bytes, size: int | None = None) -> Part:
    return Part("application/octet-stream", "/here", partial(made, content), size)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4))
def test_parts_come_out_as_they_went_in(contents: list[bytes]) -> None:
    body = b"".join(blocks_of(pieces_of([part(one) for one in contents], BOUNDARY)))
    before, *sections, after = body.split(f"--{BOUNDARY}".encode())
    assert (before, after) == (b"", b"--")
    for section, content in zip(sections, contents, strict=True):
        head, _, rest = section.partition(b"\r\n\r\n")
        assert rest == content + b"\r\n"
        assert head.decode().splitlines() == [
            "", "Content-Type: application/octet-stream", "Content-Location: /here", f"Content-Length: {len(content)}"
        ]  # fmt: skip


def test_our_own_client_reads_them(tmp_path: Path) -> None:
    contents = [b"first", b"\r\n--", bytes(range(256)) * 9]
    body = b"".join(blocks_of(pieces_of([part(one) for one in contents], BOUNDARY)))
    chunks = (body[at : at + 7] for at in range(0, len(body), 7))
    assert [file.read_bytes() for file in parts_to_files(chunks, BOUNDARY.encode(), tmp_path)] == contents


def test_a_file_is_sent_in_blocks_and_only_what_is_wanted_of_it(tmp_path: Path) -> None:
    path = tmp_path / "object"
    data = bytes(range(256)) * (2 * BLOCK // 256) + b"end"
    path.write_bytes(data)
    blocks = list(blocks_of([FileSlice(path, 5, len(data) - 5)]))
    assert b"".join(blocks) == data[5:]
    assert max(map(len, blocks)) <= BLOCK


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_cut_is_that_stretch_of_the_whole(first: int, last: int) -> None:
    pieces: list[Piece] = [b"0123456789", b"", b"abcdefghijklm", b"XYZ"]
    whole = b"".join(blocks_of(pieces))
    assert b"".join(blocks_of(cut(pieces, first, last))) == whole[first:last]


def test_a_cut_of_a_file_reads_only_that(tmp_path: Path) -> None:
    path = tmp_path / "object"
    path.write_bytes(b"0123456789")
    assert list(cut([b"ab", FileSlice(path, 2, 6)], 4, 7)) == [FileSlice(path, 4, 3)]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
def test_the_size_is_known_beforehand_when_that_of_each_part_is(contents: list[bytes]) -> None:
    known = [part(one, len(one)) for one in contents]
    assert total_of(known, BOUNDARY) == len(b"".join(blocks_of(pieces_of(known, BOUNDARY))))
    assert total_of([*known, part(b"")], BOUNDARY) is None


def test_a_part_is_made_when_it_is_its_turn() -> None:
    turns: list[str] = []

    def make(name: str) -> bytes:
        turns.append(name)
        return b""

    parts = [Part("text/plain", "/", partial(make, name)) for name in "ab"]
    pieces = pieces_of(parts, BOUNDARY)
    next(pieces)
    assert turns == ["a"]


def test_a_file_that_became_shorter_breaks_the_answer_off(tmp_path: Path) -> None:
    path = tmp_path / "object"
    path.write_bytes(b"short")
    with pytest.raises(DatasetDefect, match="replaced while it was sent"):
        list(blocks_of([FileSlice(path, 0, 6)]))
