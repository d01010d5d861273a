import numpy as np
import pytest
from deep.tiny import tiny
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from tmdfeat import FineTunedCNN
from tmdfeat.deep import Rendering
from tmdfeat.evaluate import run_folds
from tmdfeat.study import augmentation_study

FITTED = []


class Notes(ClassifierMixin, BaseEstimator):
    """Notes what it was set to and fitted on; guesses the first class."""

    def __init__(self, augment="d4", random_state=None):
        self.augment = augment
        self.random_state = random_state

    def fit(self, X, y):
        FITTED.append((self.augment, self.random_state, X[:, 0].tolist()))
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.repeat(self.classes_[:1], len(X))


@pytest.fixture(autouse=True)
def forget():
    FITTED.clear()


@pytest.fixture
def table():
    return np.arange(24.0)[:, None], np.repeat(["MoS2", "WS2"], 12), np.arange(24) // 2


@pytest.fixture(scope="module")
def stripes():
    """Stripes along rows or columns: a quarter turn makes one class of the other."""
    rng = np.random.default_rng(0)
    wave = np.sin(np.arange(32) * 1.1)
    down = np.tile([True, False], 24)[:, None, None]
    X = np.where(down, wave[:, None] * np.ones(32), wave * np.ones((32, 1)))
    y = np.where(down[:, 0, 0], "down", "across")
    return X + rng.normal(scale=0.2, size=(48, 32, 32)), y, np.arange(48) // 4


def small(**more):
    settings = {"hidden": (8,), "lr": 0.03, "batch_size": 8, "max_epochs": 25, "device": "cpu"}
    size = Rendering(size=32)
    return FineTunedCNN(tiny, weights=None, rendering=size, **(settings | more))


def test_all_see_the_same_folds_and_seeds(table):
    augmentation_study(*table, estimator=Notes(), augment=(None, "flip"), cv=3)
    none, flip = FITTED[:3], FITTED[3:]
    assert {kind for kind, _, _ in none} == {None}
    assert {kind for kind, _, _ in flip} == {"flip"}
    assert [rows for *_, rows in none] == [rows for *_, rows in flip]
    [seed] = {seed for _, seed, _ in FITTED}
    assert isinstance(seed, int)


def test_a_seed_of_its_own_stays(table):
    augmentation_study(*table, estimator=Notes(random_state=7), augment=(None,), cv=3)
    assert {seed for _, seed, _ in FITTED} == {7}


def test_the_baseline_is_the_unchanged_or_else_the_first(table):
    found = augmentation_study(*table, estimator=Notes(), augment=("d4", None, "flip"), cv=3)
    assert found.summary["model"].unique().tolist() == ["d4", "none", "flip"]
    assert found.differences["baseline"].eq("none").all()
    found = augmentation_study(*table, estimator=Notes(), augment=("d4", "flip"), cv=3)
    assert found.differences["baseline"].eq("d4").all()


def test_the_network_may_be_in_a_pipeline(table):
    model = make_pipeline(FunctionTransformer(), Notes())
    augmentation_study(*table, estimator=model, augment=("crop",), cv=3, random_state=5)
    assert {(kind, seed) for kind, seed, _ in FITTED} == {("crop", 5)}
    assert model[-1].augment == "d4"


def test_each_network_scores_what_it_scores_alone(stripes):
    found = augmentation_study(
        *stripes, estimator=small(max_epochs=2), augment=(None, "flip"), cv=2, random_state=3
    )
    alone = run_folds(small(max_epochs=2, augment="flip", random_state=3), *stripes, cv=2,
                      random_state=3)  # fmt: skip
    mine = found.predictions[found.predictions["model"] == "flip"]
    assert_array_equal(mine["predicted"], alone.predictions["predicted"])


def test_turning_scans_hurts_where_direction_is_what_matters(stripes):
    found = augmentation_study(
        *stripes, estimator=small(), augment=(None, "flip", "d4"), cv=2, random_state=0
    )
    accuracy = found.summary.query("metric == 'accuracy'").set_index("model")["mean"]
    assert accuracy["none"] > 0.9
    assert accuracy["flip"] > 0.9  # stripes are the same upside down
    assert accuracy["d4"] < 0.8


@pytest.mark.parametrize(
    ("estimator", "augment", "says"),
    [
        (LogisticRegression(), (None,), "one parameter called 'augment', got 0"),
        (make_pipeline(Notes(), Notes()), (None,), "one parameter called 'augment', got 2"),
        (Notes(), (), "augment must be different values"),
        (Notes(), ("flip", "flip"), "augment must be different values"),
    ],
)
def test_it_says_what_is_wrong(table, estimator, augment, says):
    with pytest.raises(ValueError, match=says):
        augmentation_study(*table, estimator=estimator, augment=augment)


def test_one_augmentation_needs_no_list(table):
    found = augmentation_study(*table, estimator=Notes(), augment="flip", cv=2)
    assert found.summary["model"].unique().tolist() == ["flip"]


def test_an_augmentation_that_there_is_not_is_refused_by_the_network(stripes):
    with pytest.raises(ValueError, match="augment must be one of"):
        augmentation_study(*stripes, estimator=small(), augment=("mirror",), cv=2)
