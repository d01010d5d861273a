import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid

from tmdfeat.study import zoo_models

NAMES = ["svc", "ridge", "radius", "gp", "knn", "tree", "boosting", "mlp", "xgboost"]


def moons_apart(n=80, seed=0):
    """Two well separated classes among four columns, standardised."""
    rng = np.random.default_rng(seed)
    y = np.repeat(["MoS2", "WS2"], n // 2)
    X = rng.normal(size=(n, 4)) + 5 * (y == "WS2")[:, None]
    return (X - X.mean(axis=0)) / X.std(axis=0), y


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize("name", NAMES)
def test_every_point_of_every_grid_learns_what_is_easy(name):
    X, y = moons_apart()
    classifier, grid = zoo_models(0)[name]
    points = list(ParameterGrid(grid))
    assert 3 <= len(points) <= 8
    for point in points:
        fitted = clone(classifier).set_params(**point).fit(X[::2], y[::2])
        assert np.mean(fitted.predict(X[1::2]) == y[1::2]) >= 0.95, point


@pytest.mark.parametrize("name", ["tree", "boosting", "mlp", "xgboost"])
def test_the_seed_reaches_what_is_random(name):
    classifier, _ = zoo_models(7)[name]
    assert 7 in [value for key, value in classifier.get_params().items() if "random_state" in key]


def test_a_scan_without_neighbours_gets_the_most_frequent_class():
    X, y = moons_apart()
    X, y = X[:50], y[:50]  # forty and ten
    radius, _ = zoo_models()["radius"]
    far = np.full((1, 4), 1e3)
    assert radius.fit(X, y).predict(far).tolist() == ["MoS2"]


@pytest.mark.parametrize("name", ["radius", "gp"])
def test_lengths_do_not_depend_on_the_number_of_columns(name):
    X, y = moons_apart()
    rng = np.random.default_rng(1)
    close = X + rng.normal(scale=0.5, size=X.shape)
    model, _ = zoo_models()[name]
    narrow = clone(model).fit(X, y).predict_proba(close)
    wide = clone(model).fit(np.tile(X, 9), y).predict_proba(np.tile(close, 9))
    np.testing.assert_allclose(wide, narrow, atol=1e-6)
