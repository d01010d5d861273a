"""Predicted labels and probabilities, with the steps before the classifier run once."""

import numpy as np
from sklearn.pipeline import Pipeline

from tmdfeat.targets import EncodedClassifier


def answers(fitted, X):
    """Return ``fitted.predict(X)`` and ``fitted.predict_proba(X)``, transforming X once.

    A network sees each image once, where the two calls would show it each image twice.

    Parameters
    ----------
    fitted : classifier
        Pipelines, `tmdfeat.targets.EncodedClassifier` and searches are looked into.
    X : what `fitted` takes, n samples

    Returns
    -------
    labels : array of shape (n,)
    probabilities : array of shape (n, k), or None
        None if `fitted` has no `predict_proba`.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> model = make_pipeline(StandardScaler(), DummyClassifier()).fit([[1], [2]], ["a", "a"])
    >>> answers(model, [[3]])
    (array(['a'], dtype='<U1'), array([[1.]]))
    """
    if type(fitted) is Pipeline:  # a subclass may do something else in predict
        *steps, (_, last) = fitted.steps
        for _, step in steps:
            X = X if step in (None, "passthrough") else step.transform(X)
        return answers(last, X)
    if isinstance(fitted, EncodedClassifier):
        codes, probabilities = answers(fitted.estimator_, X)
        return fitted.classes_[np.asarray(codes, dtype=int)], probabilities
    if hasattr(fitted, "best_estimator_"):
        return answers(fitted.best_estimator_, X)
    if hasattr(fitted, "predict_both"):  # FineTunedCNN
        return fitted.predict_both(X)
    labels = fitted.predict(X)
    return labels, fitted.predict_proba(X) if hasattr(fitted, "predict_proba") else None
