"""What the exporter can be told."""

from pathlib import Path

import pytest

from exporter.settings import ExporterSettings
from pvsim_common.settings import read


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env
    for name in ExporterSettings.model_fields:
        monkeypatch.delenv(f"EXPORTER_{name.upper()}", raising=False)
        monkeypatch.delenv(f"PVSIMULATOR_{name.upper()}", raising=False)


def test_the_defaults_run_on_a_laptop() -> None:
    settings = read(ExporterSettings, [])

    assert settings.http_host == "127.0.0.1"
    assert settings.http_port == 8080
    assert settings.journal_directory == [Path("journal")]
    assert settings.max_site_series == 1000
    assert settings.poll_interval_s == 0.2


def test_several_directories_are_separated_by_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPORTER_JOURNAL_DIRECTORY", "/data/0, /data/1")

    assert read(ExporterSettings, []).journal_directory == [Path("/data/0"), Path("/data/1")]


def test_the_directory_pvsim_is_told_of_is_understood_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PVSIMULATOR_JOURNAL_DIRECTORY", "/data")

    assert read(ExporterSettings, []).journal_directory == [Path("/data")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--journal-directory=a,b"],
        ["--journal-directory", "a,b,"],
        ["--journal-directory=a", "--journal-directory=b"],
    ],
)
def test_several_directories_can_be_arguments(arguments: list[str]) -> None:
    assert read(ExporterSettings, arguments).journal_directory == [Path("a"), Path("b")]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--journal-directory=a,./a", "should name each directory once"),
        ("--journal-directory=,", "should name a directory"),
        ("--max-site-series=-1", "input should be greater than or equal to 0"),
        ("--poll-interval-s=0", "input should be greater than 0"),
        ("--http-port=65536", "input should be less than or equal to 65535"),
    ],
)
def test_a_setting_that_makes_no_sense_is_one_line_and_exit_code_2(
    argument: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        read(ExporterSettings, [argument])

    name = argument.split("=")[0].removeprefix("--").replace("-", "_")
    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith(f"exporter: error: {name}: {message}")


def test_the_address_of_each_pvsim_may_be_given_and_has_no_slash_at_its_end() -> None:
    settings = read(ExporterSettings, ["--pvsim-address=http://pvsim-0:8082/,http://pvsim-1:8082"])

    assert settings.pvsim_address == ["http://pvsim-0:8082", "http://pvsim-1:8082"]


@pytest.mark.parametrize("address", ["pvsim:8082", "https://pvsim:8082", "http://pvsim:8082/metrics", "http://"])
def test_an_address_that_is_none_is_refused_with_its_name(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        read(ExporterSettings, [f"--pvsim-address={address}"])

    assert stopped.value.code == 2
    assert "pvsim_address: should be addresses such as http://127.0.0.1:8082" in capsys.readouterr().err


def test_how_long_the_page_is_patient_is_a_duration() -> None:
    assert read(ExporterSettings, ["--stale-after=2min"]).stale_after == 120.0
