"""From scores per fold to a mean and how sure it is."""

import numpy as np
import pandas as pd
from scipy import stats

# Where metrics end that do not run from 0 to 1.
BOUNDS = {
    "mae": (0.0, np.inf),
    "mae_classes": (0.0, np.inf),
    "mae_units": (0.0, np.inf),
    "rmse": (0.0, np.inf),
    "r2": (-np.inf, 1.0),
}


def summarize_scores(scores: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Mean of each metric over the folds, with an interval.

    The interval is the corrected resampled t: the variance of the mean over J folds is taken
    as ``s² (1/J + n_test/n_train)``. The plain t, ``s²/J``, holds for independent folds; folds
    share most of their training samples, so it is too narrow, and it would shrink to nothing
    as repeats are added although no sample is.

    Parameters
    ----------
    scores : DataFrame
        ``run_folds(...).scores``: columns metric, score, n_train, n_test.
    confidence : float, default 0.95
        Two-sided level of the interval.

    Returns
    -------
    DataFrame
        One row per metric: metric, mean, low, high, std (of the folds, ddof 1), n_folds.
        From one fold there is no interval: low, high and std are NaN. Bounds end where the
        metrics do, at 0 and 1 for most.

    References
    ----------
    Nadeau and Bengio (2003), Machine Learning 52, 239-281, doi:10.1023/A:1024068626366.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"metric": "accuracy", "score": [0.8, 0.9, 0.7, 0.8, 0.8],
    ...                        "n_train": 80, "n_test": 20})
    >>> summarize_scores(scores).round(3)
         metric  mean    low   high    std  n_folds
    0  accuracy   0.8  0.668  0.932  0.071        5
    """
    grouped = scores.groupby("metric", sort=False)
    return pd.DataFrame([_summary(metric, part, confidence) for metric, part in grouped])


def summarize_differences(
    scores: pd.DataFrame, baseline, *, by: str = "model", confidence: float = 0.95
) -> pd.DataFrame:
    """Mean difference of each metric to a baseline, fold by fold, with an interval.

    Both were scored in the same folds, so what makes a fold hard for both drops out. The
    interval is that of `summarize_scores`, of the differences.

    Parameters
    ----------
    scores : DataFrame
        Scores of several models, as from ``run_folds(...).scores``, with a column `by`.
    baseline : label
        What is subtracted; one of those in the column `by`.
    by : str, default "model"
        The column that names the models.
    confidence : float, default 0.95

    Returns
    -------
    DataFrame
        One row per other model and metric: `by`, baseline, metric, mean, low, high, std, n_folds.

    Raises
    ------
    ValueError
        If nothing is called `baseline`, or a model was not scored in the baseline's folds.

    References
    ----------
    As for `summarize_scores`.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"model": ["a"] * 2 + ["b"] * 2, "repeat": 0, "fold": [0, 1] * 2,
    ...                        "metric": "accuracy", "score": [0.5, 0.7, 0.6, 0.8],
    ...                        "n_train": 80, "n_test": 20})
    >>> summarize_differences(scores, "a").round(3)[["model", "mean", "low", "high"]]
      model  mean  low  high
    0     b   0.1  0.1   0.1
    """
    names = list(dict.fromkeys(scores[by]))
    if baseline not in names:
        raise ValueError(f"baseline must be one of {names}, got {baseline!r}.")
    where = ["repeat", "fold", "metric"]
    reference = scores[scores[by] == baseline].set_index(where)["score"]
    rows = []
    for name in names:
        if name == baseline:
            continue
        part = scores[scores[by] == name].set_index(where)
        if not (part.index.is_unique and set(part.index) == set(reference.index)):
            raise ValueError(f"{name!r} was not scored in the same folds as {baseline!r}.")
        part = part.assign(score=part["score"] - reference).reset_index()
        for metric, values in part.groupby("metric", sort=False):
            found = corrected_interval(values, confidence)
            rows.append({by: name, "baseline": baseline, "metric": metric, **found})
    columns = [by, "baseline", "metric", "mean", "low", "high", "std", "n_folds"]
    return pd.DataFrame(rows, columns=columns)


def corrected_interval(part: pd.DataFrame, confidence: float = 0.95) -> dict:
    """Mean of the column score with its corrected resampled t interval, without bounds.

    Parameters
    ----------
    part : DataFrame
        One row per fold: score, n_train, n_test.
    confidence : float, default 0.95

    Returns
    -------
    dict
        mean, low, high, std, n_folds.

    Examples
    --------
    >>> table = pd.DataFrame({"score": [1.0, 3.0], "n_train": 5, "n_test": 5})
    >>> corrected_interval(table)["mean"]
    2.0
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    n = len(part)
    mean, std = float(part["score"].mean()), float(part["score"].std())
    ratio = (part["n_test"] / part["n_train"]).mean()
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1) * std * np.sqrt(1 / n + ratio))
    return {"mean": mean, "low": mean - half, "high": mean + half, "std": std, "n_folds": n}


def _summary(metric, part: pd.DataFrame, confidence: float) -> dict:
    found = corrected_interval(part, confidence)
    lowest, highest = BOUNDS.get(metric, (0.0, 1.0))
    # max and min in this order: of NaN, which one fold gives, they return NaN.
    bounds = {"low": max(found["low"], lowest), "high": min(found["high"], highest)}
    return {"metric": metric, **found, **bounds}
