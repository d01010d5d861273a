"""Paper family, fourth part: the grey-level co-occurrence matrix of horizontal neighbours.

Quirks of all six: one distance (1 px) and one direction (along rows) only, so they change when
the map is turned; 256 levels by truncation, so they depend on noise and contrast. The original
fails on pictures whose minimum is not 0, which cannot happen after the stretch.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.paper import SOURCE, picture

SAME = 1e-15  # a standard deviation below this counts as none


class Cooccurrence:
    """Symmetric, normed matrix of grey levels at distance 1 along rows.

    The functions of this family take an array or this.

    Grey levels 0 to 255 are a choice made here, truncated to whole numbers. From the publication
    it cannot be told whether its numbers were made with them, or with a picture from 0 to 1,
    which truncation makes black and white: only the highest pixels are 1.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    def __init__(self, z):
        self.levels = picture(z).astype(int)

    @cached_property
    def matrix(self) -> np.ndarray:
        """Probability of each pair of levels, shape (levels, levels)."""
        span = int(self.levels.max()) + 1
        pairs = self.levels[:, :-1] * span + self.levels[:, 1:]
        counts = np.bincount(pairs.ravel(), minlength=span**2).reshape(span, span)
        counts = counts + counts.T
        return counts / max(counts.sum(), 1)

    @cached_property
    def step(self) -> np.ndarray:
        """Difference of the levels of each pair, shape (levels, levels)."""
        level = np.arange(len(self.matrix), dtype=float)
        return level - level[:, None]

    def mean(self, weights) -> float:
        """Mean of `weights`, of shape (levels, levels), over all pairs."""
        return float(np.vdot(self.matrix, weights))


def cooccurrence(z) -> Cooccurrence:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Cooccurrence) else Cooccurrence(z)


def paper_contrast(z) -> float:
    """Mean squared difference of horizontal neighbours, grey levels of 0 to 255 squared.

    Examples
    --------
    >>> paper_contrast([[0, 1, 0], [1, 0, 1]])
    65025.0
    """
    pairs = cooccurrence(z)
    return pairs.mean(pairs.step**2)


def paper_dissimilarity(z) -> float:
    """Mean absolute difference of horizontal neighbours, grey levels of 0 to 255.

    Examples
    --------
    >>> paper_dissimilarity([[0, 1, 0], [1, 0, 1]])
    255.0
    """
    pairs = cooccurrence(z)
    return pairs.mean(np.abs(pairs.step))


def paper_homogeneity(z) -> float:
    """Mean of 1 / (1 + squared difference of horizontal neighbours).

    Examples
    --------
    >>> paper_homogeneity([[0, 0, 0], [1, 1, 1]])
    1.0
    """
    pairs = cooccurrence(z)
    return pairs.mean(1 / (1 + pairs.step**2))


def paper_energy(z) -> float:
    """Square root of paper_asm.

    Examples
    --------
    >>> round(paper_energy([[0, 1, 0], [1, 0, 1]]), 4)
    0.7071
    """
    return float(np.sqrt(paper_asm(z)))


def paper_correlation(z) -> float:
    """Correlation of horizontal neighbours' grey levels.

    Quirk: 1 for a flat map, as scikit-image has it.

    Examples
    --------
    >>> round(paper_correlation([[0, 1, 0], [1, 0, 1]]), 9)
    -1.0
    """
    matrix = cooccurrence(z).matrix
    share = matrix.sum(axis=0)  # of each level; rows and columns alike
    apart = np.arange(len(share)) - share @ np.arange(len(share))
    variance = share @ apart**2
    return float(apart @ matrix @ apart / variance) if variance > SAME**2 else 1.0


def paper_asm(z) -> float:
    """Angular second moment: sum of the squared co-occurrence probabilities.

    Examples
    --------
    >>> paper_asm([[0, 1, 0], [1, 0, 1]])
    0.5
    """
    matrix = cooccurrence(z).matrix
    return float(np.vdot(matrix, matrix))


_texture = partial(Descriptor, family="paper", source=SOURCE, prepare=Cooccurrence)

DESCRIPTORS = (
    _texture("paper_contrast", paper_contrast),
    _texture("paper_dissimilarity", paper_dissimilarity),
    _texture("paper_homogeneity", paper_homogeneity),
    _texture("paper_energy", paper_energy),
    _texture("paper_correlation", paper_correlation),
    _texture("paper_asm", paper_asm),
)
