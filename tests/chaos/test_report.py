"""What the harness found is told in a row of the table, also where a run broke off."""

import json
from pathlib import Path

import pytest
from tests.chaos import report
from tests.chaos.ground import Ground, Outcome
from tests.chaos.harness import broken
from tests.chaos.judge import Judgement

from pvsim_local.rabbitmq import RabbitNode


def outcome(judgement: Judgement) -> Outcome:
    made = Outcome("200 × kill of pvsim", facts={"segments": 1200, "disk": "injected"})
    made.judged(judgement)
    return made


def test_a_run_without_fault_holds() -> None:
    row = report.table([outcome(Judgement(readings=1_000_000, lines=1_000_000))]).splitlines()[-1]

    assert row == "| 200 × kill of pvsim | 1,000,000 | 0 | 0 | 0 | 0 | segments 1,200, disk injected | yes |"


@pytest.mark.parametrize("fault", ["lost", "duplicated", "torn", "wrong"])
def test_each_fault_is_a_violation_and_stands_in_the_table(fault: str) -> None:
    found = outcome(Judgement(readings=10, **{fault: 3}))

    assert found.violations == [f"3 {fault}"]
    assert report.table([found]).endswith(f"| **no**: 3 {fault} |")


def test_what_ends_a_run_before_its_end_is_a_violation(tmp_path: Path) -> None:
    def row(_: Ground) -> Outcome:
        raise TimeoutError("still 7 after 30 s")

    found = broken("kills", row, RabbitNode(tmp_path), tmp_path / "kills", 1)

    assert found.violations == ["TimeoutError: still 7 after 30 s"]


def test_a_seed_gives_each_run_the_same_chance_whichever_went_before(tmp_path: Path) -> None:
    drawn = []

    def row(ground: Ground) -> Outcome:
        drawn.append((ground.random.random(), ground.seed))
        return Outcome("")

    for number, (name, seed) in enumerate([("kills", 1), ("kills", 1), ("stops", 1), ("kills", 2)]):
        broken(name, row, RabbitNode(tmp_path), tmp_path / str(number), seed)

    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 3


def test_both_files_hold_all_runs(tmp_path: Path) -> None:
    report.write(tmp_path, [outcome(Judgement(readings=10, lost=1))], seed=7, took_s=90)

    told = json.loads((tmp_path / "chaos.json").read_text())
    assert (told["seed"], told["took_s"]) == (7, 90)
    assert told["runs"][0]["judgement"]["lost"] == 1
    assert told["runs"][0]["violations"] == ["1 lost"]
    assert (tmp_path / "chaos.md").read_text().startswith("Seed 7, 1.5 minutes.\n\n| run | readings |")
