import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.dummy import DummyClassifier
from sklearn.neighbors import KNeighborsClassifier

from tmdfeat.evaluate import run_folds
from tmdfeat.study import compare_models


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = np.repeat(["MoS2", "WS2"], 30)
    return rng.normal(size=(60, 2)) + (y == "WS2")[:, None], y, np.arange(60) // 3


MODELS = {
    "guess": DummyClassifier(),
    "near": KNeighborsClassifier(1),
    "far": KNeighborsClassifier(9),
}


@pytest.mark.parametrize("seed", [0, None, np.random.default_rng(3)], ids=str)
def test_all_models_see_the_same_folds(data, seed):
    table = compare_models(MODELS, *data, cv=3, repeats=2, random_state=seed).predictions
    order = {name: part["position"].to_numpy() for name, part in table.groupby("model")}
    assert_array_equal(order["near"], order["guess"])
    assert_array_equal(order["near"], order["far"])


def test_each_model_scores_what_it_scores_alone(data):
    found = compare_models(MODELS, *data, cv=3, random_state=1)
    alone = run_folds(MODELS["far"], *data, cv=3, random_state=1, scoring=("accuracy", "f1_macro"))
    mine = found.scores[found.scores["model"] == "far"]
    assert_array_equal(mine["score"], alone.scores["score"])
    assert found.summary["model"].unique().tolist() == list(MODELS)


def test_differences_are_to_the_baseline(data):
    found = compare_models(MODELS, *data, baseline="near", cv=3, random_state=1)
    assert found.differences["model"].unique().tolist() == ["guess", "far"]
    mean = found.summary.set_index(["model", "metric"])["mean"]
    for row in found.differences.itertuples():
        gain = mean[row.model, row.metric] - mean["near", row.metric]
        assert row.mean == pytest.approx(gain)


@pytest.mark.parametrize(
    ("models", "baseline", "says"),
    [({}, None, "must map names"), ([1], None, "must map names"), (MODELS, "x", "'near', 'far'")],
)
def test_it_says_what_is_wrong(data, models, baseline, says):
    with pytest.raises(ValueError, match=says):
        compare_models(models, *data, baseline=baseline)
