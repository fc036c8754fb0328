"""Take the pictures of the live page that the documents show, of a day made by the real chain: make pictures."""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pvsim_local.chromium import FLAGS, chromium
from pvsim_local.rabbitmq import RabbitNode
from pvsim_local.services import ServiceProcess

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MAX_BYTES = 120_000  # of a picture: readers wait for it
COLOURS = 256  # fit in a byte a pixel

DAY = {"homes": 10, "start": "2026-06-20T22:00:00Z", "interval-s": 60}  # from midnight in Munich
MORNING_S = 14.25 * 3600  # as fast as the chain can
WHOLE_S = MORNING_S + 15 * 60 + 60  # the rest at a minute a second, so that the page shows a chain at work
LAST = "Sun 21 Jun 2026, 14:30:00"

VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "live-page-light": ("/", {"color_scheme": "light", "viewport": {"width": 1080, "height": 1280}}),
    "live-page-dark-phone": (
        "/?site=home-1",
        {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5},
    ),
}

Start = Callable[..., ServiceProcess]


def main() -> None:
    """Write a PNG of each view."""
    program = chromium()
    if program is None:
        sys.exit("make pictures needs chromium. Install it, for instance with: sudo apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with programs() as start, sync_playwright() as playwright:
        address = morning(start)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        pages = {name: opened(browser, address, *view) for name, view in VIEWS.items()}
        start("meter", speed=60, duration=WHOLE_S, **DAY)
        for name, page in pages.items():
            take(page, PICTURES / f"{name}.png")
        browser.close()


@contextmanager
def programs() -> Iterator[Start]:
    """Starts services of a chain with a broker and a journal of their own; at the end nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as name, ExitStack() as stack:
        directory = Path(name)
        node = stack.enter_context(RabbitNode(directory / "broker"))

        def start(service: str, **settings: object) -> ServiceProcess:
            arguments = {"http-port": 0} | {key.replace("_", "-"): value for key, value in settings.items()}
            if service != "meter":
                arguments["journal-directory"] = directory / "journal"
            secrets = {} if service == "exporter" else {"PVSIMULATOR_BROKER_URL": node.url}
            return stack.enter_context(ServiceProcess(service, directory / f"{service}.log", arguments, secrets))

        yield start


def morning(start: Start) -> str:
    """Let the chain simulate the day until shortly before the picture; the live page's address."""
    pvsim = start("pvsim")
    start("meter", speed=0, duration=MORNING_S, **DAY).wait()
    return start("exporter", pvsim_address=pvsim.address()).address()


def opened(browser: Browser, address: str, path: str, options: dict[str, Any]) -> Page:
    """A page that shows one view."""
    page = browser.new_page(**options, reduced_motion="reduce", locale="en-GB")
    page.goto(f"{address}{path}")
    return page


def take(page: Page, file: Path) -> None:
    """Save what a page shows at the last instant. Raises ValueError if the picture is too large."""
    expect(page.locator("[data-shows=timestamp_ms]")).to_have_text(LAST, timeout=60_000)
    expect(page.locator("[data-shows=pvsim]")).to_have_text("ok")
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > MAX_BYTES:
        raise ValueError(f"{file} has more than {MAX_BYTES:,} bytes")


if __name__ == "__main__":
    main()
