"""What a data set can be told: by arguments or variables, and in one line where it makes no sense."""

import re
import shlex

import pytest

from dataset.settings import DatasetSettings
from pvsim_common.settings import read

DAY = ["--start=2026-06-21", "--end=2026-06-22"]


def told(*options: str) -> DatasetSettings:
    return read(DatasetSettings, [*DAY, *options])


REFUSED = {
    "--end=2026-06-21": "end: should be after start, 2026-06-21, not 2026-06-21",
    "--end=2026-06-20": "end: should be after start, 2026-06-21, not 2026-06-20",
    "--start=now": "start: should be a date such as 2026-06-21, or an instant such as 2026-06-21T10:00:00Z, not 'now'",
    "--end=2026-02-30": "end: should be a date such as 2026-06-21, or an instant .*, not '2026-02-30'",
    "--place=atlantis": "place: should be one of munich, berlin, .*, not 'atlantis'",
    "--interval=0": "interval: input should be greater than or equal to 0.01, not 0.0",
    "--interval=2h": "interval: input should be less than or equal to 3600, not 7200.0",
    "--interval=0.0105": "interval: should be whole milliseconds, not '0.0105'",
    "--interval=often": "interval: should be a duration such as .*, not 'often'",
    "--homes=0": "homes: input should be greater than or equal to 1, not '0'",
    "--workers=0": "workers: input should be greater than or equal to 1, not '0'",
    "--shard=3/3": "shard: should be i/n with i from 0 to n - 1 and n at most 1024, such as 0/4, not '3/3'",
    "--shard=first": "shard: should be i/n .*, not 'first'",
    "--shard=0/4": "shard: should be one of at most 3, since there are so many homes",
    "--format=xml": "format: input should be .*, not 'xml'",
    "--format=openmetrics --compress=zstd": "compress: should be none for openmetrics, which promtool reads, not zstd",
    "--speed=2": r"unrecognized arguments: --speed=2 \(see dataset --help\)",
    "--start=2026-06-21T00:00:00.1Z --end=2026-06-21T00:00:00.9Z --interval=1": "interval: no multiple .*",
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_makes_no_sense_is_one_line_and_exit_code_2(options: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        told(*options.split())

    assert ended.value.code == 2
    assert re.fullmatch(f"dataset: error: {REFUSED[options]}\n", capsys.readouterr().err)


@pytest.mark.parametrize("missing", [0, 1])
def test_start_and_end_are_needed(missing: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read(DatasetSettings, [DAY[1 - missing]])

    name = ("start", "end")[missing]
    assert capsys.readouterr().err == f"dataset: error: {name}: is needed, such as --{name} 2026-06-21\n"


def test_a_bare_date_is_its_midnight_in_utc_and_the_end_is_exclusive() -> None:
    instants = told("--interval=10min").recipe.instants

    assert (instants[0], instants[-1], len(instants)) == (1_782_000_000_000, 1_782_085_800_000, 144)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ("jsonl", "none")),
        ("--output=a.csv", ("csv", "none")),
        ("--output=a.csv.gz", ("csv", "gzip")),
        ("--output=v1.2/homes.jsonl.zst", ("jsonl", "zstd")),
        ("--output=a.parquet", ("parquet", "zstd")),
        ("--output=a.om", ("openmetrics", "none")),
        ("--output=days/ --format=parquet", ("parquet", "zstd")),
        ("--output=a.csv --format=jsonl --compress=gzip", ("jsonl", "gzip")),
        ("--output=a.parquet --compress=none", ("parquet", "none")),
    ],
)
def test_format_and_compression_are_chosen_or_go_by_the_name(options: str, expected: tuple[str, str]) -> None:
    recipe = told(*options.split()).recipe

    assert (recipe.format_name, recipe.compress) == expected


def test_a_pod_of_an_indexed_job_has_the_shard_of_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "2")
    monkeypatch.setenv("JOB_COMPLETIONS", "3")

    assert told().recipe.sites == ["home-3"]
    assert told("--shard=0/1").recipe.sites == ["home-1", "home-2", "home-3"]


def test_a_job_that_does_not_tell_its_number_of_pods_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "0")

    with pytest.raises(SystemExit):
        told()

    assert "shard: should be i/n" in capsys.readouterr().err


def test_variables_say_what_arguments_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASET_HOMES", "7")
    monkeypatch.setenv("PVSIMULATOR_PLACE", "berlin")

    settings = told()

    assert (settings.homes, settings.recipe.model.place.latitude) == (7, 52.52)


@pytest.mark.parametrize("command", re.sub(r"\n +--", " --", DatasetSettings.examples).split("\n    dataset ")[1:])
def test_every_example_of_the_help_is_understood(command: str) -> None:
    read(DatasetSettings, shlex.split(command.splitlines()[0]))


def test_parquet_is_not_written_to_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())

    with pytest.raises(SystemExit):
        told("--format=parquet")

    assert told("--format=csv").file is None
    assert "output: should be a file for parquet" in capsys.readouterr().err
