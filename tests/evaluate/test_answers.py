import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds
from tmdfeat.evaluate.answers import answers
from tmdfeat.targets import EncodedClassifier

Y = np.tile(np.repeat(["MoS2", "WS2", "WSe2"], 2), 6)
X = np.random.default_rng(0).normal(size=(36, 2)) + np.unique(Y, return_inverse=True)[1][:, None]


class Counts(TransformerMixin, BaseEstimator):
    """Passes X through, and notes how many samples it saw each time."""

    seen: list[int] = []

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        self.seen.append(len(X))
        return np.negative(X)


def chain(last=None):
    return make_pipeline(Counts(), LogisticRegression() if last is None else last)


MODELS = {
    "pipeline": chain(),
    "around": EncodedClassifier(chain()),
    "inside": chain(EncodedClassifier(LogisticRegression())),
    "pipeline in pipeline": Pipeline([("skipped", "passthrough"), ("inner", chain())]),
    "search around": GridSearchCV(chain(), {}, cv=2),
    "search inside": chain(GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=2)),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_are_those_of_predict_and_predict_proba_at_the_price_of_one(model):
    model.fit(X, Y)
    labels, probabilities = model.predict(X), model.predict_proba(X)
    Counts.seen.clear()
    found = answers(model, X)
    assert Counts.seen == [36]
    assert_array_equal(found[0], labels)
    assert_array_equal(found[1], probabilities)


def test_without_probabilities_there_are_labels():
    model = chain(SVC()).fit(X, Y)
    labels, probabilities = answers(model, X)
    assert_array_equal(labels, model.predict(X))
    assert probabilities is None


class Swaps(Pipeline):
    def predict(self, X):
        return np.full(len(X), "mine")


def test_a_pipeline_with_a_predict_of_its_own_is_asked_itself():
    model = Swaps(chain().steps).fit(X, Y)
    assert set(answers(model, X)[0]) == {"mine"}


def test_folds_transform_each_held_out_sample_once():
    Counts.seen.clear()
    run_folds(chain(), X, Y, np.arange(36) // 2, cv=3, random_state=0)
    assert sum(Counts.seen) == 3 * 36  # each fold: its training part once, its test part once
