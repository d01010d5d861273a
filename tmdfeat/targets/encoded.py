"""EncodedClassifier: any labels in, any labels out, for classifiers that want 0, 1, ..., k-1."""

from copy import deepcopy

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import check_consistent_length, get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from tmdfeat.targets.labels import check_labels, number_classes
from tmdfeat.targets.tables import check_table


def _inner_has(name: str):
    def check(self) -> bool:
        # getattr raises with the reason, which hasattr on the outside then understands.
        getattr(getattr(self, "estimator_", self.estimator), name)
        return True

    return check


class EncodedClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Give a classifier the labels 0..k-1 it wants, and give back the labels you know.

    XGBoost refuses strings, and integers with gaps, as a training fold that lacks a class has
    them. Here each fit numbers the classes that are in *its* y; a class it has not seen is
    never predicted and has no probability column.

    Parameters
    ----------
    estimator : classifier
        Any scikit-learn classifier, or a Pipeline that ends in one. It is cloned, not changed.

    Attributes
    ----------
    estimator_ : classifier
        The fitted clone; it speaks of class ``i`` where this one speaks of ``classes_[i]``.
        What else it learned is found there, e.g. ``estimator_.feature_importances_``.
    classes_ : array of shape (k,)
        The labels seen in fit, sorted. Columns of `predict_proba` are in this order.
    n_features_in_, feature_names_in_ : int, array
        As in scikit-learn; only when X was a table.

    Notes
    -----
    X is passed on as it came: NaN, data frames with their column names and lists of images
    arrive at `estimator` untouched, which says itself what it refuses. A search goes outside,
    ``GridSearchCV(EncodedClassifier(...))``, where it gets ``groups``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from tmdfeat.targets import EncodedClassifier
    >>> X = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> model = EncodedClassifier(LogisticRegression()).fit(X, ["WS2", "WS2", "MoS2", "MoS2"])
    >>> model.predict([[0.2], [4.9]]).tolist()
    ['WS2', 'MoS2']
    >>> model.classes_.tolist(), model.estimator_.classes_.tolist()
    (['MoS2', 'WS2'], [0, 1])
    """

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, y, sample_weight=None):
        """Number the classes in y and fit a clone of `estimator` on the numbers.

        Parameters
        ----------
        X : whatever `estimator` takes
        y : array of shape (n,)
            Labels: strings or integers, with gaps or without.
        sample_weight : array of shape (n,), optional
            Passed on to ``estimator.fit``.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If y has one class only, is continuous, or misses values; if all weights are zero.
        TypeError
            If `sample_weight` is given and `estimator` takes none.
        """
        X = check_table(self, self.estimator, X, reset=True)
        y = check_labels(y)
        check_consistent_length(X, y)
        self.classes_, codes = number_classes(y)
        weights = _weights(self.estimator, sample_weight)
        self.estimator_ = clone(self.estimator).fit(X, codes, **weights)
        return self

    def predict(self, X):
        """Return the predicted labels, as they were in y.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n,)
        """
        check_is_fitted(self)
        X = check_table(self, self.estimator, X, reset=False)
        return self.classes_[np.asarray(self.estimator_.predict(X), dtype=int)]

    @available_if(_inner_has("predict_proba"))
    def predict_proba(self, X):
        """Return one probability per class, in the order of `classes_`.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n, k)
        """
        check_is_fitted(self)
        X = check_table(self, self.estimator, X, reset=False)
        return self.estimator_.predict_proba(X)

    @available_if(_inner_has("decision_function"))
    def decision_function(self, X):
        """Return what ``estimator.decision_function`` says, columns in the order of `classes_`.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n,) for two classes, (n, k) for more
        """
        check_is_fitted(self)
        X = check_table(self, self.estimator, X, reset=False)
        return self.estimator_.decision_function(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.input_tags = deepcopy(inner.input_tags)
        if inner.classifier_tags is not None:
            tags.classifier_tags.multi_class = inner.classifier_tags.multi_class
        return tags


def _weights(estimator, sample_weight) -> dict:
    if sample_weight is None:
        return {}
    if not has_fit_parameter(estimator, "sample_weight"):
        raise TypeError(
            f"{type(estimator).__name__}.fit takes no sample_weight. Leave it out, or use a "
            "classifier that can weigh samples, e.g. XGBClassifier."
        )
    if not np.any(np.asarray(sample_weight)):
        raise ValueError("sample_weight holds only zeros; at least one sample must count.")
    return {"sample_weight": sample_weight}
