"""pvsim handover and pvsim takeover, as somebody types them."""

import io
from pathlib import Path

import msgspec
import pytest
from tests.pvsim.journals import IDENTITY, NOON, journal, message, record

from pvsim.resize_command import handover, takeover
from pvsim_common.segments import read_identity

Print = pytest.CaptureFixture[str]
Type = pytest.MonkeyPatch


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """A journal of one partition, with a reading."""
    with journal(tmp_path / "journal") as opened:
        record(opened, message(NOON, "home-1"))
    return tmp_path / "journal"


def take_over(directory: Path, partition: int, text: str, monkeypatch: Type, *, partitions: int = 2) -> int:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return takeover([str(directory), f"--partition={partition}", f"--partitions={partitions}"])


def handed_over(directory: Path, capsys: Print) -> str:
    assert handover([str(directory), "--anyway"]) == 0
    return capsys.readouterr().out


def test_handing_over_prints_a_line_notes_it_in_the_journal_and_says_what_it_was(former: Path, capsys: Print) -> None:
    code = handover([str(former), "--anyway"])

    told = capsys.readouterr()
    assert code == 0
    assert len(told.out.splitlines()) == 1
    assert told.err == f"{former}: partition 0 of 1, 1 records of 1 sites, up to 2026-06-21T10:00:00Z\n"
    assert read_identity(former) == msgspec.structs.replace(IDENTITY, handed_over=True)


def test_handing_over_twice_says_the_same(former: Path, capsys: Print) -> None:
    assert handed_over(former, capsys) == handed_over(former, capsys)


def test_taking_over_says_what_the_new_journal_begins_with(
    former: Path, tmp_path: Path, capsys: Print, monkeypatch: Type
) -> None:
    text = handed_over(former, capsys)

    codes = [take_over(tmp_path / name, n, text, monkeypatch) for n, name in enumerate(("journal", "journal-1"))]

    assert codes == [0, 0]
    assert capsys.readouterr().err.splitlines() == [  # crc32 of home-1 is even
        f"{tmp_path}/journal: partition 0 of 2, 1 records of 1 sites, up to 2026-06-21T10:00:00Z",
        f"{tmp_path}/journal-1: partition 1 of 2, 0 records of 0 sites",
    ]


def test_taking_over_again_is_told_and_no_failure(former: Path, capsys: Print, monkeypatch: Type) -> None:
    text = handed_over(former, capsys)
    take_over(former, 0, text, monkeypatch)

    assert take_over(former, 0, text, monkeypatch) == 0
    assert "it was begun with that before" in capsys.readouterr().err


def test_a_journal_on_which_a_pvsim_runs_is_not_taken_over(former: Path, capsys: Print, monkeypatch: Type) -> None:
    text = handed_over(former, capsys)
    with journal(former):
        assert take_over(former, 0, text, monkeypatch) == 1

    assert capsys.readouterr().err.endswith(f"pvsim takeover: a pvsim runs on {former}: stop it first\n")


@pytest.mark.parametrize("text", ["", "hello\n", "{}\n", '{"journal":1}'])
def test_what_was_not_handed_over_is_one_clear_line(
    tmp_path: Path, text: str, capsys: Print, monkeypatch: Type
) -> None:
    assert take_over(tmp_path, 0, text, monkeypatch) == 1

    assert capsys.readouterr().err.startswith("pvsim takeover: ")
    assert list(tmp_path.iterdir()) == []


def test_a_partition_beyond_the_last_is_misuse(tmp_path: Path, capsys: Print, monkeypatch: Type) -> None:
    with pytest.raises(SystemExit, match="2"):
        take_over(tmp_path, 2, "", monkeypatch)

    assert "--partition should be from 0 to 1, not 2" in capsys.readouterr().err


def test_a_directory_without_a_journal_hands_nothing_over(tmp_path: Path, capsys: Print) -> None:
    assert handover([str(tmp_path), "--anyway"]) == 1
    assert capsys.readouterr().err == f"pvsim handover: {tmp_path} holds no journal: there is no journal.json\n"


def test_without_its_broker_a_journal_is_not_handed_over(former: Path, capsys: Print, monkeypatch: Type) -> None:
    monkeypatch.setenv("PVSIMULATOR_BROKER_URL", "amqp://guest:guest@127.0.0.1:1/")

    assert handover([str(former)]) == 1

    told = capsys.readouterr()
    assert told.err.startswith("pvsim handover: the broker cannot be used: ")
    assert told.out == ""
    assert read_identity(former) == IDENTITY
