"""Errors against what else differs between scans: growth time, substrate, operator."""

from collections.abc import Mapping

import pandas as pd

from tmdfeat.parameters import check_choice, check_integer
from tmdfeat.study.comparison import front
from tmdfeat.study.corrections import CORRECTIONS, adjust
from tmdfeat.study.intervals import rate_interval
from tmdfeat.study.levels import as_levels
from tmdfeat.study.permutation import association

NEEDED = ("position", "group", "truth", "predicted")


def error_by(
    predictions: pd.DataFrame,
    confounders: pd.DataFrame,
    *,
    bins: Mapping | None = None,
    correction: str = "holm",
    n_permutations: int = 4999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Share of misclassified scans at each level of each confounder, and whether it matters.

    Parameters
    ----------
    predictions : DataFrame
        ``run_folds(...).predictions``. In repeated cross-validation the error of a scan is the
        share of repeats that got it wrong.
    confounders : DataFrame
        One row per scan, in the order of X; one column per confounder.
    bins : mapping of column to int or sequence of float, optional
        For numbers: how many bins, or their inner edges, e.g. ``{"time_s": [400, 800, 1000]}``;
        see `tmdfeat.study.levels.as_levels`. By default quartiles.
    correction : {"holm", "bh"}, default "holm"
        For the number of confounders, see `tmdfeat.study.corrections.adjust`.
    n_permutations : int, default 4999
    random_state : int, default 0
        Of permutations and bootstrap.

    Returns
    -------
    DataFrame
        One row per confounder and level: confounder, level, n (scans), n_groups, error (share),
        low, high (95 %, see `tmdfeat.study.intervals.rate_interval`), p and p_adjusted (of the
        confounder, see `tmdfeat.study.permutation.association`: the same at all its levels, NaN
        if there is one level only).

    Raises
    ------
    ValueError
        If columns are missing, there are fewer rows than scans, or `bins` names no column.

    Notes
    -----
    A small p says that errors go with the confounder, not why: a class that is hard may have
    been grown longer. Compare within classes, ``error_by(predictions[predictions["truth"] ==
    "WS2"], ...)``, before blaming it.

    Examples
    --------
    >>> predictions = pd.DataFrame({"position": range(40), "group": range(40), "truth": 0,
    ...                             "predicted": [0] * 19 + [1] * 21})
    >>> table = error_by(predictions, pd.DataFrame({"wafer": ["A"] * 20 + ["B"] * 20}))
    >>> table[["level", "n", "error", "low", "high"]].round(2).values.tolist()
    [['A', 20, 0.05, 0.01, 0.24], ['B', 20, 1.0, 0.84, 1.0]]
    """
    check_choice("correction", correction, CORRECTIONS)
    check_integer("n_permutations", n_permutations, 1)
    bins = {} if bins is None else bins
    scans = _errors_of_scans(predictions)
    confounders = _check_confounders(confounders, scans, bins)
    parts, p = [], []
    for name in confounders:
        levels, order = as_levels(confounders[name], bins.get(name))
        p.append(
            association(
                scans["error"],
                levels,
                scans["group"],
                n_permutations=n_permutations,
                random_state=random_state,
            )
        )
        parts.append(_rates(scans, levels, order, random_state).assign(confounder=str(name)))
    adjusted = adjust(p, correction)
    parts = [
        part.assign(p=one, p_adjusted=both)
        for part, one, both in zip(parts, p, adjusted, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    return front(table, ["confounder"])


def _errors_of_scans(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row per scan, by its position: group, error."""
    lacks = [column for column in NEEDED if column not in predictions]
    if lacks or predictions.empty:
        raise ValueError(
            f"predictions must be run_folds(...).predictions, got {len(predictions)} rows"
            + (f" without the columns {lacks}." if lacks else ".")
        )
    if "model" in predictions and predictions["model"].nunique() > 1:
        raise ValueError(
            "predictions hold several models; take one, e.g. "
            f"predictions[predictions['model'] == {predictions['model'].iloc[0]!r}]."
        )
    wrong = (predictions["truth"] != predictions["predicted"]).astype(float)
    by = predictions.assign(error=wrong).groupby("position")
    return by.agg(group=("group", "first"), error=("error", "mean"))


def _check_confounders(confounders, scans: pd.DataFrame, bins) -> pd.DataFrame:
    if not isinstance(confounders, pd.DataFrame) or confounders.shape[1] == 0:
        raise ValueError(
            f"confounders must be a DataFrame with a column for each, got {type(confounders)}."
        )
    last = int(scans.index.max())
    if len(confounders) <= last:
        raise ValueError(
            f"confounders must have one row for each scan in X, got {len(confounders)} rows, but "
            f"scan {last} was predicted."
        )
    unknown = [name for name in bins if name not in confounders]
    if unknown:
        raise ValueError(f"bins are given for {unknown}, confounders are {list(confounders)}.")
    return confounders.iloc[scans.index.to_numpy()].reset_index(drop=True)


def _rates(scans: pd.DataFrame, levels, order, random_state) -> pd.DataFrame:
    rows = []
    for level in order:
        part = scans[levels == level]
        if part.empty:  # an edge beyond all values
            continue
        low, high = rate_interval(part["error"], part["group"], random_state=random_state)
        counts = {"n": len(part), "n_groups": part["group"].nunique()}
        error = float(part["error"].mean())
        rows.append({"level": level, **counts, "error": error, "low": low, "high": high})
    return pd.DataFrame(rows)
