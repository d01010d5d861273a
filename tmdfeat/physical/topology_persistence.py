"""Topology family, second part: how many islands and lakes there are, and how long they live.

Persistence is the height difference between birth and death, here in units of Sq, so an offset
and a positive factor of the heights do not matter; nor do quarter turns and flips. `of` is
"islands" (H0) or "lakes" (H1).
"""

import numpy as np

from tmdfeat.physical.topology_bars import persistence


def total_persistence(z, pixel_size=1.0, *, of="islands") -> float:
    """Sum of all persistences in Sq, per area, 1/um2; 0 for a flat map.

    It is the integral of the Betti curve: of the number of islands less one, or of lakes, over
    the level.

    Examples
    --------
    >>> total_persistence([[0.0, 1.0, 0.0, 1.0]], pixel_size=500.0)  # 2 Sq on 1 um2
    2.0
    """
    p = persistence(z, pixel_size)
    return float(p.lives(of).sum()) / p.area


def typical_persistence(z, *, of="islands") -> float:
    """Mean persistence weighted by itself, sum p^2 / sum p, Sq: noise hardly counts.

    NaN without any pair.

    Examples
    --------
    >>> typical_persistence([[0.0, 1.0, 0.0, 1.0]])
    2.0
    """
    p = persistence(z).lives(of)
    return float(np.sum(p**2) / np.sum(p)) if p.size else np.nan


def persistence_entropy(z, *, of="islands") -> float:
    """Entropy of the shares of the total persistence, nat: ln n for n equal pairs.

    It grows with the scanned area. NaN without any pair.

    Examples
    --------
    >>> round(persistence_entropy([[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]]), 4)  # ln 2
    0.6931
    """
    p = persistence(z).lives(of)
    share = p / p.sum() if p.size else np.array([np.nan])
    return float(-np.sum(share * np.log(share))) + 0.0


def largest_persistence(z, *, of="islands") -> float:
    """Largest persistence, Sq; 0 without any pair.

    Examples
    --------
    >>> largest_persistence([[0.0, 1.0, 0.0, 1.0]])
    2.0
    """
    return float(persistence(z).lives(of).max(initial=0.0))


def persistence_quantile(z, *, of="islands", percent=50) -> float:
    """Persistence that `percent` of the pairs do not exceed, Sq; NaN without any pair.

    Where there is noise, most pairs are noise.

    Examples
    --------
    >>> persistence_quantile([[0.0, 1.0, 0.0, 1.0]])
    2.0
    """
    p = persistence(z).lives(of)
    return float(np.percentile(p, percent)) if p.size else np.nan


def pair_density(z, pixel_size=1.0, *, of="islands", above=0.0) -> float:
    """Number of pairs with a persistence above `above` Sq, per area, 1/um2.

    Examples
    --------
    >>> pair_density([[0.0, 1.0, 0.0, 1.0]], pixel_size=500.0)
    1.0
    """
    p = persistence(z, pixel_size)
    return float(np.count_nonzero(p.lives(of) > above)) / p.area


def pair_density_above_noise(z, pixel_size=1.0, *, of="islands") -> float:
    """Number of pairs with a persistence above three times the noise, per area, 1/um2.

    The noise is that of `Persistence.noise`; white noise alone has pairs above three times itself.
    0 for a flat map, NaN below 3x3 pixels.

    Examples
    --------
    >>> pair_density_above_noise(np.zeros((8, 8)))
    0.0
    """
    p = persistence(z, pixel_size)
    if not p.heights.size:
        return 0.0
    return pair_density(p, of=of, above=3 * p.noise) if np.isfinite(p.noise) else np.nan
