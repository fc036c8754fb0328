"""The commands of docs/operations.md make two partitions four, as they stand there; no reading is lost or doubled."""

import logging
import re
import subprocess
from pathlib import Path

import pytest
from tests.e2e.cluster import Namespace, kubectl, name_of
from tests.e2e.journal import check
from tests.e2e.release import Release

from pvsim_local.waiting import until

pytestmark = pytest.mark.timeout(900)
log = logging.getLogger("e2e")
ROOT = Path(__file__).parents[2]
HOMES = 10
BEFORE, AFTER = 2, 4


@pytest.fixture(scope="module")
def release(namespace: Namespace) -> Release:
    """The release with two partitions."""
    release = Release(namespace, f"meter.homes={HOMES}", f"pvsim.partitions={BEFORE}", homes=HOMES, partitions=BEFORE)
    release.install()
    return release


class Procedure:
    """The steps of the document, for the release `pvsim` in a namespace of our own."""

    def __init__(self, namespace: Namespace, directory: Path) -> None:
        text = (ROOT / "docs" / "operations.md").read_text()
        block = re.search(r"^From 2 partitions to 4.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert block is not None
        here = block[1].replace("--namespace homes", f"--namespace {namespace.name}")
        here = here.replace("former.jsonl", str(directory / "former.jsonl"))
        self.steps = [step for step in re.split(r"^# \d\. ", here, flags=re.MULTILINE) if step]

    def run(self, number: int) -> str:
        """Run a step; what it prints."""
        comment, _, commands = self.steps[number - 1].partition("\n")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )
        log.info("%d. %s\n%s%s", number, comment, done.stdout, done.stderr)
        assert done.returncode == 0, done.stderr
        return done.stdout


def waiting(listed: str) -> int:
    """The messages in all readings queues, of a list of queues."""
    return sum(int(number) for number in re.findall(r"^readings\.\d+\s+(\d+)$", listed, re.MULTILINE))


def pods_run(release: Release) -> bool:
    """Whether the pods of all new partitions run, ready or not, and no other ones do."""
    pods = [pod for pod in release.pods("pvsim") if pod["status"].get("phase") == "Running"]
    return [name_of(pod) for pod in pods] == [f"{release.prefix}-pvsim-{n}" for n in range(AFTER)] and all(
        "running" in each["state"] for pod in pods for each in pod["status"]["containerStatuses"]
    )


def test_the_documented_commands_resize(release: Release, tmp_path: Path) -> None:
    release.wait_for_records()
    procedure = Procedure(release.namespace, tmp_path)
    assert len(procedure.steps) == 6

    procedure.run(1)
    until(lambda: waiting(procedure.run(2)) == 0, timeout_s=60, every_s=2)
    for number in (3, 4):
        procedure.run(number)
    until(lambda: pods_run(release), timeout_s=240, every_s=1)
    for number in (5, 6):
        procedure.run(number)

    release.partitions = AFTER
    release.wait_for_records()


def test_former_journals_and_new_ones_hold_every_reading_once(release: Release) -> None:
    former = [line for n in range(BEFORE) for line in read(release, n, "/data/archive-1/results.jsonl")]
    new = [release.journal(partition) for partition in range(AFTER)]

    parts = [check(lines, partition=partition, partitions=AFTER) for partition, lines in enumerate(new)]
    spans = check(former + [line for lines in new for line in lines])

    assert all(len(lines) > HOMES for lines in (former, *new))
    assert spans.keys() == {f"home-{n}" for n in range(1, HOMES + 1)} == {site for part in parts for site in part}


def test_afterwards_another_journal_stops_a_pvsim_again(release: Release) -> None:
    release.replace_pod(f"{release.prefix}-pvsim-3")

    release.wait_for_records()
    assert "PVSIM_JOURNAL_ON_CHANGE=stop" in kubectl(
        "exec", f"{release.prefix}-pvsim-3", "--container", "pvsim", "--", "env", namespace=release.namespace.name
    )


def read(release: Release, partition: int, path: str) -> list[bytes]:
    """The lines of a file of a partition's pod."""
    pod = f"{release.prefix}-pvsim-{partition}"
    text = kubectl("exec", pod, "--container", "pvsim", "--", "cat", path, namespace=release.namespace.name)
    return text.encode().splitlines()
