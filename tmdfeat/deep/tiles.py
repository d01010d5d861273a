"""Large scans seen in overlapping square tiles."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tmdfeat.heightmap import HeightMap
from tmdfeat.parameters import check_choice, check_integer

REDUCE = ("mean", "max")
UNITS = ("px", "nm")


@dataclass(frozen=True)
class Tiles:
    """Cut each map into square tiles, send each through the network, join what it says.

    Tiles are spread evenly so that they reach all four edges; they overlap by at least
    `overlap`. A map smaller than a tile, along either side, is one tile there. The contrast is
    that of the whole map, so that a flat corner stays flat.

    Parameters
    ----------
    size : number
        Side of a tile in `unit`.
    overlap : float, default 0.0
        Least share of a tile that its neighbour sees too, 0 <= overlap < 1.
    unit : {"px", "nm"}, default "px"
        With ``"nm"`` scans of different size and resolution show the network structures at one
        scale; maps must have a pixel size.
    reduce : {"mean", "max"}, default "mean"
        How the tiles' vectors become one.

    Examples
    --------
    >>> from tmdfeat.deep import Tiles
    >>> [(rows.start, columns.start) for rows, columns in Tiles(100, overlap=0.1).cut((100, 250))]
    [(0, 0), (0, 75), (0, 150)]
    """

    size: float
    overlap: float = 0.0
    unit: str = "px"
    reduce: str = "mean"

    def __post_init__(self):
        check_choice("unit", self.unit, UNITS)
        check_choice("reduce", self.reduce, REDUCE)
        if self.unit == "px":
            check_integer("size", self.size, 1)
        elif not (math.isfinite(self.size) and self.size > 0):
            raise ValueError(f"size must be above 0 nm, got {self.size!r}.")
        if not 0 <= self.overlap < 1:
            raise ValueError(f"overlap must be in 0 <= overlap < 1, got {self.overlap!r}.")

    def recipe(self) -> tuple:
        """Plain values of everything that changes the result."""
        return ("tiles", float(self.size), float(self.overlap), self.unit, self.reduce)

    def check(self, image: HeightMap) -> None:
        """Raise ValueError if `unit` is "nm" and the map has no pixel size."""
        if self.unit == "nm" and image.pixel_size is None:
            raise ValueError(
                "Tiles(unit='nm') needs a pixel size in nm, and the map has none. Give it where "
                "the map is made, read(path, pixel_size=...) or HeightMap(z, pixel_size=...), or "
                "use unit='px'."
            )

    def of(self, image: HeightMap) -> list[tuple[slice, slice]]:
        """Return the tiles of a map, row by row.

        Raises
        ------
        ValueError
            As `check`.
        """
        if self.unit == "px":
            return self.cut(image.shape)
        self.check(image)
        dy, dx = image.pixel_size  # type: ignore[misc]
        return self.cut(image.shape, max(1, round(self.size / dy)), max(1, round(self.size / dx)))

    def cut(self, shape: tuple[int, int], *sides: int) -> list[tuple[slice, slice]]:
        """Return the tiles of a map of `shape` pixels; `sides` are pixels, by default `size`."""
        height, width = sides or (int(self.size), int(self.size))
        return [
            (rows, columns)
            for rows in _along(shape[0], height, self.overlap)
            for columns in _along(shape[1], width, self.overlap)
        ]

    def join(self, vectors: np.ndarray) -> np.ndarray:
        """Reduce the vectors of a map's tiles, (n_tiles, columns), to one."""
        return vectors.max(axis=0) if self.reduce == "max" else vectors.mean(axis=0)


def _along(length: int, side: int, overlap: float) -> Iterator[slice]:
    side = min(side, length)
    # Whole pixels, or rounding would take from the overlap; 1 - 0.8 is a little below 0.2.
    stride = max(1, math.floor(side * (1 - overlap) + 1e-9))
    steps = math.ceil((length - side) / stride)
    for start in np.linspace(0, length - side, steps + 1).round().astype(int).tolist():
        yield slice(start, start + side)
