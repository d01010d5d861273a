"""Domains family, third part: how domains are oriented.

The same conventions as in `domains`. Only single domains have an orientation: whole islands
that are convex (solidity above 0.9, so not grown together) and more triangle than hexagon
(trigonality above 0.3). Each counts once, whatever its size.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.segmentation_film import Film
from tmdfeat.physical.segmentation_result import Segments
from tmdfeat.physical.steps_terraces import step_azimuth

CONVEX = 0.9
TRIANGLE = 0.3


def is_single(found: Segments) -> np.ndarray:
    """Whether an object is one whole, triangular domain, bool (n,)."""
    return ~found.touches_edge & (found.solidity > CONVEX) & (found.t3 > TRIANGLE)


def order_parameter(angles: np.ndarray, fold: int) -> float:
    """Return how far angles agree in so many-fold symmetry, 0 to 1, without small-sample bias.

    With m the modulus of the mean of exp(i fold angle), the square root of (n m^2 - 1) / (n - 1),
    0 where that is negative: n random angles have m^2 = 1/n on average.

    Parameters
    ----------
    angles : array of shape (n,), degrees
    fold : int

    Returns
    -------
    float
        NaN for fewer than two angles.

    Examples
    --------
    >>> [order_parameter(np.array([10.0, 70.0, 130.0, 190.0]), fold) for fold in (3, 6)]
    [0.0, 1.0]
    """
    n = len(angles)
    if n < 2:
        return np.nan
    mean = np.mean(np.exp(1j * fold * np.radians(angles)))
    return float(np.sqrt(max(0.0, (n * abs(mean) ** 2 - 1) / (n - 1))))


def psi6(z, pixel_size=1.0) -> float:
    """Six-fold order of single domains: 1 if all point along one axis or by 60 degrees off.

    NaN with fewer than two single domains.
    """
    found = islands(z, pixel_size)
    return order_parameter(found.th3[is_single(found)], 6)


def psi3(z, pixel_size=1.0) -> float:
    """Three-fold order of single domains: 1 if all point the same way, 0 if half are turned by 60.

    NaN with fewer than two single domains.
    """
    found = islands(z, pixel_size)
    return order_parameter(found.th3[is_single(found)], 3)


def single_orientation(z, pixel_size=1.0) -> float:
    """Share of the more frequent of two opposite orientations, (1 + psi3) / 2.

    Of well-aligned domains; misalignment lowers it too.
    """
    return (1 + psi3(z, pixel_size)) / 2


def domain_orientation(z, pixel_size=1.0) -> float:
    """Where single domains point or by 60 degrees off, degrees in [0, 60).

    From the column axis towards the row axis. Not in the catalogue: it says how the sample was
    mounted; `domain_step_angle` is. NaN without single domains.

    Examples
    --------
    >>> y, x = np.mgrid[-60:61, -60:61]
    >>> round(domain_orientation(1.0 * ((y > -25) & (y + 3**0.5 * abs(x) < 50))), 1)  # down: 90
    30.0
    """
    found = islands(z, pixel_size)
    angles = np.radians(found.th3[is_single(found)])
    return (
        float(np.degrees(np.angle(np.exp(6j * angles).sum())) / 6 % 60) if angles.size else np.nan
    )


def domain_step_angle(z, pixel_size=1.0) -> float:
    """Angle between the domains' axes and the ascent of terraces, 0 to 30 degrees.

    0 where a corner points up or down the staircase, 30 where an edge runs across it.
    """
    return float(
        abs((domain_orientation(z, pixel_size) - step_azimuth(z, pixel_size) + 30) % 60 - 30)
    )


_order = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
    source="third complex moment of each domain",
)

DESCRIPTORS = (
    _order("domain_psi6", psi6),
    _order("domain_psi3", psi3),
    _order("domain_single", single_orientation),
    _order("domain_step_angle", domain_step_angle, unit="deg", unit_px="deg px", minimum=(20, 20)),
)
