"""The journal under any order of batches, crashes, rotations and restarts holds each reading once."""

import shutil
from pathlib import Path
from tempfile import mkdtemp

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.pvsim.breaking_disk import BreakingDisk, Crash
from tests.pvsim.journals import NOON, held, journal, message, record, records_of

from pvsim.contents import Contents
from pvsim.journal import Journal
from pvsim.past import read_past
from pvsim.recovery import recover
from pvsim.upkeep import Upkeep
from pvsim_common.checkpoint import Checkpoint
from pvsim_common.messages import Admitted
from pvsim_common.segments import closed_segments, open_segment

DAY_S = 86_400.0
SITES = ["a", "b", "c"]


instants = st.integers(0, 30).map(lambda n: NOON + 500 * n)
messages = st.builds(
    lambda instant, sites: message(instant, *sites), instants, st.sets(st.sampled_from(SITES), min_size=1)
)
batches = st.lists(messages, min_size=1, max_size=4)


def said_by_lines(directory: Path) -> Checkpoint:
    """What all segments say in sum, read line by line."""
    contents = Contents()
    for path in [*closed_segments(directory).values(), open_segment(directory)]:
        for recovered in recover(path):
            contents.read_back(recovered.records)
    return contents.snapshot(segment=0, size=0).checkpoint()


def sums(checkpoint: Checkpoint) -> object:
    """What does not depend on where a segment ends."""
    return (checkpoint.records, checkpoint.sites, checkpoint.newest, checkpoint.meter, checkpoint.pv, checkpoint.energy)


class JournalMachine(RuleBasedStateMachine):
    """A journal, its upkeep, a disk that breaks, and the readings that were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(mkdtemp())
        self.sent: set[tuple[str, int]] = set()
        self.unacknowledged: list[Admitted] = []
        self.now_s = NOON / 1000

    @initialize()
    def start(self) -> None:
        """Open the journal, as after any end; what was not acknowledged comes again."""
        self.disk = BreakingDisk()
        self.upkeep = Upkeep(self.directory, disk=self.disk)
        self.opened: Journal = journal(
            self.directory, closed=self.upkeep.offer, segment_size=700, disk=self.disk, clock=lambda: self.now_s
        )
        self.opened.__enter__()
        record(self.opened, *self.unacknowledged)
        self.unacknowledged = []

    @rule(batch=batches)
    def deliver(self, batch: list[Admitted]) -> None:
        """Readings come, some of them again; what the journal takes for new is what was never sent."""
        asked = {(site, each.instant) for each in batch for site in each.sites}

        count = record(self.opened, *batch)

        assert count == len(asked - self.sent)
        self.sent |= asked

    @rule()
    def keep_up(self) -> None:
        """The other thread gets a turn."""
        self.upkeep.turn()

    @rule()
    def sleep(self) -> None:
        """Another day begins."""
        self.now_s += DAY_S

    @rule()
    def restart(self) -> None:
        """An orderly end."""
        self.opened.__exit__()
        self.start()

    @rule(batch=batches, left=st.integers(0, 12), share=st.floats(0, 1))
    def crash(self, batch: list[Admitted], left: int, share: float) -> None:
        """The process dies somewhere between a batch and the end of the upkeep for it."""
        self.disk.left, self.disk.share = left, share
        try:
            record(self.opened, *batch)
            self.upkeep.turn()
        except Crash:
            pass
        self.sent |= {(site, each.instant) for each in batch for site in each.sites}
        self.unacknowledged = batch
        self.restart()

    @rule(first=batches, second=batches, left=st.integers(0, 12), share=st.floats(0, 1))
    def crash_with_two_on_their_way(
        self, first: list[Admitted], second: list[Admitted], left: int, share: float
    ) -> None:
        """The process dies while a batch is being written, or the next, which was looked at meanwhile."""
        self.disk.left, self.disk.share = left, share
        try:
            self.opened.append(records_of(self.opened.unseen(first)))
            record(self.opened, *second)
        except Crash:
            pass
        both = [*first, *second]
        self.sent |= {(site, each.instant) for each in both for site in each.sites}
        self.unacknowledged = both
        self.restart()

    @invariant()
    def each_reading_stands_there_once(self) -> None:
        """And no line is broken."""
        lines = held(self.directory)
        assert len(lines) == len(set(lines))
        assert set(lines) == self.sent

    @invariant()
    def a_start_would_learn_what_the_lines_say(self) -> None:
        """From the checkpoint and what is newer than it."""
        past = read_past(self.directory)
        for recovered in recover(open_segment(self.directory)):
            past.contents.read_back(recovered.records)
        assert sums(past.contents.snapshot(segment=0, size=0).checkpoint()) == sums(said_by_lines(self.directory))

    def teardown(self) -> None:
        """Leave nothing."""
        self.opened.__exit__()
        shutil.rmtree(self.directory)


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
