"""`make run` as a whole, with its own broker and the real services."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pvsim_local.marks import marked
from pvsim_local.waiting import until

ARGUMENTS = ["--homes", "2", "--start", "2026-06-21T10:00:00Z", "--duration", "10s", "--speed", "0"]
FINISHED = "meter has finished its run"


def run_until(words: str, root: Path, *arguments: str) -> tuple[int, str]:
    """Run the launcher in `root`, press Ctrl-C once it has said these words and all 20 readings are recorded.

    Its exit code and all that it printed.
    """
    journal = root / "journal" / "results.jsonl"
    command = [sys.executable, "-m", "pvsim_local.run", *arguments]
    with subprocess.Popen(command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as launcher:
        assert launcher.stdout is not None
        printed = ""
        for line in launcher.stdout:
            printed += line
            if words in line:
                until(lambda: journal.exists() and len(journal.read_bytes().splitlines()) == 20)
                os.kill(launcher.pid, signal.SIGINT)
        return launcher.wait(), printed


def test_two_runs_make_one_journal_and_leave_no_process(tmp_path: Path, require_tool: Callable[[str], None]) -> None:
    require_tool("rabbitmq-server")

    first_code, first = run_until(FINISHED, tmp_path, *ARGUMENTS)
    second_code, second = run_until(FINISHED, tmp_path, *ARGUMENTS)

    assert (first_code, second_code) == (0, 0), first + second
    assert f"journal     {tmp_path}/journal" in first
    assert len((tmp_path / "journal" / "results.jsonl").read_text().splitlines()) == 20
    assert marked(tmp_path / ".run") == []
    assert marked(tmp_path / ".run" / "rabbitmq") == []


def test_a_flag_that_the_meter_does_not_know_stops_the_run_and_is_named(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")

    code, printed = run_until(FINISHED, tmp_path, "--hoems", "3")

    assert code == 1
    assert "unrecognized arguments: --hoems 3" in printed
    assert marked(tmp_path / ".run") == []
