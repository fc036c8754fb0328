"""Make the files of a data set, with as many processes as one likes: the bytes are the same."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence

from dataset.parts import Part, encoded, make, tiles_of, write
from dataset.recipe import Recipe
from dataset.tiles import Tile
from dataset.workers import ordered, pool

Done = Callable[[int], object]


def make_all(recipe: Recipe, parts: Sequence[Part], *, workers: int, done: Done) -> None:
    """Make these files; done hears of every so many lines or rows. Raises OSError, BrokenProcessPool."""
    encode = functools.partial(encoded, recipe)
    if workers == 1:
        for part in parts:
            write(recipe, part, _told(((tile, encode(tile)) for tile in tiles_of(recipe, part)), done))
        return
    with pool(workers) as executor:
        if len(parts) >= workers:  # a file each
            for part, _ in ordered(executor, functools.partial(make, recipe), parts, ahead=2 * workers):
                done(size_of(recipe, part))
        else:  # all of them at one file
            for part in parts:
                tiles = ordered(executor, encode, tiles_of(recipe, part), ahead=2 * workers)
                write(recipe, part, _told(tiles, done))


def size_of(recipe: Recipe, part: Part) -> int:
    """How many lines or rows a file has."""
    return sum(tile.size for tile in tiles_of(recipe, part))


def _told(tiles: Iterable[tuple[Tile, bytes]], done: Done) -> Iterator[bytes]:
    for tile, content in tiles:
        yield content
        done(tile.size)
