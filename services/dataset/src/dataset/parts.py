"""The files of a data set: which there are, and how one is made."""

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dataset.compression import SUFFIXES
from dataset.files import opened, remove_remains
from dataset.recipe import Model, Recipe
from dataset.simulation import Simulation
from dataset.tiles import Tile, by_day
from dataset.workers import go_on
from pvsim_common.messages import format_timestamp


class Part(NamedTuple):
    """A file with some instants [ms since 1970] of a data set; None is standard output."""

    path: Path | None
    instants: range


def parts_of(recipe: Recipe, directory: Path) -> Iterator[Part]:
    """One file for each UTC day of a shard, where other tools look for the days: date=2026-06-21/part-0.parquet."""
    compressed = "" if recipe.format_name == "parquet" else SUFFIXES[recipe.compress]  # it compresses inside
    name = f"part-{recipe.shard}.{recipe.format.suffix}{compressed}"
    for instants in by_day(recipe.instants):
        yield Part(directory / f"date={format_timestamp(instants[0])[:10]}" / name, instants)


def tiles_of(recipe: Recipe, part: Part) -> Iterator[Tile]:
    """The tiles of a file, in its order."""
    return recipe.format.tiles(len(recipe.sites), part.instants)


def encoded(recipe: Recipe, tile: Tile) -> bytes:
    """A tile, simulated and ready to be written."""
    sites = _sites(recipe)[tile.rows.start : tile.rows.stop]
    return recipe.format.encode(tile, sites, _simulation(recipe.model).powers(sites, tile.instants))


def write(recipe: Recipe, part: Part, tiles: Iterable[bytes]) -> None:
    """Write a file of its encoded tiles. Raises OSError that names it."""
    if part.path is not None:
        remove_remains(part.path)
    with opened(part.path) as file:
        recipe.format.write(file, tiles, recipe.compress)


def make(recipe: Recipe, part: Part) -> Part:
    """Make a file, all of it here. Raises OSError that names it, StoppedError."""

    def tiles() -> Iterator[bytes]:
        for tile in tiles_of(recipe, part):
            go_on()
            yield encoded(recipe, tile)

    write(recipe, part, tiles())
    return part


@functools.lru_cache(maxsize=1)
def _sites(recipe: Recipe) -> list[str]:
    return recipe.sites


@functools.lru_cache(maxsize=1)
def _simulation(model: Model) -> Simulation:
    """A process goes on with the homes it has, tile after tile."""
    return Simulation(model)
