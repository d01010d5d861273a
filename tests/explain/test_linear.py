import numpy as np
import pytest
from explain_data import table, three_classes
from numpy.testing import assert_allclose
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.svm import SVC, LinearSVC

from tmdfeat.explain import explain
from tmdfeat.explain.linear import is_linear

MODELS = [
    LogisticRegression(),
    LogisticRegression(fit_intercept=False),
    LinearSVC(),
    RidgeClassifier(),
    SGDClassifier(random_state=0),
    LinearDiscriminantAnalysis(),
]
NAMES = ["logistic", "no_intercept", "svc", "ridge", "sgd", "lda"]


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_three_classes_have_coef_times_the_distance_from_the_mean(model):
    X, background = table(), table(250, seed=1)  # more rows than shap's maskers keep by default
    model.fit(X, three_classes(X))
    found = explain(model, X, background=background)
    from_mean = (X - background.mean()).to_numpy()
    assert_allclose(found.values, from_mean[:, :, None] * model.coef_.T, atol=1e-10)
    assert_allclose(found.base, model.decision_function(background).mean(axis=0), atol=1e-10)
    assert found.output == "decision function"


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_two_classes_have_the_same_with_both_signs(model):
    X = table()
    model.fit(X, np.where(three_classes(X) == 2, "WS2", "MoS2"))
    found = explain(model, X)
    expected = (X - X.mean()).to_numpy() * model.coef_
    assert found.classes == ("MoS2", "WS2")
    assert_allclose(found.values[:, :, 1], expected, atol=1e-10)
    assert_allclose(found.values[:, :, 0], -expected, atol=1e-10)
    assert_allclose(found.output_values[:, 1], model.decision_function(X), atol=1e-12)


def test_a_linear_svc_of_one_against_one_is_not_taken_for_linear():
    X = table()
    model = SVC(kernel="linear").fit(X, three_classes(X))
    assert model.coef_.shape == (3, 6)  # three pairs, as many as classes
    assert not is_linear(model, X)
    assert is_linear(SVC(kernel="linear").fit(X, three_classes(X) == 1), X)
