"""Data sets made in this process, as the program would make them, without what the environment says."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dataset.main import run
from dataset.settings import DatasetSettings
from pvsim_common.settings import read

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def _a_directory_and_an_environment_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("DATASET_", "PVSIMULATOR_", "JOB_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a data set with an output and options such as "--homes=2", and gives its path."""

    def make(output: str, *options: str) -> Path:
        run(read(DatasetSettings, [*options, f"--output={output}"]))
        return tmp_path / output

    return make
