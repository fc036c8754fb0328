"""The program as a process: pipes, Ctrl-C, a full disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pvsim_local.waiting import until

PROGRAM = Path(sys.executable).parent / "dataset"
DAY = ["--start=2026-06-21", "--end=2026-06-22"]
LONG = ["--start=2026-01-01", "--end=2027-01-01", "--interval=1", "--homes=100"]


def run(*words: object, command: str = 'exec "$@"') -> subprocess.CompletedProcess[str]:
    shell = ["bash", "-c", command, "bash", PROGRAM, *words]
    return subprocess.run([str(w) for w in shell], capture_output=True, text=True, check=False, timeout=200)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are ended with the test, whatever becomes of it."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        with process, suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_records_go_to_standard_output_and_all_else_to_standard_error() -> None:
    words = ["--place", "berlin", "--start", "2026-06-21", "--end", "2026-06-22", "--interval", "10min", "--homes", "1"]

    made = run(*words, "--sky", "clear", "--variation", "off", "--format", "jsonl", "--output", "-")

    assert made.returncode == 0
    assert made.stdout.count('"site":"home-1"') == made.stdout.count("\n") == 144
    [summary] = made.stderr.splitlines()  # no bar, since this is no terminal
    assert '"event": "dataset_written"' in summary
    assert '"rows": 144' in summary


def test_who_has_read_enough_ends_it_silently() -> None:
    made = run(*LONG, command='"$@" | head -n 1; exit "${PIPESTATUS[0]}"')

    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--end=2026-06-21"], "dataset: error: end: should be after start, 2026-06-21, not 2026-06-21\n"),
        (["--output=days/", "--seed=2"], "dataset: error: output: days holds another data set: seed is 1 there but 2"),
    ],
    ids=["settings", "another data set"],
)
def test_a_mistake_is_one_line_and_exit_code_2(words: list[str], said: str) -> None:
    if "--seed=2" in words:
        assert run(*DAY, "--output=days/").returncode == 0

    refused = run(*DAY, *words)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(said)
    assert len(refused.stderr.splitlines()) == 1


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for a small disk: a write fails in the same way."""
    full = run(*LONG, "--output=a.jsonl", command='ulimit -f 100; exec "$@"')

    assert full.returncode == 1
    assert full.stderr == "dataset: error: a.jsonl: File too large\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("output", "workers", "number", "code"),
    [
        ("a.parquet", 1, signal.SIGINT, 130),
        ("a.parquet", 2, signal.SIGTERM, 143),
        ("days/", 2, signal.SIGINT, 130),
        ("days/", 1, signal.SIGTERM, 143),
    ],
)
def test_it_stops_when_asked_and_leaves_no_half_file_and_no_process(
    output: str, workers: int, number: int, code: int, tmp_path: Path, started: list[subprocess.Popen[str]]
) -> None:
    words = [*LONG, "--format=parquet", f"--output={output}", f"--workers={workers}"]
    process = subprocess.Popen(
        [PROGRAM, *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
    )
    started.append(process)
    until(lambda: any(path.stat().st_size for path in tmp_path.rglob("*.tmp")), timeout_s=120)

    os.killpg(process.pid, number) if number == signal.SIGINT else process.terminate()  # Ctrl-C goes to all of them
    _, said = process.communicate(timeout=100)

    assert process.returncode == code
    assert said == "dataset: error: stopped; the same command makes the days that are missing\n"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".parquet"] in (
        [],
        ["_dataset.json"],
    )
    assert not (tmp_path / "a.parquet").exists()
    until(lambda: not is_there(process.pid), timeout_s=60)


def is_there(group: int) -> bool:
    """Whether any process of a group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
