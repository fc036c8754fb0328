"""Data sets as users make them: by the console script `dataset`, each of them once, two at a time."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.model.block import Block, read_block

Options = Mapping[str, object]
_PROGRAM = Path(sys.executable).parent / "dataset"
_TIME_LIMIT_S = 900  # of one of them, on a busy machine


class Datasets:
    """Makes data sets in a directory; what was ordered before is there already, or on its way."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._made: dict[frozenset[tuple[str, object]], Future[Path]] = {}
        self._pool = ThreadPoolExecutor(max_workers=2)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def order(self, options: Options) -> Future[Path]:
        """Begin with a data set, or do as soon as one of those before is ready."""
        key = frozenset(options.items())
        if key not in self._made:
            path = self._directory / f"{len(self._made)}.jsonl"
            self._made[key] = self._pool.submit(make_dataset, path, options)
        return self._made[key]

    def path(self, options: Options) -> Path:
        """The file of journal lines. Raises what went wrong with it."""
        return self.order(options).result()

    def block(self, options: Options) -> Block:
        """Its lines as arrays."""
        return read_block(self.path(options))


def make_dataset(path: Path, options: Options) -> Path:
    """Run `dataset` with options such as interval="60s"; nothing in the environment changes what it does."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    words += ["--format=jsonl", f"--output={path}"]
    errors = path.with_suffix(".errors")
    done = (_run_program if "workers" in options else _run_forked)(words, errors)
    if done != 0:
        raise RuntimeError(f"dataset {' '.join(words)}: {errors.read_text()}")
    return path


def _run_program(words: Sequence[str], errors: Path) -> int:
    """Run the console script; its exit code."""
    with errors.open("wb") as file:
        return subprocess.run(
            [_PROGRAM, *words], cwd=errors.parent, env=_environment(), stderr=file, check=False, timeout=_TIME_LIMIT_S
        ).returncode


def _run_forked(words: Sequence[str], errors: Path) -> int:
    """The same, forked from a process that has imported it already: half of a short run is importing pvlib."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dataset.main"])
    process = context.Process(target=_be_dataset, args=(words, errors))
    process.start()
    process.join(_TIME_LIMIT_S)
    process.kill()
    process.join()
    return -1 if process.exitcode is None else process.exitcode


def _be_dataset(words: Sequence[str], errors: Path) -> None:
    from dataset.main import main  # here: the tests themselves do not need it

    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT, 0o600), 2)
    os.chdir(errors.parent)
    for name in os.environ.keys() - _environment().keys():
        del os.environ[name]
    sys.argv = ["dataset", *words]
    main()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PVSIM", "DATASET_", "JOB_"))}
