"""The judge sees each kind of fault in any segment, and only that."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.chaos.judge import Judgement, Run, judge
from tests.simulated import lines_of_all

from pvsim.compression import compress
from pvsim_common.segments import closed_segment, open_segment

RUN = Run(["home-1", "home-2", "home-3"], 1_782_036_000_000, seconds=20, seed=1)  # 2026-06-21T10:00:00Z
HALF = 30  # lines

Change = Callable[[list[bytes]], list[bytes]]


def expected_lines() -> list[bytes]:
    instants = RUN.first + 1000 * np.arange(RUN.seconds, dtype=np.int64)
    return [line + b"\n" for line in lines_of_all(RUN.sites, instants)]


def write(directory: Path, closed: list[bytes], opened: list[bytes]) -> None:
    """A closed and compressed segment, and the open one."""
    plain = closed_segment(directory, 1)
    plain.write_bytes(b"".join(closed))
    compress(plain, plain.with_name(f"{plain.name}.zst"), stopped=lambda: False)
    plain.unlink()
    open_segment(directory).write_bytes(b"".join(opened))


def test_a_journal_as_the_model_has_it_is_without_fault_in_any_order(tmp_path: Path) -> None:
    lines = expected_lines()

    write(tmp_path, lines[HALF:], lines[:HALF])

    assert judge(tmp_path, RUN) == Judgement(readings=60, lines=60)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda lines: lines[1:], {"lines": 59, "lost": 1}),
        (lambda lines: [*lines, lines[0], lines[0]], {"lines": 62, "duplicated": 2}),
        (lambda lines: [*lines[:-1], lines[-1][:40]], {"lost": 1, "torn": 1}),
        (lambda lines: [*lines, bytes(10)], {"lines": 61, "torn": 1}),
        (lambda lines: [lines[0].replace(b'"meter":0.', b'"meter":1.'), *lines[1:]], {"wrong": 1}),
        (lambda lines: [lines[0].replace(b"home-", b"strange-"), *lines[1:]], {"lost": 1, "wrong": 1}),
        (lambda lines: [lines[0].replace(b"T10", b"T11"), *lines[1:]], {"lost": 1, "wrong": 1}),
        (lambda lines: [lines[0].replace(b'Z"', b'.001Z"'), *lines[1:]], {"lost": 1, "wrong": 1}),
        (lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]], {"wrong": 1}),
    ],
    ids=["lost", "twice", "torn", "zeros", "value", "site", "hour", "fraction", "form"],
)
@pytest.mark.parametrize("closed", [True, False])
def test_each_fault_is_seen_wherever_it_stands(
    tmp_path: Path, change: Change, found: dict[str, int], *, closed: bool
) -> None:
    first, last = expected_lines()[:HALF], expected_lines()[HALF:]

    write(tmp_path, change(first) if closed else first, last if closed else change(last))

    assert judge(tmp_path, RUN) == Judgement(**{"readings": 60, "lines": 60} | found)


def test_what_another_seed_gives_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, [], expected_lines())

    assert judge(tmp_path, RUN._replace(seed=2)).wrong == 60


def test_what_retention_may_have_removed_is_not_lost_but_what_is_missing_later_is(tmp_path: Path) -> None:
    lines = expected_lines()

    write(tmp_path, lines[10:HALF], [*lines[HALF:40], *lines[41:]])

    assert judge(tmp_path, RUN).lost == 11
    assert judge(tmp_path, RUN, removed=60).lost == 1
    assert judge(tmp_path, RUN, removed=4).lost == 7
