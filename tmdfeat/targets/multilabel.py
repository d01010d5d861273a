"""What multilabel classifiers of all kinds say, as one table."""

import numpy as np


def label_probabilities(fitted, X) -> np.ndarray:
    """Return the probability of each label.

    Parameters
    ----------
    fitted : classifier that was fitted on zeros and ones of shape (n, n_labels)
        Its `predict_proba` is used, or, if it has none, `predict`.
    X : whatever `fitted` takes

    Returns
    -------
    array of shape (n, n_labels), 0 to 1

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> model = KNeighborsClassifier(2).fit([[0.0], [1.0]], [[0, 1], [1, 1]])
    >>> label_probabilities(model, [[0.5]])
    array([[0.5, 1. ]])
    """
    if not hasattr(fitted, "predict_proba"):
        return np.asarray(fitted.predict(X), dtype=float)
    found = fitted.predict_proba(X)
    if isinstance(found, list):  # one table per label, as forests have it
        found = np.column_stack(
            [_of_one(table, classes) for table, classes in zip(found, fitted.classes_, strict=True)]
        )
    return np.clip(found, 0.0, 1.0)


def _of_one(table, classes) -> np.ndarray:
    """A label that all samples had, or none, leaves one column, of one class."""
    at = np.flatnonzero(np.asarray(classes) == 1)
    return table[:, at[0]] if at.size else np.zeros(len(table))
