"""Which message is given up because it crashes the consumer."""

from pathlib import Path

import pytest

from pvsim_common.broker.suspects import Suspects


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "suspects.json"


def crash(file: Path, body: bytes, times: int) -> None:
    """Handle a message alone so often, in a process that ends meanwhile."""
    for _ in range(times):
        assert Suspects(file).verdict(body, failed=9) is None


def test_a_message_is_given_up_at_ten_failed_deliveries_of_which_five_were_alone(file: Path) -> None:
    crash(file, b"poison", 5)

    assert Suspects(file).verdict(b"poison", failed=10) == (
        "it crashes the consumer: 10 deliveries failed, the last 5 of them with it alone"
    )


def test_a_message_is_not_given_up_before_ten_failed_deliveries(file: Path) -> None:
    crash(file, b"poison", 5)

    assert Suspects(file).verdict(b"poison", failed=9) is None


def test_a_message_that_was_alone_less_often_is_not_given_up_however_often_it_failed(file: Path) -> None:
    crash(file, b"good", 4)

    assert Suspects(file).verdict(b"good", failed=1000) is None


def test_a_message_that_was_finished_once_is_innocent_again(file: Path) -> None:
    crash(file, b"good", 9)
    Suspects(file).finished(b"good")

    assert Suspects(file).verdict(b"good", failed=1000) is None


def test_two_messages_that_crash_by_turns_are_both_given_up(file: Path) -> None:
    for _ in range(5):
        crash(file, b"one", 1)
        crash(file, b"other", 1)

    verdicts = [Suspects(file).verdict(body, failed=10) for body in (b"one", b"other", b"third")]

    assert [bool(verdict) for verdict in verdicts] == [True, True, False]


def test_a_message_that_is_given_up_stays_so_until_it_is_put_aside(file: Path) -> None:
    crash(file, b"poison", 5)
    given_up = [bool(Suspects(file).verdict(b"poison", failed=10)) for _ in range(2)]

    Suspects(file).finished(b"poison")

    assert given_up == [True, True]
    assert Suspects(file).verdict(b"poison", failed=10) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a":"b"}', b"\xff"])
def test_a_file_that_a_machine_left_broken_accuses_nobody(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert Suspects(file).verdict(b"good", failed=1000) is None
    crash(file, b"good", 4)  # and it is written anew
    assert Suspects(file).verdict(b"good", failed=1000) is not None


def test_only_the_newest_thousand_are_remembered(file: Path) -> None:
    crash(file, b"oldest", 5)
    suspects = Suspects(file)
    for n in range(999):
        suspects.verdict(b"%d" % n, failed=3)
    remembered = suspects.verdict(b"oldest", failed=10)

    suspects.verdict(b"999", failed=3)

    assert remembered
    assert suspects.verdict(b"oldest", failed=10) is None


def test_where_nothing_can_be_written_nobody_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "not there" / "suspects.json"
    crash(file, b"poison", 10)

    assert Suspects(file).verdict(b"poison", failed=1000) is None


def test_without_a_file_nobody_is_given_up() -> None:
    suspects = Suspects(None)
    verdicts = [suspects.verdict(b"poison", failed=1000) for _ in range(10)]

    assert verdicts == [None] * 10
