import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks
from xgboost import XGBClassifier

from tmdfeat import HeightMap, PhysicalFeatures
from tmdfeat.targets import EncodedClassifier

MATERIALS = np.array(["MoS2", "MoSe2", "WS2", "WSe2"])


def xgb():
    return XGBClassifier(n_estimators=3, max_depth=2, n_jobs=1)


def table(n_classes=4, n=60):
    X, codes = make_blobs(n, centers=n_classes, n_features=3, random_state=0, cluster_std=0.5)
    return X, codes


@parametrize_with_checks(
    [EncodedClassifier(LogisticRegression()), EncodedClassifier(xgb())], xfail_strict=True
)
def test_follows_sklearn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("inner", [LogisticRegression(), xgb()])
def test_the_battery_is_not_empty(inner):
    assert len(list(estimator_checks_generator(EncodedClassifier(inner)))) >= 40


@pytest.mark.parametrize(
    "labels",
    [MATERIALS, np.array([2, 3, 7, 100]), np.array([-1, 0, 1, 5]), MATERIALS.astype(object)],
    ids=["strings", "gaps", "negative", "objects"],
)
def test_xgboost_gives_back_the_labels_it_was_given(labels):
    X, codes = table()
    with pytest.raises(ValueError, match="Expected"):  # or this class has no reason to exist
        xgb().fit(X, labels[codes])
    model = EncodedClassifier(xgb()).fit(X, labels[codes])
    bare = xgb().fit(X, codes)
    assert_array_equal(model.classes_, np.sort(labels))
    assert_array_equal(model.predict(X), labels[bare.predict(X)])
    assert_allclose(model.predict_proba(X), bare.predict_proba(X))


def test_a_fold_that_lacks_a_class_never_predicts_it():
    X, codes = table()
    kept = codes != 1
    model = EncodedClassifier(xgb()).fit(X[kept], MATERIALS[codes[kept]])
    assert model.classes_.tolist() == ["MoS2", "WS2", "WSe2"]
    assert model.predict_proba(X).shape == (60, 3)
    assert set(model.predict(X)) == {"MoS2", "WS2", "WSe2"}


def test_decision_function_columns_follow_classes():
    X, codes = table()
    order = np.array([3, 1, 0, 2])  # labels whose sorted order is not the order of the codes
    model = EncodedClassifier(LogisticRegression()).fit(X, MATERIALS[order[codes]])
    best = model.classes_[model.decision_function(X).argmax(axis=1)]
    assert_array_equal(best, MATERIALS[order[codes]])
    assert_array_equal(model.classes_[model.predict_proba(X).argmax(axis=1)], best)


def test_offers_only_what_the_classifier_offers():
    assert not hasattr(EncodedClassifier(xgb()), "decision_function")
    assert not hasattr(EncodedClassifier(SVC()), "predict_proba")
    assert hasattr(EncodedClassifier(SVC()), "decision_function")


def test_what_the_classifier_learned_is_reachable():
    X, codes = table()
    model = EncodedClassifier(xgb()).fit(X, MATERIALS[codes])
    assert model.estimator_.feature_importances_.sum() == pytest.approx(1.0)
    assert not hasattr(model.estimator, "_Booster")


def test_data_frames_keep_their_names_and_nan_passes_to_xgboost():
    X, codes = table()
    frame = pd.DataFrame(X, columns=["latent__pca_00", "latent__pca_01", "physical__Sq_nm"])
    frame.iloc[3, 1] = np.nan
    model = EncodedClassifier(xgb()).fit(frame, MATERIALS[codes])
    assert model.feature_names_in_.tolist() == list(frame.columns)
    assert model.estimator_.get_booster().feature_names == list(frame.columns)
    assert get_tags(model).input_tags.allow_nan
    assert not get_tags(EncodedClassifier(LogisticRegression())).input_tags.allow_nan


def test_sample_weight_counts():
    X = np.zeros((4, 1))
    y = np.array(["a", "a", "a", "b"])
    plain = EncodedClassifier(GaussianNB()).fit(X, y)
    weighted = EncodedClassifier(GaussianNB()).fit(X, y, sample_weight=[1, 1, 1, 9])
    assert_allclose(plain.estimator_.class_prior_, [0.75, 0.25])
    assert_allclose(weighted.estimator_.class_prior_, [0.25, 0.75])


