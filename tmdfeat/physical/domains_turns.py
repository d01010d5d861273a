"""Domains family: the histogram of orientations.

The same conventions as in `domains`, the same single domains as in `domains_order`. Orientations
are taken relative to the commonest one, so the histogram says how a film is aligned, not how the
sample was mounted; and without a sense of rotation, so that a film and its mirror image are alike.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.domains import islands
from tmdfeat.physical.domains_order import is_single
from tmdfeat.physical.segmentation_film import Film

BINS, WIDTH = 12, 5.0  # degrees: from 0 to 60, the opposite orientation
SPREAD = 5.0  # degrees; of the Gaussian that makes angles a density, to find its mode
STEP = 2.0  # degrees between places where the density is looked at first
CLIMBS = 20  # steps from the best of them to the top
ROUNDING = 1e-6  # degrees; drawn domains may lie on the edge of a bin


def commonest(angles: np.ndarray, period: float = 120.0) -> float:
    """Mode of angles that repeat after a period, degrees in [0, period).

    The maximum of their density: each counts by a von Mises function as wide as a Gaussian of
    5 degrees.

    Parameters
    ----------
    angles : array of shape (n,), degrees, n > 0
    period : float, default 120

    Returns
    -------
    float

    Examples
    --------
    >>> round(commonest(np.array([10.0, 11.0, 12.0, 70.0, 90.0])), 1)
    11.0
    """
    turn = 2 * np.pi / period
    places = np.arange(0, period, STEP)
    density = _weights(turn * (angles - places[:, None]), turn).sum(axis=1)
    mode = places[np.argmax(density)]
    for _ in range(CLIMBS):  # to the mean of what is near
        apart = turn * (angles - mode)
        mode += np.angle(np.sum(_weights(apart, turn) * np.exp(1j * apart))) / turn
    return float(mode % period)


def _weights(apart, turn):
    return np.exp((np.cos(apart) - 1) / (turn * SPREAD) ** 2)


def turns(z, pixel_size=1.0) -> np.ndarray:
    """Angle of each single domain from the commonest orientation, degrees in [0, 60], (n,)."""
    found = islands(z, pixel_size)
    angles = found.th3[is_single(found)]
    if angles.size == 0:
        return angles
    return np.abs((angles - commonest(angles) + 60) % 120 - 60)


def turned_share(z, pixel_size=1.0, *, least=0.0) -> float:
    """Share of single domains turned by `least` to `least` + 5 degrees from the commonest way.

    NaN with fewer than two single domains. Random orientations give 1/12 on average, but for
    the first few degrees, as the commonest one is theirs; a film of two opposite orientations has
    its second peak at 60.

    Examples
    --------
    >>> y, x = np.mgrid[-60:61, -60:61]
    >>> down = 1.0 * ((y > -25) & (y + 3**0.5 * abs(x) < 50))
    >>> film = np.hstack([down, down, down[::-1]])
    >>> round(turned_share(film), 2), round(turned_share(film, least=55.0), 2)
    (0.67, 0.33)
    """
    found = turns(z, pixel_size)
    if found.size < 2:
        return np.nan
    chosen = np.minimum((found + ROUNDING) // WIDTH, BINS - 1) == least // WIDTH
    return float(np.mean(chosen))


def _line(least: int) -> Descriptor:
    return Descriptor(
        f"domain_turned_{least:02d}",
        partial(turned_share, least=float(least)),
        family="domains",
        source="third complex moment of each domain",
        unit_px="px",
        needs=("pixel_size",),
        minimum=(3, 3),
        prepare=Film,
        summary=f"Share of single domains turned by {least} to {least + 5} degrees from the "
        "commonest orientation.",
    )


DESCRIPTORS = tuple(_line(round(k * WIDTH)) for k in range(BINS))
