"""How much of an attribution each group of columns has, with a bootstrap interval."""

import warnings

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state

REPLICATES = 1000
PERCENTILES = (2.5, 97.5)


def share_table(sizes: pd.DataFrame, level: str, units=None, random_state=0) -> pd.DataFrame:
    """Return `shares` as a table: index `level`, columns share, low, high.

    Parameters
    ----------
    sizes : DataFrame of shape (n, k)
        As in `shares`; its columns name the groups.
    level : str
    units, random_state
        As in `shares`.
    """
    found = shares(sizes.to_numpy(), units, random_state)
    table = dict(zip(("share", "low", "high"), found, strict=True))
    return pd.DataFrame(table, index=pd.Index(sizes.columns, name=level))


def shares(sizes, units=None, random_state=0):
    """Return the share of each column of `sizes`, and the bounds of its 95 % interval.

    Parameters
    ----------
    sizes : array of shape (n, k)
        Absolute summed attribution of each of k groups of columns, row by row.
    units : array-like of shape (n,), optional
        What the bootstrap draws: all rows of one unit together. By default single rows.
    random_state : int, RandomState or None, default 0

    Returns
    -------
    share, low, high : arrays of shape (k,)
        `share` sums to one. The interval says how the share varies with the rows explained,
        the model being fixed. All NaN if nothing is attributed to any column.

    Raises
    ------
    ValueError
        If `units` has another length.

    Warns
    -----
    UserWarning
        If nothing is attributed to any column.
    """
    summed = _per_unit(sizes, units)
    total = sizes.sum(axis=0)
    if total.sum() == 0:
        warnings.warn(
            "shares are undefined (NaN): the output explained here depends on no column. Did the "
            "model learn anything? Compare its score with that of guessing.",
            stacklevel=4,
        )
        return tuple(np.full((3, len(total)), np.nan))
    replicates = _bootstrap(summed, check_random_state(random_state))
    low, high = np.percentile(replicates, PERCENTILES, axis=0)
    share = total / total.sum()
    # With few units the percentiles can leave the estimate outside; an interval contains it.
    return share, np.minimum(low, share), np.maximum(high, share)


def _per_unit(sizes, units):
    if units is None:
        return sizes
    units = np.asarray(units)
    if units.shape != (len(sizes),):
        raise ValueError(
            f"groups must hold one entry for each of the {len(sizes)} rows explained, "
            f"got shape {units.shape}."
        )
    labels, index = np.unique(units, return_inverse=True)
    summed = np.zeros((len(labels), sizes.shape[1]))
    np.add.at(summed, index, sizes)
    return summed


def _bootstrap(summed, rng):
    n = len(summed)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=REPLICATES)
    totals = counts @ summed
    # A replicate that drew only rows without any attribution has no share at all.
    totals = totals[totals.sum(axis=1) > 0]
    return totals / totals.sum(axis=1, keepdims=True)
