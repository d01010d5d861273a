"""From a fitted Pipeline and what it takes, to the classifier and the named table it sees."""

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from tmdfeat.targets import EncodedClassifier


def split(pipeline, X, background):
    """Return the innermost classifier, its table for `X`, and its table for `background`.

    Parameters
    ----------
    pipeline : fitted Pipeline that ends in a classifier, or a fitted classifier
        Pipelines and EncodedClassifiers may be nested either way.
    X : what the pipeline takes; for a bare classifier a DataFrame
    background : the same, or None for `X` itself

    Returns
    -------
    classifier, table, background : estimator, DataFrame, DataFrame

    Raises
    ------
    TypeError, ValueError, NotFittedError
    """
    features, classifier = _parts(pipeline)
    table = _table(features, X, "X")
    _check_columns(classifier, table)
    if background is None:
        return classifier, table, table
    reference = _table(features, background, "background")
    if list(reference.columns) != list(table.columns):
        raise ValueError(
            "background must have the columns of X in the same order; "
            f"{_difference(reference, table)}"
        )
    return classifier, table, reference


def as_seen(classifier, table: pd.DataFrame):
    """Return the table in the form the classifier was fitted on: with names or without."""
    return table if hasattr(classifier, "feature_names_in_") else table.to_numpy()


def _parts(model):
    _check_classifier(model)
    check_is_fitted(model)
    features = []
    while isinstance(model, Pipeline | EncodedClassifier):
        if isinstance(model, EncodedClassifier):
            model = model.estimator_
        else:
            features += [model[:-1]] if len(model.steps) > 1 else []
            model = model.steps[-1][1]
    return features, model


def _check_classifier(model) -> None:
    last = model.steps[-1][1] if isinstance(model, Pipeline) else model
    if not hasattr(last, "fit") or not is_classifier(last):
        what = "the last step of the pipeline" if isinstance(model, Pipeline) else "the model"
        raise TypeError(
            f"{what} must be a classifier, got {last!r}. "
            "Give the fitted Pipeline whole, e.g. Pipeline([..., ('clf', XGBClassifier())])."
        )


def _table(features, X, what) -> pd.DataFrame:
    names = [str(name) for name in X.columns] if hasattr(X, "columns") else None
    for steps in features:
        X = steps.transform(X)
        names = _names(steps, names)
    if names is None:
        raise ValueError(
            "explain needs the columns' names: for a classifier without a Pipeline in front of "
            f"it, {what} must be a DataFrame, got {type(X).__name__}. "
            "(For a search, explain its best_estimator_.)"
        )
    X = X.toarray() if issparse(X) else np.asarray(X)
    return pd.DataFrame(X, columns=names)


def _names(steps, names):
    try:
        return [str(name) for name in steps.get_feature_names_out(names)]
    except (AttributeError, TypeError) as error:
        raise ValueError(
            "explain needs the columns' names, and a step in front of the classifier gives none. "
            f"Give it a method get_feature_names_out. ({error})"
        ) from error


def _check_columns(classifier, table) -> None:
    seen = getattr(classifier, "feature_names_in_", None)
    if seen is not None and list(seen) != list(table.columns):
        raise ValueError(
            "X must have the columns that the classifier was fitted on, in the same order; "
            f"{_difference(table, pd.DataFrame(columns=list(seen)))}"
        )
    if classifier.n_features_in_ != table.shape[1]:
        raise ValueError(
            f"the classifier was fitted on {classifier.n_features_in_} columns, "
            f"got a table with {table.shape[1]}."
        )


def _difference(got: pd.DataFrame, wanted: pd.DataFrame) -> str:
    missing = [name for name in wanted.columns if name not in got.columns]
    extra = [name for name in got.columns if name not in wanted.columns]
    if not (missing or extra):
        return "the order differs."
    return f"missing {missing[:5]}, unknown {extra[:5]} ({len(missing)} and {len(extra)} in all)."
