"""Splits of a study: made once over all classes, so that all stages and strategies share them."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from tmdfeat.evaluate.samples import Samples
from tmdfeat.evaluate.splits import make_folds

FIXED_SPLITS = 10  # of which the first is the published test set


@dataclass(frozen=True, eq=False)
class Split:
    """Positions of the images of one fold, or of the part of it that one run uses.

    Attributes
    ----------
    repeat, fold : int
    train, validation, test : arrays of int
        To learn from, to choose the epoch by, held out. No group is in two of them.
    """

    repeat: int
    fold: int
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray

    def only(self, keep: np.ndarray) -> "Split":
        """Return the images for which the mask `keep` holds."""
        return self.map(lambda positions: positions[keep[positions]])

    def map(self, function) -> "Split":
        """Apply a function to all three arrays."""
        parts = (function(part) for part in (self.train, self.validation, self.test))
        return Split(self.repeat, self.fold, *parts)


def right_splits(samples: Samples, n_splits, repeats, fraction, seed) -> list[Split]:
    """Grouped, stratified, shuffled folds; of each fold's training part a share validates.

    Parameters
    ----------
    samples : Samples
    n_splits, repeats : int
    fraction : float
        Of the training part, about, to choose the epoch by.
    seed : int

    Raises
    ------
    ValueError
        If a class has fewer groups than there are folds, or lacks in a part of a fold.
    """
    _check_groups(samples, n_splits)
    folds = make_folds(samples, n_splits, repeats, seed)
    splits = []
    for fold in folds:
        inner = _validation(samples.take(fold.train), fraction, [seed, fold.repeat, fold.fold])
        train, validation = fold.train[~inner], fold.train[inner]
        splits.append(Split(fold.repeat, fold.fold, train, validation, fold.test))
    return _checked(splits, samples)


def fixed_splits(samples: Samples, n_splits, repeats) -> list[Split]:
    """Split as the published study did: one test set, and folds of the rest.

    The test set is the first of ten unshuffled folds. Repeats have the same splits, and other
    seeds.
    """
    _check_groups(samples, n_splits + 1)
    outer = make_folds(samples, StratifiedGroupKFold(FIXED_SPLITS), 1, None)[0]
    rest = samples.take(outer.train)
    splits = [
        Split(0, fold.fold, outer.train[fold.train], outer.train[fold.test], outer.test)
        for fold in make_folds(rest, StratifiedGroupKFold(n_splits), 1, None)
    ]
    _checked(splits, samples)
    return [replace(split, repeat=repeat) for repeat in range(repeats) for split in splits]


def _validation(train: Samples, fraction: float, seed) -> np.ndarray:
    """Mask of what validates: whole groups, and never all groups of a class."""
    largest = np.unique(train.y, return_counts=True)[1].max()
    k = min(max(2, round(1 / fraction)), len(np.unique(train.groups)), int(largest))
    if k < 2:
        return np.zeros(len(train.y), dtype=bool)
    state = int(np.random.default_rng(seed).integers(2**31 - 1))
    splitter = StratifiedGroupKFold(k, shuffle=True, random_state=state)
    with warnings.catch_warnings():
        # A rare class may have no image to validate by; `_checked` looks after the others.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        _, inner = next(splitter.split(np.zeros((len(train.y), 1)), train.y, train.groups))
    mask = np.isin(np.arange(len(train.y)), inner)
    lacking = ~np.isin(train.y, train.y[~mask])
    mask[np.isin(train.groups, train.groups[lacking])] = False
    return mask


def _check_groups(samples: Samples, needed: int) -> None:
    for label in np.unique(samples.y):
        n = len(np.unique(samples.groups[samples.y == label]))
        if n < needed:
            raise ValueError(
                f"class {label.item()!r} has {n} groups, but at least {needed} are needed, so "
                "that every fold can train on it and test it. Lower n_splits, add samples of "
                "other groups, or leave the class out of the stages."
            )


def _checked(splits: list[Split], samples: Samples) -> list[Split]:
    classes = np.unique(samples.y)
    for split in splits:
        for name in ("train", "test"):
            here = samples.y[getattr(split, name)]
            lacking = np.setdiff1d(classes, here).tolist()
            if lacking:
                raise ValueError(
                    f"fold {split.fold} of repeat {split.repeat} has no image of {lacking} to "
                    f"{name} with: few large groups cannot be spread over so many folds. Lower "
                    "n_splits, or try another random_state."
                )
        if len(split.validation) == 0:
            raise ValueError(
                f"fold {split.fold} of repeat {split.repeat} has no image to choose the epoch by. "
                "Add samples of other groups, or lower n_splits."
            )
    return splits
