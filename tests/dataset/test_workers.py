"""The bytes are the same for any number of workers; an error, a death or a request to stop ends all of them."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from tests.dataset.conftest import Make

from dataset.workers import pool

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


def test_all_workers_are_there_from_the_start_and_deaf_for_ctrl_c() -> None:
    """One that starts later would die of the SIGTERM that asks all to stop."""
    with pool(3) as executor:
        workers = multiprocessing.active_children()
        for worker in workers:
            os.kill(worker.pid or 0, signal.SIGINT)
        assert sorted(executor.map(abs, [-3, -2, -1])) == [1, 2, 3]

    assert len(workers) == 3


def test_workers_that_are_asked_to_stop_while_they_start_do_so_without_dying() -> None:
    workers: list[BaseProcess] = []

    with pytest.raises(KeyboardInterrupt):
        interrupted(workers)

    assert [worker.exitcode for worker in workers] == [0, 0]


def interrupted(workers: list[BaseProcess]) -> None:
    with pool(2):
        workers += multiprocessing.active_children()
        raise KeyboardInterrupt


def test_a_worker_that_dies_ends_all_even_one_that_has_much_to_send() -> None:
    results: list[Future[bytes]] = []

    with pytest.raises(BrokenProcessPool):
        one_dies(results)

    assert isinstance(results[0].exception(), BrokenProcessPool)
    assert multiprocessing.active_children() == []


def one_dies(results: list[Future[bytes]]) -> None:
    with pool(2, grace_s=1) as executor:
        results.append(executor.submit(much_after_a_while, 2.0))
        executor.submit(os._exit, 1).result()


def much_after_a_while(wait_s: float) -> bytes:
    """A long task whose result is more than a pipe holds, so sending it waits for somebody who takes it."""
    time.sleep(wait_s)
    return bytes(2**20)
