"""What a reading weighs: on the wire, in the journal, and in a closed segment of it."""

from pathlib import Path

from tests.benchmark.expected import lines, real_model
from tests.benchmark.load import Load, body
from tests.benchmark.results import Weight

from pvsim.compression import compress

READINGS_A_MESSAGE = (1, 10, 100, 1000)
_A_SEGMENT = Load(homes=1000, instants=500)  # about 64 MiB


def weight(directory: Path) -> Weight:
    """Bytes per reading; a segment is written into the directory for it."""
    plain, compressed = directory / "segment.jsonl", directory / "segment.jsonl.zst"
    with plain.open("wb") as file:
        file.writelines(lines(_A_SEGMENT, real_model(_A_SEGMENT.sites)))
    compress(plain, compressed, stopped=lambda: False)
    return Weight(
        wire={str(count): len(body(count)) / count for count in READINGS_A_MESSAGE},
        disk=plain.stat().st_size / _A_SEGMENT.readings,
        disk_compressed=compressed.stat().st_size / _A_SEGMENT.readings,
    )
