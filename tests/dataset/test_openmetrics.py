"""OpenMetrics is what promtool makes blocks from, with the metrics that the exporter has."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.dataset.conftest import Make

OPTIONS = ["--start=2026-06-21T10:00:00Z", "--end=2026-06-21T10:00:06Z", "--interval=1.5", "--homes=2"]
GOLDEN = Path(__file__).parents[1] / "exporter" / "golden_metrics.txt"


def test_samples_stand_family_by_family_and_site_by_site(make: Make) -> None:
    lines = make("a.om", *OPTIONS).read_text().splitlines()

    samples = [re.fullmatch(r'(\w+)\{site="(home-\d)"\} -?\d+\.\d ([\d.]+)', line) for line in lines]
    found = [sample.groups() for sample in samples if sample]
    times = ["1782036000", "1782036001.5", "1782036003", "1782036004.5"]
    families = ["pvsim_meter_power_watts", "pvsim_pv_power_watts", "pvsim_net_power_watts"]
    assert found == [(family, f"home-{n}", time) for family in families for n in (1, 2) for time in times]
    assert [line for line in lines if line.startswith("# TYPE")] == [f"# TYPE {family} gauge" for family in families]
    assert lines[-1] == "# EOF"


def test_metrics_are_called_and_explained_as_by_the_exporter(make: Make) -> None:
    helps = set(re.findall(r"^# HELP .*$", make("a.om", *OPTIONS).read_text(), re.MULTILINE))
    exporters = {re.sub(" at the newest reading", "", line) for line in GOLDEN.read_text().splitlines()}

    assert len(helps) == 3
    assert helps <= exporters


def test_promtool_makes_blocks_that_hold_every_power(make: Make, require_tool: Callable[[str], None]) -> None:
    require_tool("promtool")
    options = ["--start=2026-06-21T11:00:00Z", "--end=2026-06-21T13:00:00Z", "--interval=90", "--homes=3"]
    records = [json.loads(line) for line in make("a.jsonl", *options).read_text().splitlines()]
    promtool = ["promtool", "tsdb"]

    subprocess.run([*promtool, "create-blocks-from", "openmetrics", make("a.om", *options), "data"], check=True)

    Path("data", "wal").mkdir()  # as Prometheus has it beside its blocks; newer promtools want the name data, too
    dump = subprocess.run([*promtool, "dump", "data"], check=False, capture_output=True, text=True)
    assert dump.returncode == 0, dump.stderr
    dumped = dump.stdout
    found = re.findall(r'\{__name__="pvsim_net_power_watts", site="([\w-]+)"\} (\S+) (\d+)', dumped)
    assert len(dumped.splitlines()) == 3 * len(records)
    assert {(site, float(value)) for site, value, _ in found} == {
        (record["site"], round(record["net_power"] * 1000, 1)) for record in records
    }
