"""Folds that keep groups together: made, or taken from a splitter and checked."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, check_cv
from sklearn.utils import check_random_state

from tmdfeat.evaluate.samples import Samples


@dataclass(frozen=True, eq=False)
class Fold:
    """One split: which samples were trained on, which were held out, and the model.

    Attributes
    ----------
    repeat, fold : int
        Which split this is.
    train, test : arrays of int
        Positions in X.
    estimator : estimator or None
        Fitted on ``train``; None unless it was asked for.
    """

    repeat: int
    fold: int
    train: np.ndarray
    test: np.ndarray
    estimator: Any = None


def make_folds(samples: Samples, cv, repeats, random_state) -> list[Fold]:
    """Split all samples, keeping groups together and classes in proportion.

    Parameters
    ----------
    samples : Samples
    cv : int, splitter or list of (train, test)
        A number of folds means ``StratifiedGroupKFold(cv, shuffle=True)``, shuffled anew for
        each repeat. Anything else is used as it is, once.
    repeats : int
    random_state : int, RandomState or None

    Returns
    -------
    list of Fold, all repeats after each other

    Raises
    ------
    ValueError
        If groups or classes are too few for `cv`; or a split has a group on both sides, an
        empty side, or one class to train on.
    """
    y, groups = samples.y, samples.groups
    if not isinstance(repeats, int | np.integer) or repeats < 1:
        raise ValueError(f"repeats must be a whole number of at least 1, got {repeats!r}.")
    if isinstance(cv, int | np.integer):
        _check_enough(y, groups, cv)
        seeds = check_random_state(random_state).randint(2**31 - 1, size=repeats)
        splitters = [StratifiedGroupKFold(cv, shuffle=True, random_state=s) for s in seeds]
    elif repeats == 1:
        splitters = [check_cv(cv)]
    else:
        raise ValueError(
            f"repeats={repeats} needs a number of folds as cv, got {cv!r}. A splitter of your own "
            "says itself how often it splits; leave repeats at 1."
        )
    folds = [
        Fold(repeat, fold, np.asarray(train), np.asarray(test))
        for repeat, splitter in enumerate(splitters)
        for fold, (train, test) in enumerate(_split(splitter, y, groups))
    ]
    for fold in folds:
        _check_fold(fold, y, groups)
    return folds


def _split(splitter, y, groups) -> list:
    with warnings.catch_warnings():
        # Folds that lack a class are expected here, and scored over the classes they have.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        # Whether a splitter that ignores groups keeps them together is checked below.
        warnings.filterwarnings("ignore", message="The groups parameter is ignored")
        return list(splitter.split(np.zeros((len(y), 1)), y, groups))


def _check_enough(y, groups, cv) -> None:
    if cv < 2:
        raise ValueError(f"cv must be at least 2 folds, got {cv}.")
    n_groups = len(set(groups.tolist()))
    if n_groups < cv:
        raise ValueError(
            f"cv={cv} folds need at least {cv} groups, got {n_groups}. Lower cv, or add groups."
        )
    largest = np.unique(y, return_counts=True)[1].max()
    if largest < cv:
        raise ValueError(
            f"cv={cv} folds need a class of at least {cv} samples, but the largest has {largest}. "
            f"Lower cv to {largest} or less, or add samples."
        )


def _check_fold(fold: Fold, y, groups) -> None:
    where = f"split {fold.fold} of repeat {fold.repeat}"
    if len(fold.train) == 0 or len(fold.test) == 0:
        raise ValueError(
            f"{where} has {len(fold.train)} samples to train on and {len(fold.test)} to test. "
            "Use fewer folds: a few large groups cannot be spread over more."
        )
    shared = set(groups[fold.train].tolist()) & set(groups[fold.test].tolist())
    if shared:
        raise ValueError(
            f"{where} has group {min(shared, key=str)!r} on both sides ({len(shared)} such "
            "groups), so scores would be too good. Use a splitter that keeps groups together, "
            "e.g. StratifiedGroupKFold or GroupKFold."
        )
    classes = set(y[fold.train].tolist())
    if len(classes) < 2:
        raise ValueError(
            f"{where} has only class {classes.pop()!r} to train on. Use fewer folds, another "
            "random_state, or add groups of the other classes."
        )
