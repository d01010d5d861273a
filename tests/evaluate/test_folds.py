import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from tmdfeat import HeightMap
from tmdfeat.evaluate import run_folds
from tmdfeat.targets import EncodedClassifier

SCORE_COLUMNS = [
    "repeat", "fold", "metric", "score", "n_train", "n_test", "n_test_groups", "seconds",
]  # fmt: skip


class SaysWhatItRemembers(ClassifierMixin, BaseEstimator):
    """Predicts the label that training samples with the same first column had, else `none`."""

    def fit(self, X, y):
        self.known_ = dict(zip(X[:, 0].tolist(), y.tolist(), strict=True))
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.array([self.known_.get(value, "none") for value in X[:, 0].tolist()])


def blobs(n=36):
    y = np.tile(np.repeat(["MoS2", "WS2", "WSe2"], 2), n // 6)
    X = np.random.default_rng(0).normal(size=(n, 2)) + 6 * pd.factorize(y)[0][:, None]
    return X, y, np.arange(n) // 2


def test_scores_are_tidy_and_equal_scikit_learns():
    X, y, groups = blobs()
    cv = StratifiedGroupKFold(3)
    results = run_folds(SVC(C=0.01), X, y, groups, cv=cv)
    scores = results.scores
    assert scores.columns.tolist() == SCORE_COLUMNS
    assert len(scores) == 9
    for metric, part in scores.groupby("metric"):
        expected = cross_val_score(SVC(C=0.01), X, y, groups=groups, cv=cv, scoring=metric)
        assert_allclose(part["score"], expected)
    assert (scores["n_train"] + scores["n_test"] == 36).all()
    assert (scores["n_test_groups"] * 2 == scores["n_test"]).all()
    assert (scores["seconds"] > 0).all()


def test_predictions_say_which_sample_was_predicted_how():
    X, y, groups = blobs()
    results = run_folds(LogisticRegression(), X, y, groups, cv=3, repeats=2, random_state=0)
    table = results.predictions
    assert table.groupby("repeat")["position"].apply(sorted).tolist() == [list(range(36))] * 2
    assert_array_equal(table["truth"], y[table["position"]])
    assert_array_equal(table["group"], groups[table["position"]])
    shares = table[["probability_MoS2", "probability_WS2", "probability_WSe2"]]
    assert_allclose(shares.sum(axis=1), 1)
    assert_array_equal(shares.idxmax(axis=1), "probability_" + table["predicted"])


def test_the_model_has_never_seen_what_it_predicts():
    _, y, groups = blobs()
    X = groups[:, None].astype(float)  # whoever has seen the group knows the answer
    table = run_folds(SaysWhatItRemembers(), X, y, groups, cv=4, random_state=0).predictions
    assert (table["predicted"] == "none").all()
    assert not any(column.startswith("probability") for column in table)


def test_a_class_missing_in_training_has_probability_zero_and_recall_zero():
    X, y, groups = blobs()
    train, test = np.flatnonzero(y != "WSe2"), np.flatnonzero(y == "WSe2")
    model = EncodedClassifier(XGBClassifier(n_estimators=2, n_jobs=1))
    results = run_folds(model, X, y, groups, cv=[(train, test)])
    assert (results.predictions["probability_WSe2"] == 0).all()
    assert (results.scores["score"] == 0).all()


def test_kept_estimators_are_those_that_predicted():
    X, y, groups = blobs()
    results = run_folds(SVC(), X, y, groups, cv=3, random_state=0, keep_estimators=True)
    for fold in results.folds:
        mine = results.predictions.query("repeat == @fold.repeat and fold == @fold.fold")
        assert_array_equal(mine["position"], fold.test)
        assert_array_equal(mine["predicted"], fold.estimator.predict(X[fold.test]))
        assert fold.estimator.n_features_in_ == 2


def test_estimators_are_let_go_unless_asked_for_and_the_given_one_stays_unfitted():
    X, y, groups = blobs()
    model = SVC()
    results = run_folds(model, X, y, groups, cv=3)
    assert [fold.estimator for fold in results.folds] == [None] * 3
    assert not hasattr(model, "classes_")


def test_parallel_folds_give_the_same():
    X, y, groups = blobs()
    settings = {"cv": 3, "random_state": 0, "keep_estimators": True}
    model = GridSearchCV(SVC(), {"C": [0.1, 1]}, cv=StratifiedGroupKFold(2))
    alone = run_folds(model, X, y, groups, **settings)
    both = run_folds(model, X, y, groups, n_jobs=2, **settings)
    pd.testing.assert_frame_equal(alone.predictions, both.predictions)
    timeless = [r.scores.drop(columns="seconds") for r in (alone, both)]
    pd.testing.assert_frame_equal(*timeless)
    assert both.folds[0].estimator.best_params_ == alone.folds[0].estimator.best_params_


@pytest.mark.parametrize("kind", [np.asarray, pd.DataFrame], ids=["array", "frame"])
def test_tables_of_any_kind_are_split(kind):
    X, y, groups = blobs()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    results = run_folds(model, kind(X), y, groups, cv=3, scoring="accuracy")
    assert results.scores["score"].min() > 0.9  # blobs six standard deviations apart


def test_lists_of_images_and_of_files_are_split(tmp_path):
    X, y, groups = blobs(18)
    images = [HeightMap(np.full((2, 3 + i % 2), x[0])) for i, x in enumerate(X)]
    paths = [tmp_path / f"{i}.npy" for i in range(18)]
    for path, image in zip(paths, images, strict=True):
        np.save(path, image.z)

    def means(items):
        return np.array([[getattr(i, "z", i).mean()] for i in items])

    of_images = make_pipeline(FunctionTransformer(means), LogisticRegression())
    of_paths = make_pipeline(
        FunctionTransformer(lambda items: means([np.load(p) for p in items])), LogisticRegression()
    )
    tables = [
        run_folds(model, data, y, groups, cv=3, random_state=0).predictions
        for model, data in [(of_images, images), (of_paths, paths)]
    ]
    pd.testing.assert_frame_equal(*tables)


def test_integer_labels_stay_integers():
    X, y, groups = blobs()
    codes = pd.factorize(y)[0]
    table = run_folds(XGBClassifier(n_estimators=2, n_jobs=1), X, codes, groups, cv=3).predictions
    assert table["truth"].dtype.kind == table["predicted"].dtype.kind == "i"
    assert {"probability_0", "probability_1", "probability_2"} <= set(table)


@pytest.mark.parametrize("kind", ["Int64", "int16"])
def test_labels_and_groups_of_pandas_own_dtypes_stay_integers(kind):
    X, y, groups = blobs()
    codes, groups = pd.array(pd.factorize(y)[0], dtype=kind), pd.Series(groups, dtype=kind)
    table = run_folds(LogisticRegression(), X, codes, groups, cv=3).predictions
    assert table[["truth", "predicted", "group"]].dtypes.map(lambda d: d.kind).tolist() == ["i"] * 3
    assert "probability_0" in table


def test_errors_of_the_estimator_are_not_swallowed():
    X, y, groups = blobs()
    X[4, 1] = np.nan
    with pytest.raises(ValueError, match="contains NaN"):
        run_folds(LogisticRegression(), X, y, groups, cv=3)
