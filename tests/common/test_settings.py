"""Settings: where they are looked up, and what is said where they make no sense."""

import json
import logging
import os
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field

from pvsim_common.settings import (
    BrokerSettings,
    Duration,
    Ordinal,
    ServiceSettings,
    load,
    parse_duration,
    parse_start,
    read,
    unknown_variables,
)
from pvsim_common.simulation_settings import SimulationSettings

NOW = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds


class ToySettings(ServiceSettings, BrokerSettings, SimulationSettings):
    """A toy that has settings."""

    service: ClassVar[str] = "toy"

    homes: int = Field(3, ge=1, le=10, description="How many homes.")
    pause: Duration = Field(1.0, gt=0, description="Pause between two of them [s].")
    ordinal: Ordinal = Field(description="Which one it is.")


pytestmark = pytest.mark.usefixtures("logging_as_it_was")


@pytest.fixture(autouse=True)
def _a_directory_and_environment_without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("TOY_", "PVSIMULATOR_", "KUBERNETES_")):
            monkeypatch.delenv(name)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a service says on standard error when it ends with exit code 2."""
    with pytest.raises(SystemExit) as ended:
        read(ToySettings, list(arguments))
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_nothing_has_to_be_said() -> None:
    settings = read(ToySettings, [])

    assert (settings.homes, settings.seed, settings.partitions) == (3, 1, 1)
    assert settings.broker_url.get_secret_value() == "amqp://guest:guest@127.0.0.1:5672/"


SOURCES = ["argument", "TOY_HOMES", "PVSIMULATOR_HOMES", ".env TOY_HOMES", ".env PVSIMULATOR_HOMES"]


@pytest.mark.parametrize("first", range(len(SOURCES)), ids=SOURCES)
def test_a_setting_is_looked_up_in_this_order(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each place says another number; the first place that says one wins."""
    said = {source: number for number, source in enumerate(SOURCES, start=1) if number > first}
    lines = [f"{source.removeprefix('.env ')}={n}\n" for source, n in said.items() if source.startswith(".env")]
    Path(".env").write_text("".join(lines))
    for name in ("TOY_HOMES", "PVSIMULATOR_HOMES"):
        if name in said:
            monkeypatch.setenv(name, str(said[name]))
    arguments = [f"--homes={said['argument']}"] if "argument" in said else []

    assert read(ToySettings, arguments).homes == first + 1


def test_the_file_may_hold_settings_of_others() -> None:
    Path(".env").write_text("METER_HOMES=7\nPATH_TO_HAPPINESS=unknown\nTOY_HOMES=5\n")

    assert read(ToySettings, []).homes == 5


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_HOMES", "")
    monkeypatch.setenv("PVSIMULATOR_HOMES", "4")

    assert read(ToySettings, []).homes == 4


@pytest.mark.parametrize("arguments", [["--broker-ca-file=ca.pem"], ["--broker-ca-file", "ca.pem"]])
def test_arguments_are_in_kebab_case_with_or_without_an_equals_sign(arguments: list[str]) -> None:
    Path("ca.pem").touch()

    assert read(ToySettings, arguments).broker_ca_file == Path("ca.pem")


def test_settings_do_not_change() -> None:
    settings = read(ToySettings, [])

    with pytest.raises(ValueError, match="frozen"):
        settings.homes = 4


WRONG = {
    "--homes=0": "homes: input should be greater than or equal to 1, not '0'",
    "--homes=11": "homes: input should be less than or equal to 10, not '11'",
    "--homes=many": "homes: input should be a valid integer, unable to parse string as an integer, not 'many'",
    "--seed=-1": "seed: input should be greater than or equal to 0, not '-1'",
    "--latitude=91": "latitude: input should be less than or equal to 90, not '91'",
    "--latitude=nan": "latitude: input should be less than or equal to 90, not 'nan'",
    "--longitude=-181": "longitude: input should be greater than or equal to -180, not '-181'",
    "--timezone=Mars/Base": "timezone: should be an IANA time zone such as Europe/Berlin, not 'Mars/Base'",
    "--timezone=../secret": "timezone: should be an IANA time zone such as Europe/Berlin, not '../secret'",
    "--log-level=loud": "log_level: input should be 'debug', 'info', 'warning' or 'error', not 'loud'",
    "--http-port=65536": "http_port: input should be less than or equal to 65535, not '65536'",
    "--pause=0": "pause: input should be greater than 0, not 0.0",
    "--pause=1week": "pause: should be a duration such as 500ms, 1s, 10min, 24h, 7d or bare seconds, not '1week'",
    "--variation=maybe": "variation: input should be a valid boolean, unable to interpret input, not 'maybe'",
    "--broker-ca-file=nowhere.pem": "broker_ca_file: no such file: nowhere.pem",
    "--homez=3": "unrecognized arguments: --homez=3 (see toy --help)",
    "--home=3": "unrecognized arguments: --home=3 (see toy --help)",
    "--homes": "argument --homes: expected one argument (see toy --help)",
    "three": "unrecognized arguments: three (see toy --help)",
}


