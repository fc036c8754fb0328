"""Which messages a partition's consumer takes."""

import pytest

from pvsim_common.broker.admission import Admission
from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import Admitted, InvalidMessageError, MeterReadings, encode_readings

SITES = [f"home-{n}" for n in range(1, 21)]
OWN = [site for site in SITES if partition_of(site, 4) == 0]
STRANGERS = [site for site in SITES if partition_of(site, 4) == 1]
INSTANT = 1_782_036_000_000  # date -d 2026-06-21T10:00:00Z +%s, in milliseconds


def body(*sites: str) -> bytes:
    return encode_readings(MeterReadings("2026-06-21T10:00:00Z", 1.0, list(sites), [100] * len(sites)))


def admission(*, max_sites: int = 100) -> Admission:
    return Admission(partition=0, partitions=4, max_sites=max_sites)


def test_readings_of_the_own_partition_are_taken_with_their_instant() -> None:
    assert admission().admit(body(*OWN)) == Admitted(INSTANT, 1000, OWN, [100] * len(OWN))


def test_a_site_of_another_partition_is_refused_by_name_with_where_it_belongs() -> None:
    with pytest.raises(InvalidMessageError, match=f"^`sites`: '{STRANGERS[0]}' belongs to partition 1 of 4"):
        admission().admit(body(OWN[0], STRANGERS[0]))


def test_a_site_beyond_the_limit_is_refused_and_those_known_are_still_taken() -> None:
    consumer = admission(max_sites=1)
    consumer.admit(body(OWN[0]))

    with pytest.raises(InvalidMessageError, match=f"{OWN[1]!r} is beyond max_sites, 1"):
        consumer.admit(body(OWN[1]))

    assert consumer.admit(body(OWN[0])).sites == [OWN[0]]


def test_a_refused_message_makes_no_site_known() -> None:
    consumer = admission(max_sites=1)
    with pytest.raises(InvalidMessageError):
        consumer.admit(body(OWN[0], STRANGERS[0]))

    assert consumer.admit(body(OWN[1])).sites == [OWN[1]]


def test_what_cannot_be_understood_is_refused() -> None:
    with pytest.raises(InvalidMessageError, match="truncated"):
        admission().admit(b"")


def test_the_same_list_of_sites_is_decoded_once() -> None:
    consumer = admission()

    first, again = (consumer.admit(body(*OWN)) for _ in range(2))

    assert again == first
    assert again.sites is first.sites


def outcome(consumer: Admission, message: bytes) -> Admitted | str:
    try:
        return consumer.admit(message)
    except InvalidMessageError as error:
        return str(error)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"10:00:00Z", b"12:30:00.25+02:00"),
        (b"10:00:00Z", b"10:00:00"),
        (b"2026", b"1926"),
        (b"1.0", b"0.0101"),
        (b"1.0", b"0.25"),
        (b"1.0", b"7200"),
        (b"[100", b"[-1"),
        (b"[100", b"[1000001"),
        (b"[100", b"[100.5"),
        (b"[100", b"[100,100"),
        (b'"power_w"', b'"watts"'),
        (b'{"timestamp"', b'{"extra":1,"timestamp"'),
        (b"]}", b"]"),
        (b"]}", b"]}{}"),
        (b'["', b'[ "'),
        (b'["', b'["home-1",""]["'),
        (b'"sites"', b'"sites":[1],"sites"'),
        (b'"sites"', b'"\\u0073ites":[1],"sites"'),
    ],
)
def test_what_is_wrong_is_told_the_same_whether_the_sites_are_known_or_not(old: bytes, new: bytes) -> None:
    known = admission()
    known.admit(body(*OWN))
    changed = body(*OWN).replace(old, new)
    assert changed != body(*OWN)

    assert outcome(known, changed) == outcome(admission(), changed)


def test_a_list_that_comes_in_unusual_messages_again_and_again_counts_once() -> None:
    consumer = Admission(partition=0, partitions=4, max_sites=100, most_kept=40)
    first = consumer.admit(body(OWN[0]))
    unusual = body(OWN[1]).replace(b"home", b"\\u0068ome")

    for _ in range(10):
        consumer.admit(unusual)

    assert consumer.admit(body(OWN[0])).sites is first.sites


def test_lists_that_are_known_are_bounded() -> None:
    consumer = Admission(partition=0, partitions=4, max_sites=100, most_kept=40)
    first = consumer.admit(body(OWN[0]))

    for site in OWN[1:4]:
        consumer.admit(body(site))

    assert len(consumer._lists) <= 3
    assert consumer.admit(body(OWN[0])) == first
