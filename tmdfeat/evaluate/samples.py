"""X, y and groups of a study: one length, labels and groups complete, classes splittable."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import check_classification_targets

from tmdfeat.gate import Images
from tmdfeat.targets import complete_array


@dataclass(frozen=True, eq=False)
class Samples:
    """What a study is about: one label and one group for each sample."""

    X: Any
    y: np.ndarray
    groups: np.ndarray

    def take(self, index) -> "Samples":
        """Pick samples by position."""
        return Samples(take(self.X, index), self.y[index], self.groups[index])


def count(X) -> int:
    """Count the samples in a list, array, data frame or sparse table."""
    if not (hasattr(X, "shape") or hasattr(X, "__len__")):
        raise TypeError(
            f"X must hold samples and have a length, got {type(X).__name__}. Of an iterator, use "
            "list(X)."
        )
    return X.shape[0] if hasattr(X, "shape") else len(X)


def take(X, index):
    """Pick samples by position from images, a list, array, data frame, Series or sparse table."""
    if isinstance(X, Images):
        return X.take(index)
    if hasattr(X, "iloc"):
        return X.iloc[index]
    if hasattr(X, "shape"):
        return X[index]
    return [X[i] for i in index]


def check_samples(X, y, groups) -> Samples:
    """Bind X, y and groups together, after checking that a grouped study is possible.

    Raises
    ------
    ValueError
        If lengths differ, a label or group is missing, there is one class only, or all
        samples of a class are in one group.
    """
    if groups is None:
        raise ValueError(
            "groups is needed: for each sample the name of what must stay together (specimen, "
            "growth, wafer). If each sample stands alone, pass groups=range(len(X))."
        )
    y = _vector(y, "y", count(X))
    groups = _vector(groups, "groups", count(X))
    check_classification_targets(y)
    classes = pd.unique(y)
    if len(classes) < 2:
        raise ValueError(f"y must hold at least two classes, got only {_plain(classes)}.")
    _check_groups_per_class(y, groups)
    return Samples(X, y, groups)


def _vector(values, name: str, n: int) -> np.ndarray:
    array = complete_array(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must be 1-D, one entry per sample, got shape {array.shape}.")
    if len(array) != n:
        raise ValueError(f"X has {n} samples, but {name} has {len(array)} entries; give one each.")
    return array


def _check_groups_per_class(y, groups) -> None:
    table = pd.DataFrame({"label": y, "group": groups}).drop_duplicates()
    counts = table["label"].value_counts()
    lonely = table[table["label"].map(counts) == 1]
    if lonely.empty:
        return
    pairs = zip(_plain(lonely["label"]), _plain(lonely["group"]), strict=True)
    named = "; ".join(f"class {label!r} only in group {group!r}" for label, group in pairs)
    raise ValueError(
        f"each class needs at least two groups, but: {named}. A grouped split can either train "
        "on such a class or test it, never both. Add samples from another group, or leave the "
        "class out."
    )


def _plain(values) -> list:
    return np.asarray(values).tolist()
