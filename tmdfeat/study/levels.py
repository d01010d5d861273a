"""Properties of scans as levels: numbers in bins, everything else as it is."""

from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral

import numpy as np
import pandas as pd

MISSING = "missing"
N_BINS = 4


def as_levels(column: pd.Series, bins=None) -> tuple[np.ndarray, list[str]]:
    """Return the level of each scan, and all levels in their order.

    Parameters
    ----------
    column : Series of shape (n,)
    bins : int or sequence of float, optional
        For numbers: how many bins of equally many scans (by default 4), or the inner edges; a
        value at an edge is in the upper bin. Numbers with no more different values than bins
        asked for stay as they are.

    Returns
    -------
    levels : array of str, shape (n,)
        Values that are missing are a level of their own: "missing".
    names : list of str
        In the order of the values; "missing" last.

    Raises
    ------
    ValueError, TypeError
        If `bins` is neither, or is given for what is no number.

    Examples
    --------
    >>> levels, names = as_levels(pd.Series([300.0, 400.0, 999.0, None]), [400, 800])
    >>> names, levels.tolist()
    (['< 400', '400 to 800', '>= 800', 'missing'], ['< 400', '400 to 800', '>= 800', 'missing'])
    """
    known = column.notna().to_numpy()
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if bins is not None and not numeric:
        raise TypeError(f"bins are for numbers; {column.name!r} holds {column.dtype}.")
    if numeric:
        values = column.to_numpy(float, na_value=np.nan)[known]
        codes, names = _binned(values, column.name, bins)
    else:
        codes, names = _plain(column[known])
    levels = np.full(len(column), MISSING, dtype=object)
    levels[known] = np.array(names, dtype=object)[codes]
    return levels, names if known.all() else [*names, MISSING]


def _plain(values: pd.Series):
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        return values.cat.codes.to_numpy(), [str(name) for name in values.cat.categories]
    names, codes = np.unique(values.astype(str).to_numpy(str), return_inverse=True)
    return codes, names.tolist()


def _binned(values: np.ndarray, name, bins):
    different = np.unique(values)
    if bins is None or (isinstance(bins, Integral) and not isinstance(bins, bool)):
        n = N_BINS if bins is None else int(bins)
        if n < 2:
            raise ValueError(f"bins of {name!r} must be at least 2, got {bins!r}.")
        if len(different) <= n:
            return np.searchsorted(different, values), [f"{value:g}" for value in different]
        edges = np.unique(np.quantile(values, np.arange(1, n) / n))
        # Where most share the lowest value nothing is below it: they are a bin.
        edges = edges[edges > different[0]] if edges[-1] > different[0] else different[1:2]
    else:
        edges = _edges(name, bins)
    return np.searchsorted(edges, values, side="right"), _names(edges)


def _edges(name, bins) -> np.ndarray:
    if isinstance(bins, str) or not isinstance(bins, Sequence | np.ndarray):
        raise TypeError(f"bins of {name!r} must be a number of bins or their edges, got {bins!r}.")
    edges = np.asarray(bins, dtype=float)
    if edges.size == 0 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges of {name!r} must be finite and rise, got {edges.tolist()}.")
    return edges


def _names(edges: np.ndarray) -> list[str]:
    digits = next(d for d in range(4, 18) if len({f"{e:.{d}g}" for e in edges}) == len(edges))
    said = [f"{edge:.{digits}g}" for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(said)]
    return [f"< {said[0]}", *inner, f">= {said[-1]}"]