def test_sample_weight_for_a_classifier_without_it_is_an_error():
    X, codes = table()
    with pytest.raises(TypeError, match="fit takes no sample_weight"):
        EncodedClassifier(KNeighborsClassifier()).fit(X, codes, sample_weight=np.ones(60))


def test_zero_weights_are_an_error():
    X, codes = table()
    with pytest.raises(ValueError, match="only zeros"):
        EncodedClassifier(xgb()).fit(X, codes, sample_weight=np.zeros(60))


def test_one_class_is_an_error_that_names_it():
    with pytest.raises(ValueError, match=r"two classes, got only the class 'WS2' \(5 samples\)"):
        EncodedClassifier(xgb()).fit(np.zeros((5, 2)), ["WS2"] * 5)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0.1, 0.2, 0.3], "Unknown label type"),
        (["a", "b", None], r"y has 1 missing entries \(NaN or None\), at \[2\]"),
        ([np.nan, "b", "a"], r"y has 1 missing entries \(NaN or None\), at \[0\]"),
        ([0.0, 1.0, np.inf], "y contains infinity"),
    ],
)
@pytest.mark.parametrize("kind", [list, tuple, pd.Series])
def test_what_is_no_label_is_an_error(y, message, kind):
    with pytest.raises(ValueError, match=message):
        EncodedClassifier(xgb()).fit(np.zeros((3, 2)), kind(y))


@pytest.mark.parametrize(
    ("y", "dtype"),
    [
        (pd.array([3, 7, 3, 7], dtype="Int64"), "int64"),
        (pd.Series([True, False, True, False], dtype="boolean"), "bool"),
        (pd.Series(["a", "b", "a", "b"], dtype="string"), "U1"),
        (pd.Categorical(["a", "b", "a", "b"]), "U1"),
        (("a", "b", "a", "b"), "U1"),
        (np.array([3, 7, 3, 7], dtype="int16"), "int16"),
    ],
    ids=["Int64", "boolean", "string", "Categorical", "tuple", "int16"],
)
def test_labels_keep_their_natural_dtype_whatever_holds_them(y, dtype):
    X = np.array([[0.0], [5.0], [0.1], [5.1]])
    model = EncodedClassifier(GaussianNB()).fit(X, y)
    assert model.classes_.dtype == model.predict(X).dtype == np.dtype(dtype)
    assert model.predict(X).tolist() == list(y)


def test_missing_entries_of_pandas_own_dtypes_are_an_error():
    with pytest.raises(ValueError, match=r"y has 1 missing entries .* at \[1\]"):
        EncodedClassifier(GaussianNB()).fit(np.zeros((3, 1)), pd.array([1, None, 2], dtype="Int64"))


def test_labels_that_are_no_sequence_are_an_error_in_words():
    with pytest.raises(ValueError, match="y should be a 1d array"):
        EncodedClassifier(GaussianNB()).fit(np.zeros((3, 1)), 5)


def test_y_shorter_than_X_is_an_error():
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[5, 4\]"):
        EncodedClassifier(xgb()).fit(np.zeros((5, 2)), ["a", "b", "a", "b"])


def test_wraps_a_whole_pipeline_that_takes_images():
    images = [HeightMap(np.full((2, 2), float(i))) for i in range(8)]
    means = FunctionTransformer(lambda images: np.array([[im.z.mean()] for im in images]))
    model = EncodedClassifier(make_pipeline(means, xgb()))
    y = np.repeat(["low", "high"], 4)
    assert_array_equal(model.fit(images, y).predict(images), y)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_wraps_a_pipeline_that_takes_a_stack_of_images(kind):
    stack = np.random.default_rng(0).normal(size=(8, 6, 6)) * np.repeat([1, 5], 4)[:, None, None]
    y = np.repeat(["smooth", "rough"], 4)
    steps = [("features", PhysicalFeatures(names=["Sq"], scale="px")), ("clf", GaussianNB())]
    model = EncodedClassifier(Pipeline(steps)).fit(kind(stack), y)
    assert_array_equal(model.predict(kind(stack)), y)
    assert not hasattr(model, "n_features_in_")


def test_survives_clone_pickle_and_search():
    X, codes = table()
    y = MATERIALS[codes]
    search = GridSearchCV(EncodedClassifier(xgb()), {"estimator__max_depth": [1, 3]}, cv=3)
    model = clone(search.fit(X, y).best_estimator_).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert_array_equal(again.predict(X), model.predict(X))
    assert search.best_score_ > 0.9  # well separated blobs
