import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import cross_val_score
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from tmdfeat.targets import AtomClassifier, AtomCodec

FIVE = np.array(["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"])
MULTILABEL = [
    RandomForestClassifier(20, random_state=0),
    KNeighborsClassifier(3),
    MultiOutputClassifier(LogisticRegression()),
    make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=0)),
    XGBClassifier(n_estimators=10, n_jobs=1),
    MLPClassifier((20,), max_iter=2000, random_state=0),
    MultiOutputClassifier(RidgeClassifier()),  # no predict_proba
]


@pytest.fixture
def data():
    X, codes = make_blobs(100, centers=5, n_features=6, cluster_std=0.5, random_state=0)
    return X, FIVE[codes]


@pytest.mark.parametrize("inner", MULTILABEL, ids=lambda inner: type(inner).__name__)
def test_any_multilabel_classifier_tells_five_materials_apart(inner, data):
    X, y = data
    model = AtomClassifier(inner)
    assert cross_val_score(model, X, y, cv=3).mean() > 0.8
    model.fit(X, y)
    assert_array_equal(model.classes_, np.sort(FIVE))
    p = model.predict_proba(X)
    assert_allclose(p.sum(1), 1)
    assert_array_equal(model.classes_[p.argmax(1)], model.predict(X))


def test_it_is_the_classifier_between_codec_and_codec(data):
    X, y = data
    codec, forest = AtomCodec().fit(y), RandomForestClassifier(20, random_state=0)
    forest.fit(X, codec.transform(y))
    p = np.column_stack([table[:, 1] for table in forest.predict_proba(X)])
    model = AtomClassifier(RandomForestClassifier(20, random_state=0)).fit(X, y)
    assert_allclose(model.predict_atoms(X), p)
    assert_array_equal(model.predict(X), codec.inverse_transform(p))


@pytest.mark.parametrize("inner", MULTILABEL, ids=lambda inner: type(inner).__name__)
@pytest.mark.parametrize("pair", [["WSe2", "MoSe2"], ["WSe2", "Mo-WSe2"]])
def test_an_element_that_all_materials_have_is_certain(data, inner, pair):
    # Alone, LogisticRegression and others refuse such an element: it is one class.
    X, y = data
    two = np.isin(y, pair)
    model = AtomClassifier(inner).fit(X[two], y[two])
    selenium = model.codec_.atoms_.tolist().index("Se")
    assert_array_equal(model.predict_atoms(X)[:, selenium], 1)
    assert model.score(X[two], y[two]) > 0.9


def test_exact_decoding_may_answer_none():
    X, y = [[0.0], [2.0]], ["MoS2", "WSe2"]
    exact = AtomClassifier(KNeighborsClassifier(2), AtomCodec(decoding="exact")).fit(X, y)
    assert exact.predict([[1.0]]).tolist() == ["none"]  # each element has one half: no set
    likely = AtomClassifier(KNeighborsClassifier(2)).fit(X, y)
    assert likely.predict([[1.0]])[0] in y


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_atoms"])
def test_before_fit_it_says_so(method):
    with pytest.raises(NotFittedError):
        getattr(AtomClassifier(KNeighborsClassifier()), method)([[0.0]])


def test_one_material_is_refused(data):
    with pytest.raises(ValueError, match="at least two materials"):
        AtomClassifier(KNeighborsClassifier()).fit(data[0], ["MoS2"] * 100)


def test_it_is_cloned_without_what_it_learned(data):
    model = AtomClassifier(KNeighborsClassifier(), AtomCodec(decoding="exact")).fit(*data)
    again = clone(model)
    assert again.codec.decoding == "exact"
    assert not hasattr(again, "estimator_")
    assert model.codec is not model.codec_
