"""A directory gets a file for each day and shard, goes on where it was, and holds one data set only."""

import gzip
import json
from pathlib import Path

import pytest
import zstandard
from tests.dataset.conftest import Make

from dataset.manifest import ManifestError

OPTIONS = ["--start=2026-06-20T22:00:00Z", "--end=2026-06-22T02:00:00Z", "--interval=10min", "--homes=3"]
DAYS = ["2026-06-20", "2026-06-21", "2026-06-22"]


def files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


def contents(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in files(directory)}


def test_there_is_a_file_for_each_day_and_shard_and_what_the_data_set_is(make: Make) -> None:
    for shard in ("0/2", "1/2"):
        directory = make("days/", *OPTIONS, f"--shard={shard}")

    parts = [f"date={day}/part-{shard}.jsonl" for day in DAYS for shard in (0, 1)]
    assert files(directory) == sorted(["_dataset.json", *parts])
    told = json.loads((directory / "_dataset.json").read_text())
    assert (told["homes"], told["shards"], told["start"]) == (3, 2, "2026-06-20T22:00:00Z")


def test_the_days_one_after_the_other_are_the_whole(make: Make) -> None:
    whole = make("whole.jsonl", *OPTIONS).read_bytes()

    directory = make("days/", *OPTIONS)

    assert b"".join((directory / f"date={day}/part-0.jsonl").read_bytes() for day in DAYS) == whole


@pytest.mark.parametrize(("how", "end"), [("gzip", ".gz"), ("zstd", ".zst")])
def test_files_are_compressed_to_the_same_bytes_each_time(how: str, end: str, make: Make, tmp_path: Path) -> None:
    first, second, plain = (
        contents(make(f"{name}/", *OPTIONS, f"--compress={compress}"))
        for name, compress in (("a", how), ("b", how), ("c", "none"))
    )

    name = "date=2026-06-21/part-0.jsonl"
    with (gzip if how == "gzip" else zstandard).open(tmp_path / "a" / (name + end), "rb") as file:
        assert file.read() == plain[name]
    assert first == second


def test_the_head_of_a_gzip_file_tells_no_time(make: Make) -> None:
    assert make("a.csv.gz", *OPTIONS).read_bytes()[4:8] == bytes(4)  # MTIME of RFC 1952


def test_what_is_finished_is_not_made_again(make: Make) -> None:
    directory = make("days/", *OPTIONS)
    before = contents(directory)
    (directory / "date=2026-06-21/part-0.jsonl").unlink()
    marked = directory / "date=2026-06-20/part-0.jsonl"
    marked.write_bytes(b"finished")

    make("days/", *OPTIONS)

    assert contents(directory) == before | {"date=2026-06-20/part-0.jsonl": b"finished"}


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--seed=2", "seed is 1 there but 2 here"),
        ("--place=berlin", "latitude is 48.14 there but 52.52 here"),
        ("--surface-tilt=20", "surface_tilt is None there but 20.0 here"),
        ("--end=2026-06-23", "end is '2026-06-22T02:00:00Z' there but '2026-06-23T00:00:00Z' here"),
        ("--format=csv", "format is 'jsonl' there but 'csv' here"),
        ("--shard=0/2", "shards is 1 there but 2 here"),
    ],
)
def test_another_data_set_is_refused_with_what_differs(option: str, said: str, make: Make) -> None:
    directory = make("days/", *OPTIONS)
    before = contents(directory)

    with pytest.raises(ManifestError, match=f"^output: days holds another data set: .*{said}"):
        make("days/", *OPTIONS, option)

    assert contents(directory) == before


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_a_broken_manifest_is_refused(content: str, make: Make, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "_dataset.json").write_text(content)

    with pytest.raises(ManifestError, match=r"_dataset\.json"):
        make("days", *OPTIONS)
