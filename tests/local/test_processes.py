"""The chain of programs: order, failure, finish, insistence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pvsim_local.marks import mark, marked
from pvsim_local.processes import Chain
from pvsim_local.programs import ChainFailedError, Program

STAND_IN = str(Path(__file__).parent / "stand_in.py")
DEADLINE_S = 20.0


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """The file into which the stand-ins write what happens."""
    return tmp_path / "notes"


def program(name: str, notes: Path, manner: str = "runs", *, may_finish: bool = False) -> Program:
    return Program(name, [sys.executable, STAND_IN, name, str(notes), manner], dict(os.environ), may_finish=may_finish)


def ctrl_c_when(notes: Path, *lines: str, times: int = 1) -> Callable[[], None]:
    """A `between` that presses Ctrl-C so many times at once, when all of these lines are in the notes."""
    deadline = time.monotonic() + DEADLINE_S
    left = list(range(times))

    def between() -> None:
        assert time.monotonic() < deadline, f"not in the notes: {lines}"
        if left and set(lines) <= set(written(notes)):
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGINT)
            left.clear()

    return between


def written(notes: Path) -> list[str]:
    return notes.read_text().splitlines() if notes.exists() else []


def test_programs_start_in_order_and_stop_in_the_opposite_one(tmp_path: Path, notes: Path) -> None:
    names = ["prometheus", "exporter", "pvsim", "meter"]
    between = ctrl_c_when(notes, *(f"{name} started" for name in names))
    chain = Chain([program(name, notes) for name in names], directory=tmp_path, between=between)

    chain.loop()

    stops = [line for line in written(notes) if line.endswith("stopped")]
    assert stops == ["meter stopped", "pvsim stopped", "exporter stopped", "prometheus stopped"]
    assert chain.returncode == 0
    assert marked(tmp_path) == []


def test_when_one_program_fails_the_others_stop_and_its_last_lines_are_shown(
    tmp_path: Path, notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = Chain([program("exporter", notes), program("pvsim", notes, "3")], directory=tmp_path)

    chain.loop()

    assert (
        "Stopping, because pvsim ended with exit code 3. Its last lines:\n  pvsim says hello" in capsys.readouterr().out
    )
    assert chain.returncode == 1
    assert marked(tmp_path) == []


def test_a_program_that_may_finish_leaves_the_others_running(
    tmp_path: Path, notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = [program("pvsim", notes), program("meter", notes, "0", may_finish=True)]
    said: list[str] = []

    def stop_once_finished() -> None:
        said.append(capsys.readouterr().out)
        if "meter has finished its run" in "".join(said) and "pvsim started" in written(notes):
            assert "pvsim stopped" not in written(notes)
            os.kill(os.getpid(), signal.SIGINT)

    chain = Chain(programs, directory=tmp_path, between=stop_once_finished)
    chain.loop()

    assert chain.returncode == 0
    assert "pvsim stopped" in written(notes)


def test_a_program_that_may_not_finish_is_a_failure_even_with_exit_code_0(tmp_path: Path, notes: Path) -> None:
    chain = Chain([program("exporter", notes), program("pvsim", notes, "0")], directory=tmp_path)

    chain.loop()

    assert chain.returncode == 1


def test_a_command_that_does_not_exist_stops_the_others_and_is_named(
    tmp_path: Path, notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = Chain([program("exporter", notes), Program("pvsim", ["/no/such/pvsim"], {})], directory=tmp_path)

    chain.loop()

    assert "No such file or directory: '/no/such/pvsim'" in capsys.readouterr().out
    assert chain.returncode == 1


def test_a_program_that_ignores_sigterm_is_killed_when_its_time_is_over(tmp_path: Path, notes: Path) -> None:
    between = ctrl_c_when(notes, "pvsim started")
    chain = Chain([program("pvsim", notes, "stubborn")], directory=tmp_path, between=between, stop_timeout_s=0.5)

    chain.loop()

    assert marked(tmp_path) == []


def test_a_second_ctrl_c_does_not_wait_for_the_programs(tmp_path: Path, notes: Path) -> None:
    between = ctrl_c_when(notes, "pvsim started", times=2)
    chain = Chain([program("pvsim", notes, "stubborn")], directory=tmp_path, between=between, stop_timeout_s=3600)

    chain.loop()

    assert marked(tmp_path) == []


def test_what_is_watched_between_events_can_stop_the_chain(
    tmp_path: Path, notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broker_is_gone() -> None:
        raise ChainFailedError("the broker has ended")

    chain = Chain([program("pvsim", notes)], directory=tmp_path, between=broker_is_gone)

    chain.loop()

    assert "Stopping, because the broker has ended" in capsys.readouterr().out
    assert chain.returncode == 1


def test_leftovers_of_a_run_that_was_killed_are_ended_first(tmp_path: Path) -> None:
    left = subprocess.Popen(["sleep", "3600"], env=os.environ | mark(tmp_path), start_new_session=True)

    Chain([], directory=tmp_path, between=ctrl_c_when(tmp_path / "notes")).loop()

    left.wait(DEADLINE_S)
    assert marked(tmp_path) == []
