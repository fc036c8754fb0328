"""A pvsim for each partition on one machine: what each is called, where its journal is, what it alone is told."""

from collections.abc import Mapping


def names_of(partitions: int) -> list[str]:
    """The pvsims, by their partitions."""
    return ["pvsim"] if partitions == 1 else [f"pvsim-{n}" for n in range(partitions)]


def journals_of(directory: str, partitions: int) -> list[str]:
    """Their journals' directories: that of the first is the one that a single pvsim would have."""
    return [directory, *(f"{directory}-{n}" for n in range(1, partitions))]


def own_environment(partitions: int, journals: list[str]) -> Mapping[str, dict[str, str]]:
    """What pvsims and exporter are told besides what all are; nothing where there is one partition."""
    if partitions == 1:
        return {}
    each = {
        name: {"PVSIM_PARTITION": str(n), "PVSIM_JOURNAL_DIRECTORY": journals[n]}
        for n, name in enumerate(names_of(partitions))
    }
    return each | {"exporter": {"EXPORTER_JOURNAL_DIRECTORY": ",".join(journals)}}
