"""run_folds: fit and predict in every fold, and keep what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.parallel import Parallel, delayed
from tqdm import tqdm

from tmdfeat.evaluate.answers import answers
from tmdfeat.evaluate.entrance import takes_images
from tmdfeat.evaluate.metrics import check_scoring, score_fold
from tmdfeat.evaluate.routing import fit_with_groups, warn_of_mixing
from tmdfeat.evaluate.samples import Samples, check_samples
from tmdfeat.evaluate.splits import Fold, make_folds
from tmdfeat.gate import check_images


@dataclass(frozen=True, eq=False)
class FoldResults:
    """What happened in each fold.

    Attributes
    ----------
    scores : DataFrame
        One row per fold and metric: repeat, fold, metric, score, n_train, n_test,
        n_test_groups, seconds (to fit and predict).
    predictions : DataFrame
        One row per held-out sample: repeat, fold, position (in X), group, truth, predicted,
        and, if the estimator has `predict_proba`, one ``probability_<class>`` per class, 0 for
        a class that the training part lacked.
    folds : tuple of Fold
        The splits; each with its fitted estimator if `keep_estimators` was set.
    """

    scores: pd.DataFrame
    predictions: pd.DataFrame
    folds: tuple[Fold, ...]


def run_folds(
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
    keep_estimators: bool = False,
) -> FoldResults:
    """Cross-validate with groups kept together, and return scores, predictions and models.

    Parameters
    ----------
    estimator : classifier or Pipeline
        Cloned for each fold. If it is, or contains, a search with a group splitter, e.g.
        ``GridSearchCV(..., cv=StratifiedGroupKFold())``, this gets the groups too.
    X : list of images or paths, array, data frame or sparse table, n samples
    y : array of shape (n,)
        Labels, complete.
    groups : array of shape (n,)
        What must not be on both sides of a split. A group may hold several classes.
    cv : int, splitter or list of (train, test), default 5
        A number of folds means a shuffled StratifiedGroupKFold. The splits of a splitter are
        checked: none may put a group on both sides.
    repeats : int, default 1
        How often to split anew; each repeat has its own seed, derived from `random_state`.
    scoring : str or sequence of str
        Among accuracy, balanced_accuracy and f1_macro; the latter two over the classes in
        the fold's truth.
    random_state : int, RandomState or None
        For the splits alone; estimators have their own.
    n_jobs : int, optional
        Folds to run at once. Estimators around a network are faster with 1.
    keep_estimators : bool, default False
        Keep each fold's fitted estimator, e.g. to explain its held-out samples.

    Returns
    -------
    FoldResults

    Raises
    ------
    ValueError
        If lengths differ, labels or groups are missing, groups are fewer than folds, a class
        has one group only, or a split leaks or leaves one class to train on.
    FileNotFoundError, TypeError, ValueError
        From `tmdfeat.gate.check_images`, if the estimator begins with an image transformer.

    Warns
    -----
    UserWarning
        If the estimator is, or contains, a search whose own splits mix groups.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, groups = np.arange(12.0)[:, None], np.arange(12) // 2
    >>> y = np.where(X[:, 0] < 6, "MoS2", "WS2")
    >>> results = run_folds(LogisticRegression(), X, y, groups, cv=3, keep_estimators=True)
    >>> sorted(results.predictions["position"]) == list(range(12))
    True
    >>> fold = results.folds[0]
    >>> fold.estimator.predict(X[fold.test]).shape
    (4,)
    """
    metrics = check_scoring(scoring)
    if takes_images(estimator):
        X = check_images(X, allow_nan=True)  # here, so that errors in folds count from X[0]
    samples = check_samples(X, y, groups)
    warn_of_mixing(estimator, samples.groups)
    folds = make_folds(samples, cv, repeats, random_state)
    jobs = (delayed(_run_fold)(estimator, samples, fold, keep_estimators) for fold in folds)
    runs = Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    runs = list(tqdm(runs, total=len(folds), desc="folds", unit="fold", disable=None))
    scores = [score_fold(fold, table, seconds, metrics) for fold, table, seconds in runs]
    return FoldResults(
        scores=pd.concat(scores, ignore_index=True),
        predictions=pd.concat([table for _, table, _ in runs], ignore_index=True),
        folds=tuple(fold for fold, _, _ in runs),
    )


def _run_fold(estimator, samples: Samples, fold: Fold, keep: bool):
    start = perf_counter()
    train = samples.take(fold.train)
    fitted = fit_with_groups(clone(estimator), train.X, train.y, train.groups)
    table = _predict(fitted, samples, fold)
    seconds = perf_counter() - start
    return (replace(fold, estimator=fitted) if keep else fold), table, seconds


def _predict(fitted, samples: Samples, fold: Fold) -> pd.DataFrame:
    test = samples.take(fold.test)
    where = {"repeat": fold.repeat, "fold": fold.fold, "position": fold.test}
    labels, probabilities = answers(fitted, test.X)
    what = {"group": test.groups, "truth": test.y, "predicted": labels}
    table = pd.DataFrame({**where, **what})
    if probabilities is None:
        return table
    known = pd.DataFrame(probabilities, columns=fitted.classes_)
    shares = known.reindex(columns=np.unique(samples.y), fill_value=0.0)
    return table.join(shares.add_prefix("probability_"))
