"""The journal's directory."""

from pathlib import Path

import msgspec
import pytest

from pvsim_common.segments import (
    Identity,
    IdentityMismatchError,
    JournalError,
    archive,
    claim,
    closed_segment,
    closed_segments,
    open_segment,
    read_identity,
    write_durably,
)

IDENTITY = Identity(
    partition=0,
    partitions=1,
    seed=1,
    place="48.14,11.58,520.0,Europe/Berlin",
    variation=True,
    sky="clear",
    model="1",
)


def test_the_open_segment_is_results_jsonl() -> None:
    assert open_segment(Path("journal")) == Path("journal/results.jsonl")


def test_closed_segments_are_known_by_their_numbers_compressed_or_not(tmp_path: Path) -> None:
    names = ["results-00000002.jsonl.zst", "results-00000010.jsonl", "results-00000001.jsonl.zst"]
    others = ["results.jsonl", "results-3.jsonl", "results-00000004.jsonl.zst.tmp", "results-00000005.jsonl.bak"]
    for name in names + others:
        (tmp_path / name).touch()

    found = {number: path.name for number, path in closed_segments(tmp_path).items()}
    assert list(found.items()) == [
        (1, "results-00000001.jsonl.zst"),
        (2, "results-00000002.jsonl.zst"),
        (10, "results-00000010.jsonl"),
    ]
    assert closed_segment(tmp_path, 10).name == found[10]


def test_of_a_closed_segment_and_its_compressed_copy_the_plain_one_is_read(tmp_path: Path) -> None:
    for name in ("results-00000001.jsonl.zst", "results-00000001.jsonl"):
        (tmp_path / name).touch()

    assert closed_segments(tmp_path) == {1: tmp_path / "results-00000001.jsonl"}


def test_a_new_directory_belongs_to_nobody(tmp_path: Path) -> None:
    assert read_identity(tmp_path) is None


def test_a_claimed_directory_says_whose_it_is(tmp_path: Path) -> None:
    claim(tmp_path, IDENTITY)

    assert read_identity(tmp_path) == IDENTITY


def test_the_identity_is_a_json_file_that_a_person_can_read(tmp_path: Path) -> None:
    claim(tmp_path, IDENTITY)

    text = (tmp_path / "journal.json").read_text()
    assert text.endswith("}\n")
    assert '\n  "seed": 1,\n' in text


def test_a_directory_is_claimed_again_by_the_same_without_being_written(tmp_path: Path) -> None:
    claim(tmp_path, IDENTITY)
    before = (tmp_path / "journal.json").stat()

    claim(tmp_path, IDENTITY)

    after = (tmp_path / "journal.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_journal_is_refused_with_both_values_of_what_differs_and_left_as_it_is(tmp_path: Path) -> None:
    claim(tmp_path, IDENTITY)
    other = msgspec.structs.replace(IDENTITY, seed=2, sky="cloudy")

    with pytest.raises(IdentityMismatchError) as caught:
        claim(tmp_path, other)

    assert "seed is 1 there but 2 here; sky is 'clear' there but 'cloudy' here" in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "variation" not in str(caught.value)
    assert read_identity(tmp_path) == IDENTITY


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"partition":"0"}', msgspec.json.encode(IDENTITY).replace(b"seed", b"sead")],
)
def test_a_broken_identity_is_named_and_not_taken_for_a_new_directory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.json").write_bytes(content)

    with pytest.raises(JournalError, match=r"journal\.json: "):
        claim(tmp_path, IDENTITY)

    assert (tmp_path / "journal.json").read_bytes() == content


def test_a_crash_while_a_journal_is_moved_aside_is_made_up_for(tmp_path: Path) -> None:
    claim(tmp_path, IDENTITY)
    (tmp_path / "archive-1").mkdir()
    open_segment(tmp_path / "archive-1").write_bytes(b"moved before the crash\n")  # the identity was not

    aside = archive(tmp_path)

    assert aside == tmp_path / "archive-1"
    assert (read_identity(tmp_path), read_identity(aside)) == (None, IDENTITY)
    assert open_segment(aside).read_bytes() == b"moved before the crash\n"


def test_writing_durably_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    write_durably(path, b"a long first content")

    write_durably(path, b"second")

    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_crash_left_half_written_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    write_durably(path, b"old")
    path.with_name("checkpoint.json.tmp").write_bytes(b"half of what was to be the ne")

    before = path.read_bytes()
    write_durably(path, b"new")

    assert (before, path.read_bytes()) == (b"old", b"new")
