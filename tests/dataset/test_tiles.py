"""The pieces of a data set hold each of its readings once, in order, and none is larger than it may be."""

from hypothesis import given
from hypothesis import strategies as st

from dataset.tiles import DAY_MS, Tile, by_column, by_day, by_instant, instants

DAY = 1_782_000_000_000 // DAY_MS * DAY_MS  # 2026-06-21T00:00:00Z


def readings(tile: Tile) -> list[tuple[int, int]]:
    return [(instant, row) for instant in tile.instants for row in tile.rows]


def test_instants_are_whole_multiples_of_the_interval_and_end_before_the_end() -> None:
    assert list(instants(1500, 4000, 1000)) == [2000, 3000]
    assert list(instants(2000, 4001, 1000)) == [2000, 3000, 4000]
    assert list(instants(1100, 1900, 1000)) == []


def test_a_day_is_that_of_utc() -> None:
    hour = 3_600_000

    days = list(by_day(range(DAY - 2 * hour, DAY + DAY_MS + hour, hour)))

    assert [(day[0], len(day)) for day in days] == [(DAY - 2 * hour, 2), (DAY, 24), (DAY + DAY_MS, 1)]


@given(st.integers(0, 3 * DAY_MS), st.integers(1, 3 * DAY_MS), st.integers(60_000, 3_600_000))
def test_days_hold_every_instant_once(start: int, length: int, interval: int) -> None:
    every = instants(start, start + length, interval)
    if every:
        assert [instant for day in by_day(every) for instant in day] == list(every)


@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 50))
def test_tiles_by_instant_are_in_the_order_of_the_journal(homes: int, count: int, most: int) -> None:
    tiles = list(by_instant(homes, range(0, count * 10, 10), most=most))

    assert [each for tile in tiles for each in readings(tile)] == readings(Tile(range(homes), range(0, count * 10, 10)))
    assert all(tile.size <= max(most, homes) for tile in tiles)


@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 50))
def test_tiles_by_column_keep_columns_and_sites_together(homes: int, count: int, most: int) -> None:
    every = range(0, count * 10, 10)

    tiles = list(by_column(homes, every, ("meter", "pv"), most=most))

    order = [(tile.column, row, at) for tile in tiles for row in tile.rows for at in tile.instants]
    assert order == [(column, row, at) for column in ("meter", "pv") for row in range(homes) for at in every]
    assert [tile.column for tile in tiles if tile.opens] == ["meter", "pv"]
    assert all(tile.size <= most for tile in tiles)
