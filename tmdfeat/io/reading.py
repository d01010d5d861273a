"""`read`: from a path to a HeightMap, whatever the format."""

import os
from dataclasses import dataclass
from pathlib import Path

from tmdfeat.heightmap import HeightMap


@dataclass(frozen=True)
class ScanFile:
    """A scan that stays on disk until it is needed, with how to read it.

    What `read` takes, kept together: put it in X where a bare path would lack the scale.

    Parameters
    ----------
    path : path
    channel, pixel_size, z_unit
        As in `read`.
    """

    path: str | os.PathLike
    channel: str | None = None
    pixel_size: float | tuple[float, float] | None = None
    z_unit: str | None = None

    def read(self) -> HeightMap:
        """Read the file."""
        return read(self.path, self.channel, self.pixel_size, self.z_unit)


def read(path, channel=None, pixel_size=None, z_unit=None) -> HeightMap:
    raise NotImplementedError(Path(path))
