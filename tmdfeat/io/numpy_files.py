"""NumPy's own files, .npy and .npz. They state no unit and no pixel size."""

import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from tmdfeat.io.channels import choose
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan

# What NumPy, and zipfile under it, raise on bytes that are not theirs.
DAMAGE = (
    *(ValueError, OSError, EOFError, KeyError, MemoryError, RuntimeError),
    *(tokenize.TokenError, zipfile.BadZipFile, zlib.error),
)


def read_npy(path: Path, channel: str | None) -> Scan:
    """Read the one array of a .npy file.

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
    """
    choose(["heights"], [None], channel)
    try:
        with path.open("rb") as file:
            return Scan(np.lib.format.read_array(file, allow_pickle=False), "npy")
    except DAMAGE as error:
        raise ReadError(f"expected a .npy file with one array of numbers: {error}") from error


def read_npz(path: Path, channel: str | None) -> Scan:
    """Read one array of a .npz file.

    Parameters
    ----------
    path : Path
    channel : str or None
        Name of the array; may be left out if there is only one.

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    try:
        # Opened here, because np.load leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            names = archive.files
            name = names[choose(names, [None] * len(names), channel)]
            return Scan(archive[name], "npz", channel=name, channels=tuple(names))
    except ReadError:
        raise
    except (*DAMAGE, TypeError) as error:  # TypeError: it is a .npy file
        raise ReadError(f"expected a .npz file with arrays of numbers: {error}") from error
