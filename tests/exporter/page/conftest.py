"""A browser for the session; exporters, journals and pages for each test."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.exporter.page.journals import WrittenJournal
from tests.exporter.page.live_page import LivePage

from pvsim_common.messages import PowerRecord
from pvsim_local.chromium import FLAGS, chromium
from pvsim_local.ports import free_port
from pvsim_local.services import ServiceProcess
from pvsim_local.waiting import until

NOBODY = "http://127.0.0.1:9"  # no pvsim answers there

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser(require_tool: Callable[[str], None]) -> Iterator[Browser]:
    """The session's headless Chromium."""
    program = chromium()
    if program is None:
        require_tool("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def journal(tmp_path: Path) -> WrittenJournal:
    """An empty journal."""
    return WrittenJournal(tmp_path / "journal")


@pytest.fixture
def exporter(journal: WrittenJournal, tmp_path: Path) -> Iterator[Callable[..., ServiceProcess]]:
    """Starts an exporter of the journal, or of those that are given; killed at the end of the test."""
    numbers = count()
    with ExitStack() as stack:

        def start(*journals: WrittenJournal, pvsim_address: str = NOBODY) -> ServiceProcess:
            log_file = tmp_path / f"exporter-{next(numbers)}.log"
            return stack.enter_context(exporter_of(journals or (journal,), log_file, pvsim_address))

        yield start


@pytest.fixture(scope="module")
def shared_exporter(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[list[PowerRecord]], ServiceProcess]]:
    """Starts an exporter of records for all tests of a module: those that only look."""
    with ExitStack() as stack:

        def start(records: list[PowerRecord]) -> ServiceProcess:
            directory = tmp_path_factory.mktemp("shared")
            journal = WrittenJournal(directory / "journal")
            journal.append(records)
            process = stack.enter_context(exporter_of([journal], directory / "exporter.log", NOBODY))
            until(lambda: process.get("/readyz")[0] == 200)
            return process

        yield start


def exporter_of(journals: Sequence[WrittenJournal], log_file: Path, pvsim_address: str) -> ServiceProcess:
    """An exporter that keeps its port when it is started again."""
    arguments = {
        "journal-directory": ",".join(str(journal.directory) for journal in journals),
        "pvsim-address": pvsim_address,
        "http-port": free_port(),
        "stale-after": "5min",
    }
    return ServiceProcess("exporter", log_file, arguments, {})


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., LivePage]]:
    """Opens the page of an exporter in a tab of its own. At the end nothing has gone wrong, whatever was tested."""
    pages: list[LivePage] = []
    with ExitStack() as stack:

        def open_(exporter: ServiceProcess, path: str = "/", **options: Any) -> LivePage:  # noqa: ANN401 a browser has many
            context = stack.enter_context(browser.new_context(**options))
            pages.append(LivePage(context.new_page(), exporter.address()))
            return pages[-1].open(path)

        yield open_
    assert [page.problems for page in pages if page.problems] == []
    assert [page.foreign_requests() for page in pages if page.foreign_requests()] == []
