"""What a person gives to `make run`."""

from pathlib import Path

import pytest

from pvsim_local.arguments import flags, given_settings, shared_environment

ROOT = Path("/pvsimulator")


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
    environment = shared_environment(["--seed", "7", "--http-port", "9000"], {}, ROOT)

    assert environment["PVSIMULATOR_SEED"] == "7"
    assert "PVSIMULATOR_HTTP_PORT" not in environment


def test_the_journal_is_in_the_repository_and_the_log_is_quiet_by_default() -> None:
    assert shared_environment([], {}, ROOT) == {
        "PVSIMULATOR_LOG_LEVEL": "warning",
        "PVSIMULATOR_LOG_FORMAT": "console",
        "PVSIMULATOR_JOURNAL_DIRECTORY": "/pvsimulator/journal",
    }


def test_a_default_does_not_replace_what_somebody_set() -> None:
    given = {
        "PVSIMULATOR_LOG_LEVEL": "debug",
        "PVSIMULATOR_LOG_FORMAT": "json",
        "PVSIMULATOR_JOURNAL_DIRECTORY": "/data",
    }

    assert shared_environment([], given, ROOT) == {}


def test_the_environment_is_above_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PVSIMULATOR_SEED=1\nMETER_HOMES=5\n")

    given = given_settings(tmp_path, {"PVSIMULATOR_SEED": "2"})

    assert given == {"PVSIMULATOR_SEED": "2", "METER_HOMES": "5"}
