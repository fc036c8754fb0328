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
    ("output", "options"),
    [
        ("{}.parquet", MANY),
        ("{}.jsonl.zst", MANY),
        ("{}/", [*DAYS, "--format=parquet"]),
        ("{}/", [*MANY, "--format=openmetrics"]),
    ],
    ids=["one file", "one text", "a file for each worker", "less files than workers"],
)
def test_one_worker_and_three_give_the_same_bytes(output: str, options: list[str], make: Make) -> None:
    one, three = (contents(make(output.format(workers), *options, f"--workers={workers}")) for workers in (1, 3))

    assert one == three
    assert len(one[max(one)]) > 10_000


def test_an_error_in_a_worker_is_raised_and_leaves_no_process(make: Make, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "date=2026-06-21").write_text("in the way")

    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        make("days/", *DAYS, "--workers=2")

    assert multiprocessing.active_children() == []
    assert list(tmp_path.rglob("*.tmp")) == []
