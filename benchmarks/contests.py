"""What frozen networks are compared on: collections of images, and folds of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

Fold = tuple[int, np.ndarray, np.ndarray]  # repeat, positions to train on, positions to test


@dataclass(frozen=True, eq=False)
class Collection:
    """Images, their labels, and the groups that stay together."""

    images: Sequence
    labels: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True, eq=False)
class Contest:
    """Folds that train on one collection and test on one, perhaps another."""

    name: str
    train: Collection
    test: Collection
    folds: list[Fold]
    balanced: bool = False


def grouped(collection: Collection, folds: int, repeats: int) -> list[Fold]:
    """Split all images anew in each repeat, groups together and classes in proportion."""
    return [
        (repeat, fit, held)
        for repeat in range(repeats)
        for fit, held in _splits(collection, folds, repeat)
    ]


def few(collection: Collection, folds: list[Fold], per_class: int) -> list[Fold]:
    """The same test images; of each fold's training images, so many of each class at random."""
    found = []
    for number, (repeat, fit, held) in enumerate(folds):
        rng = np.random.default_rng([per_class, number])
        labels = collection.labels[fit]
        drawn = [
            rng.choice(fit[labels == label], per_class, replace=False)
            for label in np.unique(labels)
        ]
        found.append((repeat, np.sort(np.concatenate(drawn)), held))
    return found


def one_held_out(groups: np.ndarray, keep: np.ndarray) -> list[Fold]:
    """Hold each group out once, of the images that are kept."""
    pairs = LeaveOneGroupOut().split(keep, groups=groups[keep])
    return [(0, keep[fit], keep[held]) for fit, held in pairs]


def across(train: Collection, test: Collection, folds: int, repeats: int) -> list[Fold]:
    """Train on all but one fold of one collection, test on a fold of another.

    As many images are trained on as in `grouped`, and each of the other is tested once in each
    repeat.
    """
    return [
        (repeat, fit, held)
        for repeat in range(repeats)
        for (fit, _), (_, held) in zip(
            _splits(train, folds, repeat), _splits(test, folds, repeat), strict=True
        )
    ]


def _splits(collection: Collection, folds: int, seed: int) -> list:
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(collection.labels, collection.labels, collection.groups))
