"""BinnedRegressor: classes that are numbers, predicted by regression and rounding."""

from copy import deepcopy

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
from sklearn.utils import get_tags
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from tmdfeat.targets.inner import fit_inner, router
from tmdfeat.targets.labels import check_labels, number_classes
from tmdfeat.targets.tables import check_table


def _edges(classes: np.ndarray, edges) -> np.ndarray:
    """Return `edges`, by default the midpoints, checked: no two classes between two edges."""
    if edges is None:
        return (classes[:-1] + classes[1:]) / 2
    edges = np.asarray(edges, dtype=float)
    if edges.ndim != 1 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges must be finite and rise, got {edges.tolist()}.")
    bins = np.searchsorted(edges, classes, side="right")
    same = np.flatnonzero(np.diff(bins) == 0)
    if same.size:
        pair = classes[same[0] : same[0] + 2].tolist()
        raise ValueError(
            f"no edge lies between the classes {pair[0]:g} and {pair[1]:g}: edges are "
            f"{edges.tolist()}. Put one edge between each two classes."
        )
    return edges


class BinnedRegressor(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Classify by regression: predict a number, answer with the class whose bin it falls into.

    For classes that are numbers, e.g. growth temperatures of 900, 950 and 1000 degC.

    Parameters
    ----------
    regressor : regressor, or a Pipeline that ends in one
    edges : sequence of float, optional
        Where bins end, rising: a value at an edge is in the upper bin. By default the midpoints
        between the classes seen in fit, so that the nearest class is the answer. Given edges
        hold for every fit: a value in a bin whose class was not in y goes to the nearest class
        that was.

    Attributes
    ----------
    classes_ : array of shape (k,)
        The numbers seen in fit, sorted.
    edges_ : array
        Where bins end.
    regressor_ : regressor
        The fitted clone.
    n_features_in_, feature_names_in_ : int, array
        As in scikit-learn; only when X was a table.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> from tmdfeat.targets import BinnedRegressor
    >>> X, y = [[0.0], [1.0], [2.0]], [900, 950, 1000]
    >>> model = BinnedRegressor(LinearRegression()).fit(X, y)
    >>> model.predict_value([[0.4], [0.6]]).round().tolist()
    [920.0, 930.0]
    >>> model.predict([[0.4], [0.6]]).tolist()
    [900, 950]
    """

    def __init__(self, regressor, edges=None):
        self.regressor = regressor
        self.edges = edges

    def fit(self, X, y, groups=None):
        """Fit a clone of `regressor` on y as numbers.

        Parameters
        ----------
        X : whatever `regressor` takes
        y : array of shape (n,)
            Labels that are numbers, at least two different ones.
        groups : array of shape (n,), optional
            For a `regressor` that asks for them by metadata routing.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If y is no numbers or holds one only, or `edges` do not part the classes.
        """
        X = check_table(self, self.regressor, X, reset=True)
        y = check_labels(y)
        check_consistent_length(X, y)
        if y.dtype.kind not in "iuf":
            raise ValueError(
                f"classes must be numbers to be regressed, got e.g. {y[0]!r}. Turn them into "
                "numbers, or use OrdinalClassifier(..., order=[lowest, ..., highest])."
            )
        self.classes_, _ = number_classes(y)
        self.edges_ = _edges(self.classes_, self.edges)
        self.regressor_ = fit_inner(self, "regressor", X, y.astype(float), groups)
        return self

    def predict(self, X) -> np.ndarray:
        """Return the class of each predicted number.

        Parameters
        ----------
        X : whatever `regressor` takes

        Returns
        -------
        array of shape (n,)
        """
        return self._class_of(self.predict_value(X))

    def predict_value(self, X) -> np.ndarray:
        """Return the predicted numbers themselves.

        Parameters
        ----------
        X : whatever `regressor` takes

        Returns
        -------
        float array of shape (n,)

        Raises
        ------
        ValueError
            If the regressor answers with NaN or infinity, as neighbours within a radius do
            where there are none.
        """
        check_is_fitted(self)
        X = check_table(self, self.regressor, X, reset=False)
        values = np.asarray(self.regressor_.predict(X), dtype=float).reshape(-1)
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            raise ValueError(
                f"{type(self.regressor_).__name__} predicts {values[bad[0]]} for "
                f"{bad.size} of {len(values)} samples, the first at {bad[0]}: no class fits "
                "that. Change its parameters, e.g. a larger radius."
            )
        return values

    def get_metadata_routing(self):
        """Return who asks for groups: `regressor`, if anyone."""
        return router(self, "regressor")

    def _class_of(self, values: np.ndarray) -> np.ndarray:
        owner = np.searchsorted(self.edges_, self.classes_, side="right")
        bins = np.searchsorted(self.edges_, values, side="right")
        place = np.minimum(np.searchsorted(owner, bins), len(owner) - 1)
        nearest = np.abs(values[:, None] - self.classes_).argmin(axis=1)
        return self.classes_[np.where(owner[place] == bins, place, nearest)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags = deepcopy(get_tags(self.regressor).input_tags)
        return tags
