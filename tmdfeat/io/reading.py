"""`read`: from a path to a HeightMap, whatever the format."""

from collections.abc import Callable
from pathlib import Path

from tmdfeat.heightmap import HeightMap
from tmdfeat.io.errors import ReadError
from tmdfeat.io.gwy import read_gwy
from tmdfeat.io.gwyddion_ascii import read_text
from tmdfeat.io.nanoscope import read_nanoscope
from tmdfeat.io.nsid import read_nsid
from tmdfeat.io.numpy_files import read_npy, read_npz
from tmdfeat.io.pictures import read_picture
from tmdfeat.io.scan import Scan, to_heightmap
from tmdfeat.io.surface_topography import read_other
from tmdfeat.io.tiff import read_tiff
from tmdfeat.io.units import nm_per

Reader = Callable[[Path, str | None], Scan]

# What is not in here goes to SurfaceTopography, if its content is none of these either.
READERS: dict[str, Reader] = {
    **dict.fromkeys([".txt", ".csv", ".asc", ".dat"], read_text),
    ".npy": read_npy,
    ".npz": read_npz,
    **dict.fromkeys([".tif", ".tiff"], read_tiff),
    **dict.fromkeys([".png", ".jpg", ".jpeg", ".bmp"], read_picture),
    **dict.fromkeys([".spm", ".di", *(f".{n:03d}" for n in range(1000))], read_nanoscope),
    ".gwy": read_gwy,
    **dict.fromkeys([".h5", ".hdf5", ".hf5"], read_nsid),
}

# First bytes -> the suffix they belong to.
CONTENTS = {
    b"\\*File list": ".spm",
    b"GWYP": ".gwy",
    b"\x89HDF\r\n\x1a\n": ".h5",
    b"\x93NUMPY": ".npy",
    b"PK\x03\x04": ".npz",
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
}


def read(path, channel=None, pixel_size=None, z_unit=None) -> HeightMap:
    """Read one height map from a file.

    The suffix decides what is expected; a file whose suffix says nothing is known by its first
    bytes. Built in are text (Gwyddion's ASCII export, any matrix of numbers), .npy, .npz, TIFF,
    PNG, JPEG, Bruker NanoScope, Gwyddion .gwy and pyNSID HDF5. Formats of other instruments need
    ``pip install 'tmdfeat[formats]'``.

    Parameters
    ----------
    path : str or path
    channel : str, optional
        Which of several channels, arrays or pages; "Height" finds the first of "Height (Trace)"
        and "Height (Retrace)". By default the heights: "Height Sensor", then "ZSensor", then
        "Height", then the first that is a length and not named after another signal.
    pixel_size : float or (dy, dx), optional
        In nm, for a file that does not say. What a file says stands.
    z_unit : str, optional
        Unit of the numbers in a file that does not state one: "m", "um", "nm", "pm",
        "angstrom", ... What a file says stands. Only "relative" goes before it: the numbers
        as they are, whatever the file states.

    Returns
    -------
    HeightMap
        In nm where the file or `z_unit` gives a length unit, else relative; row 0 is the top.
        ``meta`` has "format", "channel", "channels" and "unit" (that of the file).

    Raises
    ------
    ReadError
        If the file is damaged, not what its suffix says, a colour picture, lacks the channel
        (those there are get listed), or has no channel of heights. A channel that is no length
        is only read with ``z_unit="relative"``.
    FileNotFoundError, IsADirectoryError, PermissionError
    ValueError
        If `z_unit` is no length unit.

    Warns
    -----
    UserWarning
        If the file states a unit or a pixel size (by more than 2 %) other than the one given.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> from tmdfeat import read
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "scan.txt"
    ...     np.savetxt(file, [[1e-9, 2e-9], [3e-9, 4e-9]])
    ...     scan = read(file, pixel_size=10.0, z_unit="m")
    >>> scan
    HeightMap('scan.txt', 2x2 px, 20 x 20 nm, heights in nm)
    >>> scan.z.max().round(6)
    np.float64(4.0)
    """
    path = Path(path)
    if z_unit is not None and z_unit != "relative" and nm_per(z_unit) is None:
        raise ValueError(
            f"z_unit must be 'relative' or a length unit such as 'm', 'um', 'nm', got {z_unit!r}."
        )
    suffix, content = path.suffix.lower(), _content(_first_bytes(path))
    reader = READERS.get(suffix) or READERS.get(content, read_other)
    try:
        return to_heightmap(reader(path, channel), path, pixel_size, z_unit)
    except ReadError as error:
        hint = ""
        if content and READERS[content] is not reader:
            hint = f" Its content looks like a {content} file: give it that suffix."
        raise ReadError(f"{path}: {error}{hint}") from error


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a directory; read one file of it at a time.")
    if not path.exists():
        raise FileNotFoundError(f"there is no file {str(path)!r}.")
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise ReadError(f"{path}: the file is empty.")
    return head


def _content(head: bytes) -> str:
    return next((suffix for magic, suffix in CONTENTS.items() if head.startswith(magic)), "")
