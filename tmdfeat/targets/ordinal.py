"""OrdinalClassifier: classes that have an order, learned as the thresholds between them."""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from tmdfeat.targets.inner import fit_inner, router
from tmdfeat.targets.labels import check_labels, number_classes
from tmdfeat.targets.multilabel import label_probabilities
from tmdfeat.targets.tables import check_table


def _has_probabilities(self) -> bool:
    inner = self.estimators_[0] if hasattr(self, "estimators_") else self.estimator
    getattr(inner, "predict_proba")  # noqa: B009 - raises with the reason
    return True


def _takes_multilabel(estimator) -> bool:
    tags = get_tags(estimator).classifier_tags
    return tags is not None and tags.multi_label


def _of_second(fitted, X) -> np.ndarray:
    """Return the probability that one threshold is passed."""
    if hasattr(fitted, "predict_proba"):
        return fitted.predict_proba(X)[:, 1]
    return np.asarray(fitted.predict(X), dtype=float)


def rank_classes(classes: np.ndarray, order=None) -> np.ndarray:
    """Return the places in `classes`, from the lowest class to the highest.

    Parameters
    ----------
    classes : array of shape (k,), without duplicates
    order : sequence of labels, optional
        See `OrdinalClassifier`.

    Raises
    ------
    ValueError, TypeError
        As `OrdinalClassifier.fit`.

    Examples
    --------
    >>> rank_classes(np.array(["high", "low"]), ["low", "middle", "high"]).tolist()
    [1, 0]
    """
    if order is None:
        if classes.dtype.kind not in "iufb":
            raise ValueError(
                f"the order of {classes.tolist()} is not known: text has none of its own. Give "
                "it, OrdinalClassifier(..., order=[lowest, ..., highest]), or use numbers."
            )
        return np.arange(len(classes))
    if isinstance(order, str) or not isinstance(order, Sequence | np.ndarray):
        raise TypeError(f"order must be a sequence of labels from low to high, got {order!r}.")
    rank = {label: place for place, label in enumerate(np.asarray(order).tolist())}
    if len(rank) < len(order):
        raise ValueError(f"order names a label twice: {list(order)}. Name each once.")
    missing = [label for label in classes.tolist() if label not in rank]
    if missing:
        raise ValueError(f"order lacks {missing}, which y holds; it has {list(order)}.")
    return np.argsort([rank[label] for label in classes.tolist()])


def between_thresholds(passed: np.ndarray) -> np.ndarray:
    """Turn probabilities that thresholds are passed into those of the classes between them.

    Parameters
    ----------
    passed : array of shape (n, k - 1)
        From the lowest threshold on, never rising within a row.

    Returns
    -------
    array of shape (n, k), from the lowest class to the highest

    Examples
    --------
    >>> between_thresholds(np.array([[0.75, 0.25]])).tolist()
    [[0.25, 0.5, 0.25]]
    """
    bounds = np.pad(passed, ((0, 0), (1, 1)), constant_values=((0, 0), (1, 0)))
    return bounds[:, :-1] - bounds[:, 1:]


class OrdinalClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Predict classes in an order by asking of each threshold whether it is passed.

    Of the classes 900, 950, 1000 the targets are "above 900?" and "above 950?": (0, 0), (1, 0)
    and (1, 1). To take 900 for 1000 is thus two mistakes, to take it for 950 one. The answer is
    the class after as many thresholds as are passed (above one half) from the lowest on, up to
    the first that is not.

    Parameters
    ----------
    estimator : classifier, or a Pipeline that ends in one
        If it takes multilabel targets (forests, neighbours, MLPClassifier, ...), one is fitted
        on all thresholds; else one for each, as two classes.
    order : sequence of labels, optional
        From the lowest to the highest; it may name classes that y lacks. Numbers are sorted by
        value unless it is given; text must have it.

    Attributes
    ----------
    classes_ : array of shape (k,)
        The labels seen in fit, sorted. Columns of `predict_proba` are in this order.
    ranked_ : array of shape (k,)
        The same from the lowest to the highest.
    estimators_ : list
        The fitted clones: one, or one per threshold.
    n_features_in_, feature_names_in_ : int, array
        As in scikit-learn; only when X was a table.

    References
    ----------
    Cheng, Wang and Pollastri (2008), A neural network approach to ordinal regression
    (NNRank), arXiv:0704.1028.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from tmdfeat.targets import OrdinalClassifier
    >>> X, y = [[0.0], [1.0], [4.0], [5.0], [8.0], [9.0]], [900, 900, 950, 950, 1000, 1000]
    >>> model = OrdinalClassifier(LogisticRegression()).fit(X, y)
    >>> model.predict([[0.4], [4.6], [9.5]]).tolist()
    [900, 950, 1000]
    >>> len(model.estimators_)
    2
    """

    def __init__(self, estimator, order=None):
        self.estimator = estimator
        self.order = order

    def fit(self, X, y, groups=None):
        """Fit clones of `estimator` on the thresholds that the classes of y have.

        Parameters
        ----------
        X : whatever `estimator` takes
        y : array of shape (n,)
            Labels, at least two different ones.
        groups : array of shape (n,), optional
            For an `estimator` that asks for them by metadata routing.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If y has one class only; is text and there is no `order`; or `order` lacks a class
            or names one twice.
        """
        X = check_table(self, self.estimator, X, reset=True)
        y = check_labels(y)
        check_consistent_length(X, y)
        self.classes_, codes = number_classes(y)
        places = rank_classes(self.classes_, self.order)
        self.ranked_ = self.classes_[places]
        ranks = np.argsort(places)[codes]
        passed = (ranks[:, None] > np.arange(len(places) - 1)).astype(int)
        together = _takes_multilabel(self.estimator) and passed.shape[1] > 1
        targets = [passed] if together else list(passed.T)
        self.estimators_ = [fit_inner(self, "estimator", X, target, groups) for target in targets]
        return self

    def predict(self, X) -> np.ndarray:
        """Return the class after the leading thresholds that are passed.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n,)
        """
        passed = self.predict_passed(X)
        return self.ranked_[(passed > 0.5).sum(axis=1)]

    @available_if(_has_probabilities)
    def predict_proba(self, X) -> np.ndarray:
        """Return one probability per class: that of its lower threshold less its upper one's.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n, k), columns in the order of `classes_`

        Notes
        -----
        `predict` answers with the median of these probabilities, which need not be the most
        probable class.
        """
        passed = self.predict_passed(X)
        return between_thresholds(passed)[:, np.argsort(self.ranked_)]

    def predict_passed(self, X) -> np.ndarray:
        """Return the probability that each threshold is passed, and all below it.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n, k - 1)
            From the lowest threshold on, never rising: a threshold is no more probable than
            the one before. Zeros and ones if `estimator` has no `predict_proba`.
        """
        check_is_fitted(self)
        X = check_table(self, self.estimator, X, reset=False)
        return np.minimum.accumulate(self._answers(X), axis=1)

    def get_metadata_routing(self):
        """Return who asks for groups: `estimator`, if anyone."""
        return router(self, "estimator")

    def _answers(self, X) -> np.ndarray:
        if len(self.ranked_) > 2 and len(self.estimators_) == 1:
            return label_probabilities(self.estimators_[0], X)
        return np.column_stack([_of_second(model, X) for model in self.estimators_])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags = deepcopy(get_tags(self.estimator).input_tags)
        return tags
