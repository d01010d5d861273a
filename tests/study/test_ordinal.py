import numpy as np
import pytest
from deep.tiny import tiny
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mean_absolute_error
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from tmdfeat import FineTunedCNN
from tmdfeat.deep import FineTunedCNNRegressor, Rendering
from tmdfeat.study import ordinal_study

FAMILY = {"classifier": KNeighborsClassifier(9), "regressor": KNeighborsRegressor(9)}


@pytest.fixture
def growths():
    """Temperatures that a noisy number follows, three scans of each growth."""
    rng = np.random.default_rng(0)
    y = np.tile(np.repeat([900, 950, 1000], 3), 12)
    X = y[:, None] / 50 + rng.normal(scale=0.6, size=(108, 2))
    return X, y, np.arange(108) // 3


def study(growths, **more):
    return ordinal_study(*growths, **(FAMILY | {"cv": 3, "random_state": 0} | more))


def test_errors_are_those_of_sklearn_on_each_fold(growths):
    found = study(growths)
    scores = found.scores.set_index(["model", "repeat", "fold", "metric"])["score"]
    parts = list(found.predictions.groupby(["model", "repeat", "fold"]))
    assert len(parts) == 9
    for where, part in parts:
        error = mean_absolute_error(part["truth"], part["predicted"])
        assert scores[(*where, "mae_units")] == pytest.approx(error)
        assert scores[(*where, "mae_classes")] == pytest.approx(error / 50)


def test_one_row_per_model_and_metric_and_differences_to_names_alone(growths):
    found = study(growths, repeats=2)
    metrics = ["accuracy", "f1_macro", "mae_classes", "mae_units"]
    models = ["nominal", "ordinal", "binned"]
    rows = found.summary[["model", "metric"]].to_numpy().tolist()
    assert rows == [[model, metric] for model in models for metric in metrics]
    assert found.summary["n_folds"].eq(6).all()
    assert found.summary["low"].le(found.summary["mean"]).all()
    assert found.differences["model"].unique().tolist() == models[1:]
    assert set(found.differences["metric"]) == set(metrics)


def test_who_knows_nothing_guesses_the_commonest_name_but_the_middle_of_an_order():
    y = np.repeat([0, 1, 2], [48, 30, 42])  # 40, 25 and 35 % in each of three folds
    nothing = {"classifier": DummyClassifier(), "regressor": DummyRegressor()}
    found = study((np.zeros((120, 1)), y, np.arange(120)), **nothing)
    far = found.summary.set_index(["metric", "model"])["mean"]["mae_classes"]
    assert far["nominal"] == pytest.approx(0.25 + 2 * 0.35)  # always 0
    assert far["ordinal"] == far["binned"] == pytest.approx(0.4 + 0.35)  # always 1


def test_text_is_learned_in_the_order_given_and_comes_back_as_text(growths):
    X, y, groups = growths
    words = np.array(["cold", "warm", "hot"])[(y - 900) // 50]
    named = study((X, words, groups), order=["cold", "warm", "hot"])
    numbers = study(growths)
    back = {"cold": 900, "warm": 950, "hot": 1000}
    assert_array_equal(named.predictions["truth"].map(back), numbers.predictions["truth"])
    assert_array_equal(named.predictions["predicted"].map(back), numbers.predictions["predicted"])
    assert_allclose(
        named.predictions["probability_warm"].dropna(),
        numbers.predictions["probability_950"].dropna(),
    )
    assert "mae_units" not in set(named.summary["metric"])
    kept = numbers.summary[numbers.summary["metric"] != "mae_units"]
    assert_allclose(named.summary["mean"], kept["mean"])


def test_numbers_may_be_put_in_another_order(growths):
    y = growths[1]
    found = study(growths, order=[1000, 900, 950])
    assert set(found.predictions["predicted"]) == {900, 950, 1000}
    assert_array_equal(np.sort(found.predictions["truth"].to_numpy()), np.sort(np.tile(y, 3)))


class Always950(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), 950)


def test_a_network_with_a_loss_of_its_own_takes_the_place_of_thresholds(growths):
    found = study(growths, ordinal=Always950())
    rows = found.predictions[found.predictions["model"] == "ordinal"]
    assert rows["predicted"].eq(950).all()


def test_networks_get_scans_and_groups_in_all_three_ways():
    y = np.tile(np.repeat([900, 950, 1000], 2), 6)
    X = np.random.default_rng(0).normal(size=(36, 32, 32))
    settings = {"weights": None, "rendering": Rendering(size=32), "max_epochs": 1, "hidden": (4,)}
    seen = []

    class Regressor(FineTunedCNNRegressor):
        def fit(self, X, y, groups=None):
            seen.append(None if groups is None else len(set(groups)))
            return super().fit(X, y, groups)

    found = ordinal_study(
        list(X),
        y,
        np.arange(36) // 2,
        classifier=FineTunedCNN(tiny, **settings),
        ordinal=FineTunedCNN(tiny, loss="ordinal", **settings),
        regressor=Regressor(tiny, **settings),
        cv=2,
        random_state=0,
    )
    assert found.summary["mean"].notna().all()
    assert seen == [9, 9]


def test_edges_reach_the_regression(growths):
    found = study(growths, edges=[901, 999])  # nearly all is 950
    rows = found.predictions[found.predictions["model"] == "binned"]
    assert rows["predicted"].eq(950).mean() > 0.6


def test_defaults_learn(growths):
    found = ordinal_study(*growths, cv=2, random_state=0)
    accuracy = found.summary[found.summary["metric"] == "accuracy"]["mean"]
    assert (accuracy > 0.5).all()


def test_text_without_order_is_refused(growths):
    with pytest.raises(ValueError, match=r"order of .* is not known"):
        study((growths[0], growths[1].astype(str), growths[2]))
    with pytest.raises(ValueError, match="groups is needed"):
        study((growths[0], growths[1], None), classifier=LogisticRegression())
