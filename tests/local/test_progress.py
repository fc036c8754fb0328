"""The progress line."""

from pvsim_local.progress import Sight, fleet_values, progress_line

METRICS = """\
# HELP pvsim_fleet_pv_power_watts PV power of all sites.
# TYPE pvsim_fleet_pv_power_watts gauge
pvsim_fleet_pv_power_watts 12345.0
pvsim_fleet_meter_power_watts 1500.0
pvsim_fleet_net_power_watts -10845.0
pvsim_pv_power_watts{site="home-1"} 4115.0
pvsim_reading_timestamp_seconds 1.782036e+09
pvsim_journal_records_total 1800.0
"""


def test_the_line_says_rate_instant_and_the_fleets_power() -> None:
    values = fleet_values(METRICS.splitlines(keepends=True))
    former = Sight(100.0, values | {"pvsim_journal_records_total": 300.0})

    line = progress_line(former, Sight(105.0, values))

    # (1800 - 300) readings in 5 s; 1782036000 s after 1970 is 10:00 UTC on 21 June 2026
    assert line == "      300 readings/s   2026-06-21T10:00:00Z   PV 12.35 kW   load 1.50 kW   net -10.85 kW"


def test_of_several_series_of_a_metric_the_greatest_counts() -> None:
    values = fleet_values(['pvsim_reading_timestamp_seconds{a="1"} 5\n', 'pvsim_reading_timestamp_seconds{a="2"} 7\n'])

    assert values == {"pvsim_reading_timestamp_seconds": 7.0}
