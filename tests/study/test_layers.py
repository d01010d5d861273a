import numpy as np
import pytest
from deep.tiny import tiny
from numpy.testing import assert_allclose
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tmdfeat import CNNFeatures
from tmdfeat.deep import Rendering
from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.study import layer_study, layer_tables, layers, score_layers

KNN = {"knn": KNeighborsClassifier(5)}
NEAREST = {"nearest": KNeighborsClassifier(1)}
RIDGE = {"ridge": RidgeClassifier()}


@pytest.fixture
def labels():
    """Ninety scans of thirty samples; a sample has one material."""
    groups = np.arange(90) // 3
    return np.where(groups % 2, "WS2", "MoS2"), groups


def signal(y, seed=0):
    return np.random.default_rng(seed).normal(size=(len(y), 4)) + 6 * (y == "WS2")[:, None]


def noise(y, seed=1):
    return np.random.default_rng(seed).normal(size=(len(y), 4))


def fingerprint(groups, seed=2):
    """What tells samples apart and nothing else."""
    return 9 * np.random.default_rng(seed).normal(size=(groups.max() + 1, 8))[groups]


def means(found, metric="accuracy"):
    return found[found["metric"] == metric].groupby("layer")["mean"].mean()


def test_a_layer_that_carries_the_label_beats_one_that_does_not(labels):
    y, groups = labels
    found = score_layers({"late": signal(y), "early": noise(y)}, y, groups, random_state=0)
    mean = means(found)
    assert mean["late"] > 0.97
    assert 0.3 < mean["early"] < 0.7
    assert found["layer"].unique().tolist() == ["late", "early"]
    assert found["model"].unique().tolist() == ["svc", "ridge", "knn"]
    assert len(found) == 2 * 2 * 3 * 2


def test_a_layer_that_only_knows_the_samples_scores_as_guessing(labels):
    y, groups = labels
    tables = {"samples": fingerprint(groups) + 0.01 * noise(y, 3).repeat(2, axis=1)}
    found = score_layers(tables, y, groups, models=NEAREST, repeats=5, random_state=0)
    assert means(found)["samples"] < 0.65
    alone = score_layers(tables, y, np.arange(90), models=NEAREST, random_state=0)
    assert means(alone)["samples"] > 0.97  # the trap is one, where samples are torn apart


def test_as_many_components_are_kept_as_explain_the_variance(labels):
    y, groups = labels
    common, other = noise(y)[:, :1], noise(y)[:, 1:2]
    table = np.hstack([common] * 9 + [other])  # standardised, nine tenths and one tenth
    found = score_layers({"a": table}, y, groups, models=KNN, random_state=0)
    assert found.groupby("variance")["n_components"].unique().map(list).to_dict() == {
        0.85: [1.0],
        0.99: [2.0],
    }


def test_scores_are_those_of_a_pipeline_whose_components_are_fitted_in_the_folds(labels):
    y, groups = labels
    table = np.hstack([signal(y) / 3, noise(y)])
    found = score_layers({"a": table}, y, groups, variance=[0.9], models=RIDGE, random_state=3)
    pipe = make_pipeline(StandardScaler(), PCA(0.9, svd_solver="full"), RidgeClassifier())
    scores = run_folds(
        pipe, table, y, groups, random_state=3, scoring=("accuracy", "f1_macro")
    ).scores
    expected = summarize_scores(scores)
    columns = ["mean", "low", "high", "std", "n_folds"]
    assert_allclose(found[columns], expected[columns])
    assert found["metric"].tolist() == expected["metric"].tolist()


def small_network():
    return CNNFeatures(tiny, weights=None, rendering=Rendering(size=32), cache=None)


