import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_blobs
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import PhysicalFeatures
from tmdfeat.evaluate import run_folds
from tmdfeat.targets import OrdinalClassifier

INNER = [LogisticRegression(), RandomForestClassifier(10, random_state=0)]
WORDS = {"check_classifiers_classes": "its labels are words, whose order nobody knows"}
MEDIAN = {"check_classifiers_train": "asks for the most probable class; this is the median"}
SIZES = ["small", "middle", "large"]


@parametrize_with_checks(
    [OrdinalClassifier(inner) for inner in INNER],
    expected_failed_checks=lambda model: (
        WORDS | (MEDIAN if isinstance(model.estimator, LogisticRegression) else {})
    ),
    xfail_strict=True,
)
def test_follows_sklearn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("inner", INNER)
def test_the_battery_is_not_empty(inner):
    assert len(list(estimator_checks_generator(OrdinalClassifier(inner)))) >= 40


@pytest.fixture
def line():
    """Four classes along a line, overlapping."""
    rng = np.random.default_rng(0)
    y = np.repeat([850, 900, 950, 1000], 30)
    X = np.column_stack([y / 50 + rng.normal(scale=0.7, size=120), rng.normal(size=120)])
    return X, y


class Says(ClassifierMixin, BaseEstimator):
    """Takes multilabel targets, and answers with what it is shown."""

    def fit(self, X, y):
        self.targets_ = y
        self.classes_ = [np.array([0, 1])] * y.shape[1]
        return self

    def predict(self, X):
        return (np.asarray(X) > 0.5).astype(int)

    def predict_proba(self, X):
        return np.asarray(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


def test_targets_are_cumulative():
    model = OrdinalClassifier(Says()).fit(np.zeros((4, 3)), [950, 850, 1000, 900])
    assert model.estimators_[0].targets_.tolist() == [[1, 1, 0], [0, 0, 0], [1, 1, 1], [1, 0, 0]]


def test_only_leading_thresholds_count():
    model = OrdinalClassifier(Says()).fit(np.zeros((4, 3)), [850, 900, 950, 1000])
    passed = [[0.9, 0.2, 0.8], [0.4, 0.9, 0.9], [0.7, 0.6, 0.55], [0.9, 0.8, 0.3]]
    assert model.predict(passed).tolist() == [900, 850, 1000, 950]
    # Second of three is 0.2, so the third cannot be more.
    assert_allclose(model.predict_passed(passed[:1]), [[0.9, 0.2, 0.2]])
    assert_allclose(model.predict_proba(passed[:1]), [[0.1, 0.7, 0.0, 0.2]])


def test_of_neighbours_it_takes_the_shares_and_the_median(line):
    X, y = line
    plain = KNeighborsClassifier(9).fit(X, y)
    model = OrdinalClassifier(KNeighborsClassifier(9)).fit(X, y)
    assert_allclose(model.predict_proba(X), plain.predict_proba(X), atol=1e-12)
    neighbours = y[plain.kneighbors(X, return_distance=False)]
    assert_array_equal(model.predict(X), np.median(neighbours, axis=1))
    assert (model.predict(X) != plain.predict(X)).any()  # the mode is another rule


def test_each_threshold_is_sklearns_own_classifier(line):
    X, y = line
    model = OrdinalClassifier(LogisticRegression()).fit(X, y)
    above = [LogisticRegression().fit(X, y > low).predict_proba(X)[:, 1] for low in (850, 900, 950)]
    assert len(model.estimators_) == 3
    assert_allclose(model.predict_passed(X), np.minimum.accumulate(np.transpose(above), axis=1))


@pytest.mark.parametrize(
    "inner",
    [
        LogisticRegression(),
        SVC(),  # no predict_proba
        RidgeClassifier(),  # multilabel, no predict_proba
        RandomForestClassifier(10, random_state=0),
        MLPClassifier((10,), max_iter=2000, random_state=0),
        make_pipeline(StandardScaler(), RandomForestClassifier(10, random_state=0)),
        make_pipeline(StandardScaler(), SVC()),
    ],
    ids=str,
)
def test_classes_in_a_row_are_told_apart_by_any_classifier(inner):
    # Corners of a path rather than points on a line: ridge needs each threshold to be a plane.
    centers = np.cumsum(np.eye(4)[:, 1:], axis=0) * 8
    X, y = make_blobs(80, centers=centers, cluster_std=0.5, random_state=0)
    model = OrdinalClassifier(inner).fit(X, y)
    assert_array_equal(model.predict(X), y)
    if hasattr(inner, "predict_proba"):
        p = model.predict_proba(X)
        assert_allclose(p.sum(axis=1), 1)
        assert (p >= 0).all()
        assert (np.diff(model.predict_passed(X)) <= 0).all()
    else:
        assert not hasattr(model, "predict_proba")


@pytest.mark.parametrize("inner", [LogisticRegression(), RandomForestClassifier(5, random_state=0)])
def test_two_classes_are_the_plain_classifier(inner, line):
    X, y = line[0][:60], line[1][:60]
    model, plain = OrdinalClassifier(inner).fit(X, y), inner.fit(X, y)
    assert_allclose(model.predict_proba(X), plain.predict_proba(X), atol=1e-12)


@pytest.mark.parametrize("kind", [np.asarray, list, pd.Series, lambda y: np.asarray(y, object)])
def test_words_follow_the_order_given_and_columns_the_alphabet(kind, line):
    X, y = line[0][30:], line[1][30:]
    words = np.array(SIZES)[(y - 900) // 50]
    model = OrdinalClassifier(LogisticRegression(), order=SIZES).fit(X, kind(words))
    numbers = OrdinalClassifier(LogisticRegression()).fit(X, y)
    assert model.ranked_.tolist() == SIZES
    assert model.classes_.tolist() == ["large", "middle", "small"]
    assert_array_equal(model.predict(X), np.array(SIZES)[(numbers.predict(X) - 900) // 50])
    assert_allclose(model.predict_proba(X), numbers.predict_proba(X)[:, ::-1])


def test_numbers_may_be_given_another_order(line):
    X, y = line
    model = OrdinalClassifier(KNeighborsClassifier(), order=[1000, 950, 900, 850]).fit(X, y)
    assert model.ranked_.tolist() == [1000, 950, 900, 850]


def test_a_fold_that_lacks_a_class_never_predicts_it(line):
    X, y = line
    words = np.array(["a", "c", "b", "d"])[(y - 850) // 50]
    kept = words != "c"
    model = OrdinalClassifier(LogisticRegression(), order=list("acbd")).fit(X[kept], words[kept])
    assert model.ranked_.tolist() == ["a", "b", "d"]
    assert model.predict_proba(X).shape == (120, 3)


def test_images_and_groups_reach_what_asks_for_them():
    y = np.repeat([1, 3, 9], 12)
    maps = np.random.default_rng(0).normal(size=(36, 6, 6)) * y[:, None, None]
    roughness = PhysicalFeatures(names=["Sq"], scale="px")
    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 3]}, cv=GroupKFold(2))
    model = OrdinalClassifier(make_pipeline(roughness, search))  # warns if groups went astray
    found = run_folds(model, list(maps), y, np.arange(36) // 2, cv=2, random_state=0)
    assert (found.predictions["predicted"] == found.predictions["truth"]).mean() > 0.9


@pytest.mark.parametrize(
    ("order", "y", "error", "says"),
    [
        (None, ["a", "b", "a", "b"], ValueError, "order of \\['a', 'b'\\] is not known"),
        (["a"], ["a", "b", "a", "b"], ValueError, "order lacks \\['b'\\]"),
        (["a", "b", "a"], ["a", "b", "a", "b"], ValueError, "names a label twice"),
        ("ab", ["a", "b", "a", "b"], TypeError, "must be a sequence"),
        (None, [1, 1, 1, 1], ValueError, "at least two classes, got only the class 1"),
        (None, [1, None, 2, 2], ValueError, "missing"),
        (None, [1, 2, 3], ValueError, "inconsistent numbers of samples"),
    ],
)
def test_it_says_what_is_wrong(order, y, error, says):
    with pytest.raises(error, match=says):
        OrdinalClassifier(LogisticRegression(), order=order).fit(np.eye(4), y)


def test_groups_nobody_asked_for_are_refused():
    with pytest.raises(TypeError, match="groups"):
        OrdinalClassifier(LogisticRegression()).fit(np.eye(4), [1, 2, 1, 2], groups=[0, 1, 2, 3])
