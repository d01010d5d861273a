import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.datasets import make_blobs
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, RadiusNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import PhysicalFeatures
from tmdfeat.evaluate import run_folds
from tmdfeat.targets import BinnedRegressor

INNER = [KNeighborsRegressor(1), RandomForestRegressor(10, random_state=0)]
WORDS = {"check_classifiers_classes": "its labels are words, which cannot be regressed"}


@parametrize_with_checks(
    [BinnedRegressor(inner) for inner in INNER],
    expected_failed_checks=lambda _: WORDS,
    xfail_strict=True,
)
def test_follows_sklearn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("inner", INNER)
def test_the_battery_is_not_empty(inner):
    assert len(list(estimator_checks_generator(BinnedRegressor(inner)))) >= 40


class Echo(RegressorMixin, BaseEstimator):
    """Predicts the first column."""

    def fit(self, X, y):
        self.y_ = y
        return self

    def predict(self, X):
        return np.asarray(X)[:, 0]


def fitted(y, edges=None):
    return BinnedRegressor(Echo(), edges).fit(np.zeros((len(y), 1)), y)


def column(values):
    return np.array(values, dtype=float)[:, None]


def test_values_go_to_the_nearest_of_900_950_and_1000():
    model = fitted([900, 950, 1000, 900])
    assert model.edges_.tolist() == [925, 975]
    values = column([-5, 924.9, 925, 974.9, 975, 1e6])
    assert model.predict(values).tolist() == [900, 900, 950, 950, 1000, 1000]
    assert_array_equal(model.predict_value(values), values[:, 0])
    assert model.regressor_.y_.dtype == float


def test_without_edges_it_is_the_nearest_class():
    y = np.array([0, 1, 5, 20])
    values = np.random.default_rng(0).uniform(-5, 30, size=(200, 1))
    nearest = KNeighborsClassifier(1).fit(y[:, None], y)
    assert_array_equal(fitted(y).predict(values), nearest.predict(values))


def test_edges_of_ones_own_move_the_bins():
    model = fitted([900, 950, 1000], edges=[910, 990])
    assert model.predict(column([905, 915, 985, 995])).tolist() == [900, 950, 950, 1000]


def test_a_bin_whose_class_was_not_seen_goes_to_the_nearest_class():
    model = fitted([900, 1000, 1050], edges=[925, 975, 1040])
    values = column([920, 930, 949, 951, 980, 1030, 1041])
    assert model.predict(values).tolist() == [900, 900, 900, 1000, 1000, 1000, 1050]
    above = fitted([900, 950], edges=[925, 975])
    assert above.predict(column([800, 960, 2000])).tolist() == [900, 950, 950]


@pytest.mark.parametrize(
    "inner", [LinearRegression(), make_pipeline(StandardScaler(), KNeighborsRegressor(3))]
)
def test_it_is_the_regressor_rounded(inner):
    X, codes = make_blobs(60, centers=[[0, 0], [4, 1], [8, 2]], random_state=0)
    y = 900 + 50 * codes
    model, plain = BinnedRegressor(inner).fit(X, y), inner.fit(X, y.astype(float))
    assert_allclose(model.predict_value(X), plain.predict(X))
    rounded = np.clip(900 + 50 * np.floor((plain.predict(X) - 875) / 50), 900, 1000)
    assert_array_equal(model.predict(X), rounded)


def test_images_and_groups_reach_what_asks_for_them():
    y = np.repeat([1, 3, 9], 12)
    maps = np.random.default_rng(0).normal(size=(36, 6, 6)) * y[:, None, None]
    roughness = PhysicalFeatures(names=["Sq"], scale="px")
    search = GridSearchCV(KNeighborsRegressor(), {"n_neighbors": [1, 3]}, cv=GroupKFold(2))
    model = BinnedRegressor(make_pipeline(roughness, search))  # warns if groups went astray
    found = run_folds(model, list(maps), y, np.arange(36) // 2, cv=2, random_state=0)
    assert (found.predictions["predicted"] == found.predictions["truth"]).mean() > 0.9


@pytest.mark.parametrize(
    ("edges", "y", "says"),
    [
        (None, ["900", "950"], "classes must be numbers"),
        (None, [900, 900], "at least two classes, got only the class 900"),
        ([975, 925], [900, 950], "edges must be finite and rise"),
        ([925, np.nan], [900, 950], "edges must be finite and rise"),
        ([975], [900, 950], "no edge lies between the classes 900 and 950"),
        ([], [900, 950], "no edge lies between the classes 900 and 950"),
        (None, [900, None], "missing"),
        (None, [900, 950, 950], "inconsistent numbers of samples"),
    ],
)
def test_it_says_what_is_wrong(edges, y, says):
    with pytest.raises(ValueError, match=says):
        BinnedRegressor(LinearRegression(), edges).fit([[0.0], [1.0]], y)


@pytest.mark.filterwarnings("ignore:One or more samples have no neighbors")
def test_no_answer_is_no_class():
    model = BinnedRegressor(RadiusNeighborsRegressor(1.0)).fit([[0.0], [1.0]], [900, 950])
    with pytest.raises(ValueError, match="predicts nan for 1 of 2 samples, the first at 1"):
        model.predict([[0.0], [50.0]])
