"""Many families of classifiers, each with the parameters that it chooses without the test part."""

import warnings
from collections.abc import Mapping
from contextlib import contextmanager

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.metrics import make_scorer
from sklearn.model_selection import GridSearchCV, ParameterGrid, StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.evaluate.metrics import METRICS, check_scoring
from tmdfeat.evaluate.samples import count
from tmdfeat.parameters import check_integer
from tmdfeat.study.comparison import check_models, front, one_seed
from tmdfeat.study.tables import feature_tables
from tmdfeat.study.zoo import zoo_models


def classifier_zoo(
    X,
    y,
    groups,
    *,
    features=None,
    models=None,
    cv=5,
    inner=3,
    repeats=1,
    scoring="f1_macro",
    random_state=None,
    n_jobs=None,
) -> pd.DataFrame:
    """Let families of classifiers compete, each with its parameters chosen inside the folds.

    In each fold, each family is fitted with every point of its grid to parts of the training
    part, and scored on the rest of it; the best is fitted to the whole training part and scored
    on the held-out scans. No group is on both sides of any split, inner or outer. Gaps are
    filled (median) and columns standardised on what is trained on.

    Parameters
    ----------
    X : table of shape (n, columns), or images with `features`
    y, groups : array-like of shape (n,)
        Labels, and which scans show one sample.
    features : transformer, optional
        From images to a table. One that learns nothing, e.g. ``CNNFeatures()``, computes it once.
        One that learns, e.g. ``FineTunedCNN()``, is fitted for each point of each grid, inside
        the inner splits: few and small grids, then.
    models : sequence of str, or mapping of str to (classifier, grid), optional
        Names of `zoo_models`, by default all nine; or your own. Keys of a grid are parameters
        of the classifier.
    cv, repeats, n_jobs : see `tmdfeat.evaluate.run_folds`
    inner : int, default 3
        Parts that each training part is split into, to choose by.
    scoring : str or sequence of str, default "f1_macro"
        See `tmdfeat.evaluate.run_folds`; parameters are chosen by the first.
    random_state : int, optional
        Of outer and inner splits and the models. All models see the same splits in any case.

    Returns
    -------
    DataFrame
        One row per model and metric: model, metric, mean, low, high, std, n_folds (see
        `tmdfeat.evaluate.summarize_scores`), n_candidates, seconds (of all folds), and best: what
        was chosen in each fold, as a list of dict.

    Raises
    ------
    ValueError
        If a model is unknown, `inner` is below 2, or X is no table and `features` is missing; and
        see `tmdfeat.evaluate.run_folds`.

    Notes
    -----
    The best of nine is not as good as it scored: it is the best because of luck, too. To report
    one score for "the best of the zoo", choose the family inside the folds as well.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["MoS2", "WS2"], 30)
    >>> X = rng.normal(size=(60, 3)) + 4 * (y == "WS2")[:, None]
    >>> found = classifier_zoo(X, y, np.arange(60) // 2, models=["knn"], cv=3, random_state=0)
    >>> found[["model", "mean", "n_candidates"]].values.tolist()
    [['knn', 1.0, 8]]
    """
    names = check_scoring(scoring)
    seed = one_seed(random_state)
    models = _chosen(models, seed)
    split = {"cv": cv, "repeats": repeats, "random_state": seed}
    # A rehearsal: what is wrong with labels, groups or folds shows before hours of features.
    run_folds(DummyClassifier(), np.zeros((count(X), 1)), y, groups, **split)
    X, steps = _table(X, features)
    rows = []
    for name, (classifier, grid) in models.items():
        search = _search(steps, classifier, grid, names[0], inner, seed)
        with _expected():
            result = run_folds(
                search, X, y, groups, scoring=names, n_jobs=n_jobs, keep_estimators=True, **split
            )
        rows.append(_rows(result, len(ParameterGrid(search.param_grid))).assign(model=name))
    table = pd.concat(rows, ignore_index=True)
    return front(table, ["model"])


def _chosen(models, seed) -> dict:
    if isinstance(models, Mapping):
        check_models(models)
        for name, entry in models.items():
            if not (isinstance(entry, tuple) and len(entry) == 2):
                raise ValueError(
                    f"models must map names to pairs of classifier and grid, got {entry!r} for "
                    f"{name!r}. Without anything to choose: (classifier, {{}})."
                )
        return dict(models)
    known = zoo_models(seed)
    names = list(known) if models is None else [models] if isinstance(models, str) else models
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ValueError(f"models must be among {list(known)}, or a mapping, got {unknown or []}.")
    return {name: known[name] for name in names}


def _table(X, features) -> tuple:
    """Return what the folds split, and the steps that must run inside them."""
    if features is None:
        if len(getattr(X, "shape", ())) != 2:
            raise ValueError(
                f"X must be a table of shape (n, columns), got {type(X).__name__} of shape "
                f"{getattr(X, 'shape', None)}. For images give features=CNNFeatures()."
            )
        return X, []
    if hasattr(features, "transform") and features.__sklearn_tags__().requires_fit:
        return X, [("features", features)]
    return feature_tables(X, features)[0], []


def _search(steps, classifier, grid, metric, inner, seed) -> GridSearchCV:
    check_integer("inner", inner, 2)
    prepare = [
        ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
        ("scale", StandardScaler()),
    ]
    pipe = Pipeline([*steps, *prepare, ("model", clone(classifier))])
    grids = [grid] if isinstance(grid, Mapping) else grid
    return GridSearchCV(
        pipe,
        [{f"model__{key}": values for key, values in grid.items()} for grid in grids],
        scoring=make_scorer(METRICS[metric]),
        cv=StratifiedGroupKFold(inner, shuffle=True, random_state=seed),
        error_score="raise",
    )


@contextmanager
def _expected():
    """Be silent about what is meant so."""
    with warnings.catch_warnings():
        # The perceptron has a fixed number of rounds.
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        # Inner parts that lack a class are scored over the classes they have.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        yield


def _rows(result, n_candidates) -> pd.DataFrame:
    best = [
        {key.rpartition("__")[2]: value for key, value in fold.estimator.best_params_.items()}
        for fold in result.folds
    ]
    metrics = summarize_scores(result.scores)
    seconds = result.scores.drop_duplicates(["repeat", "fold"])["seconds"].sum()
    return metrics.assign(
        n_candidates=n_candidates, seconds=float(seconds), best=pd.Series([best] * len(metrics))
    )
