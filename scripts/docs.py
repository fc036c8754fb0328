"""Write the tables of README.md and docs/dataset.md from the code: make docs. Copies of them may be given."""

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from prometheus_client import CollectorRegistry, Metric
from pydantic.fields import FieldInfo

from dataset.settings import DatasetSettings
from exporter.collector import JournalCollector
from exporter.follower import Follower
from exporter.settings import ExporterSettings
from meter.pace import tell_pace, tell_skew
from meter.settings import MeterSettings
from pvsim.collector import JournalCollector as PvsimCollector
from pvsim.collector import flush_seconds
from pvsim.settings import PvsimSettings
from pvsim_common.broker import Position, Publisher, Subscriber
from pvsim_common.command_line import default_text
from pvsim_common.messages import PowerRecord, encode_records
from pvsim_common.segments import open_segment
from pvsim_common.service import Service
from pvsim_common.settings import ProgramSettings, ServiceSettings

ROOT = Path(__file__).parents[1]
SETTINGS: list[type[ServiceSettings]] = [MeterSettings, PvsimSettings, ExporterSettings]
SERVICES = [settings.service for settings in SETTINGS]


class Setting(NamedTuple):
    """A setting as a person reads it."""

    name: str
    default: str
    meaning: str


class MetricRow(NamedTuple):
    """A metric as a person reads it."""

    name: str
    type: str
    labels: str
    meaning: str


def main() -> None:
    """Replace what stands between <!-- begin NAME --> and <!-- end NAME --> for each table of each document."""
    for path in [Path(word) for word in sys.argv[1:]] or [ROOT / name for name in tables_of()]:
        text = path.read_text()
        for name, table in next(
            tables for document, tables in tables_of().items() if document.name == path.name
        ).items():
            text = _with_table(text, name, table())
        path.write_text(text)


def tables_of() -> dict[Path, dict[str, Callable[[], list[str]]]]:
    """What makes the tables of each document."""
    return {
        Path("README.md"): {"settings": settings_table, "metrics": metrics_table, "commands": commands_table},
        Path("docs/dataset.md"): {"options": options_table},
    }


def options_table() -> list[str]:
    """The options of dataset."""
    fields = {name.replace("_", "-"): field for name, field in DatasetSettings.model_fields.items()}
    return [
        "| option | default | meaning |",
        "|---|---|---|",
        *(f"| `--{n}` | {default_text(field)} | {_plain(field.description or '')} |" for n, field in fields.items()),
    ]


def settings_table() -> list[str]:
    """The settings of all services; one that is the same in several stands once."""
    rows = _rows((settings.service, _settings_of(settings)) for settings in SETTINGS)
    return [
        "| setting | default | of | meaning |",
        "|---|---|---|---|",
        *(f"| `{row.name}` | {row.default} | {services} | {row.meaning} |" for row, services in rows),
    ]


def metrics_table() -> list[str]:
    """The metrics of all services that begin with pvsim_."""
    rows = _rows((service, _metrics_of(registry)) for service, registry in registries().items())
    return [
        "| metric | type | labels | of | meaning |",
        "|---|---|---|---|---|",
        *(f"| `{row.name}` | {row.type} | {row.labels} | {services} | {row.meaning} |" for row, services in rows),
    ]


def commands_table() -> list[str]:
    """What `make help` prints, as a table."""
    text = subprocess.run(["make", "-C", ROOT, "help"], check=True, capture_output=True, text=True).stdout
    commands = re.findall(r"^  (make \S+) +(.+)$", text, re.MULTILINE)
    return ["| command | what it does |", "|---|---|", *(f"| `{name}` | {_plain(what)} |" for name, what in commands)]


def registries() -> dict[str, CollectorRegistry]:
    """A registry per service with everything it exposes, made without a broker."""
    services = {name: Service(name) for name in SERVICES}
    meter, pvsim = MeterSettings.model_construct(), PvsimSettings.model_construct()
    run = Position(instant=0, start="now", interval_s=1.0, shards=1, origin=0, since=0)
    Publisher(meter, run=run, shard=0, partitions=1, max_ready=1, registry=services["meter"].registry)
    Subscriber(pvsim, partition=0, partitions=1, prefetch=1, max_sites=1, registry=services["pvsim"].registry)
    tell_pace(services["meter"].registry, interval_s=1, speed=1)
    tell_skew(services["meter"].registry, lambda: 0.0)
    flush_seconds(services["pvsim"].registry)
    services["pvsim"].registry.register(
        PvsimCollector(ROOT, gaps=lambda: 0, waiting=lambda: None, failing=lambda: None)
    )
    services["exporter"].registry.register(_collector())
    return {name: service.registry for name, service in services.items()}


def _collector() -> JournalCollector:
    """The exporter's collector after one record: before the first it has little to say."""
    with tempfile.TemporaryDirectory() as directory:
        record = PowerRecord("2026-06-21T10:00:00Z", "home-1", 0.432, 1.2345, 1.6665, -0.8025)
        open_segment(Path(directory)).write_bytes(encode_records([record]))
        follower = Follower(Path(directory))
        follower.advance()
    return JournalCollector([follower], max_site_series=1, streams=lambda: 0)


def _rows(tables: Iterable[tuple[str, Iterable[Any]]]) -> Iterator[tuple[Any, str]]:
    """Each different row once, with the services that have it."""
    owners: dict[Any, list[str]] = defaultdict(list)
    for service, rows in tables:
        for row in rows:
            owners[row].append(service)
    for row, services in owners.items():
        yield row, "all" if services == SERVICES else ", ".join(services)


def _settings_of(settings: type[ProgramSettings]) -> Iterator[Setting]:
    for name, field in settings.model_fields.items():
        yield Setting(name, _default(field), _plain(field.description or ""))


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the pod's ordinal"
    text = default_text(field)
    return text if text == "none" else f"`{text}`"


def _metrics_of(registry: CollectorRegistry) -> Iterator[MetricRow]:
    for metric in registry.collect():
        if metric.name.startswith("pvsim_"):
            name = f"{metric.name}_total" if metric.type == "counter" else metric.name
            yield MetricRow(name, metric.type, _labels(metric), _plain(metric.documentation))


def _labels(metric: Metric) -> str:
    """The labels, and the values of those that have only a few."""
    values: dict[str, set[str]] = defaultdict(set, {label: set() for label in getattr(metric, "_labelnames", ())})
    for sample in metric.samples:
        for label, value in sample.labels.items():
            if label != "le":
                values[label].add(value)
    known = {label: ", ".join(sorted(values[label])) if label == "outcome" else "" for label in values}
    return "; ".join(f"`{label}`: {text}" if text else f"`{label}`" for label, text in known.items())


def _plain(text: str) -> str:
    """Text that a Markdown table takes as it is."""
    return re.sub(r"([|<*_])", r"\\\1", text)


def _with_table(text: str, name: str, table: list[str]) -> str:
    begin, end = f"<!-- begin {name}: written by make docs -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(text)) != 1:
        sys.exit(f"there must be one {begin} and its end")
    return pattern.sub(lambda _: "\n".join([begin, *table, end]), text)


if __name__ == "__main__":
    main()
