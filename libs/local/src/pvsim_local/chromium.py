"""A headless Chromium of this machine, for the live page's tests and pictures."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # on Debian, Ubuntu, from Google
FLAGS = (
    "--no-sandbox",  # it may run as root, where there is none, and opens only what is ours
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Where the first of them that is installed is; None where none is."""
    return next(filter(None, map(shutil.which, NAMES)), None)
