"""The bytes are the same for any number of workers, and an error in one of them stops all."""

import multiprocessing
from pathlib import Path

import pytest
from tests.dataset.conftest import Make

DAYS = ["--start=2026-06-20", "--end=2026-06-24", "--interval=10min"]
MANY = ["--start=2026-06-20", "--end=2026-06-20T03:00:00Z", "--interval=10", "--homes=300"]  # more than one tile holds


def contents(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()}


@pytest.mark.parametrize(
    ("output", "workers", "options"),
    [
        ("{}.parquet", 3, MANY),
        ("{}/", 2, [*DAYS, "--format=parquet"]),
        ("{}/", 2, [*MANY, "--format=openmetrics"]),
    ],
    ids=["all at one file", "a file each", "all at the only file of a directory"],
)
def test_one_worker_and_several_give_the_same_bytes(output: str, workers: int, options: list[str], make: Make) -> None:
    one, several = (contents(make(output.format(number), *options, f"--workers={number}")) for number in (1, workers))

    assert one == several
    assert len(one[max(one)]) > 10_000


def test_an_error_in_a_worker_is_raised_and_leaves_no_process(make: Make, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "date=2026-06-21").write_text("in the way")

    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        make("days/", *DAYS, "--workers=2")

    assert multiprocessing.active_children() == []
    assert list(tmp_path.rglob("*.tmp")) == []
