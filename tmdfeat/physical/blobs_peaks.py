"""Blob family, second part: significant peaks and pits (ISO 25178-2, feature parameters).

They are those of `blobs_significant`: Wolf pruning at 5 % of Sz. Unchanged by an offset, quarter
turns and flips. Maps are not filtered here; noise of more than 5 % of Sz makes peaks.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.blobs_significant import Peaks, peaks
from tmdfeat.physical.descriptor import Descriptor

HIGHEST = 5  # peaks in S5p


def peak_density(z, pixel_size=1.0, *, of="peaks") -> float:
    """Density Spd of significant "peaks", or Svd of "pits", 1/um2; 0 for a flat map.

    Unchanged by a positive factor.

    Examples
    --------
    >>> peak_density([[0.0, 9.0, 0.0, 5.0, 4.8, 5.0, 0.0, 1.0]], pixel_size=500.0)  # 3 on 2 um2
    1.5
    """
    p = peaks(z, pixel_size)
    area = p.heights.unit.size * float(np.prod(p.pixel_size)) / 1e6
    return len(getattr(p, of)) / area


def peak_curvature(z, pixel_size=1.0) -> float:
    """Mean curvature Spc of significant peaks, 1/nm, positive; NaN without any off the edge.

    Half the Laplacian from central second differences, with the sign turned. Proportional to z.

    Examples
    --------
    >>> peak_curvature([[0.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]])
    6.0
    """
    p = peaks(z, pixel_size)
    return -p.curvature(p.peaks)


def pit_curvature(z, pixel_size=1.0) -> float:
    """Mean curvature Svc of significant pits, 1/nm, positive; as `peak_curvature`.

    Examples
    --------
    >>> pit_curvature([[3.0, 3.0, 3.0], [3.0, 0.0, 3.0], [3.0, 3.0, 3.0]])
    6.0
    """
    p = peaks(z, pixel_size)
    return p.curvature(p.pits)


def five_point_height(z, *, of="peaks") -> float:
    """Mean height S5p of the five highest significant "peaks", or depth S5v of "pits", nm.

    From the mean height; of all of them where there are fewer. 0 for a flat map. Proportional to z.

    Examples
    --------
    >>> five_point_height([[0.0, 6.0, 0.0, 4.0, 0.0]])  # 5 above the mean, 2
    3.0
    """
    p = peaks(z)
    if not p.heights.size:
        return 0.0
    y, x = getattr(p, of)[:HIGHEST].T
    mean = p.heights.size * float(p.heights.unit[y, x].mean())
    return mean if of == "peaks" else -mean


def ten_point_height(z) -> float:
    """Ten-point height S10z = S5p + S5v, nm.

    Examples
    --------
    >>> ten_point_height([[0.0, 6.0, 0.0, 4.0, 0.0]])
    5.0
    """
    p = peaks(z)
    return five_point_height(p) + five_point_height(p, of="pits")


_peak = partial(Descriptor, family="blobs", source="ISO 25178-2:2021", prepare=Peaks)
_density = partial(_peak, unit="1/um2", unit_px="1/Mpx", needs=("pixel_size",))
_curvature = partial(_peak, unit="1/nm", unit_px="rel/px2", needs=("z_nm", "pixel_size"))
_height = partial(_peak, unit="nm", unit_px="rel", needs=("z_nm",))

DESCRIPTORS = (
    _density("Spd", peak_density, summary="Number of significant peaks per area, 1/um2."),
    _density(
        "Svd",
        partial(peak_density, of="pits"),
        summary="Number of significant pits per area, 1/um2.",
    ),
    _curvature("Spc", peak_curvature),
    _curvature("Svc", pit_curvature),
    _height("S5p", five_point_height, summary="Mean of the five highest significant peaks, nm."),
    _height(
        "S5v",
        partial(five_point_height, of="pits"),
        summary="Mean depth of the five deepest significant pits, nm.",
    ),
    _height("S10z", ten_point_height),
)
