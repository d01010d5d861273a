import subprocess
import sys

import numpy as np
import pytest
from explain_data import table, three_classes
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from tmdfeat import PhysicalFeatures, latent_physical
from tmdfeat.base import ImageTransformer
from tmdfeat.explain import explain
from tmdfeat.gate import check_images
from tmdfeat.targets import EncodedClassifier

MATERIALS = np.array(["WSe2", "MoS2", "WS2"])


class Corners(ImageTransformer):
    """Stands in for a network: the first eight pixels of each image."""

    def fit(self, X, y=None):
        check_images(X)
        return self

    def transform(self, X):
        return np.array([image.z.ravel()[:8] for image in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array([f"corners_{i}" for i in range(8)], dtype=object)


def rough_images(n=90, seed=0):
    """Images whose only difference between classes is the amplitude, 1 : 2 : 4."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3
    return rng.normal(size=(n, 24, 24)) * 2.0 ** y[:, None, None], MATERIALS[y]


def union():
    return latent_physical(
        Corners(), PhysicalFeatures(["height", "slope"], scale="px"), n_components=4
    )


CLASSIFIERS = [
    EncodedClassifier(XGBClassifier(n_estimators=30)),
    EncodedClassifier(LogisticRegression()),
    LogisticRegression(),
    RandomForestClassifier(30, random_state=0),
]


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=["xgb", "encoded", "linear", "forest"])
@pytest.mark.parametrize("output", ["default", "pandas"])
def test_labels_that_only_roughness_decides_have_a_physical_share_near_one(classifier, output):
    X, y = rough_images()
    pipeline = Pipeline([("features", union()), ("clf", classifier)])
    pipeline.set_output(transform=output).fit(X, y)
    held_out, _ = rough_images(30, seed=1)
    found = explain(pipeline, held_out)
    share = found.share("block")
    assert share.index.tolist() == ["latent", "physical"]
    assert share.loc["physical", "share"] > 0.9
    assert found.classes == ("MoS2", "WS2", "WSe2")
    assert list(found.names) == pipeline[:-1].get_feature_names_out().tolist()
    assert found.by("family").names[:2] == ("latent__pca", "physical__height")


def test_labels_that_only_the_corner_decides_have_a_latent_share_near_one():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 24, 24))
    y = np.where(X[:, 0, 0] > 0, "MoS2", "WS2")
    X[:, 0, 1:8] = X[:, 0, :1]  # all eight corners, so that PCA keeps what decides
    pipeline = make_pipeline(union(), EncodedClassifier(XGBClassifier(n_estimators=30))).fit(X, y)
    assert explain(pipeline, X).share("block").loc["latent", "share"] > 0.9


def test_classes_are_in_the_order_of_the_classifier_and_the_output_is_its_own():
    X, y = rough_images()
    pipeline = Pipeline([("features", union()), ("clf", CLASSIFIERS[0])]).fit(X, y)
    found = explain(pipeline, X)
    most = np.argmax(found.output_values, axis=1)
    assert_array_equal(np.array(found.classes)[most], pipeline.predict(X))


def test_a_fold_that_lacks_a_class_is_explained_for_the_classes_it_has():
    X, y = rough_images()
    seen = y != "WS2"
    pipeline = Pipeline([("features", union()), ("clf", CLASSIFIERS[0])]).fit(X[seen], y[seen])
    found = explain(pipeline, X)
    assert found.classes == ("MoS2", "WSe2")
    assert found.values.shape[::2] == (90, 2)
    assert_allclose(found.values[:, :, 0], -found.values[:, :, 1])


@pytest.mark.parametrize("output", ["default", "pandas"])
def test_pipelines_inside_an_encoded_classifier_are_opened(output):
    X = table()
    inner = make_pipeline(StandardScaler(), LogisticRegression()).set_output(transform=output)
    model = make_pipeline(StandardScaler(), EncodedClassifier(inner))
    model.set_output(transform=output).fit(X, MATERIALS[three_classes(X)])
    found = explain(model, X)
    assert found.names == tuple(X.columns)
    assert_allclose(found.output_values, model.decision_function(X))


def test_the_background_goes_through_the_pipeline_too():
    X, background = table(), table(50, seed=1)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(X, three_classes(X))
    found = explain(model, X, background=background)
    assert_allclose(found.base, model.decision_function(background).mean(axis=0))


def test_a_pipeline_of_nothing_but_a_classifier_takes_a_table():
    X = table()
    model = make_pipeline(LogisticRegression()).fit(X, three_classes(X))
    assert explain(model, X).names == tuple(X.columns)


def test_models_fitted_without_names_take_their_names_from_the_table():
    X = table()
    model = SVC().fit(X.to_numpy(), three_classes(X))
    assert explain(model, X.iloc[:2]).names == tuple(X.columns)


def test_an_unfitted_pipeline_is_refused():
    X, _ = rough_images(6)
    with pytest.raises(ValueError, match="not fitted"):
        explain(make_pipeline(union(), LogisticRegression()), X)


@pytest.mark.parametrize("last", [StandardScaler(), "passthrough"])
def test_a_last_step_that_is_no_classifier_is_refused(last):
    X = table()
    model = Pipeline([("scale", StandardScaler()), ("last", last)]).fit(X)
    with pytest.raises(TypeError, match="last step of the pipeline must be a classifier"):
        explain(model, X)


def test_a_table_without_names_is_refused():
    X = table()
    model = LogisticRegression().fit(X, three_classes(X))
    with pytest.raises(ValueError, match="must be a DataFrame, got ndarray"):
        explain(model, X.to_numpy())


def test_a_step_without_names_is_refused():
    X = table()
    model = make_pipeline(FunctionTransformer(np.asarray), LogisticRegression())
    model.fit(X, three_classes(X))
    with pytest.raises(ValueError, match="get_feature_names_out"):
        explain(model, X)


def test_a_background_with_other_columns_is_refused():
    X = table()
    model = LogisticRegression().fit(X, three_classes(X))
    other = X.rename(columns={"physical__Sdr": "physical__Sa_nm"})
    with pytest.raises(ValueError, match=r"missing .*physical__Sdr.*unknown .*physical__Sa_nm"):
        explain(model, X, background=other)
    with pytest.raises(ValueError, match="order differs"):
        explain(model, X, background=X[X.columns[::-1]])


@pytest.mark.parametrize("model", [LogisticRegression(), XGBClassifier(n_estimators=2)])
def test_columns_in_another_order_than_in_training_are_refused(model):
    X = table()
    model.fit(X, three_classes(X))
    with pytest.raises(ValueError, match="fitted on, in the same order; the order differs"):
        explain(model, X[X.columns[::-1]])


def test_too_few_columns_are_refused():
    X = table()
    model = LogisticRegression().fit(X.to_numpy(), three_classes(X))
    with pytest.raises(ValueError, match="6 columns, got a table with 5"):
        explain(model, X.iloc[:, 1:])


def test_a_classifier_with_votes_alone_is_refused():
    X = table()
    model = VotingClassifier([("a", Perceptron())]).fit(X, three_classes(X))
    with pytest.raises(TypeError, match="CalibratedClassifierCV"):
        explain(model, X)


def test_a_model_that_learned_nothing_has_no_share():
    X = table()
    model = DummyClassifier().fit(X, three_classes(X))
    with pytest.warns(UserWarning, match="depends on no column"):
        assert explain(model, X.iloc[:2]).share().isna().all(axis=None)


@pytest.mark.parametrize("model", [LogisticRegression(), SVC()])
def test_one_row_needs_a_background_to_be_compared_with(model):
    X = table()
    model.fit(X, three_classes(X))
    with pytest.raises(ValueError, match=r"one row .* background="):
        explain(model, X.iloc[:1])
    assert explain(model, X.iloc[:1], background=X).share()["share"].sum() == pytest.approx(1)


def test_one_row_is_enough_for_trees():
    X = table()
    model = XGBClassifier(n_estimators=5).fit(X, three_classes(X))
    whole = explain(model, X)
    assert_allclose(explain(model, X.iloc[:1]).values, whole.values[:1])


def test_a_search_is_asked_for_its_best_estimator():
    X, y = rough_images()
    search = GridSearchCV(make_pipeline(union(), LogisticRegression()), {}, cv=2).fit(X, y)
    with pytest.raises(ValueError, match="best_estimator_"):
        explain(search, X)
    assert len(explain(search.best_estimator_, X).values) == 90


def test_importing_explain_imports_neither_shap_nor_xgboost():
    code = "import sys, tmdfeat.explain; sys.exit(bool({'shap', 'xgboost'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
