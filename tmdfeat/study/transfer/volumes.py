"""Volumes: how many images of a class there are to learn from."""

import math
import random
from collections.abc import Sequence
from numbers import Integral
from typing import NamedTuple

import numpy as np

from tmdfeat.parameters import check_choice, check_integer

BY = ("image", "group")
PAPER_SEED = 41


class Volume(NamedTuple):
    """Images of each cut class to train on and to choose the epoch by; None: all there are."""

    n_train: int | None = None
    n_validation: int | None = None


ALL = Volume()
# The published ones: 64, 32, 16 and 8 in total
PAPER_VOLUMES = (None, (57, 7), (28, 4), (13, 3), (6, 2))


def check_volumes(n_new, validation_fraction: float) -> tuple[Volume, ...]:
    """Turn `n_new` into volumes; a number of training images brings validation images along.

    Examples
    --------
    >>> check_volumes((None, 57, (28, 4)), 0.1)[1:]
    (Volume(n_train=57, n_validation=7), Volume(n_train=28, n_validation=4))
    """
    if n_new is None or isinstance(n_new, str) or not isinstance(n_new, Sequence) or not n_new:
        raise ValueError(
            "n_new must be a sequence of numbers of images, of pairs (training, validation), and "
            f"None for all, e.g. (None, 32, 8); got {n_new!r}."
        )
    volumes = tuple(_volume(n, validation_fraction) for n in n_new)
    asked = [volume.n_train for volume in volumes]
    if len(set(asked)) < len(asked):
        raise ValueError(f"n_new must name each number of training images once, got {n_new!r}.")
    return volumes


def low_data_split(
    y, groups, train, *, new_class, n, by="image", random_state: int | Sequence[int] = 0
) -> np.ndarray:
    """Cut a class down to few images, and leave all others as they are.

    Parameters
    ----------
    y, groups : arrays of shape (m,)
        Labels, and which images show one sample.
    train : array of int
        Positions to cut.
    new_class : label, or list of labels
        Which class or classes to cut.
    n : int
        How many images of each to keep.
    by : {"image", "group"}, default "image"
        ``"group"``: whole samples, until there are at least n images. Few images of many samples
        tell more than as many of few.
    random_state : int or sequence of int
        The same number and a larger n give the same images and some more.

    Returns
    -------
    array of int
        Positions, in the order of `train`.

    Raises
    ------
    ValueError
        If there are fewer than n.

    Examples
    --------
    >>> y = np.array(["a", "a", "a", "b", "b", "b"])
    >>> kept = low_data_split(y, np.arange(6), np.arange(6), new_class="b", n=1)
    >>> y[kept].tolist()
    ['a', 'a', 'a', 'b']
    """
    check_choice("by", by, BY)
    check_integer("n", n, 1)
    y, groups, train = np.asarray(y), np.asarray(groups), np.asarray(train)
    classes = new_class if isinstance(new_class, list | tuple | np.ndarray) else [new_class]
    kept = ~np.isin(y[train], classes)
    for number, label in enumerate(classes):
        mine = np.flatnonzero(y[train] == label)
        if len(mine) < n:
            raise ValueError(
                f"n={n} images of {label!r} were asked for, but there are {len(mine)}."
            )
        rng = np.random.default_rng([*np.atleast_1d(random_state), number])
        order = groups[train[mine]] if by == "group" else mine
        kept[mine[_first(order, n, rng)]] = True
    return train[kept]


def paper_split(y, train, *, new_class, n) -> np.ndarray:
    """Cut classes as the published scripts did: by image, always with seed 41.

    A larger n need not hold the images of a smaller one.
    """
    kept = ~np.isin(y[train], new_class)
    for label in new_class:
        mine = np.flatnonzero(y[train] == label).tolist()
        kept[random.Random(PAPER_SEED).sample(mine, n)] = True
    return train[kept]


def _first(units, n: int, rng) -> np.ndarray:
    """Places of the first drawn units (images or groups) that together have n images."""
    names, code, sizes = np.unique(units, return_inverse=True, return_counts=True)
    order = rng.permutation(len(names))
    drawn = np.searchsorted(np.cumsum(sizes[order]), n) + 1
    return np.flatnonzero(np.isin(code, order[:drawn]))


def _volume(n, fraction: float) -> Volume:
    if n is None:
        return ALL
    if isinstance(n, Sequence) and not isinstance(n, str) and len(n) == 2:
        return Volume(*(check_integer("each number in n_new", part, 1) for part in n))
    if not isinstance(n, Integral):
        raise ValueError(f"n_new holds numbers, pairs of numbers, or None; got {n!r}.")
    n = check_integer("each number in n_new", n, 1)
    # Rounding errors: 0.1 / 0.9 * 9 is a little more than 1.
    return Volume(n, math.ceil(round(n * fraction / (1 - fraction), 6)))
