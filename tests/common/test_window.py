"""How many messages may be unacknowledged."""

import pytest

from pvsim_common.broker.window import Window

MIB = 1024 * 1024


def window(*sizes: int, most: int = 1000, most_bytes: int = 64 * MIB) -> Window:
    """One in which messages of these sizes [bytes] have arrived, by the tags 1, 2 ..."""
    made = Window(most=most, most_bytes=most_bytes)
    for tag, size in enumerate(sizes, start=1):
        made.arrived(tag, size)
    return made


def test_it_begins_with_one_message() -> None:
    assert window().size == 1


def test_after_a_small_message_it_is_as_wide_as_it_may_be() -> None:
    small = window(100)

    assert small.resized()
    assert small.size == 1000


def test_large_messages_make_it_as_many_as_fit() -> None:
    large = window(4 * MIB)

    assert large.resized()
    assert large.size == 15  # 64 MiB / 4 MiB, and one is there already


def test_a_message_larger_than_all_that_may_be_held_is_held_alone() -> None:
    huge = window(65 * MIB)

    assert not huge.resized()
    assert (huge.size, huge.is_exceeded()) == (1, False)


def test_more_bytes_than_allowed_are_noticed_as_soon_as_they_have_arrived() -> None:
    assert not window(*[4 * MIB] * 16).is_exceeded()
    assert window(*[4 * MIB] * 16, 1).is_exceeded()


def test_a_full_window_of_messages_as_large_as_before_is_never_too_much() -> None:
    full = window(4 * MIB)
    full.resized()

    for tag in range(2, 2 + full.size):
        full.arrived(tag, 4 * MIB)

    assert not full.is_exceeded()


def test_what_is_acknowledged_is_not_held_any_more() -> None:
    held = window(*[4 * MIB] * 17)

    held.left(2, multiple=False)

    assert not held.is_exceeded()


def test_an_acknowledgement_of_all_up_to_a_message_leaves_the_later_ones() -> None:
    held = window(1, 1, 64 * MIB, 1)

    held.left(2, multiple=True)
    exceeded = held.is_exceeded()
    held.left(3, multiple=True)

    assert (exceeded, held.is_exceeded()) == (True, False)


def test_an_acknowledgement_of_what_is_not_held_changes_nothing() -> None:
    held = window(64 * MIB, 1)

    held.left(9, multiple=False)

    assert held.is_exceeded()


def test_on_a_new_channel_nothing_is_held_and_one_message_is_asked_for_but_sizes_are_remembered() -> None:
    lost = window(4 * MIB, *[1] * 100)
    lost.resized()

    lost.begin()
    begun_with = lost.size
    lost.arrived(1, 100)
    lost.resized()

    assert (begun_with, lost.size) == (1, 15)


def test_when_large_messages_are_over_it_is_wide_again_and_stays_so() -> None:
    changing = window(4 * MIB)
    changing.resized()
    changing.left(1, multiple=False)

    sizes = []
    for tag in range(2, 200):
        changing.arrived(tag, 100)
        changing.left(tag, multiple=True)
        changing.resized()
        sizes.append(changing.size)

    assert sizes[0] == 15
    assert sizes[58:] == [1000] * 140  # two generations of 30 messages later


@pytest.mark.parametrize(("sizes", "full"), [([1] * 999, False), ([1] * 1000, True), ([33 * MIB, 1], True)])
def test_it_is_full_when_next_to_nothing_more_arrives(sizes: list[int], full: bool) -> None:
    held = window(1)
    held.resized()
    for tag, size in enumerate(sizes, start=1):
        held.arrived(tag, size)

    assert held.is_full() == full
