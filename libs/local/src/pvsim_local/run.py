"""What `make run` calls: a broker, the services and Prometheus, until Ctrl-C."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pvsim_local.arguments import flags, given_settings, partitions_of, shared_environment
from pvsim_local.broker import Broker, broker_for
from pvsim_local.marks import end, marked
from pvsim_local.partitions import journals_of, names_of, own_environment
from pvsim_local.ports import LOOPBACK, free_port
from pvsim_local.processes import Chain, say
from pvsim_local.programs import ChainFailedError, Program
from pvsim_local.progress import Progress
from pvsim_local.prometheus import PrometheusServer, is_installed
from pvsim_local.rabbitmq import BrokerError

PORTS = {"meter": 8081, "pvsim": 8082, "exporter": 8080}
PROMETHEUS_PORT = 9090
ENDED_BY_SIGINT, ENDED_BY_SIGTERM = 130, 143  # as a shell says it


def main() -> None:
    """Run the chain from the repository's root; arguments are the meter's."""
    root, arguments = Path.cwd(), sys.argv[1:]
    if {"--help", "-h"} & set(arguments):
        os.execv(_script("meter"), ["meter", "--help"])
    for number in (signal.SIGTERM, signal.SIGHUP):  # while the chain does not listen itself: leave by the `with` below
        signal.signal(number, lambda *_: sys.exit(ENDED_BY_SIGTERM))
    given = given_settings(root, os.environ)
    broker_url = given.get("BROKER_URL") or given.get("PVSIMULATOR_BROKER_URL")
    try:
        with _only_run(root / ".run"), broker_for(broker_url, root / ".run") as broker:
            returncode = run(root, arguments, given, broker)
        say("Stopped; nothing is left running.")
        sys.exit(returncode)
    except BrokerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(ENDED_BY_SIGINT)


def run(root: Path, arguments: list[str], given: Mapping[str, str], broker: Broker) -> int:
    """Run the services and Prometheus with this broker until a signal or a failure; returns the exit code."""
    partitions = partitions_of(arguments, given)
    ports = _ports(given, flags(arguments).get("HTTP_PORT"), names_of(partitions))
    pvsims = ",".join(f"http://{LOOPBACK}:{ports[name]}" for name in names_of(partitions))
    shared = shared_environment(arguments, given, root, pvsim=pvsims) | {"PVSIMULATOR_BROKER_URL": broker.url}
    journals = journals_of(_journal_directory(given, shared), partitions)
    own = own_environment(partitions, journals)
    watcher = _prometheus(root, ports, broker) if is_installed() else None
    progress = Progress(f"http://{LOOPBACK}:{ports['exporter']}/metrics")

    def between() -> None:
        if not broker.is_running():
            raise ChainFailedError(f"the broker has ended: {broker.description}")
        progress.tick()

    programs = [Program("prometheus", watcher.command(), dict(os.environ))] if watcher else []
    programs += [
        _service(name, port, {**shared, **own.get(name, {})}, arguments) for name, port in reversed(ports.items())
    ]
    say(_block(broker, ", ".join(journals), ports, watcher.url if watcher else "not installed"))
    chain = Chain(programs, directory=root / ".run", between=between)
    chain.loop()
    return int(chain.returncode)


def _prometheus(root: Path, ports: Mapping[str, int], broker: Broker) -> PrometheusServer:
    """A Prometheus that scrapes the services, and the broker where it can, with the chart's rules."""
    targets = {kind: [port for name, port in ports.items() if _kind(name) == kind] for kind in PORTS}
    if broker.metrics_port:
        targets["rabbitmq"] = [broker.metrics_port]
    rule_files = sorted((root / "deploy" / "helm" / "rules").glob("*.yaml"))
    return PrometheusServer(root / ".run" / "prometheus", targets, rule_files=rule_files, port=PROMETHEUS_PORT)


def _journal_directory(given: Mapping[str, str], shared: Mapping[str, str]) -> str:
    return given.get("PVSIMULATOR_JOURNAL_DIRECTORY") or shared["PVSIMULATOR_JOURNAL_DIRECTORY"]


def _service(name: str, port: int, told: Mapping[str, str], arguments: list[str]) -> Program:
    """A service; the meter gets its flags as they were typed, so that it complains of a wrong one."""
    kind = _kind(name)
    return Program(
        name,
        [_script(kind), *(arguments if kind == "meter" else [])],
        os.environ | told | {f"{kind.upper()}_HTTP_PORT": str(port)},
        may_finish=kind == "meter",
    )


def _kind(name: str) -> str:
    """Which service it is: of pvsim there may be several."""
    return name.partition("-")[0]


def _script(name: str) -> str:
    """The console script beside this interpreter."""
    return str(Path(sys.executable).parent / name)


def _ports(given: Mapping[str, str], meters_flag: str | None, pvsims: list[str]) -> dict[str, int]:
    """The services' ports in the order in which they stop: as somebody set them, else the usual, else a free one.

    Of several pvsims each has the port after that of the one before.
    """
    wanted = {name: given.get(f"{name.upper()}_HTTP_PORT") for name in PORTS}
    wanted["meter"] = meters_flag or wanted["meter"]
    names = {
        "meter": ("meter", 0),
        **{name: ("pvsim", n) for n, name in enumerate(pvsims)},
        "exporter": ("exporter", 0),
    }
    return {name: _port(name, wanted[kind], PORTS[kind], n) for name, (kind, n) in names.items()}


def _port(name: str, wanted: str | None, usual: int, after: int) -> int:
    if wanted and wanted.isdecimal() and wanted != "0":
        return int(wanted) + after
    port = free_port(preferred=usual + after)
    if port != usual + after:
        say(f"Port {usual + after} is taken: {name} listens on {port}.")
    return port


def _block(broker: Broker, journal: str, ports: Mapping[str, int], prometheus: str) -> str:
    rows = {
        "live page": f"http://{LOOPBACK}:{ports['exporter']}/",
        "broker": broker.description,
        "journal": journal,
        **{name: f"http://{LOOPBACK}:{port}/metrics" for name, port in ports.items()},
        "Prometheus": prometheus,
    }
    table = "\n".join(f"  {name:<12}{value}" for name, value in rows.items())
    return f"\npvsimulator is running:\n\n{table}\n\n  Ctrl-C stops it; make run goes on with the same journal.\n"


@contextmanager
def _only_run(directory: Path) -> Iterator[None]:
    """Hold the directory: a second run in it would stop the first one's broker as a leftover."""
    directory.mkdir(mode=0o700, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("make run is already running here. Stop that one first (Ctrl-C in its terminal).")
        end(marked(directory))  # services of a run that was killed would still hold their ports
        yield


if __name__ == "__main__":
    main()
