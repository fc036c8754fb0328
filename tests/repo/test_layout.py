"""The repository holds what it should: short modules that say what they are, and nothing of one machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 250
MODULES = sorted([*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")])
ALL_MODULES = sorted([*MODULES, *ROOT.glob("tests/**/*.py"), *ROOT.glob("scripts/*.py"), *ROOT.glob("docs/**/*.py")])


def committed_files() -> list[Path]:
    """The files that git has or would add; a copy without git has no such list."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git work tree")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def names(paths: list[Path]) -> str:
    return "\n".join(str(path.relative_to(ROOT)) for path in paths)


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    places = [str(place) for place in (ROOT, ROOT.parent, Path.home()) if len(place.parts) > 2]  # /app is anybody's
    pattern = re.compile(rf"(?<![\w.*}})-])({'|'.join(map(re.escape, places))})\b".encode())

    assert names([path for path in committed_files() if pattern.search(path.read_bytes())]) == ""


def test_what_was_built_or_written_at_run_time_is_not_committed() -> None:
    built = {".venv", ".run", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "journal"}

    assert names([path for path in committed_files() if built & set(path.relative_to(ROOT).parts[:-1])]) == ""
    assert names([path for path in committed_files() if path.stat().st_size > 1_000_000]) == ""


def test_a_module_fits_on_a_few_screens() -> None:
    assert names([path for path in MODULES if len(path.read_text().splitlines()) > MAX_LINES]) == ""


def test_a_module_says_what_it_is() -> None:
    openings = {path: (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0] for path in ALL_MODULES}

    assert names([path for path, opening in openings.items() if not opening.endswith((".", ":"))]) == ""


def test_services_and_the_library_they_share_never_print() -> None:
    printing = [
        path
        for path in MODULES
        if "local" not in path.relative_to(ROOT).parts
        and any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]

    assert names(printing) == ""
