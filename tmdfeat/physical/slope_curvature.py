"""Slope family, second part: curvature, from second differences.

The same conventions as in `slope`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.slope import Slopes, slopes


def mean_laplacian(z, pixel_size=1.0) -> float:
    """Mean Laplacian, 1/nm, from central second differences: positive for a bowl.

    Examples
    --------
    >>> mean_laplacian([[2, 1, 2], [1, 0, 1], [2, 1, 2]])
    4.0
    """
    return slopes(z, pixel_size).mean_of_laplacian(np.positive)


def rms_curvature(z, pixel_size=1.0) -> float:
    """Root mean square of the mean curvature, half the Laplacian (small slopes), 1/nm.

    Unchanged by an offset, a tilt, quarter turns and flips; proportional to z.

    Examples
    --------
    >>> rms_curvature([[2, 1, 2], [1, 0, 1], [2, 1, 2]])
    2.0
    """
    return float(np.sqrt(slopes(z, pixel_size).mean_of_laplacian(np.square))) / 2


_bend = partial(
    Descriptor,
    family="slope",
    needs=("z_nm", "pixel_size"),
    minimum=(3, 3),
    prepare=Slopes,
    source="central second differences",
    unit="1/nm",
    unit_px="rel/px2",
)

DESCRIPTORS = (_bend("laplacian_mean", mean_laplacian), _bend("curvature_rms", rms_curvature))
