"""A small volume is full once it is filled, and gone when the block ends."""

import errno
import os
from pathlib import Path

import pytest
from tests.chaos.volume import fill, small_volume


def test_a_filled_volume_takes_not_one_byte_more_and_leaves_no_mount(tmp_path: Path) -> None:
    with small_volume(tmp_path / "volume", size=4 * 1024 * 1024) as mounted:
        if not mounted:
            pytest.skip("this user may not mount a filesystem; the harness then injects ENOSPC")
        fill(tmp_path / "volume" / "full")
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            (tmp_path / "volume" / "more").write_bytes(b"x")

    assert not (tmp_path / "volume").is_mount()
    assert list((tmp_path / "volume").iterdir()) == []
