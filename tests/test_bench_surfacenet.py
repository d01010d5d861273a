"""The comparison of frozen networks: its pieces, and once in miniature."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
from bench_data import write_ferroelectrics, write_films, write_micrographs
from joblib import Memory
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tmdfeat import CNNFeatures
from tmdfeat.deep import Rendering

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


def blobs(number, columns=200, classes=3, seed=0):
    """Points around one centre for each class."""
    rng = np.random.default_rng(seed)
    y = np.arange(number) % classes
    centres = np.random.default_rng(1).normal(size=(classes, columns))
    return (rng.normal(size=(number, columns)) + 0.5 * centres[y]).astype(np.float32), y


def test_the_rotation_changes_no_prediction(load):
    (X, y), (other, _) = blobs(40), blobs(60, seed=2)
    X, other = X.astype(np.float64), other.astype(np.float64)
    train, test = load("probe").rotated(X, other)
    assert train.shape[1] < 40  # one direction is lost with the mean
    strict = {"C": 0.01, "tol": 1e-8, "max_iter": 10000}
    plain = make_pipeline(StandardScaler(), LogisticRegression(**strict)).fit(X, y)
    turned = LogisticRegression(**strict).fit(train, y)
    np.testing.assert_allclose(turned.predict_proba(test), plain.predict_proba(other), atol=1e-5)


def test_labels_of_test_images_change_no_choice(load):
    probe = load("probe")
    X, y = blobs(60)
    part, groups = probe.Part(X[:40], y[:40], np.arange(40)), np.arange(40, 60)
    first, right = probe.judge_fold(part, probe.Part(X[40:], y[40:], groups))
    other, wrong = probe.judge_fold(part, probe.Part(X[40:], (y[40:] + 1) % 3, groups))
    assert first == other
    assert right.mean() > 0.8
    assert not (right & wrong).any()


def test_scores_of_images_are_put_where_they_belong(load):
    probe = load("probe")
    X, y = blobs(30)
    y[-1] = (y[-1] + 1) % 3  # a wrong label cannot be foretold
    part, index = probe.Part(10 * X, y, np.arange(30)), np.arange(30)
    folds = [(0, index[:20], index[20:]), (1, index[10:], index[:10])]
    _, right = probe.judge(part, part, folds, None)
    assert right.shape == (2, 2, 30)
    assert not right[:, 0, 29].any()
    assert np.isnan(right[:, 0, :20]).all()
    assert np.isnan(right[:, 1, 10:]).all()
    assert np.nanmean(right) > 0.7


def test_the_interval_of_independent_images_is_the_binomial_one(load):
    right = np.repeat([[1.0, 0.0]], 200, axis=1).reshape(1, 400)
    labels, groups = np.zeros(400), np.arange(400)
    row = load("paired").interval(right, labels, groups)
    half = 1.96 * np.sqrt(0.25 / 400)
    assert row["mean"] == 0.5
    assert row["high"] - row["low"] == pytest.approx(2 * half, rel=0.1)


def test_images_of_one_group_count_as_one(load):
    right = np.repeat([[1.0, 0.0]], 50, axis=1)
    labels, groups = np.zeros(100), np.repeat(np.arange(4), 25)
    row = load("paired").interval(right, labels, groups)
    assert (row["mean"], row["low"], row["high"]) == (0.5, 0.0, 1.0)


def test_classes_count_equally_if_asked(load):
    interval = load("paired").interval
    right, labels = np.array([[1.0] * 9 + [0.0]]), np.array(["a"] * 9 + ["b"])
    assert interval(right, labels, np.arange(10))["mean"] == 0.9
    assert interval(right, labels, np.arange(10), balanced=True)["mean"] == 0.5


def test_a_constant_gap_is_sure(load):
    right = np.random.default_rng(0).integers(0, 2, size=(10, 50)).astype(float)
    gap = load("paired").interval(right - (right - 0.1), np.zeros(50), np.arange(50))
    assert (gap["mean"], gap["low"], gap["high"]) == (0.1, 0.1, 0.1)


def test_folds_keep_groups_apart_and_test_each_image_once(load):
    contests = load("contests")
    groups = np.repeat(np.arange(20), 3)
    collection = contests.Collection([], np.repeat([0, 1], 30), groups)
    folds = contests.grouped(collection, 5, 2)
    for _, fit, held in folds:
        assert not set(groups[fit]) & set(groups[held])
    for repeat in (0, 1):
        tested = np.concatenate([held for number, _, held in folds if number == repeat])
        assert sorted(tested) == list(range(60))
    few = contests.few(collection, folds, 4)
    for (_, fit, held), (_, every, same) in zip(few, folds, strict=True):
        assert np.bincount(collection.labels[fit]).tolist() == [4, 4]
        assert set(fit) <= set(every)
        assert held is same


def test_a_held_out_series_is_not_trained_on(load):
    series = np.array(["a", "b", "c"]).repeat(4)
    keep = np.flatnonzero(np.arange(12) % 4)
    folds = load("contests").one_held_out(series, keep)
    for _, fit, held in folds:
        assert not set(series[fit]) & set(series[held])
        assert sorted([*fit, *held]) == keep.tolist()
    assert len(folds) == 3


def test_shifted_presets_make_other_scans_and_leave_the_presets_alone(load, tmp_path):
    simulated = load("simulated_scans")
    before = dict(simulated.PRESETS)
    memory = Memory(tmp_path, verbose=0)
    full, other = (simulated.version(name, 1, 16, memory) for name in ("full", "shifted"))
    assert before == simulated.PRESETS
    assert full.images[0].scan_size == pytest.approx((1000, 1000))
    assert other.images[0].scan_size == pytest.approx((1400, 1400))
    assert len(full.labels) == 15
    assert len(set(full.groups)) == 5
    dense, preset = simulated.shifted(before["MoS2"]), before["MoS2"]
    assert dense.density == (2 * preset.density[0], 2 * preset.density[1])
    assert dense.layer_height == preset.layer_height


def test_ways_give_the_columns_they_promise(load, tmp_path):
    ways = load("contestants").contestants(None, tmp_path / "any.pth")
    columns = {name: len(way[0].get_feature_names_out()) for name, way in ways.items()}
    assert list(columns.values()) == [1792, 512, 1792, 512, 3584, 5120, 1280, 5424]


def networks(load):
    """Return quick stand-ins: the reference, and one that sees the same with more channels."""
    small = {"weights": None, "rendering": Rendering(size=64)}
    reference = CNNFeatures("squeezenet1_1", **small)
    return {
        load("contestants").REFERENCE: [reference],
        "two seeds": [CNNFeatures("squeezenet1_0", random_state=i, **small) for i in range(2)],
    }


@pytest.mark.slow
def test_in_miniature(load, tmp_path, monkeypatch):
    write_micrographs(tmp_path / "uhcs_sem", 7)
    write_films(tmp_path / "polyelectrolyte_afm" / "raw_data")
    write_ferroelectrics(tmp_path / "ferroelectric_afm", 4)
    bench, ways = load("bench_surfacenet"), networks(load)
    monkeypatch.setattr(load("probe"), "STRENGTHS", (0.01, 1.0))
    maps = np.random.default_rng(0).normal(size=(2, 32, 32))
    monkeypatch.setattr(load("network_cost"), "different_maps", lambda *_: maps)
    memory = Memory(tmp_path / "simulated", verbose=0)
    scope = load("surface_sets").Scope(tmp_path, memory, 2, 6, few=(3,), growths=2, size=32)
    judge = load("judging").Judge(tmp_path, 1)
    path = bench.main(scope, ways, judge, rounds=1, folder=tmp_path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert len(found["scores"]) == 2 + 1 + 2 + 4
    for contest in found["scores"].values():
        for row in contest["ways"].values():
            assert row["chosen"]["low"] <= row["chosen"]["mean"] <= row["chosen"]["high"]
        gap = contest["ways"][found["reference"]]["fixed"]["minus_reference"]
        assert gap["mean"] == gap["low"] == gap["high"] == 0
    steel = found["scores"]["steel, 3 per class"]
    assert steel["images_to_train_on"] == 9
    assert steel["ways"][found["reference"]]["chosen"]["mean"] > 0.5  # guessing: a third
    assert found["cost"]["ways"][found["reference"]]["times_the_reference"]["median"] == 1
    page = load("results_surfacenet").section(found)
    assert "steel, 3 per class" in page
