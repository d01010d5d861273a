"""What each reader of a format hands over, and the one place where numbers become nm."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tmdfeat.heightmap import HeightMap, check_pixel_size
from tmdfeat.io.errors import ReadError
from tmdfeat.io.units import nm_per

SAME_PIXEL = 0.02  # one value for a folder whose files differ a little, as 5.00 and 5.02 µm do


@dataclass(frozen=True)
class Scan:
    """One channel as a file states it.

    Parameters
    ----------
    z : array of shape (H, W)
        The numbers in `unit`; row 0 is the top of the picture.
    format : str
        Name of the file format.
    unit : str, optional
        What the file says the numbers are in, a length or not. None: it does not say.
    pixel_size : (dy, dx), optional
        In nm. None: the file does not say.
    channel : str
        What was read.
    channels : tuple of str
        What could be read.
    """

    z: np.ndarray
    format: str
    unit: str | None = None
    pixel_size: tuple[float, float] | None = None
    channel: str = "heights"
    channels: tuple[str, ...] = ("heights",)


def to_heightmap(scan: Scan, path: Path, pixel_size, z_unit: str | None) -> HeightMap:
    """Convert to nm; what the caller knows fills in what the file does not say.

    Parameters
    ----------
    scan : Scan
    path : Path
    pixel_size : float, (dy, dx) or None
        In nm.
    z_unit : str or None
        A length unit or "relative"; see `tmdfeat.io.read`.

    Returns
    -------
    HeightMap

    Raises
    ------
    ReadError
        If the channel is no length, or the file's numbers make no height map.

    Warns
    -----
    UserWarning
        If the file says something else than the caller.
    """
    nm = None if z_unit == "relative" else _factor(scan, z_unit, path)
    try:
        _compare_pixels(scan, pixel_size, path)
        z = _floating(scan.z)
        return HeightMap(
            z=z if nm in (None, 1.0) else z * nm,
            z_unit="relative" if nm is None else "nm",
            pixel_size=pixel_size if scan.pixel_size is None else scan.pixel_size,
            name=path.name,
            meta={
                "format": scan.format,
                "channel": scan.channel,
                "channels": scan.channels,
                "unit": scan.unit,
            },
        )
    except (TypeError, ValueError) as error:
        raise ReadError(str(error)) from error


def _factor(scan: Scan, z_unit: str | None, path: Path) -> float | None:
    given, stated = nm_per(z_unit), nm_per(scan.unit)
    if not scan.unit:
        return given
    if stated is None:
        raise ReadError(
            f"channel {scan.channel!r} is in {scan.unit}, which is no length. Its channels are "
            f"{list(scan.channels)}. To read it as plain numbers, say so: "
            f"read(path, channel={scan.channel!r}, z_unit='relative')."
        )
    if given is not None and given != stated:
        warnings.warn(
            f"{path} says that its heights are in {scan.unit}; z_unit={z_unit!r} is for files that "
            "do not say, and is not used.",
            stacklevel=4,
        )
    return stated


def _compare_pixels(scan: Scan, pixel_size, path: Path) -> None:
    given = check_pixel_size(pixel_size)
    if given is None or scan.pixel_size is None:
        return
    if not np.allclose(given, scan.pixel_size, rtol=SAME_PIXEL):
        warnings.warn(
            f"{path} says that its pixels are {scan.pixel_size} nm; pixel_size={pixel_size!r} is "
            "for files that do not say, and is not used. If the file is wrong: "
            "dataclasses.replace(read(path), pixel_size=...).",
            stacklevel=4,
        )


def _floating(z) -> np.ndarray:
    # Before any factor is applied: float16 would overflow.
    known = isinstance(z, np.ma.MaskedArray) or z.dtype.kind not in "iuf"
    return z if known or z.dtype in (np.float32, np.float64) else z.astype(np.float64)
