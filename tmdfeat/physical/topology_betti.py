"""Topology family, third part: Betti curves, summarised, and the lines of the catalogue.

A Betti curve is the number of islands (Betti 0) or of lakes (Betti 1) of what is above a level,
over the level. Its integral is the total persistence; here are its height and its place.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.topology_bars import Persistence, persistence
from tmdfeat.physical.topology_persistence import (
    largest_persistence,
    pair_density,
    pair_density_above_noise,
    persistence_entropy,
    persistence_quantile,
    total_persistence,
    typical_persistence,
)


def most_at_once(z, pixel_size=1.0, *, of="islands") -> float:
    """Largest number of islands or lakes at any one level, per area, 1/um2; 0 for a flat map.

    Examples
    --------
    >>> most_at_once([[0.0, 1.0, 0.0, 1.0]], pixel_size=500.0)
    2.0
    """
    p = persistence(z, pixel_size)
    if not p.heights.size:
        return 0.0
    born, dead = np.sort(getattr(p, of), axis=0).T
    # At the level of each birth: what is born there or above, less what has died there or above.
    alive = np.searchsorted(dead, born) - np.searchsorted(born, born)
    return (int(alive.max(initial=0)) + (of == "islands")) / p.area


def betti_level(z, *, of="islands") -> float:
    """Mean level of a Betti curve, Sq from the mean; NaN without any pair.

    Examples
    --------
    >>> betti_level([[0.0, 1.0, 0.0, 1.0]])
    0.0
    """
    p = persistence(z)
    bars, lives = getattr(p, of), p.lives(of)
    return float(np.sum(lives * bars.mean(axis=1)) / lives.sum()) if lives.size else np.nan


EDELSBRUNNER = "Edelsbrunner, Harer: Computational Topology (2010)"
ENTROPY = "doi:10.1016/j.patcog.2014.06.023"
NOISE = "doi:10.1006/cviu.1996.0060"
_family = partial(Descriptor, family="topology", source=EDELSBRUNNER, prepare=Persistence)
_density = partial(_family, needs=("pixel_size",), unit="1/um2", unit_px="1/Mpx")


def _lines(h, b, of):
    return (
        _density(
            f"{h}_total",
            partial(total_persistence, of=of),
            summary=f"Summed persistence of {of}, Sq, per area, 1/um2.",
        ),
        _family(
            f"{h}_typical",
            partial(typical_persistence, of=of),
            summary=f"Mean persistence of {of} weighted by itself, Sq.",
        ),
        _family(
            f"{h}_max",
            partial(largest_persistence, of=of),
            summary=f"Largest persistence of {of}, Sq.",
        ),
        *(
            _family(
                f"{h}_p{percent}",
                partial(persistence_quantile, of=of, percent=percent),
                summary=f"Persistence that {percent} % of {of} do not exceed, Sq.",
            )
            for percent in (50, 90)
        ),
        _family(
            f"{h}_entropy",
            partial(persistence_entropy, of=of),
            summary=f"Entropy of the shares of {of} in the total persistence, nat.",
            unit="nat",
            unit_px="nat",
            source=ENTROPY,
        ),
        _density(
            f"{h}_above_half_Sq",
            partial(pair_density, of=of, above=0.5),
            summary=f"Number of {of} of persistence above 0.5 Sq, per area, 1/um2.",
        ),
        _density(
            f"{h}_above_noise",
            partial(pair_density_above_noise, of=of),
            summary=f"Number of {of} of persistence above three times the noise, per area, 1/um2.",
            source=NOISE,
        ),
        _density(
            f"{b}_max",
            partial(most_at_once, of=of),
            summary=f"Most {of} at any one level, per area, 1/um2.",
        ),
        _family(
            f"{b}_level",
            partial(betti_level, of=of),
            summary=f"Mean level of {of}, Sq from the mean.",
        ),
    )


DESCRIPTORS = (*_lines("H0", "betti0", "islands"), *_lines("H1", "betti1", "lakes"))
