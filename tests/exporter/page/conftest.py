"""A browser for the session; exporters, journals and pages for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.exporter.page.journals import WrittenJournal
from tests.exporter.page.live_page import LivePage

from pvsim_local.ports import free_port
from pvsim_local.services import ServiceProcess

FLAGS = [
    "--no-sandbox",  # the tests may run as root, where there is none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOBODY = "http://127.0.0.1:9"  # no pvsim answers there

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser(require_tool: Callable[[str], None]) -> Iterator[Browser]:
    """The session's headless Chromium."""
    require_tool("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def journal(tmp_path: Path) -> WrittenJournal:
    """An empty journal."""
    return WrittenJournal(tmp_path / "journal")


@pytest.fixture
def exporter(journal: WrittenJournal, tmp_path: Path) -> Iterator[Callable[..., ServiceProcess]]:
    """Starts an exporter of the journal, and of others where they are given; killed at the end of the test."""
    numbers = count()
    with ExitStack() as stack:

        def start(*others: WrittenJournal, pvsim_address: str = NOBODY, **settings: object) -> ServiceProcess:
            directories = ",".join(str(each.directory) for each in (journal, *others))
            arguments = {key.replace("_", "-"): value for key, value in settings.items()}
            arguments |= {"journal-directory": directories, "pvsim-address": pvsim_address, "http-port": free_port()}
            process = ServiceProcess("exporter", tmp_path / f"exporter-{next(numbers)}.log", arguments, {})
            return stack.enter_context(process)

        yield start


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
