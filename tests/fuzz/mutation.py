"""Input that is nearly right: what was written properly, with some bytes exchanged, repeated, cut out or put in."""

import os
import time
from collections.abc import Callable

from hypothesis import strategies as st

SECONDS = float(os.environ.get("FUZZ_SECONDS", "1"))  # for each target; make fuzz gives a minute
_TOKENS = [
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\0", b" ", b"-", b"0", b"1", b"."),
    *(b"null", b"true", b"NaN", b"Infinity", b"-0", b"1e999", b"1E3", b"0.1", b"432.0", b"1.5", b"-1", b"01"),
    *(b"9007199254740993", b"9223372036854775808", b"18446744073709551616", b"1" * 400, b'"\\ud800"', b"\\u0000"),
    *(b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"[" * 2000, b'{"a":' * 2000, b'"home-1"', b"T24:00:00Z"),
    *(b"x" * 3000, b"0" * 3000, b'"2026-06-21T10:00:00.' + b"0" * 3000, b'"9999-06-21T10:00:00.' + b"0" * 3000),
    *(b"2026-02-30T00:00:00Z", b"2200-01-01T00:00:00Z", b"0000-00-00T00:00:00Z", b"+23:59", b"-00:00", b".0001"),
]


@st.composite
def mutated(draw: st.DrawFn, originals: st.SearchStrategy[bytes]) -> bytes:
    """Some original after up to six mutations."""
    content = draw(originals)
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.integers(0, 24)))
        other = draw(st.integers(0, len(content)))
        piece = st.just(content[other : other + draw(st.integers(0, 60))])
        content = content[:begin] + draw(st.sampled_from(_TOKENS) | st.binary(max_size=8) | piece) + content[end:]
    return content


def for_a_while(test: Callable[[], None]) -> None:
    """Run a test of hypothesis with examples that are always new, until the time for it is over."""
    deadline = time.monotonic() + SECONDS
    test()
    while time.monotonic() < deadline:
        test()
