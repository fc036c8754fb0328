"""The live page in a browser, as a test looks at it and uses it."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, expect


class LivePage:
    """One tab; it remembers what went wrong in it and what it asked for."""

    def __init__(self, tab: Page, address: str) -> None:
        self.tab = tab
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.bytes_received = 0  # without compression
        self._address = address
        tab.on("console", self._note_console)
        tab.on("pageerror", self._note_error)
        tab.on("request", self._note_request)

    def open(self, path: str = "/") -> "LivePage":
        """Load the page and wait until it has heard from the exporter."""
        self.tab.goto(f"{self._address}{path}", wait_until="commit")
        expect(self.tab.locator("body:not([data-state=connecting])")).to_be_attached()
        return self

    def load_with_still_clock(self) -> None:
        """Load the page anew, with a clock that moves only when told, once it has heard from the exporter."""
        self.tab.clock.install()
        self.tab.reload()
        expect(self.tab.locator("body:not([data-state=connecting])")).to_be_attached()
        self.tab.clock.pause_at(self.tab.evaluate("Date.now()") / 1000 + 1)

    def place(self, name: str) -> Locator:
        """Where the page shows the thing of that name."""
        return self.tab.locator(f"[data-shows={name}]")

    def text(self, name: str) -> str:
        """What stands there."""
        return self.place(name).inner_text()

    def value(self, name: str) -> float | None:
        """The number behind what stands there; None where it is unknown."""
        value = self.place(name).get_attribute("data-value")
        return float(value) if value else None

    def expect_state(self, state: str, *, within_s: float = 20) -> None:
        """Wait until it is connecting, live, reading, stale or lost."""
        expect(self.tab.locator("body")).to_have_attribute("data-state", state, timeout=1000 * within_s)

    def hours(self) -> dict[str, dict[str, float | None]]:
        """The hourly table [W]: by the hour's text, then by column."""
        table = self.tab.locator("details.hours")
        table.evaluate("details => details.open = true")
        expect(table.locator("tbody tr")).not_to_have_count(0)
        rows = table.locator("tbody tr").all()
        return {row.locator("th").inner_text(): _cells(row) for row in rows}

    def count_bytes(self) -> None:
        """From now on, add up what the tab receives."""
        network = self.tab.context.new_cdp_session(self.tab)
        network.on("Network.dataReceived", self._note_bytes)
        network.send("Network.enable")

    def foreign_requests(self) -> list[str]:
        """What it asked of anybody but the exporter."""
        own = urlsplit(self._address).netloc
        return [url for url in self.requests if urlsplit(url).netloc not in ("", own)]

    def _note_console(self, message: ConsoleMessage) -> None:
        lost = "net::ERR_" in message.text and self._address in message.location["url"]
        if message.type in ("error", "warning") and not lost:  # that an exporter is gone is no fault of the page
            self.problems.append(message.text)

    def _note_error(self, error: Error) -> None:
        self.problems.append(f"{error.message}\n{error.stack}")

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_bytes(self, event: dict[str, int]) -> None:
        self.bytes_received += event["dataLength"]


def _cells(row: Locator) -> dict[str, float | None]:
    values = row.locator("td").evaluate_all("cells => cells.map(cell => [cell.dataset.column, cell.dataset.value])")
    return {column: float(value) if value else None for column, value in values}
