"""The files of the live page: all of its own, nothing from outside, nothing inline."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import exporter

STATIC = Path(exporter.__file__).parent / "static"
UPLOT = STATIC / "vendor" / "uplot"
OWN = sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css"), *STATIC.glob("*.html"), *STATIC.glob("*.svg")])
MAX_MODULE_LINES = 160
MAX_BYTES = 150_000  # of all files, without compression


class Elements(HTMLParser):
    """All start tags of a page with their attributes, and the texts within scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note what a script or style holds."""
        if self.cdata_elem is not None and data.strip():
            self.inline.append(data)


@pytest.fixture
def index() -> Elements:
    parser = Elements()
    parser.feed((STATIC / "index.html").read_text())
    return parser


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("uPlot.iife.min.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"),
        ("uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"),
        ("LICENSE", "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd"),
    ],
)
def test_the_charting_library_is_what_its_package_holds(name: str, sha256: str) -> None:
    assert hashlib.sha256((UPLOT / name).read_bytes()).hexdigest() == sha256


def test_its_readme_names_the_version_that_is_there() -> None:
    version = re.search(r"uPlot \(v([\d.]+)\)", (UPLOT / "uPlot.iife.min.js").read_text())

    assert version
    assert (UPLOT / "README.md").read_text().startswith(f"# uPlot {version[1]}\n")


def test_no_file_names_an_address_outside() -> None:
    addresses = {file.name: re.findall(r"(?:\w+:)?//[a-z][\w.-]+\.[a-z]{2,}[\w/]*", file.read_text()) for file in OWN}

    assert {name: found for name, found in addresses.items() if found} == {
        "favicon.svg": ["http://www.w3.org/2000/svg"]  # a name, not a place
    }


def test_nothing_is_inline_which_the_security_policy_forbids(index: Elements) -> None:
    attributes = [name for _, attrs in index.elements for name in attrs]

    assert index.inline == []
    assert [name for name in attributes if name == "style" or name.startswith("on")] == []
    assert "style" not in [tag for tag, _ in index.elements]


def test_all_that_is_named_is_there_and_relative(index: Elements) -> None:
    named = [attrs.get("src") or attrs.get("href") or "" for _, attrs in index.elements if {"src", "href"} & set(attrs)]
    files = [name.removeprefix("static/") for name in named if name.startswith("static/")]

    assert [name for name in files if not (STATIC / name).is_file()] == []
    assert [name for name in named if not name.startswith("static/")] == ["metrics", "metrics"]


def test_every_module_is_loaded_at_once(index: Elements) -> None:
    preloaded = {attrs["href"] for tag, attrs in index.elements if attrs.get("rel") == "modulepreload"}

    assert preloaded == {f"static/{file.name}" for file in STATIC.glob("*.js")} - {"static/main.js"}


def test_a_module_is_short_and_says_what_it_is() -> None:
    modules = {file.name: file.read_text().splitlines() for file in STATIC.glob("*.js")}

    assert [name for name, lines in modules.items() if len(lines) > MAX_MODULE_LINES] == []
    assert [name for name, lines in modules.items() if not re.fullmatch(r"/\*\* .+\. \*/", lines[0])] == []


def test_the_page_is_small() -> None:
    assert sum(file.stat().st_size for file in STATIC.rglob("*") if file.is_file()) < MAX_BYTES
