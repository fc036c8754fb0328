"""What a person gives to `make run`."""

from pathlib import Path

import pytest

from pvsim_local.arguments import flags, given_settings, partitions_of, shared_environment

ROOT = Path("/pvsimulator")
PVSIM = "http://127.0.0.1:8082"


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ([], {}),
        (["--homes", "10", "--speed", "60"], {"HOMES": "10", "SPEED": "60"}),
        (["--interval-s=0.5"], {"INTERVAL_S": "0.5"}),
        (["--start=-24h"], {"START": "-24h"}),
        (["--variation", "--seed", "7"], {"VARIATION": "true", "SEED": "7"}),
        (["--no-variation"], {"VARIATION": "false"}),
    ],
)
def test_flags_are_read_as_settings(arguments: list[str], settings: dict[str, str]) -> None:
    assert flags(arguments) == settings


def test_what_the_meter_is_told_all_services_are_told_except_its_port() -> None:
    environment = shared_environment(["--seed", "7", "--http-port", "9000"], {}, ROOT, pvsim=PVSIM)

    assert environment["PVSIMULATOR_SEED"] == "7"
    assert "PVSIMULATOR_HTTP_PORT" not in environment


def test_the_journal_is_in_the_repository_the_log_is_quiet_and_the_live_page_knows_pvsim_by_default() -> None:
    assert shared_environment([], {}, ROOT, pvsim=PVSIM) == {
        "PVSIMULATOR_LOG_LEVEL": "warning",
        "PVSIMULATOR_LOG_FORMAT": "console",
        "PVSIMULATOR_JOURNAL_DIRECTORY": "/pvsimulator/journal",
        "EXPORTER_PVSIM_ADDRESS": PVSIM,
    }


def test_a_default_does_not_replace_what_somebody_set() -> None:
    given = {
        "PVSIMULATOR_LOG_LEVEL": "debug",
        "PVSIMULATOR_LOG_FORMAT": "json",
        "PVSIMULATOR_JOURNAL_DIRECTORY": "/data",
        "EXPORTER_PVSIM_ADDRESS": "http://pvsim:8082",
    }

    assert shared_environment([], given, ROOT, pvsim=PVSIM) == {}


def test_the_environment_is_above_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PVSIMULATOR_SEED=1\nMETER_HOMES=5\n")

    given = given_settings(tmp_path, {"PVSIMULATOR_SEED": "2"})

    assert given == {"PVSIMULATOR_SEED": "2", "METER_HOMES": "5"}


@pytest.mark.parametrize(
    ("arguments", "given", "partitions"),
    [
        ([], {}, 1),
        ([], {"PVSIMULATOR_PARTITIONS": "4"}, 4),
        (["--partitions", "2"], {"PVSIMULATOR_PARTITIONS": "4"}, 2),
        (["--partitions=many"], {}, 1),  # the meter says what is wrong with it
        ([], {"PVSIMULATOR_PARTITIONS": "0"}, 1),
    ],
)
def test_there_are_as_many_pvsims_as_partitions_were_asked_for(
    arguments: list[str], given: dict[str, str], partitions: int
) -> None:
    assert partitions_of(arguments, given) == partitions
