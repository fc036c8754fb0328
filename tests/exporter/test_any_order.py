"""Whatever pvsim does to its files, and whenever the exporter starts anew: totals never step back, and are exact."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.exporter.columns import Record
from tests.exporter.segmented import SegmentedJournal, by_site, energies_of, line

from exporter.follower import Follower

UNITS_PER_JOULE = 10_000  # tenths of a watt x milliseconds
Shown = tuple[float, ...]


def shown(follower: Follower) -> Shown | None:
    """What only grows: records and the fleet's energies [J]."""
    if follower.totals is None:
        return None
    snapshot = follower.totals.snapshot(sites=0)
    return snapshot.records, *snapshot.fleet_energies_j


class AnyOrder(RuleBasedStateMachine):
    """Writes a journal and follows it; every step is a moment at which either may be interrupted."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = TemporaryDirectory()
        self.journal = SegmentedJournal(Path(self.temporary.name))
        self.journal.segment.touch()
        self.second = 0
        self.half = b""  # of a line, behind the records
        self.taken_back: list[Record] = []
        self.last: Shown | None = None
        self.start()

    @rule()
    def start(self) -> None:
        """The exporter starts, be it after a kill. It cannot know of a batch that is taken back just then."""
        self.last = None if self.taken_back else self.last
        self.follower = Follower(self.journal.directory, max_curves=4, chunk_bytes=500)  # about four lines

    @rule(times=st.integers(1, 9))
    def read(self, times: int) -> None:
        """The exporter reads some chunks."""
        for _ in range(times):
            self.follower.advance()
            self.totals_do_not_step_back()

    @precondition(lambda self: self.journal.segment.exists())
    @rule(records=st.lists(st.tuples(st.sampled_from("abc"), st.integers(-3, 9), st.integers(0, 99)), max_size=12))
    def append(self, records: list[tuple[str, int, int]]) -> None:
        """Pvsim writes a batch, late records in it; one that it took back comes first."""
        self.cut_half()
        batch = [(site, 1000 * (self.second + 20 * at + late), power, 99 - power) for at, (site, late, power) in
                 enumerate(records, start=1)]  # fmt: skip
        self.second += 20 * (len(records) + 1)
        self.journal.append(*self.taken_back, *batch)
        self.taken_back = []

    @precondition(lambda self: self.journal.segment.exists() and not self.half)
    @rule(length=st.integers(1, 100))
    def write_half_a_line(self, length: int) -> None:
        """Pvsim is killed, or seen, in the middle of a line."""
        self.half = line(("a", 1000, 10, 10))[:length]
        with self.journal.segment.open("ab") as file:
            file.write(self.half)

    @precondition(lambda self: self.half)
    @rule()
    def cut_half(self) -> None:
        """Pvsim starts again and cuts the torn line off."""
        with self.journal.segment.open("r+b") as file:
            file.truncate(file.seek(0, 2) - len(self.half))
        self.half = b""

    @precondition(lambda self: self.journal.segment.exists() and not self.half and not self.taken_back)
    @rule(count=st.integers(1, 8))
    def take_back(self, count: int) -> None:
        """The disk is full: pvsim cuts the batch off again, and writes it later."""
        begin = max(self.journal.closed[-1] if self.journal.closed else 0, len(self.journal.records) - count)
        self.taken_back, self.journal.records = self.journal.records[begin:], self.journal.records[:begin]
        with self.journal.segment.open("r+b") as file:
            file.truncate(file.seek(0, 2) - sum(len(line(record)) for record in self.taken_back))

    @precondition(lambda self: self.journal.segment.exists() and not self.half and not self.taken_back)
    @rule()
    def close(self) -> None:
        """A rotation begins."""
        self.journal.close()

    @precondition(lambda self: not self.journal.segment.exists())
    @rule()
    def open_next(self) -> None:
        """A rotation ends."""
        self.journal.segment.touch()

    @precondition(lambda self: self.journal.covered < len(self.journal.closed))
    @rule()
    def write_checkpoint(self) -> None:
        """The background thread has written it."""
        self.journal.write_checkpoint()

    @precondition(lambda self: self._plain())
    @rule(at=st.integers(0, 9), keep=st.booleans())
    def compress(self, at: int, keep: bool) -> None:
        """A closed segment is compressed; the plain one goes now, or the next time."""
        plain = self._plain()
        self.journal.compress(plain[at % len(plain)], keep=keep)

    @precondition(lambda self: min(self.journal.there(), default=9999) <= self.journal.covered)
    @rule()
    def remove_oldest(self) -> None:
        """Retention."""
        self.journal.remove(self.journal.there()[0])

    @invariant()
    def totals_do_not_step_back(self) -> None:
        """As Prometheus would see it."""
        now = shown(self.follower)
        if now is not None and self.last is not None and not self.taken_back:
            assert all(after >= before for after, before in zip(now, self.last, strict=True)), (self.last, now)
        self.last = now or self.last

    def teardown(self) -> None:
        """In the end each record counts once."""
        with self.temporary:
            self.end()

    def end(self) -> None:
        """Read all there is, and compare with the records that were written."""
        if not self.journal.segment.exists():
            self.open_next()
        self.append([])
        self.read_all()
        sites = by_site(self.journal.records)
        assert self.follower.totals is not None
        snapshot = self.follower.totals.snapshot(sites=9)
        energies_j = [[energy / UNITS_PER_JOULE for energy in energies_of(records)] for records in sites.values()]
        assert (snapshot.records, snapshot.invalid) == (len(self.journal.records), 0)
        assert (snapshot.sites, snapshot.known_sites) == (list(sites), len(sites))
        assert [list(each) for each in zip(*snapshot.energies_j, strict=True)] == energies_j

    def read_all(self) -> None:
        """Advance until there is nothing new, three times: the first may find a segment gone, and begin anew."""
        for _ in range(3):
            while self.follower.advance().sites or self.follower.is_reading_back or not self.follower.caught_up:
                self.totals_do_not_step_back()

    def _plain(self) -> list[int]:
        return [n for n in self.journal.there() if (self.journal.directory / f"results-{n:08}.jsonl").exists()]


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
