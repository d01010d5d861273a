"""Is an error tied to a property of the scans? A permutation test that moves whole groups."""

import numpy as np


def association(errors, levels, groups, *, n_permutations=4999, random_state=0) -> float:
    """Test whether mean errors differ between levels more than chance makes them differ.

    Images of one group are alike, so images are not exchangeable, and a test that takes them
    as such finds what is not there. If all images of each group have one level, groups as a
    whole exchange their levels. If not, groups of the same size exchange the levels of all
    their images, and images within each group exchange theirs.

    Parameters
    ----------
    errors : array of shape (n,)
        Of each image, 0 to 1.
    levels, groups : arrays of shape (n,)
    n_permutations : int, default 4999
    random_state : int, default 0

    Returns
    -------
    float
        Share of permutations, the identity counted, whose statistic is at least as large as
        the observed one; NaN if there is one level only. The statistic is the sum of squares
        between levels.

    References
    ----------
    Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39, doi:10.2202/1544-6115.1585
    (counting the identity). Winkler et al. (2015), NeuroImage 123, 253-268,
    doi:10.1016/j.neuroimage.2015.05.092 (blocks moved as a whole and within).

    Examples
    --------
    >>> association([0, 0, 0, 0, 1, 1, 1, 1] * 3, ["a"] * 4 + ["b"] * 4 + ["a", "a", "a", "a",
    ...             "b", "b", "b", "b"] * 2, range(24)) < 0.001
    True
    """
    errors = np.asarray(errors, dtype=float)
    names, codes = np.unique(np.asarray(levels), return_inverse=True)
    if len(names) < 2:
        return float("nan")
    blocks = np.unique(np.asarray(groups), return_inverse=True)[1]
    rng = np.random.default_rng(random_state)
    centred = errors - errors.mean()
    of_group = np.zeros(blocks.max() + 1, dtype=int)
    of_group[blocks] = codes
    if (of_group[blocks] == codes).all():
        start, sums, sizes = of_group, np.bincount(blocks, centred), np.bincount(blocks)
        draws = (rng.permutation(of_group) for _ in range(n_permutations))
    else:
        start, sums, sizes = codes, centred, np.ones(len(codes), dtype=int)
        moves = _Moves(blocks, rng)
        draws = (codes[moves.draw()] for _ in range(n_permutations))
    observed = _between(start, sums, sizes, len(names))
    # Sums in another order round differently.
    least = observed * (1 - 1e-9)
    reached = sum(_between(draw, sums, sizes, len(names)) >= least for draw in draws)
    return (1 + reached) / (1 + n_permutations)


def _between(codes, sums, sizes, k) -> float:
    """Sum of squares between levels of errors that have mean 0."""
    n = np.bincount(codes, sizes, minlength=k)
    total = np.bincount(codes, sums, minlength=k)
    return float((total**2 / np.maximum(n, 1)).sum())


class _Moves:
    """Permutations that keep groups together: whole blocks of one size, and within blocks."""

    def __init__(self, blocks: np.ndarray, rng):
        self.rng = rng
        self.order = np.argsort(blocks, kind="stable")  # positions, block after block
        sizes = np.bincount(blocks)
        starts = np.cumsum(sizes) - sizes
        # For each size one table: a row of places for each block.
        self.tables = [
            self.order[starts[sizes == size][:, None] + np.arange(size)]
            for size in np.unique(sizes)
        ]

    def draw(self) -> np.ndarray:
        """Return, for each image, the image whose level it gets."""
        source = np.empty(len(self.order), dtype=int)
        for table in self.tables:
            moved = self.rng.permuted(self.rng.permutation(table), axis=1)
            source[table] = moved
        return source
