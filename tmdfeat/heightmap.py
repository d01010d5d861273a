"""HeightMap: the one sample type. Everything in tmdfeat turns height maps into something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Z_UNITS = ("nm", "relative")
WAYS_OUT = {  # by kind of dtype
    "b": " If a mask is meant as heights, use z.astype(float).",
    "O": " If it holds numbers, use z.astype(float).",
    "c": " Take one part of it, e.g. z.real.",
}

# Two heights that differ by no more, relative to the larger, are equal but for rounding.
ROUNDING = 4 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False, repr=False)
class HeightMap:
    """One scan: heights on a regular grid, and what is known about their scale.

    Parameters
    ----------
    z : array of shape (H, W)
        Heights; axis 0 is the row (slow scan axis), axis 1 the column. Kept as float32 or
        float64 without a copy, other numbers become float64. NaN marks a missing pixel.
        The stored array is read-only.
    z_unit : {"relative", "nm"}, default "relative"
        ``"relative"`` says that the numbers are no lengths, as in a contrast-stretched picture.
    pixel_size : float or (dy, dx), optional
        Distance between pixels in nm, along rows and columns. None: not known.
    name : str, optional
        Where the map comes from, usually the file name. Errors quote it.
    meta : mapping, optional
        Anything else the file said (channel, instrument, ...). Nothing computes with it.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.
    ValueError
        If `z` is not 2-D or has fewer than two pixels, or `z_unit` or `pixel_size` is
        not one of the above.

    Examples
    --------
    >>> from tmdfeat import HeightMap
    >>> scan = HeightMap([[0.0, 0.6], [0.6, 0.6]], z_unit="nm", pixel_size=2.0, name="a.spm")
    >>> scan
    HeightMap('a.spm', 2x2 px, 4 x 4 nm, heights in nm)
    >>> scan.pixel_size
    (2.0, 2.0)
    """

    z: np.ndarray
    z_unit: str = "relative"
    pixel_size: tuple[float, float] | None = None
    name: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        if self.z_unit not in Z_UNITS:
            raise ValueError(
                f"z_unit must be one of {Z_UNITS}, got {self.z_unit!r}. "
                "Convert lengths to nm first, or use read(path, z_unit=...), which converts."
            )
        object.__setattr__(self, "z", _heights(self.z))
        object.__setattr__(self, "pixel_size", check_pixel_size(self.pixel_size))
        object.__setattr__(self, "meta", dict(self.meta))

    def __setstate__(self, state):
        # Arrays forget in pickles and deep copies that they were read-only.
        self.__dict__.update(state, z=_read_only(state["z"]))

    @property
    def shape(self) -> tuple[int, int]:
        """Pixels along (row, column)."""
        return (self.z.shape[0], self.z.shape[1])

    @property
    def scan_size(self) -> tuple[float, float] | None:
        """Extent in nm along (row, column), or None if the pixel size is not known."""
        if self.pixel_size is None:
            return None
        return (self.shape[0] * self.pixel_size[0], self.shape[1] * self.pixel_size[1])

    def __repr__(self):
        extent = "unknown scale"
        if self.scan_size is not None:
            extent = f"{self.scan_size[0]:g} x {self.scan_size[1]:g} nm"
        heights = "heights in nm" if self.z_unit == "nm" else "relative heights"
        return f"HeightMap({self.name!r}, {self.shape[0]}x{self.shape[1]} px, {extent}, {heights})"


def is_flat_between(low: float, high: float) -> bool:
    """Whether heights from `low` to `high` are equal up to the rounding of the larger."""
    return bool(high - low <= ROUNDING * max(abs(low), abs(high)))


def as_array(z) -> np.ndarray:
    """Return any array-like as NumPy's, or raise TypeError: a tensor with a gradient is none."""
    if isinstance(z, np.ma.MaskedArray):
        return z
    try:
        return np.asarray(z)
    except RuntimeError as error:
        kind = type(z).__name__
        raise TypeError(f"{kind} cannot be used as an array of heights: {error}") from error


def _heights(z) -> np.ndarray:
    if isinstance(z, np.ma.MaskedArray):
        z = np.ma.filled(z.astype(np.float64), np.nan)
    z = as_array(z)
    if z.dtype.kind not in "iuf":
        way_out = WAYS_OUT.get(z.dtype.kind, "")
        raise TypeError(f"heights must be real numbers, got an array of dtype {z.dtype}.{way_out}")
    if z.ndim == 3 and z.shape[2] in (3, 4):
        raise ValueError(
            f"a height map is 2-D (rows, columns), got shape {z.shape}, which looks like a colour "
            "picture. Take one channel, e.g. z[..., 0], or export the height channel instead."
        )
    if z.ndim != 2:
        raise ValueError(f"a height map is 2-D (rows, columns), got shape {z.shape}.")
    if z.size < 2:
        raise ValueError(f"a height map needs at least two pixels, got shape {z.shape}.")
    if z.dtype not in (np.float32, np.float64):
        z = z.astype(np.float64)
    return _read_only(z)


def _read_only(z: np.ndarray) -> np.ndarray:
    z = z.view()
    z.flags.writeable = False
    return z


def check_pixel_size(size) -> tuple[float, float] | None:
    """Return (dy, dx) from one positive number of nm or a pair of them; None stays None."""
    if size is None:
        return None
    pair = (size, size) if np.ndim(size) == 0 else size
    pair = tuple(float(s) for s in pair)
    if len(pair) != 2 or not all(np.isfinite(s) and s > 0 for s in pair):
        raise ValueError(f"pixel_size must be a positive number of nm, or (dy, dx), got {size!r}.")
    return (pair[0], pair[1])
