"""ScanFile: a path, and what the file itself does not say."""

import os
from dataclasses import dataclass

from tmdfeat.heightmap import HeightMap
from tmdfeat.io.reading import read


@dataclass(frozen=True)
class ScanFile:
    """A scan that stays on disk until it is needed, with how to read it.

    What `read` takes, kept together: put it in X where a bare path would lack the scale.

    Parameters
    ----------
    path : path
    channel, pixel_size, z_unit
        As in `read`.

    Examples
    --------
    >>> from tmdfeat.io import ScanFile
    >>> ScanFile("a.txt", pixel_size=19.5, z_unit="m").pixel_size
    19.5
    """

    path: str | os.PathLike
    channel: str | None = None
    pixel_size: float | tuple[float, float] | None = None
    z_unit: str | None = None

    def read(self) -> HeightMap:
        """Read the file."""
        return read(self.path, self.channel, self.pixel_size, self.z_unit)
