"""`make run` as a whole, with its own broker and the real services."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.recorded import recorded

from pvsim_local.marks import marked
from pvsim_local.ports import free_port
from pvsim_local.waiting import until

ARGUMENTS = ["--homes", "2", "--start", "2026-06-21T10:00:00Z", "--duration", "10s", "--speed", "0"]
FINISHED = "meter has finished its run"


def nothing(_printed: str) -> None:
    """What there is to do in the middle of most runs."""


def run_until(
    words: str, root: Path, *arguments: str, then: Callable[[str], None] = nothing, **environment: str
) -> tuple[int, str]:
    """Run the launcher in `root`, press Ctrl-C once it has said these words and all 20 readings are recorded.

    Its exit code and all that it printed. `then` is called before, with what was printed so far.
    """
    command = [sys.executable, "-m", "pvsim_local.run", *arguments]
    with subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as launcher:
        assert launcher.stdout is not None
        printed = ""
        for line in launcher.stdout:
            printed += line
            if words in line:
                until(lambda: len(lines_below(root)) == 20)
                try:
                    then(printed)
                finally:
                    os.kill(launcher.pid, signal.SIGINT)
        return launcher.wait(), printed


def lines_below(root: Path) -> list[bytes]:
    """The lines of all journals."""
    return [line for directory in root.glob("journal*") for line in recorded(directory)]


def test_two_runs_make_one_journal_and_leave_no_process(tmp_path: Path, require_tool: Callable[[str], None]) -> None:
    require_tool("rabbitmq-server")

    first_code, first = run_until(FINISHED, tmp_path, *ARGUMENTS)
    second_code, second = run_until(FINISHED, tmp_path, *ARGUMENTS)

    assert (first_code, second_code) == (0, 0), first + second
    assert f"journal     {tmp_path}/journal" in first
    assert len(recorded(tmp_path / "journal")) == 20
    assert marked(tmp_path / ".run") == []
    assert marked(tmp_path / ".run" / "rabbitmq") == []


def test_prometheus_sees_services_and_broker_by_the_charts_rules_and_the_live_page_asks_pvsim(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")
    require_tool("prometheus")
    (tmp_path / "deploy").symlink_to(Path(__file__).parents[2] / "deploy")
    answers: dict[str, str] = {}

    def look(printed: str) -> None:
        first, prometheus = (address_of(name, printed) for name in ("live page", "Prometheus"))
        up = f"{prometheus}/api/v1/query?query={urllib.parse.quote('sum by (job) (up)')}"
        until(lambda: jobs_up(get(up)) == {"pvsim", "exporter", "rabbitmq"})  # the meter has finished
        answers["rules"] = get(f"{prometheus}/api/v1/rules")
        answers["page"] = get(first)
        until(lambda: '"pvsim":"ok"' in pipeline(f"{first}api/stream"))

    code, printed = run_until(FINISHED, tmp_path, *ARGUMENTS, then=look, PVSIM_HTTP_PORT=str(free_port()))

    assert code == 0, printed
    assert re.search(r"is running:\n\n  live page ", printed)
    assert "<html" in answers["page"]
    assert '"name":"RecordsStale"' in answers["rules"]
    assert marked(tmp_path / ".run") == []


def test_four_partitions_are_four_pvsims_with_journals_of_their_own_and_one_exporter_that_shows_all(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")
    metrics: list[str] = []

    def look(printed: str) -> None:
        until(lambda: "pvsim_journal_records_total 20.0" in get(address_of("exporter", printed)))
        metrics.extend(get(address_of(f"pvsim-{n}", printed)) for n in range(4))

    code, printed = run_until(FINISHED, tmp_path, *ARGUMENTS, then=look, PVSIMULATOR_PARTITIONS="4")
    second_code, second = run_until(FINISHED, tmp_path, *ARGUMENTS, PVSIMULATOR_PARTITIONS="4")

    assert (code, second_code) == (0, 0), printed + second
    assert [f"readings.{n}" in text for n, text in enumerate(metrics)] == [True] * 4
    assert sorted(path.name for path in tmp_path.glob("journal*")) == ["journal", "journal-1", "journal-2", "journal-3"]
    assert marked(tmp_path / ".run") == []


def test_a_journal_of_another_number_of_partitions_stops_the_run_and_names_the_procedure(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")
    run_until(FINISHED, tmp_path, *ARGUMENTS)

    code, printed = run_until("nothing that is said", tmp_path, *ARGUMENTS, PVSIMULATOR_PARTITIONS="2")

    assert code == 1
    assert "partitions is 1 there but 2 here (`Resizing` in docs/operations.md" in printed


def address_of(name: str, printed: str) -> str:
    """The address that the block gives for a name."""
    found = re.search(rf"^  {name} +(\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def pipeline(url: str) -> str:
    """The first line of a page's stream that tells of the pipeline."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        lines: Iterator[bytes] = iter(answer)
        return next(line for line in lines if b'"pipeline"' in line).decode()


def jobs_up(answer: str) -> set[str]:
    series = json.loads(answer)["data"]["result"]
    return {one["metric"]["job"] for one in series if one["value"][1] == "1"}


def test_a_flag_that_the_meter_does_not_know_stops_the_run_and_is_named(
    tmp_path: Path, require_tool: Callable[[str], None]
) -> None:
    require_tool("rabbitmq-server")

    code, printed = run_until(FINISHED, tmp_path, "--hoems", "3")

    assert code == 1
    assert "unrecognized arguments: --hoems 3" in printed
    assert marked(tmp_path / ".run") == []
