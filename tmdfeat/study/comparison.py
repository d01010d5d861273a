"""Several models on the same grouped folds: scores, and what each gains over one of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tmdfeat.evaluate import run_folds, summarize_differences, summarize_scores


@dataclass(frozen=True, eq=False)
class Comparison:
    """What came of models that saw the same folds.

    Attributes
    ----------
    summary : DataFrame
        One row per model and metric: model, metric, mean, low, high, std, n_folds; see
        `tmdfeat.evaluate.summarize_scores`.
    differences : DataFrame
        Fold by fold to the baseline: model, baseline, metric, mean, low, high, std, n_folds;
        see `tmdfeat.evaluate.summarize_differences`.
    scores : DataFrame
        One row per model, fold and metric.
    predictions : DataFrame
        One row per model and held-out sample.
    """

    summary: pd.DataFrame
    differences: pd.DataFrame
    scores: pd.DataFrame
    predictions: pd.DataFrame


def compare_models(
    models: Mapping,
    X,
    y,
    groups,
    *,
    baseline=None,
    cv=5,
    repeats=1,
    scoring=("accuracy", "f1_macro"),
    random_state=None,
    n_jobs=None,
) -> Comparison:
    """Score classifiers on the same grouped folds.

    Parameters
    ----------
    models : mapping of str to classifier
    X, y, groups : see `tmdfeat.evaluate.run_folds`
    baseline : str, optional
        Which model others are compared with, by default the first.
    cv, repeats, scoring, n_jobs : see `tmdfeat.evaluate.run_folds`
    random_state : int, optional
        Of the splits. All models see the same ones in any case.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If there is no model, or none is called `baseline`; and see `tmdfeat.evaluate.run_folds`.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> X, y = np.arange(24.0)[:, None], np.repeat(["MoS2", "WS2"], 12)
    >>> models = {"guess": DummyClassifier(), "neighbours": KNeighborsClassifier(1)}
    >>> found = compare_models(models, X, y, np.arange(24) // 2, cv=3, random_state=0)
    >>> found.differences[["model", "baseline", "metric"]].values.tolist()
    [['neighbours', 'guess', 'accuracy'], ['neighbours', 'guess', 'f1_macro']]
    """
    settings = {"cv": cv, "repeats": repeats, "scoring": scoring, "n_jobs": n_jobs}
    first = check_models(models, baseline)
    scores, predictions = run_models(models, X, y, groups, random_state=random_state, **settings)
    return comparison(scores, predictions, first)


def check_models(models: Mapping, baseline=None) -> str:
    """Return the name of the baseline, or say why there is none."""
    if not isinstance(models, Mapping) or not models:
        raise ValueError(f"models must map names to estimators, got {models!r}.")
    if baseline is None:
        return next(iter(models))
    if baseline not in models:
        raise ValueError(f"baseline must be one of {list(models)}, got {baseline!r}.")
    return baseline


def one_seed(random_state):
    """Return `random_state`, or a number drawn once: all models must see the same splits."""
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(np.random.default_rng(random_state).integers(2**31 - 1))


def run_models(models: Mapping, X, y, groups, *, random_state, cv, repeats, scoring, n_jobs):
    """Return scores and predictions of all models, one below the other."""
    folds = {"cv": cv, "repeats": repeats, "random_state": one_seed(random_state)}
    results = {
        name: run_folds(model, X, y, groups, scoring=scoring, n_jobs=n_jobs, **folds)
        for name, model in models.items()
    }
    scores = stack({name: result.scores for name, result in results.items()})
    return scores, stack({name: result.predictions for name, result in results.items()})


def comparison(scores: pd.DataFrame, predictions: pd.DataFrame, baseline) -> Comparison:
    """Summarise the scores of models that saw the same folds."""
    parts = dict(list(scores.groupby("model", sort=False)))
    return Comparison(
        summary=stack({name: summarize_scores(part) for name, part in parts.items()}),
        differences=summarize_differences(scores, baseline),
        scores=scores,
        predictions=predictions,
    )


def stack(tables: Mapping) -> pd.DataFrame:
    """Put tables below each other, with their names in a column model in front."""
    stacked = pd.concat(
        [table.assign(model=name) for name, table in tables.items()], ignore_index=True
    )
    return front(stacked, ["model"])


def front(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Put columns before the others."""
    return table[[*columns, *table.columns.drop(columns)]]
