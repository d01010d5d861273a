"""From scores per fold to a mean and how sure it is."""

import numpy as np
import pandas as pd
from scipy import stats


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
        From one fold there is no interval: low, high and std are NaN. Bounds end at 0 and 1,
        as the metrics do.

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
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    grouped = scores.groupby("metric", sort=False)
    return pd.DataFrame([_summary(metric, part, confidence) for metric, part in grouped])


def _summary(metric, part: pd.DataFrame, confidence: float) -> dict:
    n = len(part)
    mean, std = part["score"].mean(), part["score"].std()
    ratio = (part["n_test"] / part["n_train"]).mean()
    half = stats.t.ppf((1 + confidence) / 2, n - 1) * std * np.sqrt(1 / n + ratio)
    bounds = {"low": max(mean - half, 0.0), "high": min(mean + half, 1.0)}
    return {"metric": metric, "mean": mean, **bounds, "std": std, "n_folds": n}
