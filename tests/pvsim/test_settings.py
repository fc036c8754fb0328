"""What pvsim can be told."""

import os
from pathlib import Path

import pytest

from pvsim.plant import PlantChoice
from pvsim.settings import PvsimSettings
from pvsim_common.settings import read


@pytest.fixture(autouse=True)
def _a_directory_and_environment_without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("PVSIM_", "PVSIMULATOR_", "KUBERNETES_")):
            monkeypatch.delenv(name)


def test_the_defaults_run_on_a_laptop() -> None:
    settings = read(PvsimSettings, [])

    assert (settings.http_port, settings.journal_directory, settings.partition) == (8082, Path("journal"), 0)


def test_the_place_is_one_text_without_needless_digits() -> None:
    assert read(PvsimSettings, []).place_text == "48.14 11.58 520 Europe/Berlin"


def test_places_that_differ_have_different_texts() -> None:
    near = [read(PvsimSettings, [f"--latitude={latitude}"]).place_text for latitude in ("48.1400001", "48.1400002")]

    assert near[0] != near[1]


def test_plants_that_nobody_chose_are_left_to_the_sites() -> None:
    settings = read(PvsimSettings, [])

    assert settings.plant_choice == PlantChoice()
    assert settings.plant_text == "radius_km=2"


def test_what_is_chosen_of_the_plants_is_a_choice_and_one_text() -> None:
    settings = read(PvsimSettings, ["--capacity-kwp=9.9", "--surface-azimuth=90", "--losses=0", "--radius-km=0.5"])

    assert settings.plant_choice == PlantChoice(capacity_kwp=9.9, surface_azimuth=90.0, losses=0.0)
    assert settings.plant_text == "capacity_kwp=9.9 surface_azimuth=90 losses=0 radius_km=0.5"


def test_the_climate_is_one_text() -> None:
    settings = read(PvsimSettings, ["--clearness=0.5", "--temperature=10.25"])

    assert settings.climate_text == f"clearness={','.join(['0.5'] * 12)} temperature={','.join(['10.25'] * 12)}"


def test_in_kubernetes_the_partition_is_the_pods_ordinal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HOSTNAME", "pvsimulator-pvsim-2")
    monkeypatch.setenv("PVSIMULATOR_PARTITIONS", "3")

    assert read(PvsimSettings, []).partition == 2


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--partition=1", "partition: should be less than partitions, 1, not 1"),
        ("--partition=-1", "partition: input should be greater than or equal to 0, not '-1'"),
        ("--partitions=1025", "partitions: input should be less than or equal to 1024, not '1025'"),
        ("--prefetch=0", "prefetch: input should be greater than or equal to 1, not '0'"),
        ("--prefetch=65536", "prefetch: input should be less than or equal to 65535, not '65536'"),
        ("--segment-size=1023", "segment_size: input should be greater than or equal to 1024, not 1023"),
        (
            "--segment-size=64MB/s",
            "segment_size: should be bytes such as 500kB, 64MiB, 10GiB or a bare number, not '64MB/s'",
        ),
        ("--retention-age=0", "retention_age: input should be greater than 0, not '0'"),
        ("--retention-size=0", "retention_size: input should be greater than 0, not '0'"),
        ("--prefetch-bytes=1MiB", "prefetch_bytes: input should be greater than or equal to 8388608, not 1048576"),
        ("--capacity-kwp=0", "capacity_kwp: input should be greater than or equal to 0.1, not '0'"),
        ("--inverter-kw=31", "inverter_kw: input should be less than or equal to 30, not '31'"),
        ("--surface-tilt=91", "surface_tilt: input should be less than or equal to 90, not '91'"),
        ("--surface-azimuth=-1", "surface_azimuth: input should be greater than or equal to 0, not '-1'"),
        ("--losses=100", "losses: input should be less than 100, not '100'"),
        ("--radius-km=21", "radius_km: input should be less than or equal to 20, not '21'"),
        ("--max-sites=0", "max_sites: input should be greater than or equal to 1, not '0'"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_exit_code_2(
    argument: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read(PvsimSettings, [argument])

    assert ended.value.code == 2
    assert capsys.readouterr().err == f"pvsim: error: {message}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("64MiB", 67_108_864),
        ("1.5GiB", 1_610_612_736),
        ("500kB", 500_000),
        ("500 KB", 500_000),
        ("2TB", 2_000_000_000_000),
        ("4096", 4096),
        ("4096B", 4096),
    ],
)
def test_bytes_are_written_with_the_usual_units(text: str, expected: int) -> None:
    assert read(PvsimSettings, [f"--segment-size={text}"]).segment_size == expected


def test_all_closed_segments_are_kept_and_compressed_where_nothing_else_is_said() -> None:
    settings = read(PvsimSettings, [])

    assert (settings.segment_size, settings.compress) == (67_108_864, True)
    assert (settings.retention_age, settings.retention_size) == (None, None)


def test_what_is_kept_can_be_bounded_by_age_and_size() -> None:
    settings = read(PvsimSettings, ["--retention-age=30d", "--retention-size=10GiB", "--compress=off"])

    assert (settings.retention_age, settings.retention_size, settings.compress) == (2_592_000, 10 * 2**30, False)