def test_all_layers_come_from_one_pass_and_are_what_each_gives_alone(labels, monkeypatch):
    y, groups = labels
    scans = np.random.default_rng(0).normal(size=(90, 32, 32))
    passes = []
    real = CNNFeatures.transform
    monkeypatch.setattr(CNNFeatures, "transform", lambda s, X: passes.append(1) or real(s, X))
    found = layer_study(
        scans, y, groups, backbone=small_network(), layers=["bn", "pool"], models=KNN, cv=3
    )
    assert found["layer"].unique().tolist() == ["bn", "pool"]
    assert passes == [1]
    tables = layer_tables(scans[:4], small_network(), ["bn", "pool"])
    for layer, table in tables.items():
        alone = small_network().set_params(layers=[layer]).fit_transform(scans[:4])
        assert_allclose(table, alone, rtol=1e-3, atol=1e-5)  # batches change the rounding


@pytest.mark.parametrize(("size", "stages"), [(64, [64, 128, 256, 512]), (32, [64, 128, 256])])
def test_without_layers_all_stages_and_what_the_head_sees(size, stages):
    scans = np.random.default_rng(0).normal(size=(2, 32, 32))
    cnn = CNNFeatures("resnet18", weights=None, rendering=Rendering(size=size))
    widths = {layer: table.shape[1] for layer, table in layer_tables(scans, cnn).items()}
    assert widths == {**{f"stage{i}": n for i, n in enumerate(stages, 1)}, "pool": 512}


class Rote(TransformerMixin, BaseEstimator):
    """Knows by heart the labels of the scans it was fitted on, and of no others."""

    __metadata_request__fit = {"groups": True}

    def fit(self, X, y, groups=None):
        assert groups is not None
        assert len(set(y)) == 2
        self.known_ = {z.tobytes(): label == "WS2" for z, label in zip(X, y, strict=True)}
        return self

    def transform(self, X):
        return [[self.known_.get(z.tobytes(), z[0, 0] > 0), z[1, 1]] for z in X]


def test_a_tuned_layer_has_seen_no_held_out_scan(labels):
    y, groups = labels
    scans = np.random.default_rng(0).normal(size=(90, 32, 32))
    found = layer_study(
        scans,
        y,
        groups,
        backbone=small_network(),
        layers=["pool"],
        tuned=Rote(),
        models=KNN,
        repeats=2,
        random_state=0,
    )
    assert 0.3 < means(found)["tuned"] < 0.7  # 1 if it had
    assert found.query("layer == 'tuned'")["n_folds"].unique().tolist() == [10]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"variance": (0.85, 99)}, r"shares between 0 and 1.*got \(0.85, 99\)"),
        ({"variance": ()}, "shares between 0 and 1"),
        ({"models": {}}, "models must map names"),
        ({"variance": 0.85}, "list of shares between 0 and 1.*got 0.85"),
        ({"tables": {"a": np.zeros((4, 2))}}, "90 rows, one per label, got {'a': 4}"),
        ({"tables": {}}, "90 rows, one per label, got none"),
        ({"cv": 40}, "at least 40 groups"),
    ],
)
def test_it_says_what_is_wrong(labels, change, says):
    y, groups = labels
    arguments = {"tables": {"a": noise(y)}, **change}
    with pytest.raises(ValueError, match=says):
        score_layers(y=y, groups=groups, **arguments)


def test_tables_without_names_are_refused(labels):
    with pytest.raises(TypeError, match="map layers to tables, got list"):
        score_layers([noise(labels[0])], *labels)


def test_wrong_groups_show_before_any_network_runs(labels, monkeypatch):
    monkeypatch.setattr(CNNFeatures, "transform", None)
    y, _ = labels
    with pytest.raises(ValueError, match="groups is needed"):
        layer_study(np.zeros((90, 8, 8)), y, None, backbone=small_network())


def test_a_layer_may_not_be_called_as_the_tuned_one(labels, monkeypatch):
    monkeypatch.setattr(layers, "layer_tables", lambda *_: {"tuned": noise(labels[0])})
    with pytest.raises(ValueError, match="must not contain 'tuned'"):
        layer_study(np.zeros((90, 8, 8)), *labels, tuned=Rote())
