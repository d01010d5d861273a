"""cross_validate_groups: the score of a pipeline on groups it has not seen."""

from collections.abc import Sequence

import pandas as pd

from tmdfeat.evaluate.folds import run_folds
from tmdfeat.evaluate.intervals import summarize_scores


def cross_validate_groups(
    estimator,
    X,
    y,
    groups,
    *,
    cv=5,
    repeats: int = 1,
    scoring: str | Sequence[str] = ("accuracy", "balanced_accuracy", "f1_macro"),
    random_state=None,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Score a classifier on groups it was not trained on: mean and interval per metric.

    `run_folds` does the work, and returns the single folds and predictions too.

    Parameters
    ----------
    estimator, X, y, groups, cv, repeats, scoring, random_state, n_jobs
        See `tmdfeat.evaluate.run_folds`.

    Returns
    -------
    DataFrame
        One row per metric: metric, mean, low, high, std, n_folds; see
        `tmdfeat.evaluate.summarize_scores` for the interval (95 %).

    Raises
    ------
    ValueError
        See `tmdfeat.evaluate.run_folds`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from tmdfeat.evaluate import cross_validate_groups
    >>> X, growths = np.arange(20.0)[:, None], np.arange(20) // 2
    >>> y = np.where(X[:, 0] < 10, "MoS2", "WS2")
    >>> table = cross_validate_groups(LogisticRegression(), X, y, growths, random_state=0)
    >>> table.columns.tolist()
    ['metric', 'mean', 'low', 'high', 'std', 'n_folds']
    >>> table["n_folds"].tolist()
    [5, 5, 5]
    """
    results = run_folds(
        estimator,
        X,
        y,
        groups,
        cv=cv,
        repeats=repeats,
        scoring=scoring,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    return summarize_scores(results.scores)
