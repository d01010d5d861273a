import numpy as np
import pytest
import shap
import xgboost
from explain_data import table, three_classes
from numpy.testing import assert_allclose

from tmdfeat.explain import explain


def fitted(k, **parameters):
    X = table()
    y = np.minimum(three_classes(X), k - 1)
    return xgboost.XGBClassifier(n_estimators=30, **parameters).fit(X, y), X


@pytest.mark.parametrize("k", [2, 3])
def test_values_and_base_add_up_to_the_margin(k):
    model, X = fitted(k)
    found = explain(model, X)
    margin = model.predict(X, output_margin=True).reshape(len(X), -1)
    assert found.values.shape == (90, 6, k)
    assert_allclose((found.values.sum(axis=1) + found.base)[:, -1], margin[:, -1], atol=1e-5)
    assert_allclose(found.output_values[:, -1], margin[:, -1], atol=1e-6)
    assert found.output == "margin (log-odds)"


def test_values_of_three_classes_equal_those_of_shap():
    model, X = fitted(3)
    assert_allclose(explain(model, X).values, shap.TreeExplainer(model)(X).values, atol=1e-5)


def test_two_classes_mirror_the_one_margin_that_shap_explains():
    model, X = fitted(2)
    found, expected = explain(model, X), shap.TreeExplainer(model)(X)
    assert_allclose(found.values[:, :, 1], expected.values, atol=1e-5)
    assert_allclose(found.values[:, :, 0], -expected.values, atol=1e-5)
    assert_allclose(found.base, [-expected.base_values[0], expected.base_values[0]], atol=1e-5)


def test_imbalanced_classes_show_in_the_base():
    X = table()
    y = (X["physical__Sq_nm"] > 1).astype(int)
    model = xgboost.XGBClassifier(n_estimators=10).fit(X, y)
    found = explain(model, X)
    margin = model.predict(X, output_margin=True)
    assert found.base[1] < 0
    assert_allclose(found.values[:, :, 1].sum(axis=1) + found.base[1], margin, atol=1e-5)


def test_only_rounds_up_to_the_best_count_after_early_stopping():
    X, late = table(), table(seed=1)
    model = xgboost.XGBClassifier(n_estimators=200, early_stopping_rounds=3, learning_rate=0.5)
    model.fit(X, three_classes(X), eval_set=[(late, three_classes(late))], verbose=False)
    assert model.best_iteration < model.get_booster().num_boosted_rounds() - 1
    found = explain(model, X)
    margin = model.predict(X, output_margin=True)
    assert_allclose(found.values.sum(axis=1) + found.base, margin, atol=1e-5)


@pytest.mark.parametrize("missing", [np.nan, -9.0])
def test_missing_values_are_explained_as_the_model_saw_them(missing):
    X = table()
    X.iloc[::3, 4] = missing
    y = three_classes(table())
    model = xgboost.XGBClassifier(n_estimators=20, missing=missing).fit(X, y)
    found = explain(model, X)
    margin = model.predict(X, output_margin=True)
    assert_allclose(found.values.sum(axis=1) + found.base, margin, atol=1e-5)


@pytest.mark.parametrize("booster", ["dart", "gblinear"])
def test_other_boosters_are_additive_too(booster):
    model, X = fitted(3, booster=booster)
    found = explain(model, X)
    margin = model.predict(X, output_margin=True)
    assert_allclose(found.values.sum(axis=1) + found.base, margin, atol=1e-5)


def test_random_forests_of_xgboost_are_explained_whole():
    X = table()
    model = xgboost.XGBRFClassifier(n_estimators=10, random_state=0).fit(X, three_classes(X))
    found = explain(model, X)
    margin = model.predict(X, output_margin=True)
    assert_allclose(found.values.sum(axis=1) + found.base, margin, atol=1e-5)
