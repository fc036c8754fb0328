"""The log of refused messages stays short in a flood."""

from structlog.testing import capture_logs

from pvsim_common.broker.refusals import Refusals


class Clock:
    """Tells the time that a test sets [s]."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds since some time."""
        return self.now


def test_a_few_refusals_are_all_logged_with_their_fields() -> None:
    with capture_logs() as logs:
        Refusals(Clock()).say("message_refused", reason="no", message_id="a/1")

    assert logs == [{"event": "message_refused", "reason": "no", "message_id": "a/1", "log_level": "warning"}]


def test_of_a_flood_twenty_are_logged_in_ten_seconds_and_the_rest_is_counted() -> None:
    clock = Clock()
    with capture_logs() as logs:
        refusals = Refusals(clock)
        for _ in range(1000):
            refusals.say("message_refused")
        clock.now = 9.9
        refusals.say("message_refused")
        clock.now = 10.0
        refusals.catch_up()

    assert [log["event"] for log in logs] == ["message_refused"] * 20 + ["refusals_not_logged"]
    assert (logs[-1]["messages"], logs[-1]["seconds"]) == (981, 10)


def test_in_the_next_ten_seconds_there_are_twenty_again_and_nothing_is_told_twice() -> None:
    clock = Clock()
    with capture_logs() as logs:
        refusals = Refusals(clock)
        for clock.now in (0.0, 10.0, 20.0):
            for _ in range(21):
                refusals.say("message_refused")

    assert [log["event"] for log in logs] == [
        *["message_refused"] * 20, "refusals_not_logged",
        *["message_refused"] * 20, "refusals_not_logged",
        *["message_refused"] * 20,
    ]  # fmt: skip
