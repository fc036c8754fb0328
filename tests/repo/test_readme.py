"""README.md names every setting, metric and command, as the code has them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exporter.settings import ExporterSettings
from meter.settings import MeterSettings
from pvsim.settings import PvsimSettings
from pvsim_common.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def rows(table: str) -> list[list[str]]:
    """The cells of a table in the README, without its head."""
    between = re.search(rf"<!-- begin {table}:.*?-->\n(.*?)\n<!-- end {table} -->", README.read_text(), re.DOTALL)
    assert between is not None
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in between[1].splitlines()[2:]]


def is_of(service: str, services: str) -> bool:
    return service in services.split(", ") or services == "all"


@pytest.mark.timeout(60)
def test_the_tables_are_those_that_the_code_gives(tmp_path: Path) -> None:
    copy = Path(shutil.copy(README, tmp_path))

    subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", copy], check=True)

    assert copy.read_text() == README.read_text(), "run `make docs`"


@pytest.mark.parametrize("settings", [MeterSettings, PvsimSettings, ExporterSettings])
def test_every_setting_has_a_row_with_a_default_and_a_meaning(settings: type[ServiceSettings]) -> None:
    table = {
        name.strip("`"): (default, meaning)
        for name, default, of, meaning in rows("settings")
        if is_of(settings.service, of)
    }

    assert table.keys() == settings.model_fields.keys()
    assert all(default and meaning.endswith((".", "]")) for default, meaning in table.values())


def test_every_metric_has_a_row_with_a_type_and_a_meaning() -> None:
    for name, kind, _labels, services, meaning in rows("metrics"):
        assert re.fullmatch(r"`pvsim_[a-z_]+`", name)
        assert kind in ("counter", "gauge", "histogram")
        assert name.endswith("_total`") == (kind == "counter")
        assert services
        assert meaning.endswith((".", "]"))


def test_every_command_that_make_help_prints_is_explained() -> None:
    text = README.read_text() + (ROOT / "CONTRIBUTING.md").read_text()

    printed = subprocess.run(["make", "-C", ROOT, "help"], check=True, capture_output=True, text=True).stdout
    commands = re.findall(r"^  (make \S+)", printed, re.MULTILINE)
    assert len(commands) >= 10
    assert [command for command in commands if command not in text] == []


def test_every_file_that_a_document_links_to_is_there() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    links = {
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    }

    assert links
    assert [link for link in sorted(links) if not (link[0].parent / link[1]).exists()] == []
