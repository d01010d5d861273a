"""Other instruments' formats, through SurfaceTopography (the extra ``tmdfeat[formats]``)."""

from pathlib import Path

from tmdfeat.io.channels import choose, distinct
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan
from tmdfeat.io.units import nm_per

HINT = (
    "tmdfeat itself reads text, .npy, .npz, TIFF, PNG, JPEG, NanoScope, .gwy and pyNSID HDF5; "
    "formats of other instruments need SurfaceTopography: pip install 'tmdfeat[formats]'"
)


def read_other(path: Path, channel: str | None) -> Scan:
    """Read a file through SurfaceTopography.

    Parameters
    ----------
    path : Path
    channel : str or None

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
        If SurfaceTopography is not installed, or does not know or cannot read the file.
    """
    try:
        from SurfaceTopography import open_topography
    except ImportError as error:
        raise ReadError(f"there is no built-in reader for this file. {HINT}.") from error
    try:
        reader = open_topography(str(path))
        maps = [c for c in reader.channels if c.dim == 2]
        return _scan(maps, channel, type(reader).__name__.removesuffix("Reader"))
    except ReadError:
        raise
    # Its forty readers raise anything on files that are not theirs, or are damaged.
    except Exception as error:
        reason = " ".join(str(error).split())[:300]
        raise ReadError(f"SurfaceTopography could not read it ({reason}). {HINT}.") from error


def _scan(maps, channel: str | None, name: str) -> Scan:
    if not maps:
        raise ReadError("it holds no map, only lines or curves.")
    names = distinct([c.name for c in maps])
    units = [_unit(c) for c in maps]
    chosen = choose(names, units, channel)
    info = maps[chosen]
    # A size must be given where the file has none; it does not touch the heights.
    sizes = info.nb_grid_pts if info.physical_sizes is None else None
    topography = info.topography(physical_sizes=sizes)
    pixel_size = None
    nm = nm_per(_first(topography.unit))
    if info.physical_sizes is not None and nm is not None:
        (size_x, size_y), (n_x, n_y) = info.physical_sizes, info.nb_grid_pts
        pixel_size = (float(size_y) / n_y * nm, float(size_x) / n_x * nm)
    # SurfaceTopography has x first.
    z = topography.heights().T
    return Scan(z, name, units[chosen], pixel_size, names[chosen], tuple(names))


def _unit(info) -> str | None:
    if isinstance(info.unit, tuple):
        return info.unit[1] or "an unknown unit"
    return info.unit if info.is_height_channel else info.data_unit or "an unknown unit"


def _first(unit) -> str | None:
    return unit[0] if isinstance(unit, tuple) else unit
