"""What is not confirmed yet: kept, in order, within a window."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pvsim_common.broker.outbox import WINDOW_BYTES, WINDOW_MESSAGES, Outbox, Outgoing


def message(name: str = "a", *, size: int = 10, readings: int = 1) -> Outgoing:
    return Outgoing("readings.0", b"x" * size, name, readings)


def never() -> bool:
    return False


def at_once() -> bool:
    return True


def put(outbox: Outbox, *names: str) -> None:
    outbox.put([message(name) for name in names], give_up=at_once)


def sent(outbox: Outbox) -> list[tuple[int, str]]:
    """Take all that is to be sent, as the connection's thread does."""
    return [(number, message.message_id) for number, message in outbox.take_unsent()]


def test_messages_are_sent_in_the_order_they_were_put() -> None:
    outbox = Outbox()

    put(outbox, "a", "b", "c")

    assert sent(outbox) == [(0, "a"), (1, "b"), (2, "c")]


def test_a_message_is_sent_once() -> None:
    outbox = Outbox()
    put(outbox, "a")

    sent(outbox)

    assert sent(outbox) == []


def test_after_a_reconnect_all_that_is_unconfirmed_is_sent_again_in_order() -> None:
    outbox = Outbox()
    put(outbox, "a", "b", "c")
    sent(outbox)
    outbox.confirm([1])

    outbox.send_all_again()

    assert sent(outbox) == [(0, "a"), (2, "c")]


def test_refused_messages_are_sent_again_before_any_others() -> None:
    outbox = Outbox()
    put(outbox, "a", "b")
    sent(outbox)
    put(outbox, "c")

    readings = outbox.send_again([0, 1])

    assert readings == 2
    assert sent(outbox) == [(0, "a"), (1, "b"), (2, "c")]


def test_confirming_tells_how_many_readings_are_safe() -> None:
    outbox = Outbox()
    for readings in (3, 4, 5):
        outbox.put([message(readings=readings)], give_up=at_once)

    assert outbox.confirm([0, 2]) == 8


def test_nothing_is_confirmed_before_the_first_instant_is_complete() -> None:
    outbox = Outbox()

    put(outbox, "a")
    outbox.confirm([0])

    assert outbox.confirmed_through() is None


def test_an_instant_counts_only_when_all_its_messages_are_confirmed() -> None:
    outbox = Outbox()
    outbox.complete(0)
    put(outbox, "1000/a", "1000/b")
    outbox.complete(1000)

    outbox.confirm([1])
    before = outbox.confirmed_through()
    outbox.confirm([0])

    assert (before, outbox.confirmed_through()) == (0, 1000)


def test_an_instant_that_was_put_in_part_does_not_count_even_if_the_part_is_confirmed() -> None:
    outbox = Outbox()
    outbox.complete(1000)
    put(outbox, "2000/a")  # the meter was stopped here: the instant was never complete

    outbox.confirm([0])

    assert outbox.confirmed_through() == 1000


def test_a_later_confirm_does_not_pass_an_earlier_message() -> None:
    outbox = Outbox()
    put(outbox, "1000")
    outbox.complete(1000)
    put(outbox, "2000")
    outbox.complete(2000)

    outbox.confirm([1])

    assert outbox.confirmed_through() is None


def test_a_window_of_messages_is_full_until_one_is_confirmed() -> None:
    outbox = Outbox()
    put(outbox, *(str(n) for n in range(WINDOW_MESSAGES)))

    refused = outbox.put([message()], give_up=at_once)
    outbox.confirm([500])

    assert (refused, outbox.put([message()], give_up=at_once)) == (False, True)


def test_a_window_of_bytes_is_full_until_they_are_confirmed() -> None:
    outbox = Outbox()
    outbox.put([message(size=WINDOW_BYTES)], give_up=at_once)

    refused = outbox.put([message()], give_up=at_once)
    outbox.confirm([0])

    assert (refused, outbox.put([message()], give_up=at_once)) == (False, True)


def test_a_message_larger_than_the_window_goes_alone() -> None:
    assert Outbox().put([message(size=WINDOW_BYTES + 1)], give_up=at_once)


def test_who_waits_for_a_full_window_goes_on_as_soon_as_one_is_confirmed() -> None:
    outbox = Outbox()
    put(outbox, *(str(n) for n in range(WINDOW_MESSAGES)))
    waiting = threading.Thread(target=outbox.put, args=([message()],), kwargs={"give_up": never})
    waiting.start()

    outbox.confirm([0])

    waiting.join(timeout=5)
    assert not waiting.is_alive()


@pytest.mark.parametrize(("confirmed", "is_empty"), [([0, 1], True), ([0], False)])
def test_waiting_for_the_last_confirm_tells_whether_it_came(confirmed: list[int], is_empty: bool) -> None:
    outbox = Outbox()
    put(outbox, "a", "b")

    outbox.confirm(confirmed)

    assert outbox.wait_until_empty(0.0) is is_empty


@given(
    sizes=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    reconnects=st.sets(st.integers(0, 36)),
    data=st.data(),
)
def test_whatever_the_order_of_confirms_no_unconfirmed_instant_is_passed(
    sizes: list[int], reconnects: set[int], data: st.DataObject
) -> None:
    """Instants 1, 2, ... of so many messages each; 0 is what was confirmed in a former life."""
    outbox = Outbox()
    outbox.complete(0)
    open_: dict[int, int] = {}  # number of a message -> its instant
    for instant, size in enumerate(sizes, start=1):
        for _ in range(size):
            open_[len(open_)] = instant
            put(outbox, "a")
        outbox.complete(instant)
    sent(outbox)

    for turn, number in enumerate(data.draw(st.permutations(list(open_)))):
        if turn in reconnects:
            outbox.send_all_again()
            assert [sent_again for sent_again, _ in sent(outbox)] == list(open_)
        outbox.confirm([number])
        del open_[number]

        through = outbox.confirmed_through()
        assert through == min(open_.values(), default=len(sizes) + 1) - 1
