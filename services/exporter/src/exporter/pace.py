"""How fast records come, and whether they have stopped coming."""

from collections import deque
from itertools import pairwise

_WINDOW_S = 10.0
_MERGE_S = 0.2


class Pace:
    """The last arrivals of records: those of ten seconds, and never fewer than two if there were so many."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[float, int]] = deque()  # when [s], how many records

    def note(self, records: int, now_s: float) -> None:
        """Note that so many records came."""
        arrivals = self._arrivals
        if arrivals and now_s - arrivals[-1][0] < _MERGE_S:
            arrivals[-1] = arrivals[-1][0], arrivals[-1][1] + records
            return
        arrivals.append((now_s, records))
        while len(arrivals) > 2 and arrivals[1][0] < now_s - _WINDOW_S:
            arrivals.popleft()

    def per_second(self, now_s: float) -> float:
        """Records per second, over ten seconds or the last two arrivals, whichever is longer."""
        arrivals = list(self._arrivals)
        recent = [arrival for arrival in arrivals if arrival[0] >= now_s - _WINDOW_S]
        kept = recent if len(recent) > 1 else arrivals[-2:]
        if len(kept) < 2:
            return 0.0
        return sum(records for _, records in kept[1:]) / max(kept[-1][0] - kept[0][0], now_s - kept[-1][0])

    def usual_gap_s(self) -> float | None:
        """The longest time between two of these arrivals; None before the second one."""
        times = [when for when, _ in self._arrivals]
        return max((later - earlier for earlier, later in pairwise(times)), default=None)
