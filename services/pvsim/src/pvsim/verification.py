"""Check a journal offline: each line, each sum, each reading once, and that the checkpoint agrees."""

from collections.abc import Callable
from pathlib import Path

import zstandard

from pvsim.agreement import disagreements, gaps_of, uncovered
from pvsim.compression import plain_size
from pvsim.contents import Contents
from pvsim.findings import Fault, SegmentCheck, Verification
from pvsim.lines import Lines, lines_of
from pvsim.past import contents_of, former_contents
from pvsim_common.checkpoint import Checkpoint, read_checkpoint
from pvsim_common.segments import FORMER, JournalError, closed_segments, open_segment, read_identity


class Verifier:
    """Reads a journal from its first segment to its last; never changes anything."""

    def __init__(self, directory: Path, *, running: bool, told: Callable[[SegmentCheck], None]) -> None:
        """Running: a pvsim writes to it meanwhile. Told hears of each segment as soon as it has been read."""
        self._directory = directory
        self._running = running
        self._told = told
        self._found = Verification()
        self._contents = Contents()  # of former journals, and of the segments that were read
        self._former = 0  # records of these journals
        self._size = 0  # of these, not compressed [bytes]

    def verify(self) -> Verification:
        """All that can be said. Raises OSError."""
        self._check_identity()
        self._read_former()
        checkpoint = self._read_checkpoint()
        self._read_closed(checkpoint)
        self._read_open()
        self._found.gaps = list(gaps_of(self._contents))
        self._found.records = self._contents.records - self._former
        self._found.sites = self._contents.sites()
        return self._found

    def _fault(self, what: str) -> None:
        self._found.faults.append(Fault(what))

    def _check_identity(self) -> None:
        try:
            if read_identity(self._directory) is None:
                self._fault("journal.json is missing: nobody knows whose journal this is")
        except JournalError as error:
            self._fault(str(error))

    def _read_former(self) -> None:
        """Begin with what journals of another number of partitions hold: it must not stand here again."""
        try:
            self._contents = former_contents(self._directory)
        except JournalError as error:
            self._found.whole = False
            self._fault(str(error))
        self._former = self._contents.records
        if self._former:
            self._found.notes.append(f"{FORMER}: {self._former:,} records of these sites stand in former journals")

    def _read_checkpoint(self) -> Checkpoint | None:
        try:
            checkpoint = read_checkpoint(self._directory)
            contents_of(self._directory, checkpoint)
        except JournalError as error:
            self._found.checkpoint, self._found.checkpoint_is_wrong = "broken", True
            self._fault(str(error))
            return None
        return checkpoint

    def _read_closed(self, checkpoint: Checkpoint | None) -> None:
        last, covered = 0, checkpoint.segment if checkpoint is not None else 0
        while newer := [number for number in closed_segments(self._directory) if number > last]:
            for number in newer:  # a pvsim that runs may close, compress and remove others meanwhile
                if last <= covered < number:
                    self._meet(checkpoint, upto=last)
                self._miss(range(last + 1, number), covered)
                if path := closed_segments(self._directory).get(number):
                    self._read(path, last=False)
                else:
                    self._miss(range(number, number + 1), number)
                last = number
        if last <= covered:
            self._miss(range(last + 1, covered + 1), covered)
            self._meet(checkpoint, upto=covered)

    def _miss(self, numbers: range, covered: int) -> None:
        """Segments that are not there: removed by retention, if the checkpoint covers them."""
        if numbers:
            self._found.whole = False
            text = f"the segments {numbers[0]} to {numbers[-1]} are not there"
            if numbers[-1] <= covered:
                self._found.notes.append(f"{text}: what the checkpoint says of them cannot be checked")
            else:
                self._fault(f"{text}, and no checkpoint covers them")

    def _meet(self, checkpoint: Checkpoint | None, *, upto: int) -> None:
        """Now that the segments it covers were read, compare the checkpoint with what they say, and go on from it."""
        if checkpoint is None:
            return
        if self._found.whole and upto == checkpoint.segment:
            said = self._contents.snapshot(segment=upto, size=self._size).checkpoint()
            differing = disagreements(checkpoint, said)
        else:
            known = contents_of(self._directory, checkpoint)
            differing = uncovered(self._contents, known)
            self._contents = known
        self._found.faults += [Fault(f"checkpoint.json: {text}") for text in differing]
        self._found.checkpoint_is_wrong = bool(differing)
        self._found.checkpoint = f"up to segment {checkpoint.segment}, {'wrong' if differing else 'agrees'}"

    def _read_open(self) -> None:
        path = open_segment(self._directory)
        if path.exists():
            self._read(path, last=True)
        elif not self._running:
            self._found.notes.append(f"{path.name} is not there: pvsim makes it at its next start")

    def _read(self, path: Path, *, last: bool) -> None:
        faults: list[Fault] = []
        before = self._contents.records
        end = 0
        try:
            for lines in lines_of(path):
                faults += self._check(lines)
                end = lines.offset + len(lines.content)
            if end != plain_size(path) and not last:
                raise zstandard.ZstdError("it ends too early")
        except zstandard.ZstdError as error:
            self._found.whole = False
            faults.append(Fault(f"cannot be decompressed: {error}", end, unreadable=True))
        self._size += end
        if last:
            faults = self._without_torn(path, faults, end)
        check = SegmentCheck(path, self._contents.records - before, faults)
        self._found.segments.append(check)
        self._told(check)

    def _check(self, lines: Lines) -> list[Fault]:
        if lines.records is None:
            return [Fault(lines.fault, lines.offset, len(lines.content), broken=True)]
        faults = [Fault(lines.fault, lines.offset, len(lines.content))] if lines.fault else []
        first = self._contents.read_back(lines.records)
        bounds = lines.bounds() if not first.all() else []
        for index in (~first).nonzero()[0].tolist():
            what, offset = f"{lines.records.sites[index]} stands there again", bounds[index]
            faults.append(Fault(what, offset, bounds[index + 1] - offset, again=True))
        return faults

    def _without_torn(self, path: Path, faults: list[Fault], end: int) -> list[Fault]:
        """Broken lines at the very end are no fault: they were being written when pvsim or this was stopped."""
        torn = 0
        while faults and faults[-1].broken and faults[-1].offset + faults[-1].length == end - torn:
            torn += faults.pop().length
        if torn:
            reason = "a pvsim is writing them" if self._running else "pvsim cuts them off at its next start"
            self._found.notes.append(f"{path.name} ends with {torn} bytes that are no line: {reason}")
        return faults
