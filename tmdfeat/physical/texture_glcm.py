"""Texture family, first part: the co-occurrence of heights at a distance (Haralick).

Each function takes heights (H, W), the pixel size and a distance in the same unit, nm (with pixel
size 1, pixels). Pairs of pixels at 0, 45, 90 and 135 degrees; 32 levels of 6 Sq / 32, so contrast
and dissimilarity are in such levels. NaN if the distance is under 0.71 pixel, where the diagonals
vanish, or leaves the map.
"""

from functools import partial

import numpy as np

from tmdfeat.physical import texture_haralick as haralick
from tmdfeat.physical.arrays import check_heights, check_pixel_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.texture_pairs import cooccurrence, height_levels, pair_offsets

DISTANCES = (4, 16, 64)


class Pairs:
    """Levels of a map and its co-occurrence matrices, one set of four per distance.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.pixel_size = check_pixel_size(pixel_size)
        self.levels = height_levels(check_heights(z))
        self._matrices: dict[float, np.ndarray | None] = {}

    def matrices(self, distance: float) -> np.ndarray | None:
        """Return (4, 32, 32) probabilities; None if the distance does not suit the map."""
        if distance not in self._matrices:
            offsets = pair_offsets(distance, self.pixel_size)
            fits = offsets[1].all() and (offsets.max(axis=0) < self.levels.shape).all()
            self._matrices[distance] = cooccurrence(self.levels, offsets) if fits else None
        return self._matrices[distance]


def pairs(z, pixel_size=1.0) -> Pairs:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Pairs) else Pairs(z, pixel_size)


def glcm_mean(z, pixel_size=1.0, measure=haralick.contrast, distance: float = 1.0) -> float:
    """Mean over the four angles of a measure of the co-occurrence matrix.

    Unchanged by an offset, a positive factor, quarter turns and flips.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    measure : callable, one of `tmdfeat.physical.texture_haralick`
    distance : float, nm

    Examples
    --------
    >>> board = np.indices((4, 4)).sum(axis=0) % 2  # levels 10 and 21
    >>> glcm_mean(board), glcm_mean(board, measure=haralick.dissimilarity)
    (60.5, 5.5)
    """
    matrices = pairs(z, pixel_size).matrices(distance)
    return np.nan if matrices is None else float(measure(matrices).mean())


def glcm_range(z, pixel_size=1.0, measure=haralick.contrast, distance: float = 1.0) -> float:
    """Largest less smallest of a measure over the four angles: 0 for an isotropic texture.

    Unchanged by an offset, a positive factor, quarter turns and flips.

    Parameters
    ----------
    z, pixel_size, measure, distance
        As in `glcm_mean`.

    Examples
    --------
    >>> board = np.indices((4, 4)).sum(axis=0) % 2
    >>> round(glcm_range(board, measure=haralick.correlation), 9)  # -1 along axes, 1 across
    2.0
    """
    matrices = pairs(z, pixel_size).matrices(distance)
    return np.nan if matrices is None else float(np.ptp(measure(matrices)))


MEASURES = {
    "contrast": haralick.contrast,
    "dissimilarity": haralick.dissimilarity,
    "homogeneity": haralick.homogeneity,
    "energy": haralick.energy,
    "correlation": haralick.correlation,
    "asm": haralick.angular_second_moment,
    "entropy": haralick.entropy,
}
STATISTICS = {"mean": (glcm_mean, "Mean"), "range": (glcm_range, "Range")}

_glcm = partial(
    Descriptor,
    family="texture",
    source="doi:10.1109/TSMC.1973.4309314",
    unit_px="px",
    needs=("pixel_size",),
    prepare=Pairs,
)

DESCRIPTORS = tuple(
    _glcm(
        f"glcm_{name}_d{distance}_{statistic}",
        partial(function, measure=measure, distance=distance),
        unit="nat" if name == "entropy" else "-",
        unit_px="nat px" if name == "entropy" else "px",
        summary=f"{word} over four angles of the co-occurrence {name} at {distance} nm (px).",
    )
    for distance in DISTANCES
    for name, measure in MEASURES.items()
    for statistic, (function, word) in STATISTICS.items()
)
