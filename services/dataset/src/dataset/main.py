"""Write what meters and PV plants would have recorded: any homes, any time, without a broker."""

import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NoReturn

import structlog
from tqdm import tqdm

from dataset.making import make_all, size_of
from dataset.manifest import ManifestError, claim
from dataset.parts import Part, parts_of
from dataset.settings import DatasetSettings
from pvsim_common.settings import load


def main() -> None:
    """Make the data set that the settings describe."""
    settings = load(DatasetSettings)
    with _answers():
        run(settings)


def run(settings: DatasetSettings) -> None:
    """Make the files of the data set that are not there yet. Raises ManifestError, OSError, BrokenProcessPool."""
    recipe, parts = settings.recipe, _parts(settings)
    missing = [part for part in parts if settings.directory is None or not _is_finished(part)]
    total = sum(size_of(recipe, part) for part in missing)
    begin = time.perf_counter()
    with tqdm(total=total, unit=" rows", unit_scale=True, disable=None, dynamic_ncols=True) as bar:
        make_all(recipe, missing, workers=settings.workers, done=bar.update)
    seconds = time.perf_counter() - begin
    structlog.get_logger().info(
        "dataset_written",
        output=settings.output,
        files=len(missing),
        files_there_before=len(parts) - len(missing),
        rows=total,
        seconds=round(seconds, 1),
        rows_per_s=round(total / seconds),
    )


def _parts(settings: DatasetSettings) -> list[Part]:
    """All files of the data set; a directory is claimed for it."""
    recipe, directory = settings.recipe, settings.directory
    if directory is None:
        return [Part(settings.file, recipe.instants)]
    claim(directory, recipe.description())
    return list(parts_of(recipe, directory))


def _is_finished(part: Part) -> bool:
    return part.path is not None and part.path.exists()


@contextmanager
def _answers() -> Iterator[None]:
    """Whatever may go wrong ends the process with one line and an exit code, and leaves no half file."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except BrokenPipeError:  # who reads has enough, as in `| head`
        sys.exit(0)
    except ManifestError as error:
        _end(2, str(error))
    except OSError as error:
        _end(1, f"{error.filename}: {error.strerror}")
    except BrokenProcessPool:
        _end(1, "a worker ended abruptly, perhaps for want of memory: fewer --workers need less")
    except KeyboardInterrupt as interrupt:
        number = next(iter(interrupt.args), signal.SIGINT)
        _end(128 + number, "stopped; the same command makes the days that are missing")


def _interrupt(number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt(number)


def _end(code: int, text: str) -> NoReturn:
    sys.stderr.write(f"dataset: error: {text}\n")
    sys.exit(code)
