"""Scores of one fold, over the classes that are in its truth."""

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score, recall_score

from tmdfeat.evaluate.splits import Fold


def accuracy(truth, predicted) -> float:
    """Share of samples whose label was predicted.

    Examples
    --------
    >>> accuracy(["a", "a", "b", "b"], ["a", "a", "b", "c"])
    0.75
    """
    return float(accuracy_score(truth, predicted))


def balanced_accuracy(truth, predicted) -> float:
    """Mean recall of the classes in the truth.

    A class that the training part lacked has recall 0 and counts; a class that the truth
    lacks has no recall and does not.

    Examples
    --------
    >>> balanced_accuracy(["a", "a", "a", "b"], ["a", "a", "a", "c"])
    0.5
    """
    return float(recall_score(truth, predicted, labels=np.unique(truth), average="macro"))


def f1_macro(truth, predicted) -> float:
    """Mean F1 of the classes in the truth.

    Without this restriction a class that is predicted but not in the truth would enter with
    F1 = 0, so that the score would depend on which classes happen to be in the fold. Such a
    prediction still costs: it is missing from its true class.

    Examples
    --------
    >>> f1_macro(["a", "a", "a", "b"], ["a", "a", "a", "c"])
    0.5
    """
    labels = np.unique(truth)
    return float(f1_score(truth, predicted, labels=labels, average="macro", zero_division=0.0))


METRICS = {"accuracy": accuracy, "balanced_accuracy": balanced_accuracy, "f1_macro": f1_macro}


def check_scoring(scoring) -> tuple[str, ...]:
    """Return the names of the metrics, or say which there are."""
    names = (scoring,) if isinstance(scoring, str) else tuple(scoring)
    unknown = [name for name in names if name not in METRICS]
    if unknown or not names:
        raise ValueError(f"scoring must be among {list(METRICS)}, got {unknown or names}.")
    return names


def score_fold(fold: Fold, table: pd.DataFrame, seconds: float, metrics) -> pd.DataFrame:
    """Score one fold's predictions: a row per metric, as in ``FoldResults.scores``."""
    rows = [
        {"metric": name, "score": METRICS[name](table["truth"], table["predicted"])}
        for name in metrics
    ]
    sizes = {"n_train": len(fold.train), "n_test": len(fold.test)}
    sizes["n_test_groups"] = table["group"].nunique()
    scores = pd.DataFrame(rows).assign(**sizes, seconds=seconds)
    scores.insert(0, "repeat", fold.repeat)
    scores.insert(1, "fold", fold.fold)
    return scores
