"""No message makes the decoder do anything but take it, as the contract has it, or refuse it with a reason."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.mutation import SECONDS, for_a_while, mutated

from pvsim_common.broker.admission import Admission
from pvsim_common.broker.queues import partition_of
from pvsim_common.messages import (
    MAX_REASON,
    Admitted,
    InvalidMessageError,
    MeterReadings,
    decode_readings,
    encode_readings,
    format_timestamp,
    parse_timestamp,
)

GOOD = [
    MeterReadings("2026-06-21T10:00:00Z", 1.0, ["home-1"], [432]),
    MeterReadings("2026-06-21T12:00:00.250+02:00", 0.25, ["home-1", "home-2", "a.b_c-d"], [432, 1187, 0]),
    MeterReadings("1970-01-01T00:00:00Z", 3600.0, [f"home-{n}" for n in range(40)], [1_000_000] * 40),
]
BODIES = mutated(st.sampled_from([encode_readings(readings) for readings in GOOD]) | st.binary(max_size=200))


def agrees_with_the_contract(body: bytes) -> bool:
    """Whether the body was taken; what was is checked without the decoder's help."""
    try:
        readings = Admission(partition=0, partitions=2, max_sites=30).admit(body)
    except InvalidMessageError as error:
        check_reason(str(error))
        return False
    said = json.loads(body)
    assert said.keys() == {"timestamp", "interval_s", "sites", "power_w"}
    assert (said["sites"], said["power_w"]) == (readings.sites, readings.power_w)
    assert abs(said["interval_s"] * 1000 - readings.interval_ms) < 1e-3
    instant = parse_timestamp(said["timestamp"])
    assert len(set(readings.sites)) == len(readings.sites) == len(readings.power_w) <= 30
    assert all(re.fullmatch(r"[a-z0-9._-]{1,63}", site) and partition_of(site, 2) == 0 for site in readings.sites)
    assert all(type(power) is int and 0 <= power <= 1_000_000 for power in readings.power_w)
    assert 10 <= readings.interval_ms <= 3_600_000
    assert readings.instant == instant == parse_timestamp(format_timestamp(instant)) < 7_258_118_400_000
    return True


def check_reason(reason: str) -> None:
    """It goes into a log and a header."""
    assert reason.encode()
    assert len(reason) <= MAX_REASON


@pytest.mark.timeout(SECONDS + 120)
def test_a_message_is_taken_by_the_contract_or_refused_with_a_reason() -> None:
    @settings(max_examples=300, database=None)
    @given(BODIES)
    def check(body: bytes) -> None:
        agrees_with_the_contract(body)

    for_a_while(check)


def outcome(admission: Admission, body: bytes) -> Admitted | str:
    try:
        return admission.admit(body)
    except InvalidMessageError as error:
        return str(error)


@pytest.mark.timeout(SECONDS + 120)
def test_who_knows_the_lists_of_sites_takes_and_refuses_the_same() -> None:
    experienced = Admission(partition=0, partitions=1, max_sites=1_000_000)
    for readings in GOOD:
        experienced.admit(encode_readings(readings))

    @settings(max_examples=300, database=None)
    @given(BODIES)
    def check(body: bytes) -> None:
        fresh = Admission(partition=0, partitions=1, max_sites=1_000_000)
        assert outcome(experienced, body) == outcome(fresh, body)

    for_a_while(check)


@pytest.mark.timeout(SECONDS + 120)
def test_what_was_decoded_is_the_same_when_encoded_and_decoded_again() -> None:
    @settings(max_examples=300, database=None)
    @given(BODIES)
    def check(body: bytes) -> None:
        try:
            readings, instant = decode_readings(body)
        except InvalidMessageError:
            return
        assert decode_readings(encode_readings(readings)) == (readings, instant)

    for_a_while(check)


@pytest.mark.parametrize("sites", [["home-1"], ["home-1", "home-2", "home-3"]])  # crc32 mod 2 is 0
def test_the_check_sees_messages_that_are_taken(sites: list[str]) -> None:
    assert agrees_with_the_contract(encode_readings(MeterReadings(GOOD[0].timestamp, 1.0, sites, [1] * len(sites))))
