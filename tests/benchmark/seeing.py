"""What it costs to look: a scrape of the exporter, its memory with a day in view, and open live pages."""

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from statistics import median

import psutil
from tests.benchmark.instruments import peak_mib
from tests.benchmark.results import Seeing

from pvsim_common.messages import PowerRecord, encode_records, format_timestamp
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

SITES = 1000
PAGES = 50
_HOMES = 3
_DAY_MINUTES = 1430
_BEGIN = 1_782_000_000_000  # 2026-06-21T00:00:00Z
_WATCHED_S = 8.0


def seeing(directory: Path) -> Seeing:
    """Measure with journals made for it in that directory."""
    with _exporter(directory / "day", sites=SITES, minutes=_DAY_MINUTES) as exporter:
        scrapes = [_timed(exporter, "/metrics") for _ in range(5)]
        first_event_s = _first_event_s(exporter)
        peak = peak_mib(exporter.process.pid)
    with _exporter(directory / "live", sites=_HOMES, minutes=60) as exporter, _growing(directory / "live"):
        alone = _cpu(exporter, pages=0)
        pages = _cpu(exporter, pages=PAGES)
    return Seeing(
        scrape_s=median(seconds for seconds, _ in scrapes),
        scrape_bytes=scrapes[0][1],
        first_event_s=first_event_s,
        peak_mib=peak,
        pages_cpu=pages - alone,
    )


@contextmanager
def _exporter(directory: Path, *, sites: int, minutes: int) -> Iterator[ServiceProcess]:
    """An exporter that has read a journal of so many sites and minutes."""
    directory.mkdir(parents=True)
    with (directory / "results.jsonl").open("wb") as file:
        for minute in range(minutes):
            file.write(_lines(_BEGIN + 60_000 * minute, sites))
    arguments = {"http-port": 0, "journal-directory": directory, "pvsim-address": "http://127.0.0.1:9"}
    with ServiceProcess("exporter", directory / "exporter.log", arguments, {}) as process:
        until(lambda: process.get("/readyz")[0] == 200, timeout_s=120)
        yield process


def _lines(instant: int, sites: int) -> bytes:
    timestamp = format_timestamp(instant)
    return encode_records(
        [PowerRecord(timestamp, f"home-{n + 1}", 0.4 + n % 7 / 10, 1.2, 1.6 + n % 7 / 10, 0.0) for n in range(sites)]
    )


@contextmanager
def _growing(directory: Path) -> Iterator[None]:
    """The journal grows by a reading a second of each home."""
    stop = threading.Event()

    def grow() -> None:
        instant = _BEGIN + 3_600_000
        with (directory / "results.jsonl").open("ab", buffering=0) as file:
            while not stop.wait(1.0):
                instant += 1000
                file.write(_lines(instant, _HOMES))

    thread = threading.Thread(target=grow)
    thread.start()
    yield
    stop.set()
    thread.join()


def _timed(exporter: ServiceProcess, path: str) -> tuple[float, int]:
    begin = time.perf_counter()
    text = exporter.get(path)[1]
    return time.perf_counter() - begin, len(text)


def _first_event_s(exporter: ServiceProcess) -> float:
    begin = time.perf_counter()
    with urllib.request.urlopen(f"{exporter.address()}/api/stream", timeout=10) as stream:
        while not stream.readline().startswith(b"data:"):
            pass
    return time.perf_counter() - begin


def _cpu(exporter: ServiceProcess, *, pages: int) -> float:
    """Share of a core that the exporter takes with so many pages open."""
    process = psutil.Process(exporter.process.pid)
    with ExitStack() as stack:
        for _ in range(pages):
            threading.Thread(target=_read_on, args=(exporter, stack), daemon=True).start()
        until(lambda: f"pvsim_page_streams {float(pages)}" in exporter.get("/metrics")[1])
        before, begin = sum(process.cpu_times()[:2]), time.perf_counter()
        time.sleep(_WATCHED_S)
        return float(sum(process.cpu_times()[:2]) - before) / (time.perf_counter() - begin)


def _read_on(exporter: ServiceProcess, stack: ExitStack) -> None:
    try:
        stream = stack.enter_context(urllib.request.urlopen(f"{exporter.address()}/api/stream", timeout=10))
        while stream.read1():
            pass
    except (OSError, HTTPException, AttributeError, ValueError):
        return  # closed: the measurement is over
