"""Classes that have an order, learned as mere names, as thresholds, and as numbers."""

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from tmdfeat.study.comparison import Comparison, comparison, one_seed, run_models
from tmdfeat.targets import BinnedRegressor, OrdinalClassifier, complete_array
from tmdfeat.targets.ordinal import rank_classes

N_TREES = 300
METRICS = ("accuracy", "f1_macro")
WHERE = ["model", "repeat", "fold"]


def ordinal_study(
    X,
    y,
    groups,
    *,
    classifier=None,
    regressor=None,
    ordinal=None,
    order=None,
    edges=None,
    cv=5,
    repeats=1,
    random_state=None,
    n_jobs=None,
) -> Comparison:
    """Compare three ways to learn classes that have an order, on the same grouped folds.

    "nominal": the classifier as it is; "ordinal": it again, asked for the thresholds between
    the classes; "binned": the regressor, and the class nearest to what it says.

    Parameters
    ----------
    X : what the models take, see `tmdfeat.evaluate.run_folds`
    y, groups : array-like of shape (n,)
        Labels, numbers (e.g. 900, 950, 1000 degC) or text; and what must stay together.
    classifier, regressor : estimators, optional
        Of one family, or the comparison is one of families: e.g. ``SVC()`` and ``SVR()``, each
        in a Pipeline after its scaler. By default forests of 300 trees.
    ordinal : classifier, optional
        By default ``OrdinalClassifier(classifier)``; for a network rather itself with a loss
        for thresholds, e.g. ``FineTunedCNN(loss="ordinal")``.
    order : sequence of labels, optional
        From the lowest to the highest; text must have it. With it, all models get the classes'
        places in it, 0, 1, ..., and these are regressed.
    edges : sequence of float, optional
        See `tmdfeat.targets.BinnedRegressor`; with `order` they lie between places in it.
    cv, repeats, n_jobs : see `tmdfeat.evaluate.run_folds`
    random_state : int, optional
        Of the splits and the default models.

    Returns
    -------
    Comparison
        Models "nominal" (the baseline), "ordinal" and "binned"; metrics accuracy, f1_macro,
        mae_classes (mean number of classes between truth and prediction) and, for numbers,
        mae_units (mean absolute difference of their numbers).

    Raises
    ------
    ValueError
        If y is text and there is no `order`, or it lacks a label; and see
        `tmdfeat.evaluate.run_folds`.

    References
    ----------
    Cheng, Wang and Pollastri (2008), arXiv:0704.1028.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    >>> X, y = np.arange(36.0)[:, None], np.repeat([900, 950, 1000], 12)
    >>> found = ordinal_study(X, y, np.arange(36) // 2, cv=3, random_state=0,
    ...                       classifier=KNeighborsClassifier(), regressor=KNeighborsRegressor())
    >>> found.summary["metric"].unique().tolist()
    ['accuracy', 'f1_macro', 'mae_classes', 'mae_units']
    """
    seed = one_seed(random_state)
    y = complete_array(y, "y")
    classes, codes = np.unique(y, return_inverse=True)
    places = rank_classes(classes, order)
    ranked = classes[places]
    if order is not None:
        y = np.argsort(places)[codes]
    if classifier is None:
        classifier = RandomForestClassifier(N_TREES, random_state=seed)
    if regressor is None:
        regressor = RandomForestRegressor(N_TREES, random_state=seed)
    models = {
        "nominal": classifier,
        "ordinal": OrdinalClassifier(classifier) if ordinal is None else ordinal,
        "binned": BinnedRegressor(regressor, edges),
    }
    folds = {"cv": cv, "repeats": repeats, "scoring": METRICS, "n_jobs": n_jobs}
    scores, predictions = run_models(models, X, y, groups, random_state=seed, **folds)
    far = _distances(predictions, np.unique(y), in_units=order is None)
    scores = pd.concat([scores, _as_scores(far, scores)], ignore_index=True)
    if order is not None:
        predictions = _named(predictions, ranked)
    return comparison(scores, predictions, "nominal")


def _distances(predictions: pd.DataFrame, classes: np.ndarray, in_units: bool) -> pd.DataFrame:
    """Mean absolute errors of each model and fold."""
    truth, predicted = predictions["truth"].to_numpy(), predictions["predicted"].to_numpy()
    ranks = np.searchsorted(classes, truth), np.searchsorted(classes, predicted)
    far = predictions[WHERE].assign(mae_classes=np.abs(ranks[0] - ranks[1]))
    if in_units:
        far["mae_units"] = np.abs(truth.astype(float) - predicted.astype(float))
    return far.groupby(WHERE, sort=False).mean().reset_index()


def _as_scores(far: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Bring them into the form of scores, with the folds' sizes."""
    rows = far.melt(WHERE, var_name="metric", value_name="score")
    sizes = scores[scores["metric"] == METRICS[0]].drop(columns=["metric", "score"])
    return rows.merge(sizes, on=WHERE)[scores.columns]


def _named(predictions: pd.DataFrame, ranked: np.ndarray) -> pd.DataFrame:
    """Give the classes their names back, where their places in an order were learned."""
    names = {f"probability_{place}": f"probability_{name}" for place, name in enumerate(ranked)}
    back = {column: ranked[predictions[column]] for column in ("truth", "predicted")}
    return predictions.assign(**back).rename(columns=names)
