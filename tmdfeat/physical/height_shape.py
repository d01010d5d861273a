"""Height family, third part: the shape of the height distribution, without unit.

The same conventions as in `height`: arrays of shape (H, W), levelled.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.height import Heights, heights, kurtosis, skewness
from tmdfeat.physical.row_blocks import block_map, row_blocks

BIN = 0.1  # bin width of the entropy, in Sq: coarse enough for 64 x 64 pixels


def _l_moments(h: Heights) -> np.ndarray:
    # Unbiased probability-weighted moments b_r, then Hosking's combinations l_2, l_3, l_4.
    n, sums = h.sorted.size, np.zeros(4)
    for block in row_blocks(h.sorted):
        x = h.sorted[block]
        i = np.arange(block.start, block.start + x.size)
        w1 = i / (n - 1)
        w2 = w1 * (i - 1) / (n - 2)
        w3 = w2 * (i - 2) / (n - 3)
        sums += [x.sum(), w1 @ x, w2 @ x, w3 @ x]
    b0, b1, b2, b3 = sums / n
    return np.array([2 * b1 - b0, 6 * b2 - 6 * b1 + b0, 20 * b3 - 30 * b2 + 12 * b1 - b0])


def l_skewness(z) -> float:
    """L-skewness, a robust twin of Ssk between -1 and 1.

    NaN for a flat map or fewer than four pixels.

    Examples
    --------
    >>> l_skewness([[0.0, 1.0], [2.0, 3.0]])
    0.0
    """
    h = heights(z)
    if not h.size or h.sorted.size < 4:
        return np.nan
    l2, l3, _ = _l_moments(h)
    return float(l3 / l2)


def l_kurtosis(z) -> float:
    """L-kurtosis, a robust twin of Sku: 0 for uniform, 0.1226 for Gaussian heights.

    NaN for a flat map or fewer than four pixels.

    Examples
    --------
    >>> round(l_kurtosis([[0.0, 0.0], [1.0, 1.0]]), 9)  # four pixels: not yet within -1/4 and 1
    -1.5
    """
    h = heights(z)
    if not h.size or h.sorted.size < 4:
        return np.nan
    l2, _, l4 = _l_moments(h)
    return float(l4 / l2)


def bimodality(z) -> float:
    """Sarle's coefficient (Ssk^2 + 1) / Sku: 5/9 for uniform heights, 1 for any two levels.

    NaN for a flat map.

    Examples
    --------
    >>> bimodality([[0.0, 2.0], [2.0, 0.0]])
    1.0
    """
    h = heights(z)
    return (skewness(h) ** 2 + 1) / kurtosis(h)


def negentropy(z) -> float:
    """Distance of the height distribution from a Gaussian of the same Sq, nat.

    0.5 ln(2 pi e) + sum p ln p - ln 0.1 with bins of 0.1 Sq about the mean: 0 for Gaussian
    heights, 0.1765 for uniform ones. Maps of a few levels have no density: their value is large
    and depends on the bin. NaN for a flat map.

    Examples
    --------
    >>> round(negentropy([[0.0, 2.0], [2.0, 0.0]]), 4)  # 0.5 ln(2 pi e) - ln 2 - ln 0.1
    3.0284
    """
    h = heights(z)
    if not h.size:
        return np.nan
    width = BIN * h.rms
    bins = block_map(lambda u: np.rint(u / width), h.unit.reshape(-1), dtype=np.int64)
    p = np.bincount(bins - bins.min()) / bins.size
    p = p[p > 0]
    return float(0.5 * np.log(2 * np.pi * np.e) + np.sum(p * np.log(p)) - np.log(BIN))


SARLE = "Sarle; SAS/STAT User's Guide, CLUSTER procedure"
HOSKING = "doi:10.1111/j.2517-6161.1990.tb01775.x"
HYVARINEN = "doi:10.1016/S0893-6080(00)00026-5"

_shape = partial(Descriptor, family="height", missing="mask", prepare=Heights)

DESCRIPTORS = (
    _shape("L_skew", l_skewness, source=HOSKING),
    _shape("L_kurt", l_kurtosis, source=HOSKING),
    _shape("bimodality", bimodality, source=SARLE),
    _shape("negentropy", negentropy, source=HYVARINEN, unit="nat", unit_px="nat"),
)
