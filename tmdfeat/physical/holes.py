"""Missing pixels: left out where only the heights count, filled where their places do."""

from functools import cached_property

import numpy as np

from tmdfeat.preprocess import fill_harmonic

MOST = 0.2  # share of a map that may be missing


class Holed:
    """A map with missing pixels, in the two forms that descriptors take.

    Parameters
    ----------
    z : array of shape (H, W)
        NaN where missing.
    """

    def __init__(self, z):
        self.z = np.asarray(z)

    @cached_property
    def holes(self) -> np.ndarray:
        """Where pixels are missing."""
        return np.isnan(self.z) if self.z.dtype.kind == "f" else np.zeros(self.z.shape, bool)

    @cached_property
    def masked(self) -> np.ndarray:
        """The heights that there are: the map itself, or one row of them."""
        return self.z[~self.holes][None, :] if self.holes.any() else self.z

    @cached_property
    def filled(self) -> np.ndarray:
        """The map, each hole spanned from its rim."""
        return fill_harmonic(self.z, MOST) if self.holes.any() else self.z

    def form(self, missing: str) -> np.ndarray:
        """Return what a descriptor with this way of treating missing pixels takes."""
        return self.masked if missing == "mask" else self.filled


def check_holes(z) -> None:
    """Raise if more of a map is missing than can be made up for.

    Raises
    ------
    ValueError
    """
    share = np.count_nonzero(np.isnan(z)) / z.size
    if share > MOST:
        raise ValueError(
            f"heights must not be missing (NaN) in more than {MOST:.0%} of a map, here {share:.1%} "
            "are. Crop the map to the part that was measured."
        )