@pytest.mark.parametrize(("argument", "message"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_argument_is_one_line_and_exit_code_2(
    argument: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(capsys, argument) == f"toy: error: {message}\n"


def test_a_wrong_variable_reads_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PVSIMULATOR_HOMES", "0")

    assert refusal(capsys) == "toy: error: homes: input should be greater than or equal to 1, not '0'\n"


def test_each_wrong_setting_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = refusal(capsys, "--homes=0", "--seed=x", "--sky=dark").splitlines()

    assert [line.split(":")[2].strip() for line in lines] == ["seed", "sky", "homes"]


def test_certificate_and_key_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    Path("client.pem").touch()

    said = refusal(capsys, "--broker-certificate-file=client.pem")

    assert said == "toy: error: broker_certificate_file and broker_key_file go together\n"


@pytest.mark.parametrize(
    "url", ["http://u:hunter2@broker/", "u:hunter2@broker", "amqp://", "amqp://u:hunter2@[broker/"]
)
def test_a_wrong_secret_is_refused_without_being_shown(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOY_BROKER_URL", url)

    said = refusal(capsys)

    assert said.startswith("toy: error: broker_url: ")
    assert said.count("\n") == 1
    assert "hunter2" not in said


def test_a_secret_has_no_argument_and_is_not_shown_to_who_tries(capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "--broker-url=amqp://u:hunter2@broker/")

    assert said == "toy: error: unrecognized arguments: --broker-url=amqp://u:***@broker/ (see toy --help)\n"


def test_a_secret_does_not_appear_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_BROKER_URL", "amqp://u:hunter2@broker/")

    settings = read(ToySettings, [])

    assert settings.broker_url.get_secret_value() == "amqp://u:hunter2@broker/"
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_help_lists_every_setting_with_its_description_but_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setenv("TOY_BROKER_URL", "amqp://u:hunter2@broker/")

    with pytest.raises(SystemExit) as ended:
        read(ToySettings, ["--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    for name, field in ToySettings.model_fields.items():
        flag = "--" + name.replace("_", "-")
        assert (flag in text and str(field.description) in text) is (name != "broker_url")
    assert "broker_url" in text  # where it can be said instead
    assert "hunter2" not in text
    assert "guest" not in text


def test_help_ends_with_the_examples_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    class Explained(ToySettings):
        examples: ClassVar[str] = "\nexamples:\n  toy --homes 3\n  toy --homes 4\n"

    with pytest.raises(SystemExit):
        read(Explained, ["--help"])

    assert capsys.readouterr().out.endswith("\n\nexamples:\n  toy --homes 3\n  toy --homes 4\n")


def test_a_misspelt_variable_of_the_service_is_known_with_what_was_meant() -> None:
    environment = {"TOY_HOME": "3", "toy_sead": "1", "TOY_QQQQQQ": "", "TOY_HOMES": "3", "PATH": "", "OTHER_HOMES": "1"}

    assert unknown_variables(ToySettings, environment) == {
        "TOY_HOME": "TOY_HOMES",
        "toy_sead": "TOY_SEED",
        "TOY_QQQQQQ": None,
    }


def test_a_misspelt_variable_is_a_warning_that_does_not_show_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOY_BROKER_URI", "amqp://u:hunter2@broker/")

    load(ToySettings, [])

    text = capsys.readouterr().err
    event = json.loads(text)
    assert (event["event"], event["level"]) == ("setting_unknown", "warning")
    assert (event["variable"], event["did_you_mean"]) == ("TOY_BROKER_URI", "TOY_BROKER_URL")
    assert "hunter2" not in text


def test_loading_configures_the_logs_at_the_level_that_was_asked_for() -> None:
    load(ToySettings, ["--log-level=debug"])

    assert logging.getLogger().level == logging.DEBUG


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("9ms", 0.009),  # 9 * 0.001 is 0.009000000000000001
        ("1s", 1),
        ("1.5", 1.5),
        (".5s", 0.5),
        ("10min", 600),
        ("24h", 86_400),
        ("-24h", -86_400),
        ("+7d", 604_800),
        (" 1 h ", 3600),
        ("0", 0),
    ],
)
def test_durations_are_understood(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "1m", "1 hour", "1h30min", "1e3", "nan", "inf", "--1s", "1..5s", "1S"])
def test_what_could_mean_anything_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="should be a duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["36526d", "-36526d", "99999999999999999999h"])
def test_a_duration_beyond_a_century_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="should be at most 100 years"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("now", NOW),
        ("-24h", NOW - 86_400_000),
        ("+1.5s", NOW + 1500),
        ("-60", NOW - 60_000),
        ("-90d", 1_774_260_000_000),  # date -d '2026-03-23T10:00:00Z' +%s, in milliseconds
        ("-36500d", 0),  # before 1970 there is nothing
        ("2026-06-21", 1_782_000_000_000),  # date -d 2026-06-21T00:00:00Z +%s, in milliseconds
        ("2026-06-21T12:00:00+02:00", NOW),
        ("2026-06-21t10:00:00.250z", NOW + 250),
    ],
)
def test_a_start_is_now_an_instant_a_date_or_relative_to_now(text: str, instant: int) -> None:
    assert parse_start(text, now=NOW) == instant


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "24h", "2026-06-31", "2026-06-21T10:00:00", "1969-12-31", "-1 fortnight"]
)
def test_any_other_start_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="should be"):
        parse_start(text, now=NOW)


@pytest.mark.parametrize(
    ("host", "ordinal"), [("pvsimulator-pvsim-12", 12), ("meter-0", 0), ("laptop", 0), ("node-7.example", 0), ("", 0)]
)
def test_in_kubernetes_the_ordinal_is_the_number_at_the_end_of_the_host_name(
    host: str, ordinal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HOSTNAME", host)

    assert read(ToySettings, []).ordinal == ordinal


def test_elsewhere_a_number_in_the_host_name_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTNAME", "laptop-7")

    assert read(ToySettings, []).ordinal == 0


def test_an_ordinal_that_is_said_counts_more_than_the_host_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HOSTNAME", "meter-1")
    monkeypatch.setenv("TOY_ORDINAL", "5")

    assert read(ToySettings, []).ordinal == 5
