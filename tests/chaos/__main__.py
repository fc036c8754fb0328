"""Break everything at random and see whether each reading still stands in the journal exactly once: make chaos."""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos import report
from tests.chaos.harness import broken
from tests.chaos.rows import LONG, SHORT

from pvsim_local.rabbitmq import RabbitNode

RUN = Path.cwd() / ".run"
LIMIT_S = 40 * 60


def main() -> None:
    """Print a table; exit code 1 where something did not hold, and then what was written is kept."""
    options = _options()
    rows = SHORT if options.quick else LONG
    RUN.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of each `with`, so that nothing is left running
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.alarm(LIMIT_S)
    print(f"seed {options.seed}; the same faults again: --seed {options.seed}", flush=True)
    begin, outcomes = time.monotonic(), []
    # Beside the journals of make run, and not in /tmp, which may be memory.
    directory = Path(tempfile.mkdtemp(prefix="chaos-", dir=RUN))
    with RabbitNode(directory / "broker") as node:
        for name in options.runs or rows:
            outcomes.append(broken(name, rows[name], node, directory / name, options.seed))
            print(report.table(outcomes[-1:]).splitlines()[-1], flush=True)
            report.write(RUN, outcomes, seed=options.seed, took_s=time.monotonic() - begin)
    print(report.table(outcomes))
    if any(outcome.violations for outcome in outcomes):
        sys.exit(f"not all holds; journals and logs are kept in {directory}")
    shutil.rmtree(directory)


def _out_of_time(*_: object) -> None:
    """What is under way ends as a violation; what would come next has a minute."""
    signal.alarm(60)
    raise TimeoutError(f"longer than {LIMIT_S / 60:g} minutes")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(1_000_000), help="of an earlier run"
    )
    parser.add_argument("--quick", action="store_true", help="a minute or two instead of half an hour")
    parser.add_argument("runs", nargs="*", choices=[*LONG, []], metavar="RUN", help=f"{', '.join(LONG)}; default: all")
    return parser.parse_args()


if __name__ == "__main__":
    main()
