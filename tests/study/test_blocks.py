import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from xgboost import XGBClassifier

from tmdfeat.base import ImageTransformer
from tmdfeat.gate import check_images
from tmdfeat.study import compare_blocks
from tmdfeat.targets import EncodedClassifier


class Corner(ImageTransformer):
    """Pixels of one row of each image, as columns; counts how many images it saw."""

    seen = 0

    def __init__(self, row=0, name="x"):
        self.row = row
        self.name = name

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        type(self).seen += len(X)
        return np.array([image.z[self.row, :3] for image in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array([f"{self.name}_{i}" for i in range(3)], dtype=object)


@pytest.fixture
def planted():
    """Row 0 is noise, row 1 says the class: only "physical" can know it."""
    rng = np.random.default_rng(0)
    y = np.repeat(["MoS2", "WS2", "WSe2"], 20)
    X = rng.normal(size=(60, 2, 3))
    X[:, 1, 0] += 6 * (y == "WS2")
    X[:, 1, 1] += 6 * (y == "WSe2")
    return X, y, np.arange(60) // 2


def compare(planted, **more):
    X, y, groups = planted
    blocks = {"cnn": Corner(0, "noise"), "physical": Corner(1, "signal")}
    return compare_blocks(
        X, y, groups, **blocks, classifier=LogisticRegression(), cv=3, random_state=0, **more
    )


def test_the_block_that_knows_the_label_gets_the_score_and_the_share(planted):
    found = compare(planted)
    accuracy = found.summary.query("metric == 'accuracy'").set_index("features")["mean"]
    assert accuracy["physical"] > 0.95
    assert accuracy["both"] > 0.9
    assert accuracy["latent"] < 0.6
    assert found.block_shares.loc["physical", "share"] > 0.8
    assert found.block_shares["share"].sum() == pytest.approx(1)


def test_guessing_scores_what_the_commonest_class_must_in_each_metric(planted):
    y = np.repeat(["MoS2", "WS2", "WSe2"], [30, 15, 15])  # in each of three folds 10, 5 and 5
    found = compare((planted[0], y, np.arange(60)))
    assert found.chance["accuracy"] == pytest.approx(1 / 2)
    assert found.chance["balanced_accuracy"] == pytest.approx(1 / 3)
    # F1 of the class that is guessed, precision 1/2 and recall 1, and twice 0
    assert found.chance["f1_macro"] == pytest.approx((2 / 3 + 0 + 0) / 3)


def test_guessing_among_equally_common_classes_is_right_once_in_three(planted):
    # Guessing what a training part has most of would do worse: its test part has least of it.
    found = compare((planted[0], planted[1], np.arange(60)))
    assert found.chance["accuracy"] == pytest.approx(1 / 3)
    assert found.chance.index.tolist() == ["accuracy", "balanced_accuracy", "f1_macro"]


def test_all_three_see_the_same_folds(planted):
    found = compare(planted, repeats=2)
    held_out = {
        name: part[["repeat", "fold", "position"]].to_numpy().tolist()
        for name, part in found.predictions.groupby("features")
    }
    assert held_out["latent"] == held_out["physical"] == held_out["both"]


def test_without_a_seed_they_still_see_the_same_folds_whatever_the_columns_are_called(planted):
    X, y, groups = planted
    found = compare_blocks(
        X, y, groups, cnn=Corner(0), physical=Corner(1), classifier=LogisticRegression(), cv=3
    )
    held_out = [part["position"].tolist() for _, part in found.predictions.groupby("features")]
    assert held_out[0] == held_out[1] == held_out[2]


def test_scores_are_not_lost_where_the_classifier_learned_nothing(planted):
    X, y, groups = planted
    blocks = {"cnn": Corner(0, "noise"), "physical": Corner(1, "signal")}
    stump = EncodedClassifier(XGBClassifier(n_estimators=2, min_child_weight=1e6, n_jobs=1))
    with pytest.warns(UserWarning, match="depends on no column"):
        found = compare_blocks(X, y, groups, **blocks, classifier=stump, cv=3, random_state=0)
    assert len(found.summary) == 9
    assert found.block_shares.isna().all(axis=None)
    assert found.block_shares.index.tolist() == ["latent", "physical"]
    assert found.family_shares.isna().all(axis=None)


def test_a_classifier_that_cannot_be_explained_is_refused_before_anything_is_computed(planted):
    X, y, groups = planted
    before = Corner.seen
    votes = VotingClassifier([("a", LogisticRegression())])
    with pytest.raises(TypeError, match=r"predict_proba or decision_function.*Calibrated"):
        compare_blocks(X, y, groups, cnn=Corner(0), physical=Corner(1), classifier=votes)
    assert Corner.seen == before


def test_every_image_is_measured_once(planted):
    before = Corner.seen
    compare(planted, repeats=2)
    assert Corner.seen - before == 2 * 60  # once for each of the two blocks


def test_the_feature_table_has_labels_groups_and_prefixed_columns(planted):
    found = compare(planted)
    columns = [f"{b}_{i}" for b in ("latent__noise", "physical__signal") for i in range(3)]
    assert found.features.columns.tolist() == ["scan", "label", "group", *columns]
    np.testing.assert_array_equal(found.features["physical__signal_1"], planted[0][:, 1, 1])


def test_scores_equal_the_pipeline_on_images(planted):
    """Computing features before the folds changes nothing, since they are not fitted."""
    from sklearn.pipeline import Pipeline

    from tmdfeat import latent_physical
    from tmdfeat.evaluate import run_folds

    X, y, groups = planted
    union = latent_physical(Corner(0, "noise"), Corner(1, "signal"))
    model = Pipeline([("features", union), ("classifier", LogisticRegression())])
    direct = run_folds(model, X, y, groups, cv=3, random_state=0).scores
    study = compare(planted).scores.query("features == 'both'").reset_index(drop=True)
    pd.testing.assert_series_equal(study["score"], direct["score"])
