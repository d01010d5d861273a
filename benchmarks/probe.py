"""A linear classifier on frozen features: standardised, then logistic regression.

One rotation of the standardised columns serves every strength of the penalty: a penalty on the
sum of squares sees only the space that the training images span, whatever the number of columns.
"""

from typing import NamedTuple

import numpy as np
from scipy import linalg
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler
from sklearn.utils.parallel import Parallel, delayed

STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)  # values of C
FIXED = 0.01
INNER = 3  # folds of the training part that choose C
SMALLEST = 1e-10  # of the largest eigenvalue; below is rounding


class Part(NamedTuple):
    """Features, labels and groups of some images."""

    X: np.ndarray
    y: np.ndarray
    groups: np.ndarray

    def take(self, index) -> "Part":
        return Part(self.X[index], self.y[index], self.groups[index])


def rotated(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standardise by the training part and turn both to its principal axes."""
    scaler = StandardScaler().fit(train.astype(np.float64))
    train, test = (scaler.transform(X.astype(np.float64)) for X in (train, test))
    products = train @ train.T
    values, vectors = linalg.eigh(products)
    kept = values > SMALLEST * values[-1]
    axes = vectors[:, kept] / np.sqrt(values[kept])
    return products @ axes, test @ train.T @ axes


def chosen_strength(train: Part) -> float:
    """C that is right most often in grouped folds of the training part alone.

    Of several that are, the one with the smallest log-loss.
    """
    folds = StratifiedGroupKFold(INNER, shuffle=True, random_state=0)
    found = np.zeros((len(STRENGTHS), 2))
    for fit, check in folds.split(train.X, train.y, train.groups):
        found += _right_and_likely(train.take(fit), train.take(check))
    return STRENGTHS[max(range(len(STRENGTHS)), key=lambda i: tuple(found[i]))]


def judge_fold(train: Part, test: Part) -> tuple[float, np.ndarray]:
    """Return the chosen C, and which test images are classified rightly.

    The latter has two rows: with the chosen C, with `FIXED`.
    """
    train_X, test_X = rotated(train.X, test.X)
    train = train._replace(X=train_X)
    strength = chosen_strength(train)
    models = [_model(C).fit(train.X, train.y) for C in (strength, FIXED)]
    return strength, np.array([model.predict(test_X) == test.y for model in models])


def judge(train: Part, test: Part, folds: list, n_jobs: int | None) -> tuple[list, np.ndarray]:
    """Judge every fold.

    Parameters
    ----------
    train, test : Part
        Where the folds' images are from; may be the same.
    folds : list of (repeat, positions in train, positions in test)
    n_jobs : int, optional

    Returns
    -------
    strengths : list of float, one per fold
    right : array of shape (2, repeats, images of test)
        As `judge_fold`; NaN for images that no fold tests.
    """
    jobs = (delayed(judge_fold)(train.take(fit), test.take(held)) for _, fit, held in folds)
    found = Parallel(n_jobs=n_jobs)(jobs)
    right = np.full((2, 1 + max(repeat for repeat, _, _ in folds), len(test.y)), np.nan)
    for (repeat, _, held), (_, answers) in zip(folds, found, strict=True):
        right[:, repeat, held] = answers
    return [strength for strength, _ in found], right


def _right_and_likely(fit: Part, check: Part) -> np.ndarray:
    """Of each strength: how many are right, and the log-likelihood; shape (strengths, 2)."""
    model, found = _model(STRENGTHS[0]).set_params(warm_start=True), []
    for C in STRENGTHS:
        shares = model.set_params(C=C).fit(fit.X, fit.y).predict_proba(check.X)
        truth = check.y[:, None] == model.classes_
        right = np.sum(truth[np.arange(len(truth)), shares.argmax(1)])
        found.append((right, np.log(np.clip(shares[truth], 1e-15, None)).sum()))
    return np.array(found)


def _model(C: float) -> LogisticRegression:
    return LogisticRegression(C=C, max_iter=5000)
