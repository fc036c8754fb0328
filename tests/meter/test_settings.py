"""What the meter can be told."""

import os
from pathlib import Path

import pytest

from meter.settings import MeterSettings
from pvsim_common.settings import read

NOW = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds


@pytest.fixture(autouse=True)
def _a_directory_and_environment_without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("METER_", "PVSIMULATOR_", "KUBERNETES_")):
            monkeypatch.delenv(name)


def test_the_defaults_run_on_a_laptop() -> None:
    settings = read(MeterSettings, [])

    assert (settings.homes, settings.interval_ms, settings.speed, settings.http_port) == (3, 1000, 1.0, 8081)
    assert settings.start_instant(NOW) == NOW
    assert settings.duration is None


@pytest.mark.parametrize(
    ("text", "interval_ms"), [("10ms", 10), ("0.01", 10), ("1s", 1000), ("15min", 900_000), ("1h", 3_600_000)]
)
def test_an_interval_is_a_duration_of_whole_milliseconds(text: str, interval_ms: int) -> None:
    assert read(MeterSettings, [f"--interval-s={text}"]).interval_ms == interval_ms


def test_a_start_before_now_takes_an_equals_sign() -> None:
    assert read(MeterSettings, ["--start=-24h"]).start_instant(NOW) == NOW - 86_400_000


def test_homes_are_of_3500_kwh_and_follow_h0_unless_told_otherwise() -> None:
    usual, told = read(MeterSettings, []), read(MeterSettings, ["--annual-kwh=2500", "--profile=H25"])

    assert (usual.annual_kwh, usual.profile) == (3500.0, "H0")
    assert (told.annual_kwh, told.profile) == (2500.0, "H25")


@pytest.mark.parametrize(
    ("arguments", "country"),
    [([], "DE"), (["--place=sydney"], "AU"), (["--place=sydney", "--country=NZ"], "NZ"), (["--country=none"], "")],
)
def test_public_holidays_are_those_of_the_place_or_of_another_country(arguments: list[str], country: str) -> None:
    assert read(MeterSettings, arguments).resolved_place.country == country


def test_a_run_can_be_limited() -> None:
    assert read(MeterSettings, ["--duration", "10min"]).duration == 600.0


def test_in_kubernetes_the_shard_is_the_pods_ordinal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HOSTNAME", "pvsimulator-meter-2")
    monkeypatch.setenv("PVSIMULATOR_SHARDS", "3")

    assert read(MeterSettings, []).shard == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--homes=0"], "homes: input should be greater than or equal to 1, not '0'"),
        (["--homes=1000001"], "homes: input should be less than or equal to 1000000, not '1000001'"),
        (["--interval-s=9ms"], "interval_s: input should be greater than or equal to 0.01, not 0.009"),
        (["--interval-s=2h"], "interval_s: input should be less than or equal to 3600, not 7200.0"),
        (["--interval-s=0.0105"], "interval_s: should be whole milliseconds, not '0.0105'"),
        (["--speed=-1"], "speed: input should be greater than or equal to 0, not '-1'"),
        (["--speed=nan"], "speed: input should be less than or equal to 1000000, not 'nan'"),
        (["--duration=0"], "duration: input should be greater than 0, not '0'"),
        (
            ["--start=noon"],
            "start: should be now, an instant such as 2026-06-21T00:00:00Z, a date, or a time as in -24h, not 'noon'",
        ),
        (["--catch-up-limit=-1h"], "catch_up_limit: input should be greater than or equal to 0, not -3600.0"),
        (["--sites-per-message=10001"], "sites_per_message: input should be less than or equal to 10000, not '10001'"),
        (["--annual-kwh=99"], "annual_kwh: input should be greater than or equal to 100, not '99'"),
        (["--profile=H1"], "profile: input should be 'H0' or 'H25', not 'H1'"),
        (["--country=Germany"], "country: should be an ISO 3166-1 code such as DE, or none, not 'Germany'"),
        (["--shard=1"], "shard: should be less than shards, 1, not 1"),
        (["--shards=4"], "shards: should be at most homes, 3, not 4"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_makes_no_sense_is_one_line_and_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(MeterSettings, arguments)

    assert ended.value.code == 2
    assert capsys.readouterr().err == f"meter: error: {message}\n"


def test_what_is_meant_for_other_services_does_not_matter() -> None:
    Path(".env").write_text(
        "PVSIM_PREFETCH=10\nEXPORTER_HTTP_PORT=1\nPVSIMULATOR_JOURNAL_DIRECTORY=/data\nMETER_HOMES=5\n"
    )

    assert read(MeterSettings, []).homes == 5
