"""pyNSID HDF5: each channel is a dataset that names its quantity, its unit and its axes.

Axes called x and y are columns and rows, in whatever order they are stored. Igor's images, of
which many pyNSID files are made, have the bottom line first.
"""

from pathlib import Path

import numpy as np

from tmdfeat.io.channels import NOT_HEIGHTS, choose, distinct
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan
from tmdfeat.io.units import nm_per

REQUIRED = ("quantity", "units", "data_type")


def read_nsid(path: Path, channel: str | None) -> Scan:
    """Read one image of a pyNSID file.

    Parameters
    ----------
    path : Path
    channel : str or None
        The quantity, as in "HeightRetrace".

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return _read(_images(file), channel)
    except ReadError:
        raise
    # h5py passes on what the HDF5 library meets in a damaged file.
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ReadError(f"expected a whole HDF5 file in pyNSID layout: {error}") from error


def _images(file) -> list:
    import h5py

    datasets = []
    file.visititems(lambda _, x: datasets.append(x) if isinstance(x, h5py.Dataset) else None)
    images = [d for d in datasets if d.ndim == 2 and all(key in d.attrs for key in REQUIRED)]
    if not images:
        raise ReadError(
            "expected an image in pyNSID layout (a 2-D dataset with attributes "
            f"{', '.join(REQUIRED)}), got datasets {[d.name for d in datasets][:20]}. "
            "Read the one you want with h5py and pass the array."
        )
    return images


def _read(images: list, channel: str | None) -> Scan:
    names = distinct([_text(image.attrs["quantity"]) for image in images])
    units = [_unit(image) for image in images]
    chosen = choose(names, units, channel)
    image = images[chosen]
    z = image[()]
    dy, dx = _step(image.dims[0]), _step(image.dims[1])
    if _label(image.dims[0]) == "x":
        z, dy, dx = z.T, dx, dy
    if _is_from_igor(image):
        z = z[::-1]
    pixel_size = None if dy is None or dx is None else (dy, dx)
    return Scan(z, "pyNSID", units[chosen], pixel_size, names[chosen], tuple(names))


def _unit(image) -> str:
    unit, quantity = _text(image.attrs["units"]), _text(image.attrs["quantity"]).casefold()
    # The converter from Igor writes "m" wherever it knows no better, even for phases.
    lengths = ("amplitude", "deflection", "deformation", "indentation", "error")
    wrong = nm_per(unit) is not None and any(
        word in quantity for word in NOT_HEIGHTS if word not in lengths
    )
    return f"an unknown unit (the file says {unit})" if wrong else unit


def _step(dimension) -> float | None:
    """Return the distance between pixels in nm."""
    if not len(dimension):
        return None
    scale = dimension[0]
    nm = nm_per(_text(scale.attrs.get("units", "")))
    if nm is None or scale.size < 2:
        return None
    values = scale[()].astype(np.float64)
    return float(abs(values[-1] - values[0]) / (values.size - 1) * nm) or None


def _label(dimension) -> str:
    return _text(dimension.label or "").casefold()


def _is_from_igor(image) -> bool:
    notes = image.parent.get("original_metadata")
    return notes is not None and "IgorFileVersion" in notes.attrs


def _text(value) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
