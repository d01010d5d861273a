"""Percentiles near the ends of many numbers, without sorting the middle."""

from collections.abc import Sequence

import numpy as np

SAMPLE = 4096
MARGIN = 3.0  # how much more than the sample's tail is looked at
MAD_TO_STD = 1.4826022185056018  # of a normal distribution: 1 / Phi^-1(3/4)


def percentiles(z: np.ndarray, wanted: Sequence[float]) -> tuple[float, ...]:
    """Compute percentiles as `numpy.percentile` does; several times faster for those in the tails.

    A regular sample says where a tail ends; only what lies in the tail is then sorted. If the
    sample was misleading, everything is.

    Parameters
    ----------
    z : array, finite
    wanted : sequence of float in 0..100

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.deep.tails import percentiles
    >>> percentiles(np.arange(101.0), (0.5, 99.5))
    (0.5, 99.5)
    """
    flat = z.ravel()
    return tuple(_percentile(flat, share / 100) for share in wanted)


def median_and_spread(z: np.ndarray) -> tuple[float, float]:
    """Median, and 1.4826 times the median absolute deviation: a robust standard deviation."""
    middle = float(np.median(z))
    return middle, MAD_TO_STD * float(np.median(np.abs(z - middle)))


def _percentile(flat: np.ndarray, share: float) -> float:
    if flat.size > 4 * SAMPLE and not 0.1 < share < 0.9:
        upper = share > 0.5
        found = _in_tail(flat, 1 - share if upper else share, upper)
        if found is not None:
            return found
    return float(np.quantile(flat, share))


def _in_tail(flat: np.ndarray, share: float, upper: bool) -> float | None:
    """The value with `share` of all beyond it, or None if the sample's tail was too short."""
    place = share * (flat.size - 1)
    below = int(place)
    sample = np.sort(flat[:: flat.size // SAMPLE])
    reach = int(MARGIN * share * sample.size) + 16
    if upper:
        tail = flat[flat >= sample[-1 - reach]]
        if tail.size < below + 2:
            return None
        ordered = -np.partition(-tail, (below, below + 1))[[below, below + 1]]
    else:
        tail = flat[flat <= sample[reach]]
        if tail.size < below + 2:
            return None
        ordered = np.partition(tail, (below, below + 1))[[below, below + 1]]
    outer, inner = float(ordered[0]), float(ordered[1])
    return outer + (inner - outer) * (place - below)
