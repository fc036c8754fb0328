"""docs/dataset.md: its table is the code's, and its commands are understood."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dataset.settings import DatasetSettings
from pvsim_common.settings import read

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "dataset.md"
COMMANDS = re.findall(r"^(?:\.venv/bin/)?dataset (--.*)$", DOCUMENT.read_text(), re.MULTILINE)


def test_the_table_of_options_is_the_one_that_the_code_gives(tmp_path: Path) -> None:
    copy = Path(shutil.copy(DOCUMENT, tmp_path))

    subprocess.run([sys.executable, ROOT / "scripts" / "docs.py", copy], check=True)

    assert copy.read_text() == DOCUMENT.read_text(), "run `make docs`"
    assert set(re.findall(r"^\| `--([a-z-]+)` \|", copy.read_text(), re.MULTILINE)) == {
        name.replace("_", "-") for name in DatasetSettings.model_fields
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_document_is_understood(command: str) -> None:
    read(DatasetSettings, shlex.split(command))


def test_the_document_has_commands() -> None:
    assert len(COMMANDS) >= 2
