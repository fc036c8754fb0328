"""The pinned requirements are the same everywhere: by hash, without an address, with one version of each package."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
FILES = sorted(REQUIREMENTS.glob("*.txt"))

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def entries(path: Path) -> list[str]:
    """The requirements of a file, each on one line with its hashes and without comments."""
    text = re.sub(r"#.*", "", path.read_text()).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_there_is_a_file_for_each_service_and_one_for_developers() -> None:
    assert {path.stem for path in FILES} >= {"dev", "exporter", "meter", "pvsim"}
    assert [path.stem for path in sorted(REQUIREMENTS.glob("*.in"))] == [path.stem for path in FILES]


@each_file
def test_every_requirement_has_one_version_and_a_hash(path: Path) -> None:
    assert entries(path)
    for entry in entries(path):
        assert re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@each_file
def test_no_requirement_names_an_address_or_a_path(path: Path) -> None:
    text = path.read_text()

    assert re.findall(r"://|@ |^--|^-[cefir] ", text, re.MULTILINE) == []
    assert [entry for entry in entries(path) if entry.startswith(("/", ".", "-"))] == []


def test_a_package_has_the_same_version_in_every_file() -> None:
    versions: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for entry in entries(path):
            name, version = entry.split(" ")[0].split("==")
            versions[name.partition("[")[0]].add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
