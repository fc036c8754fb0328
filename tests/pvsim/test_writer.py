"""One thing is written while the next is made."""

import threading

import pytest

from pvsim.writer import Writer


def test_what_was_begun_is_done_by_a_thread_of_its_own_while_others_go_on() -> None:
    writer, go_on, done = Writer(), threading.Event(), []

    writer.begin(lambda: done.append(go_on.wait(10)))
    before = list(done)
    go_on.set()
    writer.finish()

    assert (before, done) == ([], [True])
    writer.close()


def test_the_next_begins_when_the_one_before_is_done() -> None:
    writer, done = Writer(), list[int]()

    for number in range(100):
        writer.begin(lambda number=number: done.append(number))  # type: ignore[misc]
        assert done[:number] == list(range(number))
    writer.close()

    assert done == list(range(100))


@pytest.mark.parametrize("error", [OSError("the disk"), SystemExit(0)])
def test_what_went_wrong_is_raised_once_and_before_anything_else_begins(error: BaseException) -> None:
    writer, done = Writer(), list[int]()

    def fail() -> None:
        raise error

    writer.begin(fail)
    with pytest.raises(type(error)):
        writer.begin(lambda: done.append(1))
    writer.finish()
    writer.close()

    assert done == []
