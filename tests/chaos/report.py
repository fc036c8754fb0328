"""What the harness found: as JSON for programs, as a table for people and for docs/delivery.md."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.ground import Outcome

_HEAD = ["run", "readings", "lost", "duplicated", "torn", "wrong", "also", "holds"]


def table(outcomes: Sequence[Outcome]) -> str:
    """A Markdown table, one row a run."""
    rows = [_HEAD, ["---"] * len(_HEAD), *map(_row, outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_json(outcomes: Sequence[Outcome], *, seed: int, took_s: float) -> str:
    """All of it, and on which machine."""
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "system": platform.platform()}
    runs = [outcome.as_dict() for outcome in outcomes]
    return json.dumps({"seed": seed, "took_s": round(took_s, 1), "machine": machine, "runs": runs}, indent=2) + "\n"


def write(directory: Path, outcomes: Sequence[Outcome], *, seed: int, took_s: float) -> None:
    """Write both files: chaos.json and chaos.md."""
    (directory / "chaos.json").write_text(as_json(outcomes, seed=seed, took_s=took_s))
    (directory / "chaos.md").write_text(f"Seed {seed}, {took_s / 60:.1f} minutes.\n\n{table(outcomes)}\n")


def _row(outcome: Outcome) -> list[str]:
    facts = ", ".join(f"{name} {_number(value)}" for name, value in outcome.facts.items())
    faults = [f"{count:,}" for count in outcome.judgement.faults().values()]
    holds = "yes" if not outcome.violations else f"**no**: {'; '.join(outcome.violations)}"
    return [outcome.run, f"{outcome.judgement.readings:,}", *faults, facts, holds]


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"
