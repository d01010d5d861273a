"""How sure a share of errors is, where images come in groups."""

import numpy as np
from scipy.stats import norm

REPLICATES = 2000


def rate_interval(errors, groups, *, confidence=0.95, random_state=0) -> tuple[float, float]:
    """Interval of the mean error, groups being what was sampled.

    If each image is its own group: Wilson's interval. Else the groups are drawn again (cluster
    bootstrap, percentiles). Groups that are all wrong or all right, or one alone, tell a
    bootstrap nothing: there it is Wilson's interval for as many images as there are groups.

    Parameters
    ----------
    errors : array of shape (n,)
        0 to 1, of each image.
    groups : array of shape (n,)
    confidence : float, default 0.95
    random_state : int, default 0

    Returns
    -------
    low, high : float

    References
    ----------
    Wilson (1927), J. Am. Stat. Assoc. 22, 209-212, doi:10.1080/01621459.1927.10502953.
    Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.8.

    Examples
    --------
    >>> low, high = rate_interval([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], range(10))
    >>> round(low, 3), round(high, 3)
    (0.018, 0.404)
    """
    errors = np.asarray(errors, dtype=float)
    blocks = np.unique(np.asarray(groups), return_inverse=True)[1]
    sums, sizes = np.bincount(blocks, errors), np.bincount(blocks)
    rate, n = float(errors.mean()), len(sizes)
    if n == len(errors) or n == 1 or np.ptp(sums / sizes) == 0:
        return _wilson(rate, n, confidence)
    rng = np.random.default_rng(random_state)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=REPLICATES)
    rates = (counts @ sums) / (counts @ sizes)
    low, high = np.quantile(rates, [(1 - confidence) / 2, (1 + confidence) / 2])
    # With few groups the quantiles can leave the estimate outside; an interval contains it.
    return min(float(low), rate), max(float(high), rate)


def _wilson(rate: float, n: int, confidence: float) -> tuple[float, float]:
    # By hand: SciPy's takes whole numbers of errors, and errors averaged over repeats are none.
    z = norm.ppf((1 + confidence) / 2)
    middle = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)
