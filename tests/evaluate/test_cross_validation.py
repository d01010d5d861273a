import inspect

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from tmdfeat.evaluate import cross_validate_groups, run_folds, summarize_scores


def samples():
    y = np.tile(np.repeat(["MoS2", "MoS2", "WS2"], 2), 5)
    X = np.random.default_rng(0).normal(size=(30, 2)) + (y == "WS2")[:, None]
    return X, y, np.arange(30) // 2


def test_is_the_summary_of_the_folds():
    X, y, groups = samples()
    settings = {"cv": 3, "repeats": 2, "random_state": 0}
    table = cross_validate_groups(LogisticRegression(), X, y, groups, **settings)
    expected = summarize_scores(run_folds(LogisticRegression(), X, y, groups, **settings).scores)
    pd.testing.assert_frame_equal(table, expected)
    assert table["n_folds"].tolist() == [6, 6, 6]


def test_always_saying_the_commonest_class_scores_what_it_must():
    X, y, groups = samples()  # two thirds MoS2, in each of five folds
    table = cross_validate_groups(DummyClassifier(), X, y, groups, random_state=0)
    means = table.set_index("metric")["mean"]
    assert means["accuracy"] == pytest.approx(2 / 3)
    assert means["balanced_accuracy"] == pytest.approx(1 / 2)
    assert means["f1_macro"] == pytest.approx((4 / 5 + 0) / 2)


def test_every_setting_reaches_run_folds():
    mine = inspect.signature(cross_validate_groups).parameters
    theirs = inspect.signature(run_folds).parameters
    assert {name: p.default for name, p in mine.items()} == {
        name: p.default for name, p in theirs.items() if name != "keep_estimators"
    }


def test_errors_come_in_words():
    X, y, groups = samples()
    with pytest.raises(ValueError, match="cv=5 folds need at least 5 groups, got 4"):
        cross_validate_groups(LogisticRegression(), X, y, groups % 4)
