"""How fast records come."""

import pytest

from exporter.pace import Pace


def pace_of(*arrivals: tuple[float, int]) -> Pace:
    pace = Pace()
    for when_s, records in arrivals:
        pace.note(records, when_s)
    return pace


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    pace = pace_of(*((float(second), 100 if second < 50 else 3) for second in range(61)))

    assert pace.per_second(60.1) == pytest.approx(3.0)


def test_before_the_second_arrival_there_is_no_rate_and_no_gap() -> None:
    pace = pace_of((5.0, 100))

    assert (pace.per_second(5.5), pace.usual_gap_s()) == (0.0, None)


def test_a_rate_slower_than_one_in_ten_seconds_is_told_from_the_last_two() -> None:
    pace = pace_of((0.0, 3), (900.0, 3), (1800.0, 3))

    assert pace.per_second(1850.0) == pytest.approx(3 / 900)
    assert pace.usual_gap_s() == 900.0


def test_when_nothing_comes_any_more_the_rate_falls() -> None:
    pace = pace_of((0.0, 10), (1.0, 10))

    assert pace.per_second(101.0) == pytest.approx(10 / 100)


def test_arrivals_close_together_are_one_and_old_ones_are_forgotten() -> None:
    pace = pace_of(*((n / 100, 1) for n in range(6000)))

    assert pace.per_second(60.0) == pytest.approx(100, rel=0.05)
    assert len(pace._arrivals) < 60
