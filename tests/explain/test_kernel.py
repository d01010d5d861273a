from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from explain_data import table, three_classes
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from tmdfeat.explain import explain
from tmdfeat.explain.kernel import BACKGROUND_ROWS


class Additive(ClassifierMixin, BaseEstimator):
    """Decides by a sum of one function per column."""

    def fit(self, X, y):
        self.classes_, self.n_features_in_ = np.unique(y), np.shape(X)[1]
        return self

    def terms(self, X):
        return np.sin(np.arange(1, X.shape[1] + 1) * np.asarray(X))

    def decision_function(self, X):
        return self.terms(X).sum(axis=1)


def wide(n, columns):
    X = np.random.default_rng(0).normal(size=(n, columns))
    return pd.DataFrame(X, columns=[f"x{i}" for i in range(columns)])


def shapley(function, row, background):
    """By the definition: the mean over all coalitions, weighted."""
    m = len(row)

    def value(coalition):
        mixed = background.copy()
        mixed[:, list(coalition)] = row[list(coalition)]
        return function(mixed).mean(axis=0)

    phi = []
    for i in range(m):
        others = [j for j in range(m) if j != i]
        phi.append(
            sum(
                factorial(size)
                * factorial(m - size - 1)
                / factorial(m)
                * (value([*some, i]) - value(some))
                for size in range(m)
                for some in combinations(others, size)
            )
        )
    return np.array(phi)


@pytest.mark.parametrize("columns", [6, 14])  # all coalitions, and a sample of them
def test_an_additive_function_gives_each_column_its_own_term(columns):
    X = wide(5, columns)
    background = X.iloc[::-1] * 0.7
    model = Additive().fit(X, [0, 1, 0, 1, 0])
    found = explain(model, X, background=background)
    expected = model.terms(X) - model.terms(background).mean(axis=0)
    assert_allclose(found.values[:, :, 1], expected, atol=1e-8)
    assert_allclose(found.values[:, :, 0], -expected, atol=1e-8)


@pytest.mark.parametrize("model", [SVC(), MLPClassifier((4,), max_iter=5000, random_state=0)])
def test_interactions_are_shared_as_the_definition_says(model):
    X, background = table(60), table(8, seed=1)
    model.fit(X.to_numpy(), three_classes(X))
    found = explain(model, X.iloc[:2], background=background)
    has_probability = isinstance(model, MLPClassifier)
    score = model.predict_proba if has_probability else model.decision_function
    for i in range(2):
        expected = shapley(score, X.to_numpy()[i], background.to_numpy())
        assert_allclose(found.values[i], expected, atol=1e-8)
    assert found.output == ("probability" if has_probability else "decision function")


def test_numpys_global_generator_is_left_as_it_was_and_values_repeat():
    X = wide(30, 16)
    model = SVC().fit(X, X["x0"] * X["x1"] > 0)
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    first = explain(model, X.iloc[:2], background=X.iloc[:4]).values
    assert_array_equal(np.random.random(3), expected)  # noqa: NPY002
    assert_array_equal(explain(model, X.iloc[:2], background=X.iloc[:4]).values, first)


def test_nothing_is_printed(capfd):
    X = table(20)
    explain(SVC().fit(X, three_classes(X)), X.iloc[:2])
    assert capfd.readouterr() == ("", "")


def test_a_large_background_is_sampled():
    X = table()
    model = SVC().fit(X, three_classes(X))
    rows = []
    decide = model.decision_function
    model.decision_function = lambda X: rows.append(len(X)) or decide(X)
    explain(model, X.iloc[:1], background=X)
    coalitions = 2**6 - 2
    assert max(rows) == coalitions * BACKGROUND_ROWS


def test_the_columns_that_matter_little_are_not_set_to_zero():
    X = wide(40, 13)
    model = Additive().fit(X, np.arange(40) % 2)
    assert np.all(explain(model, X.iloc[:1], background=X).values != 0)
