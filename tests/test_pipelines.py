import pickle
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import gaussian_filter
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks
from xgboost import XGBClassifier

from tmdfeat import CNNFeatures, HeightMap, PhysicalFeatures
from tmdfeat.base import ImageTransformer
from tmdfeat.evaluate import cross_validate_groups, run_folds
from tmdfeat.gate import check_images
from tmdfeat.pipelines import BoundedPCA, latent_physical
from tmdfeat.targets import EncodedClassifier


class Quantiles(ImageTransformer):
    """Stand-in for a network: `n` columns that differ between rough and smooth scans."""

    def __init__(self, n=6):
        self.n = n

    def fit(self, X, y=None):
        check_images(X)
        return self

    def transform(self, X):
        return np.array([np.quantile(z.z, np.linspace(0, 1, self.n)) for z in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array([f"quantiles.pool_{i:03d}" for i in range(self.n)], dtype=object)


class Moments(ImageTransformer):
    """Stand-in for descriptors: one is undefined for flat scans, one for all, one is constant."""

    def fit(self, X, y=None):
        check_images(X)
        return self

    def transform(self, X):
        spreads = [image.z.std() for image in check_images(X)]
        return np.array([[s, s if s > 0 else np.nan, np.nan, 4.0] for s in spreads])

    def get_feature_names_out(self, input_features=None):
        return np.array(["Sq_nm", "Sal_nm", "Sdr", "n_levels"], dtype=object)


def scans(n=24, side=32):
    """Two materials, rough with fine grain and smooth with coarse; three scans of each growth."""
    rng = np.random.default_rng(0)
    y = np.array(["MoS2", "WS2"])[(np.arange(n) // 3) % 2]
    heights = rng.normal(size=(n, side, side))
    heights = [
        gaussian_filter(z, 3) if label == "WS2" else z for z, label in zip(heights, y, strict=True)
    ]
    heights = [np.kron(z, np.ones((2, 2))) for z in heights]  # large enough for every descriptor
    images = [HeightMap(z, z_unit="nm", pixel_size=5.0) for z in heights]
    return images, y, np.arange(n) // 3


@parametrize_with_checks([BoundedPCA(), BoundedPCA(0.9)], xfail_strict=True)
def test_bounded_pca_follows_sklearn(estimator, check):
    check(estimator)


def test_the_battery_is_not_empty():
    assert len(list(estimator_checks_generator(BoundedPCA()))) >= 40


@pytest.mark.parametrize("asked", [1, 3, 0.8])
def test_bounded_pca_is_pca_where_the_samples_suffice(asked):
    X = np.random.default_rng(1).normal(size=(20, 5)) * [5, 4, 3, 2, 1]
    expected = PCA(asked, svd_solver="full").fit(X)
    bounded = BoundedPCA(asked).fit(X)
    assert_allclose(bounded.transform(X), expected.transform(X))
    assert len(bounded.get_feature_names_out()) == expected.n_components_


@pytest.mark.parametrize(("shape", "components"), [((7, 40), 6), ((40, 5), 5), ((2, 3), 1)])
def test_more_components_than_the_data_carry_gives_those_there_are(shape, components):
    X = np.random.default_rng(2).normal(size=shape)
    bounded = BoundedPCA(32).fit(X)
    scores = bounded.transform(X)
    assert scores.shape == (shape[0], components)
    assert_allclose(bounded.pca_.inverse_transform(scores), X, atol=1e-10)  # nothing is lost


def test_component_names_are_padded_alike_in_large_and_small_folds():
    X = np.random.default_rng(3).normal(size=(12, 300))
    assert BoundedPCA(200).fit(X).get_feature_names_out()[0] == "pca_000"
    assert BoundedPCA(8).fit(X).get_feature_names_out().tolist() == [f"pca_0{i}" for i in range(8)]


def test_identical_scans_have_one_place_in_the_latent_block():
    assert_array_equal(BoundedPCA(3).fit_transform(np.ones((4, 6))), np.zeros((4, 3)))


@pytest.mark.parametrize("bad", [0, -1, 1.0, 1.5, True, "mle", None])
def test_a_wrong_number_of_components_is_an_error_at_fit(bad):
    with pytest.raises(ValueError, match=r"n_components must be a whole number .* got"):
        BoundedPCA(bad).fit(np.eye(4))


def test_the_union_is_made_of_plain_scikit_learn():
    union = latent_physical(Quantiles(), Moments())
    assert type(union) is FeatureUnion
    assert [type(block) for _, block in union.transformer_list] == [Pipeline, Pipeline]


@pytest.mark.parametrize(
    ("n_components", "latent"),
    [
        (3, ["pca_00", "pca_01", "pca_02"]),
        (None, [f"quantiles.pool_00{i}" for i in range(6)]),
    ],
)
def test_columns_carry_block_and_name(n_components, latent):
    union = latent_physical(Quantiles(), Moments(), n_components=n_components)
    table = union.set_output(transform="pandas").fit_transform(scans()[0])
    physical = ["Sq_nm", "Sal_nm", "Sdr", "n_levels"]
    expected = [f"latent__{name}" for name in latent] + [f"physical__{name}" for name in physical]
    assert table.columns.tolist() == expected
    assert union.get_feature_names_out().tolist() == expected


def test_the_latent_block_is_standardised_before_pca_and_fitted_on_the_training_part():
    images, _, _ = scans()
    raw = Quantiles().transform(images)
    union = latent_physical(Quantiles(), Moments(), n_components=3).fit(images[:20])
    scaler = StandardScaler().fit(raw[:20])
    pca = PCA(3, svd_solver="full").fit(scaler.transform(raw[:20]))
    expected = pca.transform(scaler.transform(raw[20:]))
    assert_allclose(union.transform(images[20:])[:, :3], expected, atol=1e-12)


def test_undefined_descriptors_take_the_training_median_and_constant_ones_zero():
    images, _, _ = scans(5)
    images[1] = HeightMap(np.ones((8, 8)))
    spread = np.array([image.z.std() for image in images])
    columns = latent_physical(Quantiles(), Moments()).fit_transform(images)[:, -4:]
    filled = np.where(spread > 0, spread, np.median(spread[spread > 0]))
    assert_allclose(columns[:, 0], (spread - spread.mean()) / spread.std())
    assert_allclose(columns[:, 1], (filled - filled.mean()) / filled.std())
    assert_array_equal(columns[:, 2:], np.zeros((5, 2)))


def test_a_descriptor_defined_only_in_held_out_scans_stays_out():
    images, _, _ = scans(6)
    flat = [HeightMap(np.full((8, 8), float(i))) for i in range(4)]
    union = latent_physical(Quantiles(), Moments()).fit(flat)
    assert np.isfinite(union.transform(images)).all()


def test_the_same_data_give_the_same_columns():
    images, _, _ = scans()
    once, again = (latent_physical(Quantiles(), Moments()).fit_transform(images) for _ in "ab")
    assert_array_equal(once, again)


class User(NamedTuple):
    """What a user writes: a pipeline, a grid for it, and what they expect its columns to be."""

    pipeline: Pipeline
    grid: dict
    columns: list
    labels: type


def users():
    """The two ways of the README; networks are untrained."""
    cnn = CNNFeatures("squeezenet1_1", weights=None)
    boosted = XGBClassifier(n_estimators=5, max_depth=2, min_child_weight=0, n_jobs=1)
    union = latent_physical(cnn, PhysicalFeatures(), n_components=4)
    both = Pipeline([("features", union), ("clf", EncodedClassifier(boosted))])
    grid = {"features__latent__pca__n_components": [2, 0.9], "clf__estimator__max_depth": [1, 2]}
    physical = [f"physical__{name}" for name in PhysicalFeatures().get_feature_names_out()]
    columns = [f"latent__pca_0{i}" for i in range(4)] + physical
    plain = Pipeline([("cnn", cnn), ("clf", boosted)])
    plain_columns = [f"squeezenet1_1.pool_{i:03d}" for i in range(512)]
    return {
        "latent and physical": User(both, grid, columns, str),
        "plain": User(plain, {"clf__max_depth": [1, 2]}, plain_columns, int),
    }


@pytest.fixture(params=["latent and physical", "plain"])
def user(request):
    return users()[request.param]


def labelled(user):
    images, y, groups = scans()
    return images, y if user.labels is str else (y == "WS2").astype(int), groups


def test_pipelines_score_in_grouped_cross_validation(user):
    images, y, groups = labelled(user)
    cv = StratifiedGroupKFold(3)
    scores = cross_val_score(user.pipeline, images, y, groups=groups, cv=cv)
    assert scores.mean() > 0.8  # white noise against smooth
    table = cross_validate_groups(user.pipeline, images, y, groups, cv=cv)
    assert table["mean"][0] == pytest.approx(scores.mean())


def test_pipelines_survive_search_clone_and_pickle(user):
    images, y, groups = labelled(user)
    search = GridSearchCV(user.pipeline, user.grid, cv=StratifiedGroupKFold(2))
    search.fit(images, y, groups=groups)
    model = clone(search.best_estimator_).fit(images, y)
    again = pickle.loads(pickle.dumps(model))
    assert_array_equal(again.predict_proba(images), model.predict_proba(images))
    assert_array_equal(model.predict(images), search.predict(images))
    assert search.best_score_ > 0.8


def test_pipelines_hand_names_to_xgboost(user):
    images, y, _ = labelled(user)
    model = clone(user.pipeline).set_output(transform="pandas").fit(images, y)
    classifier = getattr(model["clf"], "estimator_", model["clf"])
    assert classifier.get_booster().feature_names == user.columns
    assert model[:-1].get_feature_names_out().tolist() == user.columns
    unnamed = clone(user.pipeline).fit(images, y)
    assert_array_equal(model.predict(images), unnamed.predict(images))


def test_groups_reach_a_search_inside_grouped_folds(user):
    images, y, groups = labelled(user)
    search = GridSearchCV(user.pipeline, user.grid, cv=StratifiedGroupKFold(2))
    results = run_folds(search, images, y, groups, cv=2, keep_estimators=True, random_state=0)
    assert results.predictions.eval("truth == predicted").mean() > 0.75  # chance is 0.5
    for fold in results.folds:
        held_out = [images[i] for i in fold.test]
        said = results.predictions.query("fold == @fold.fold")["predicted"]
        assert_array_equal(fold.estimator.best_estimator_.predict(held_out), said)


def test_left_to_themselves_both_blocks_take_their_defaults():
    union = latent_physical()
    cnn, physical = (block["features"] for _, block in union.transformer_list)
    assert cnn.get_params() == CNNFeatures().get_params()
    assert physical.get_params() == PhysicalFeatures().get_params()
    assert union.get_params()["latent__pca__n_components"] == 32


def test_plain_tables_can_stand_in_for_images():
    X = np.random.default_rng(5).normal(size=(10, 6))
    left = FunctionTransformer(
        lambda X: np.asarray(X)[:, :4], feature_names_out=lambda *_: list("abcd")
    )
    right = FunctionTransformer(
        lambda X: np.asarray(X)[:, 4:], feature_names_out=lambda *_: list("ef")
    )
    union = latent_physical(left, right, n_components=None).fit(X)
    assert_allclose(union.transform(X), StandardScaler().fit_transform(X))
    names = [f"latent__{c}" for c in "abcd"] + [f"physical__{c}" for c in "ef"]
    frame = clone(union).set_output(transform="pandas").fit_transform(pd.DataFrame(X))
    assert frame.columns.tolist() == names
