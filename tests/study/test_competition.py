import warnings

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds
from tmdfeat.plot import plot_scores
from tmdfeat.study import classifier_zoo

NEIGHBOURS = {"knn": (KNeighborsClassifier(), {"n_neighbors": [1, 25]})}


@pytest.fixture
def labels():
    """A hundred and twenty scans of thirty samples; a sample has one material."""
    groups = np.arange(120) // 4
    return np.where(groups % 2, "WS2", "MoS2"), groups


def signal(y, size=6.0, seed=0):
    return np.random.default_rng(seed).normal(size=(len(y), 4)) + size * (y == "WS2")[:, None]


def fingerprint(groups, seed=2):
    """What tells samples apart and nothing else."""
    rng = np.random.default_rng(seed)
    of_sample = rng.normal(size=(groups.max() + 1, 8))[groups]
    return of_sample + 0.01 * rng.normal(size=of_sample.shape)


@pytest.mark.slow
def test_all_nine_learn_what_is_there(labels):
    y, groups = labels
    found = classifier_zoo(signal(y)[::2], y[::2], groups[::2], cv=3, inner=2, random_state=0)
    assert found["model"].nunique() == len(found) == 9
    assert found["metric"].unique().tolist() == ["f1_macro"]
    assert (found["mean"] > 0.97).all()
    assert found["best"].map(len).tolist() == [3] * 9


@pytest.mark.slow
def test_none_of_the_nine_learns_what_only_tells_samples_apart():
    groups = np.arange(120) // 2
    X, y = fingerprint(groups), np.where(groups % 2, "WS2", "MoS2")
    found = classifier_zoo(X, y, groups, cv=3, inner=2, scoring="accuracy", random_state=0)
    assert found["mean"].mean() < 0.65
    assert (found["mean"] < 0.75).all()
    # The trap is one: torn apart, a sample's other scan tells the material, if it is not held out.
    torn = classifier_zoo(X, y, range(120), cv=10, models=NEIGHBOURS, scoring="accuracy")
    assert torn["mean"][0] > 0.85


def test_parameters_are_chosen_by_splits_that_keep_samples_together(labels):
    """One neighbour recognises the sample; only of many is the faint signal learned."""
    y, groups = labels
    X = np.hstack([fingerprint(groups), signal(y, size=1.0)])
    found = classifier_zoo(X, y, groups, models=NEIGHBOURS, random_state=0)
    assert found["best"][0] == [{"n_neighbors": 25}] * 5
    torn = classifier_zoo(X, y, range(120), models=NEIGHBOURS, random_state=0)
    assert torn["best"][0] == [{"n_neighbors": 1}] * 5


def test_scores_and_choices_are_those_of_a_nested_search(labels):
    y, groups = labels
    X = signal(y, size=0.8)
    grid = {"C": [0.01, 1, 100]}
    found = classifier_zoo(
        X, y, groups, models={"svc": (SVC(), grid)}, cv=4, scoring="accuracy", random_state=5
    )
    search = GridSearchCV(
        make_pipeline(StandardScaler(), SVC()),
        {"svc__C": grid["C"]},
        scoring="accuracy",
        cv=StratifiedGroupKFold(3, shuffle=True, random_state=5),
    )
    expected = run_folds(
        search, X, y, groups, cv=4, scoring="accuracy", random_state=5, keep_estimators=True
    )
    assert found["mean"][0] == pytest.approx(expected.scores["score"].mean())
    assert found["best"][0] == [{"C": f.estimator.best_params_["svc__C"]} for f in expected.folds]
    assert found["n_candidates"][0] == 3


def test_with_a_seed_it_is_the_same_twice_and_alone(labels):
    y, groups = labels
    X = signal(y, size=0.8)
    both = classifier_zoo(X, y, groups, models=["tree", "svc"], cv=3, random_state=1)
    alone = classifier_zoo(X, y, groups, models="svc", cv=3, random_state=1)
    columns = ["mean", "low", "high"]
    assert_array_equal(both.query("model == 'svc'")[columns], alone[columns])


def test_gaps_are_filled_and_several_metrics_and_repeats_counted(labels):
    y, groups = labels
    X = signal(y)
    X[::7, 0] = np.nan
    found = classifier_zoo(
        X, y, groups, models=NEIGHBOURS, cv=3, repeats=2, scoring=("accuracy", "f1_macro")
    )
    assert found["metric"].tolist() == ["accuracy", "f1_macro"]
    assert found["n_folds"].tolist() == [6, 6]
    assert (found["mean"] > 0.97).all()
    bars = plot_scores(found.rename(columns={"model": "features"}))
    assert len(bars.patches) == 2


class Corner(TransformerMixin, BaseEstimator):
    """One pixel of each image."""

    seen = 0

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        type(self).seen += len(X)
        return np.array([[z[0, 0]] for z in X])

    def get_feature_names_out(self, input_features=None):
        return np.array(["corner"], dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


class Learned(Corner):
    """The same, standing for a network that is tuned."""

    fits: tuple = ()

    def fit(self, X, y=None):
        type(self).fits += (len(X),)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags


def images(y):
    return [np.full((3, 3), value) for value in signal(y)[:, 0]]


def test_features_that_learn_nothing_are_computed_once(labels):
    Corner.seen = 0
    y, groups = labels
    found = classifier_zoo(images(y), y, groups, features=Corner(), models=["ridge", "knn"], cv=3)
    assert Corner.seen == 120
    assert (found["mean"] > 0.9).all()


def test_features_that_learn_do_so_inside_inner_and_outer_splits(labels):
    Learned.fits = ()
    y, groups = labels
    classifier_zoo(images(y), y, groups, features=Learned(), models=NEIGHBOURS, cv=3, inner=2)
    assert len(Learned.fits) == 3 * (2 * 2 + 1)
    assert max(Learned.fits) == 80  # two thirds
    assert sorted(Learned.fits)[0] == 40  # a half of these


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"models": ["svc", "forest"]}, r"got \['forest'\]"),
        ({"models": []}, "models must be among"),
        ({"models": {}}, "models must map"),
        ({"inner": 1}, "inner must be an integer of at least 2, got 1"),
        ({"inner": "3"}, "inner must be an integer of at least 2, got '3'"),
        ({"models": {"a": DummyClassifier()}}, "pairs of classifier and grid.*for 'a'"),
        ({"scoring": "roc"}, "scoring must be among"),
        ({"X": np.zeros((120, 8, 8))}, r"shape \(120, 8, 8\). For images give features="),
        ({"X": [np.zeros((8, 8))] * 120}, "must be a table .* got list"),
        ({"groups": None}, "groups is needed"),
    ],
)
def test_it_says_what_is_wrong(labels, change, says):
    y, groups = labels
    arguments = {"X": signal(y), "groups": groups, "models": ["knn"], **change}
    with pytest.raises(ValueError, match=says):
        classifier_zoo(y=y, **arguments)


def test_warnings_of_the_user_s_own_models_come_through(labels):
    class Complaining(DummyClassifier):
        def fit(self, X, y, sample_weight=None):
            warnings.warn("a strange fit", stacklevel=2)
            return super().fit(X, y)

    y, groups = labels
    with pytest.warns(UserWarning, match="strange fit"):
        classifier_zoo(signal(y), y, groups, models={"mine": (Complaining(), {})})
