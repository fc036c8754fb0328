"""Reading compressed segments forwards and backwards."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from zstandard import ZstdCompressor

from exporter.compressed import Window, chunks_from

TEXT = bytes(range(256)) * 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "results-00000001.jsonl.zst"
    path.write_bytes(ZstdCompressor().compress(TEXT))
    return path


@pytest.mark.parametrize("offset", [0, 1, 5000, len(TEXT) - 1, len(TEXT)])
def test_reading_forwards_begins_anywhere(path: Path, offset: int) -> None:
    chunks = list(chunks_from(path, offset, chunk_bytes=1000))

    assert b"".join(chunks) == TEXT[offset:]
    assert max(map(len, chunks), default=0) <= 1000


def test_a_file_of_several_frames_is_one_text(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 3)

    chunks = list(chunks_from(path, 0, chunk_bytes=3000))

    assert b"".join(chunks) == TEXT * 3
    assert {len(chunk) for chunk in chunks[:-1]} == {3000}


def test_a_damaged_file_is_read_up_to_the_damage_and_said_in_the_log(path: Path) -> None:
    text = os.urandom(1 << 20)  # it cannot be compressed: several blocks, of which the first ones stay whole
    compressed = bytearray(ZstdCompressor(write_checksum=True).compress(text))
    compressed[-(1 << 18)] ^= 1
    path.write_bytes(compressed + b"no frame")

    with capture_logs() as events:
        read = b"".join(chunks_from(path, 0, chunk_bytes=1 << 16))

    assert text.startswith(read[: 1 << 19])
    assert len(read) >= 1 << 19
    assert [(event["event"], event["segment"]) for event in events] == [("segment_damaged", str(path))]


@given(
    edges=st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=20).map(lambda edges: sorted(set(edges))[::-1]),
    spare=st.integers(0, 3000),
)
def test_ranges_are_read_backwards_whatever_the_window(
    tmp_path_factory: pytest.TempPathFactory, edges: list[int], spare: int
) -> None:
    path = tmp_path_factory.mktemp("windows") / "file.zst"
    path.write_bytes(ZstdCompressor().compress(TEXT))
    ranges = list(zip(edges[1:], edges, strict=False))
    widest = max((end - begin for begin, end in ranges), default=0)

    window = Window(path, window_bytes=widest + spare + 1)

    assert window.size == len(TEXT)
    assert [window.read(begin, end) for begin, end in ranges] == [TEXT[begin:end] for begin, end in ranges]
