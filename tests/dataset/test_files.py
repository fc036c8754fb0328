"""A file has its name only when it is complete; of one that is not, nothing is left."""

import fcntl
import os
from pathlib import Path

import pytest

from dataset.files import opened, remove_remains


def test_a_file_gets_its_name_and_the_usual_rights_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.csv"

    with opened(path) as file:
        file.write(b"all of it")
        assert not path.exists()

    assert path.read_bytes() == b"all of it"
    assert [each.name for each in path.parent.iterdir()] == ["a.csv"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(1)])
def test_an_error_leaves_what_was_there_before_and_nothing_else(error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"before")

    with pytest.raises(type(error)) as raised:
        begin(path, error)

    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a.csv": b"before"}
    if isinstance(raised.value, OSError):
        assert raised.value.filename == str(path)


def begin(path: Path, error: BaseException) -> None:
    with opened(path) as file:
        file.write(b"half")
        raise error


def test_what_a_killed_process_left_is_removed_but_not_what_another_still_writes(tmp_path: Path) -> None:
    left, written, foreign = (tmp_path / name for name in (".a.csv.1.tmp", ".a.csv.2.tmp", ".b.csv.1.tmp"))
    for path in (left, written, foreign):
        path.write_bytes(b"half")

    with written.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        remove_remains(tmp_path / "a.csv")

    assert {each.name for each in tmp_path.iterdir()} == {".a.csv.2.tmp", ".b.csv.1.tmp"}


def test_a_pipe_or_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    with opened(pipe) as file:
        file.write(b"anything")

    assert os.read(reader, 100) == b"anything"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_full_device_is_named(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.symlink_to("/dev/full")  # not itself: what is wrong here should never replace a device of the machine

    with pytest.raises(OSError, match="No space left on device") as raised, opened(full) as file:
        file.write(b"anything")

    assert raised.value.filename == str(full)
