"""Classifiers on the principal components of tables, one table per layer of a network."""

from collections.abc import Mapping
from numbers import Real

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.evaluate.samples import count
from tmdfeat.pipelines import BoundedPCA
from tmdfeat.study.comparison import check_models, front
from tmdfeat.targets import complete_array

VARIANCE = (0.85, 0.99)
METRICS = ("accuracy", "f1_macro")


def layer_models() -> dict:
    """Make the classifiers that a layer study uses unless told otherwise.

    Three ways to draw a border: kernels, a plane, neighbours. They stand on principal components
    of any number, so none has a length of its own: of neighbours the nearest five instead of those
    within a radius.

    Examples
    --------
    >>> list(layer_models())
    ['svc', 'ridge', 'knn']
    """
    return {
        "svc": SVC(class_weight="balanced"),
        "ridge": RidgeClassifier(alpha=30, class_weight="balanced"),
        "knn": KNeighborsClassifier(5, weights="distance"),
    }


def score_layers(
    tables: Mapping,
    y,
    groups,
    *,
    variance=VARIANCE,
    models=None,
    cv=5,
    repeats=1,
    scoring=METRICS,
    random_state=None,
    n_jobs=None,
) -> pd.DataFrame:
    """Score as `tmdfeat.study.layer_study` does, with tables that are there already.

    Parameters
    ----------
    tables : mapping of str to table of shape (n, columns)
        By layer; computed without looking at labels, as by `tmdfeat.study.layer_tables`.
    y, groups, variance, models, cv, repeats, scoring, random_state, n_jobs
        See `tmdfeat.study.layer_study`.

    Returns
    -------
    DataFrame, as from `tmdfeat.study.layer_study`

    Examples
    --------
    >>> y = np.repeat(["MoS2", "WS2"], 12)
    >>> tables = {"early": np.zeros((24, 1)), "late": (y == "WS2")[:, None]}
    >>> found = score_layers(tables, y, np.arange(24) // 2, cv=3, random_state=0)
    >>> found.groupby("layer")["mean"].max().to_dict()
    {'early': 0.5, 'late': 1.0}
    """
    if not isinstance(tables, Mapping):
        raise TypeError(f"tables must map layers to tables, got {type(tables).__name__}.")
    n = len(complete_array(y, "y"))
    sizes = {layer: count(table) for layer, table in tables.items()}
    wrong = {layer: size for layer, size in sizes.items() if size != n}
    if wrong or not tables:
        raise ValueError(
            f"tables must map layers to tables of {n} rows, one per label, got {wrong or 'none'}."
        )
    models, splits = rehearse(n, y, groups, variance, models, cv, repeats, random_state)
    runs = {layer: [(table, splits)] for layer, table in tables.items()}
    return score(runs, y, groups, variance, models, scoring, n_jobs)


def rehearse(n, y, groups, variance, models, cv, repeats, random_state):
    """Show what is wrong with labels, groups or folds before hours of features; make the folds."""
    shares = list(variance) if np.iterable(variance) and not isinstance(variance, str) else []
    if not shares or not all(isinstance(share, Real) and 0 < share < 1 for share in shares):
        raise ValueError(
            "variance must be a list of shares between 0 and 1, e.g. (0.85, 0.99), got "
            f"{variance!r}."
        )
    models = layer_models() if models is None else models
    check_models(models)
    guess, nothing = DummyClassifier(), np.zeros((n, 1))
    folds = run_folds(guess, nothing, y, groups, cv=cv, repeats=repeats, random_state=random_state)
    return models, [(fold.train, fold.test) for fold in folds.folds]


def score(runs, y, groups, variance, models, scoring, n_jobs) -> pd.DataFrame:
    """Score every layer's runs, pairs of a table and its splits, with every share and model."""
    rows = []
    for layer, parts in runs.items():
        for share in variance:
            for name, model in models.items():
                steps = [("scale", StandardScaler()), ("pca", BoundedPCA(float(share)))]
                pipe = Pipeline([*steps, ("model", clone(model))])
                results = [
                    run_folds(
                        pipe,
                        table,
                        y,
                        groups,
                        cv=splits,
                        scoring=scoring,
                        n_jobs=n_jobs,
                        keep_estimators=True,
                    )
                    for table, splits in parts
                ]
                rows.append(_row(results).assign(layer=layer, variance=share, model=name))
    table = pd.concat(rows, ignore_index=True)
    return front(table, ["layer", "variance", "n_components", "model"])


def _row(results) -> pd.DataFrame:
    scores = pd.concat([result.scores for result in results], ignore_index=True)
    found = [fold.estimator["pca"].pca_.n_components_ for r in results for fold in r.folds]
    return summarize_scores(scores).assign(n_components=float(np.mean(found)))
